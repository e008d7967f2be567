//! What the user wrote: the serde and schemars types of `platform.toml`, and how a text becomes them.
//!
//! Takes the text of a file; gives a document tree with spans, checked for shape, and from any such tree the plain
//! [`Platform`]. A type here has no default and no meaning across fields: an absent key is `None`, and `resolve/`
//! decides what that means. `flatten` and `untagged` are not used, since they blur which key an error belongs to;
//! a short form (`storage = "10Gi"`) is written out in full ([`shorthand`]) before serde sees it.

mod admission;
mod cache;
mod certificate;
pub mod codes;
mod database;
mod delivery;
mod environment;
mod group;
mod helm;
mod identity;
mod include;
mod ingress;
mod kafka;
mod keycloak;
mod local;
mod mend;
mod middleware;
mod monitoring;
mod namespace;
mod neighbour;
mod oauth2_proxy;
mod parity;
mod parse;
mod platform;
mod policy;
mod quality;
mod recovery;
mod region;
mod route;
mod scalar;
mod schema;
mod settings;
mod shape;
pub mod shorthand;
mod storage;
mod store;
mod syntax;
mod tenant;
mod topology;
mod workload;

pub use admission::{BaselinePolicy, Keyless, Policies, PolicyEngine, PolicyMode, Signature};
pub use cache::{Cache, CountrySource, GeoFence};
pub use certificate::{Acme, Certificate, Issuer, IssuerCa};
pub use codes::CODES;
pub use database::{Credentials, Database, External, Schema};
pub use delivery::{Application, ArgoCd, Chart, DeliveryCluster, DeliverySource, IgnoreDifference, Sync};
pub use environment::{Cluster, ClusterStorage, Environment, Existing, MetalLb, Target};
pub use group::{Group, Instance, InstanceShape, Parameter};
pub use helm::{Helm, HelmChart, Subchart};
pub use identity::Identity;
pub use include::{Joiner, includes, spread_group};
pub use ingress::{ApiPaths, Controller, Gateway, Ingress, Plugin, TlsRules};
pub use kafka::{Connect, Connector, ConnectorMode, Kafka, KafkaUser, Topic};
pub use keycloak::{Attribute, Claim, Client, Editor, Keycloak, Realm, RealmRole};
pub use local::{Build, FileSync, InnerLoop, Registry};
pub use middleware::{
    BasicAuth, Buffering, CircuitBreaker, Compress, Cors, ForwardAuth, HeaderChange, Headers, InFlight,
    IpAllowList, Middleware, PluginUse, RateLimit, Redirect, Retry, Source,
};
pub use monitoring::{
    Alert, Collector, Dashboard, DashboardKind, ExternalProbe, LokiStack, Metrics, Monitoring, Receiver,
    ReceiverSecret, Server, Slo,
};
pub use namespace::{AccessRole, Namespace, PodSecurity, Quota, Role, RoleRule};
pub use neighbour::{Neighbour, OidcClient, Registration};
pub use oauth2_proxy::Oauth2Proxy;
pub use parity::Parity;
pub use parse::parse;
pub use platform::{Decision, Defaults, EnvironmentFile, Every, EveryOne, File, Info, Platform, nouns};
pub use policy::{Allow, Injector, OwnRule, RawResource, RuleSeverity, SecretStore, StoreKind, VaultAgent};
pub use quality::{CodeScanner, DependencyScanner, Language, Quality, SecretScanner};
pub use recovery::{BackupSchedule, BackupStorage, SnapshotClass, Velero};
pub use region::{Data, Region};
pub use route::{Guard, Route, RouteHost, RouteKind, RoutePath, Tls};
pub use scalar::Scalar;
pub use schema::{canonical, published, takes_text};
pub use settings::{Backup, Bootstrap, BrokerUser, HotSettings};
pub use shape::Shape;
pub use storage::{Config, Secret, SecretKey, Storage, StorageClass, Volume};
pub use store::{AwsStore, AzureStore, GcpStore, KubernetesStore, StoreAccount, StoreProvider, VaultStore};
pub use tenant::{Binding, Owner, Tenant};
pub use topology::{
    Citus, CitusRight, CitusTable, CitusUser, CitusWorker, MongoCollection, MongoDb, MongoShard, MongoUser,
};
pub use workload::{
    Autoscale, Container, Disruption, EnvValue, Kind, Mount, Port, Probe, Probes, Resources, Security,
    Service, ServiceType, Strategy, Use, Wait, Workload,
};

/// Reads a document tree as `T`.
///
/// # Errors
/// The message of serde, where the tree does not have the shape of `T`. [`Shape`] finds every such place with its
/// span, so this happens only for a tree that was not checked.
pub fn read<T: serde::de::DeserializeOwned>(node: &crate::source::Node) -> Result<T, String> {
    node.to_json().typed().map_err(|error| error.to_string())
}

//! What the platform means in one environment: total, and legal by construction.
//!
//! Plain data. Every default is filled in, every reference is resolved to a name in the cluster, every name, quantity
//! and port is a newtype that could only be made from a legal text. What is optional here is really absent in the
//! cluster. `lower/` turns it into objects without being able to fail.

mod cluster;
mod container;
mod delivery;
mod development;
mod edge;
mod helm;
mod kafka;
mod middleware;
mod namespace;
mod operators;
mod platform;
mod rbac;
mod residence;
mod route;
mod servers;
mod storage;
mod surroundings;
mod tenant;
mod workload;

pub use cluster::{Cluster, ClusterKind, MetalLb};
pub use container::{
    Container, ContainerPort, EnvFrom, EnvSource, EnvVar, Handler, Mount, Probe, Probes, Protocol, Resources,
    Volume, VolumeSource,
};
pub use delivery::{Application, ArgoCd, Chart, Delivery, IgnoreDifference, Sync};
pub use development::{Build, Development, FileSync, Quality};
pub use edge::{Edge, EdgePort, Peer};
pub use helm::{Contents, HelmChart, Subchart};
pub use kafka::{Acl, Connect, Connector, Kafka, KafkaUser, Topic};
pub use middleware::{
    Action, Cors, ForwardAuth, HeaderChange, Headers, Middleware, RateLimit, RequestSource,
};
pub use namespace::{Namespace, PodSecurity, Quota};
pub use operators::{
    Alert, Attestor, Authority, BackupSchedule, BackupStorage, Collector, Dashboard, DashboardContent,
    ExternalProbe, IssuedCertificate, Issuer, Monitor, Monitoring, Operators, Policies, Provider, Receiver,
    ReceiverKind, Signature, Slo, SnapshotClass, Store, TenantTemplate, Velero,
};
pub use platform::{Decision, Patch, Platform, Raw};
pub use rbac::{Access, AccessRule, Binding, ClusterRole, Scope, Subject};
pub use residence::{Holds, Home, Operated, Residence};
pub use route::{
    Backend, Certificate, Filter, Gateway, IngressClass, Listener, Route, RouteForm, RouteHost, RoutePath,
    RouteTls, Routing, Step, TlsRules,
};
pub use servers::{LokiStack, Server};
pub use storage::{Access as AccessMode, Claim, Config, Secret, SecretKey, SecretStore, StorageClass};
pub use surroundings::{
    Elsewhere, Existing, External, Group, OidcClient, Reach, Rollout, Surroundings, Vault, VaultGrant,
    VaultSecret,
};
pub use tenant::{Opening, Tenancy};
pub use workload::{
    Autoscaler, Budget, Controller, ExternalService, Identity, Replicas, Security, Service, ServicePort,
    ServiceType, Strategy, Workload,
};

use std::collections::BTreeMap;

/// Labels or annotations: keys and values.
pub type Pairs = BTreeMap<String, String>;

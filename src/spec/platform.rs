//! The root of `platform.toml`, and the nouns that both it and an environment hold.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Alert, Allow, ArgoCd, Binding, Cache, Certificate, Chart, Cluster, Collector, Config, Dashboard,
    Database, Environment, ExternalProbe, GeoFence, Group, Helm, HotSettings, Ingress, InnerLoop, Instance,
    InstanceShape, Issuer, Kafka, Keycloak, Middleware, Monitoring, Namespace, Neighbour, Oauth2Proxy,
    OidcClient, OwnRule, Parity, Policies, Quality, RawResource, Region, Resources, Role, Route, Scalar,
    Secret, SecretStore, Slo, SnapshotClass, StorageClass, Target, Tenant, Velero, Volume, Workload,
};

/// Declares a struct with the nouns of the language and further fields of its own, so that the platform and an
/// environment cannot drift apart.
macro_rules! with_nouns {
    ($(#[$attr:meta])* pub struct $name:ident { $($(#[$field_attr:meta])* pub $field:ident: $type:ty,)* }) => {
        $(#[$attr])*
        #[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_attr])* pub $field: $type,)*
            /// Variables for expressions: `{{ vars.host }}`. An environment may override each.
            pub vars: Option<BTreeMap<String, Scalar>>,
            /// What entities are unless they say otherwise.
            pub defaults: Option<Defaults>,
            /// Overrides for every object of a kind, stronger than the entities themselves.
            pub every: Option<Every>,
            /// Products by key: entities that stand together, and their defaults.
            pub groups: Option<BTreeMap<String, Group>>,
            /// Shapes by key: what there are several alike of.
            pub shapes: Option<BTreeMap<String, InstanceShape>>,
            /// Instances of shapes by key.
            pub instances: Option<BTreeMap<String, Instance>>,
            /// Namespaces by key.
            pub namespaces: Option<BTreeMap<String, Namespace>>,
            /// Roles by key, for `access` of a namespace.
            pub roles: Option<BTreeMap<String, Role>>,
            /// Roles given away, by key.
            pub bindings: Option<BTreeMap<String, Binding>>,
            /// What every tenant is unless it says otherwise.
            pub tenant: Option<Box<Tenant>>,
            /// Tenants by key: each has a namespace of its own.
            pub tenants: Option<BTreeMap<String, Tenant>>,
            /// Settings that change while everything runs.
            pub hot_settings: Option<HotSettings>,
            /// Regions by key: an axis that entities fan out along.
            pub regions: Option<BTreeMap<String, Region>>,
            /// Databases and caches by key.
            pub databases: Option<BTreeMap<String, Database>>,
            /// Workloads by key.
            pub workloads: Option<BTreeMap<String, Workload>>,
            /// Services that others run, by key.
            pub externals: Option<BTreeMap<String, Neighbour>>,
            /// Clients of an identity provider that others run, by key.
            pub oidc_clients: Option<BTreeMap<String, OidcClient>>,
            /// Identity providers that the platform runs, by key.
            pub keycloaks: Option<BTreeMap<String, Keycloak>>,
            /// Event brokers by key.
            pub kafkas: Option<BTreeMap<String, Kafka>>,
            /// How programs use caches, by key.
            pub caches: Option<BTreeMap<String, Cache>>,
            /// What may be seen in which country, by key.
            pub geo_fences: Option<BTreeMap<String, GeoFence>>,
            /// Shared volumes by key.
            pub volumes: Option<BTreeMap<String, Volume>>,
            /// Helm charts that the platform stands on, by key.
            pub charts: Option<BTreeMap<String, Chart>>,
            /// How Argo CD delivers the platform.
            pub argocd: Option<ArgoCd>,
            /// Who signs certificates, by key: objects of cert-manager.
            pub issuers: Option<BTreeMap<String, Issuer>>,
            /// Certificates that cert-manager keeps valid, by key.
            pub certificates: Option<BTreeMap<String, Certificate>>,
            /// Copies of objects and volumes, by the clock.
            pub velero: Option<Velero>,
            /// How snapshots of volumes are made, by name.
            pub snapshot_classes: Option<BTreeMap<String, SnapshotClass>>,
            /// The Prometheus that watches the platform.
            pub monitoring: Option<Monitoring>,
            /// Objectives by key.
            pub slos: Option<BTreeMap<String, Slo>>,
            /// Alerts by key.
            pub alerts: Option<BTreeMap<String, Alert>>,
            /// URLs that are asked from outside, by key.
            pub external_probes: Option<BTreeMap<String, ExternalProbe>>,
            /// Pages of Grafana by key.
            pub dashboards: Option<BTreeMap<String, Dashboard>>,
            /// OpenTelemetry Collectors by key.
            pub collectors: Option<BTreeMap<String, Collector>>,
            /// What the cluster refuses at its door.
            pub policies: Option<Policies>,
            /// Storage classes by name.
            pub storage_classes: Option<BTreeMap<String, StorageClass>>,
            /// ConfigMaps by key.
            pub configs: Option<BTreeMap<String, Config>>,
            /// Secrets by key: contracts, never values.
            pub secrets: Option<BTreeMap<String, Secret>>,
            /// Where secret values live.
            pub secret_store: Option<SecretStore>,
            /// Routes from outside by key.
            pub routes: Option<BTreeMap<String, Route>>,
            /// Who signs people in before requests reach a workload, by key: routes name one in `auth`.
            pub oauth2_proxies: Option<BTreeMap<String, Oauth2Proxy>>,
            /// What requests from outside pass, by key: routes say which and in what order.
            pub middlewares: Option<BTreeMap<String, Middleware>>,
            /// The ingress controller.
            pub ingress: Option<Ingress>,
            /// Raw objects and templates of objects.
            pub resources: Option<Vec<RawResource>>,
        }
    };
}

with_nouns! {
    /// A whole `platform.toml`: the platform, and its environments.
    pub struct File {
        /// Further files of the platform, below its folder: `["products/*.toml"]`. An entity stands in one file.
        pub include: Option<Vec<String>>,
        /// The group of every entity in this file that names none.
        pub group: Option<String>,
        /// The name and the Kubernetes version of the platform.
        pub platform: Option<Info>,
        /// Findings that are meant, and why.
        pub allow: Option<Vec<Allow>>,
        /// Rules of the house, beside those that come with bayplan.
        pub rule: Option<Vec<OwnRule>>,
        /// Parts of it that are written as Helm charts too.
        pub helm: Option<Helm>,
        /// Decisions that the emitted README lists.
        pub decisions: Option<Vec<Decision>>,
        /// The gates that a change passes.
        pub quality: Option<Quality>,
        /// The system that the platform takes over from.
        pub parity: Option<Parity>,
        /// The environments by name.
        pub environments: Option<BTreeMap<String, EnvironmentFile>>,
    }
}

with_nouns! {
    /// The platform in one environment, with its layers merged.
    pub struct Platform {
        /// The files that were joined to it.
        pub include: Option<Vec<String>>,
        /// The name and the Kubernetes version of the platform.
        pub platform: Option<Info>,
        /// Findings that are meant, and why.
        pub allow: Option<Vec<Allow>>,
        /// Rules of the house, beside those that come with bayplan.
        pub rule: Option<Vec<OwnRule>>,
        /// Parts of it that are written as Helm charts too.
        pub helm: Option<Helm>,
        /// Decisions that the emitted README lists.
        pub decisions: Option<Vec<Decision>>,
        /// The gates that a change passes.
        pub quality: Option<Quality>,
        /// The system that the platform takes over from.
        pub parity: Option<Parity>,
        /// The environment that was merged in; `None` for the base.
        pub environment: Option<Environment>,
    }
}

with_nouns! {
    /// An environment: a cluster, and what is different there.
    pub struct EnvironmentFile {
        /// What it is for, in one sentence.
        pub description: Option<String>,
        /// The cluster that it runs on: `"kind"`, or a table.
        pub cluster: Option<Cluster>,
        /// Where it runs; `kubernetes` unless given. For `compose` nothing is rendered.
        pub target: Option<Target>,
        /// The phase of adoption that brings it: `render --phase 2` renders what phases 0, 1 and 2 bring.
        pub phase: Option<u32>,
        /// What must happen for its phase to begin, in one sentence.
        pub trigger: Option<String>,
        /// What is done then, in one sentence.
        pub action: Option<String>,
        /// The tool by which developers build and follow their sources there; none unless given.
        pub inner_loop: Option<InnerLoop>,
        /// The environment that its images are promoted from: it may run no image that does not run there.
        pub promotes_from: Option<String>,
    }
}

/// The keys of an environment that lay over the platform's own, in the spelling of the file.
#[must_use]
pub const fn nouns() -> &'static [&'static str] {
    &[
        "alerts",
        "argocd",
        "bindings",
        "caches",
        "certificates",
        "charts",
        "collectors",
        "configs",
        "dashboards",
        "databases",
        "defaults",
        "every",
        "external-probes",
        "externals",
        "geo-fences",
        "groups",
        "hot-settings",
        "ingress",
        "instances",
        "issuers",
        "kafkas",
        "keycloaks",
        "middlewares",
        "monitoring",
        "namespaces",
        "oauth2-proxies",
        "oidc-clients",
        "policies",
        "regions",
        "resources",
        "roles",
        "routes",
        "secret-store",
        "secrets",
        "shapes",
        "slos",
        "snapshot-classes",
        "storage-classes",
        "tenant",
        "tenants",
        "vars",
        "velero",
        "volumes",
        "workloads",
    ]
}

/// `[platform]`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Info {
    /// The name of the platform: a DNS label.
    pub name: Option<String>,
    /// What it is, in one sentence.
    pub description: Option<String>,
    /// The Kubernetes version that the output is validated against: `"1.33"` to `"1.37"`.
    pub kubernetes: Option<String>,
    /// What the names of its namespaces must match, where others share the cluster: `"shop-*"`.
    pub namespace_pattern: Option<String>,
}

/// `[defaults]`: weaker than the entities, stronger than presets.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Defaults {
    /// For every namespace.
    pub namespaces: Option<Box<Namespace>>,
    /// For every database.
    pub databases: Option<Box<Database>>,
    /// For every workload.
    pub workloads: Option<Box<Workload>>,
    /// For every route.
    pub routes: Option<Box<Route>>,
    /// For every shared volume.
    pub volumes: Option<Box<Volume>>,
}

/// `[every]`: an override for all databases and workloads that become one kind of object.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Every {
    /// For everything that becomes a Deployment.
    pub deployment: Option<EveryOne>,
    /// For everything that becomes a StatefulSet.
    pub statefulset: Option<EveryOne>,
}

/// What [`Every`] may override.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EveryOne {
    /// CPU and memory, as `request..limit`; `"..512Mi"` overrides the limit alone.
    pub resources: Option<Resources>,
}

/// `[[decisions]]`: why the platform is as it is.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Decision {
    /// What was decided.
    pub title: String,
    /// Why.
    pub rationale: String,
    /// When: `2025-11-11`.
    pub date: Option<String>,
    /// How it stands: `approved`.
    pub status: Option<String>,
}

//! The root of the model.

use super::{
    Access, Binding, Claim, Cluster, ClusterRole, Config, Delivery, Development, Edge, ExternalService,
    HelmChart, IngressClass, Kafka, Namespace, Operated, Operators, Residence, Rollout, Route, Routing,
    Secret, SecretStore, StorageClass, Surroundings, Workload,
};
use crate::names::{DnsLabel, KubernetesVersion};
use crate::source::KeyPath;
use crate::value::Value;

/// A platform in one environment. Lists are ordered by name, so that everything made from them is.
#[derive(Debug, Clone, PartialEq)]
pub struct Platform {
    /// The name of the platform.
    pub name: DnsLabel,
    /// What it is, in one sentence; may be empty.
    pub description: String,
    /// The environment; `None` for the base.
    pub environment: Option<DnsLabel>,
    /// The Kubernetes version that the objects are judged against.
    pub kubernetes: KubernetesVersion,
    /// The cluster.
    pub cluster: Cluster,
    /// The namespaces, external ones included.
    pub namespaces: Vec<Namespace>,
    /// Everything that runs.
    pub workloads: Vec<Workload>,
    /// Names in the cluster for things that run outside it.
    pub external_services: Vec<ExternalService>,
    /// Claims that belong to no single workload.
    pub claims: Vec<Claim>,
    /// Storage classes that the platform brings along.
    pub storage_classes: Vec<StorageClass>,
    /// Storage classes that the cluster has already.
    pub provided_storage_classes: Vec<String>,
    /// `ConfigMap`s.
    pub configs: Vec<Config>,
    /// Secrets: contracts.
    pub secrets: Vec<Secret>,
    /// Who turns the contracts into Secrets.
    pub secret_store: SecretStore,
    /// Routes, one for each namespace that its hosts lead into.
    pub routes: Vec<Route>,
    /// What routes need beside themselves.
    pub routing: Routing,
    /// The ingress class, where this platform runs the controller.
    pub ingress_class: Option<IngressClass>,
    /// Roles and who holds them.
    pub access: Vec<Access>,
    /// Roles that bindings refer to.
    pub cluster_roles: Vec<ClusterRole>,
    /// Roles given away.
    pub bindings: Vec<Binding>,
    /// Who may talk to whom.
    pub edges: Vec<Edge>,
    /// What it stands on, and how it is delivered.
    pub delivery: Delivery,
    /// Where things lie and what they hold.
    pub residence: Residence,
    /// What developers work with, and the gates that a change passes.
    pub development: Development,
    /// Event brokers.
    pub kafkas: Vec<Kafka>,
    /// Pods that operators run for the platform.
    pub operated: Vec<Operated>,
    /// What operators in the cluster are asked for.
    pub operators: Operators,
    /// What others run and own.
    pub surroundings: Surroundings,
    /// Where the environment stands in the adoption of the platform.
    pub rollout: Rollout,
    /// Raw objects.
    pub raw: Vec<Raw>,
    /// Raw fields to merge into objects.
    pub patches: Vec<Patch>,
    /// What is written for Helm too.
    pub helm_charts: Vec<HelmChart>,
    /// Why the platform is as it is.
    pub decisions: Vec<Decision>,
}

impl Platform {
    /// A platform with nothing in it yet, in the base: what every other one starts from.
    #[must_use]
    pub fn bare(
        name: DnsLabel,
        kubernetes: KubernetesVersion,
        cluster: Cluster,
        secret_store: SecretStore,
    ) -> Self {
        Self {
            name,
            kubernetes,
            cluster,
            secret_store,
            description: String::new(),
            environment: None,
            namespaces: Vec::new(),
            workloads: Vec::new(),
            external_services: Vec::new(),
            claims: Vec::new(),
            storage_classes: Vec::new(),
            provided_storage_classes: Vec::new(),
            configs: Vec::new(),
            secrets: Vec::new(),
            routes: Vec::new(),
            routing: Routing::default(),
            ingress_class: None,
            access: Vec::new(),
            cluster_roles: Vec::new(),
            bindings: Vec::new(),
            edges: Vec::new(),
            delivery: Delivery::default(),
            residence: Residence::default(),
            development: Development::default(),
            kafkas: Vec::new(),
            operated: Vec::new(),
            operators: Operators::default(),
            surroundings: Surroundings::default(),
            rollout: Rollout::default(),
            raw: Vec::new(),
            patches: Vec::new(),
            helm_charts: Vec::new(),
            decisions: Vec::new(),
        }
    }
}

/// An object that no noun describes.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// Where it is written.
    pub source: KeyPath,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// The object.
    pub object: Value,
}

/// Raw fields that an entity wants merged into an object that it becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// The entity.
    pub source: KeyPath,
    /// The kind of the object, and its name where the entity becomes several: `Service` or `Service/postgres`.
    pub target: String,
    /// The fields.
    pub fields: Value,
}

/// A decision, for the emitted README.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What was decided.
    pub title: String,
    /// Why.
    pub rationale: String,
    /// When; may be empty.
    pub date: String,
    /// How it stands; may be empty.
    pub status: String,
}

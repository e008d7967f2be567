//! Workloads: pods and the controller, services and policies round them.

use super::{Claim, Container, Pairs, Protocol, Volume};
use crate::names::{Cidr, CronSchedule, DnsLabel, HostName, PortName, PortNumber, ServiceName};
use crate::source::KeyPath;

/// Something that runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster, and that of its service account.
    pub name: DnsLabel,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Labels besides the ones that every object has.
    pub labels: Pairs,
    /// The labels that select its pods; the one that every workload has where there are none.
    pub selector: Pairs,
    /// Annotations of the controller.
    pub annotations: Pairs,
    /// Annotations of the pods.
    pub pod_annotations: Pairs,
    /// What runs the pods.
    pub controller: Controller,
    /// Containers that run to completion first.
    pub init: Vec<Container>,
    /// The containers; the first is the main one.
    pub containers: Vec<Container>,
    /// Volumes of the pod.
    pub volumes: Vec<Volume>,
    /// User and groups.
    pub security: Security,
    /// Who the service account is to the cloud; `None` for nobody.
    pub identity: Option<Identity>,
    /// Whether the token of the service account is mounted.
    pub api_access: bool,
    /// Services that lead to the pods.
    pub services: Vec<Service>,
    /// How many pods may be away at once.
    pub budget: Option<Budget>,
    /// What chooses the number of pods.
    pub autoscaler: Option<Autoscaler>,
    /// Whether replicas spread over nodes and zones.
    pub spread: bool,
    /// Node labels that the pods need.
    pub node_selector: Pairs,
    /// Taints that the pods put up with, by key, with effect `NoSchedule`.
    pub tolerations: Vec<String>,
    /// Seconds that a pod may take to stop.
    pub grace_period: i64,
    /// Commands that succeed in its main container when it works, for the smoke test.
    pub smoke: Vec<Vec<String>>,
}

/// Who a service account is to the cloud that runs the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// A service account of Google, by its address.
    Google(String),
    /// A role of AWS, by its ARN.
    Aws(String),
    /// A managed identity of Azure, by its client id.
    Azure(String),
}

/// What runs the pods.
#[derive(Debug, Clone, PartialEq)]
pub enum Controller {
    /// Replicas without identity.
    Deployment {
        /// How many.
        replicas: Replicas,
        /// How they are replaced.
        strategy: Strategy,
    },
    /// Replicas with a stable name and claims of their own.
    StatefulSet {
        /// How many.
        replicas: Replicas,
        /// The headless Service that gives the pods their names.
        service: ServiceName,
        /// A claim of each for every pod.
        claims: Vec<Claim>,
    },
    /// One pod on every node.
    DaemonSet,
    /// Pods that run to completion once.
    Job,
    /// A Job by the clock.
    CronJob {
        /// When, in UTC.
        schedule: CronSchedule,
    },
}

/// How many pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replicas {
    /// This many.
    Fixed(i32),
    /// As many as the autoscaler says.
    Autoscaled,
}

/// How the pods of a Deployment are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// New pods before old ones go.
    Rolling,
    /// The old pod goes first.
    Recreate,
}

/// User, groups and whether the user may be root.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Security {
    /// The user id; `None` for the image's own.
    pub user: Option<i64>,
    /// The group id; `None` for the image's own.
    pub group: Option<i64>,
    /// The group that owns volumes; `None` to leave them as they are.
    pub volume_group: Option<i64>,
}

/// The type of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceType {
    /// An address inside the cluster.
    ClusterIp,
    /// No address of its own: the name leads to each pod.
    Headless,
    /// A port of every node.
    NodePort,
    /// A load balancer.
    LoadBalancer,
}

/// A Service that leads to the pods of its workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name in the cluster.
    pub name: ServiceName,
    /// Its type.
    pub r#type: ServiceType,
    /// Its ports.
    pub ports: Vec<ServicePort>,
    /// Annotations.
    pub annotations: Pairs,
}

/// A port of a Service; it leads to the port of the same name in the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePort {
    /// The name, here and in the pod.
    pub name: PortName,
    /// The port of the Service.
    pub number: PortNumber,
    /// The transport.
    pub protocol: Protocol,
}

/// A name in the cluster for something that runs outside it.
#[derive(Debug, Clone, PartialEq)]
pub struct ExternalService {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: ServiceName,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The component that it belongs to.
    pub component: DnsLabel,
    /// Where it really is.
    pub host: HostName,
    /// The port there.
    pub port: PortNumber,
    /// The addresses that it may have.
    pub cidrs: Vec<Cidr>,
}

/// A `PodDisruptionBudget`. Either a number or a percentage, as Kubernetes writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Budget {
    /// How many pods may be away at once.
    MaxUnavailable(String),
    /// How many pods must stay.
    MinAvailable(String),
}

/// A `HorizontalPodAutoscaler`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autoscaler {
    /// The fewest pods.
    pub min: i32,
    /// The most pods.
    pub max: i32,
    /// Target average use in percent of the request, by resource.
    pub targets: Vec<(&'static str, i32)>,
}

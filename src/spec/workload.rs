//! `[workloads.<name>]`: containers that run, and everything that belongs to one of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Scalar;
use super::schema::short;
use crate::value::{Map, Value};

/// Which controller runs the pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Replicas without identity or storage of their own.
    Deployment,
    /// Replicas with a stable name and a claim each.
    Statefulset,
    /// One pod on every node.
    Daemonset,
    /// Pods that run to completion once.
    Job,
    /// A Job by the clock; needs `schedule`.
    Cronjob,
}

/// Something that runs: one main container with its probes, ports, settings and edges.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Workload {
    /// Whether it exists at all. `false` in an environment removes it there; routes and edges to it are left out.
    pub enabled: Option<bool>,
    /// The product that it belongs to, by its key in `[groups]`; that of its file unless given.
    pub group: Option<String>,
    /// The namespace, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The component that it belongs to: one folder of the output. Its own name unless given.
    pub component: Option<String>,
    /// The name of its objects in the cluster. Its key unless given.
    pub name: Option<String>,
    /// Which controller runs it; `deployment` unless given.
    pub kind: Option<Kind>,
    /// The image, pinned by tag or digest: `registry.example/api:1.4.2@sha256:…`.
    pub image: Option<String>,
    /// The name of its main container; its own name unless given.
    pub container: Option<String>,
    /// Replaces the entry point of the image.
    pub command: Option<Vec<String>>,
    /// Replaces the arguments of the image.
    pub args: Option<Vec<String>>,
    /// Ports by name: `{ http = 3000 }`, or `{ http = { port = 80, container = 3000 } }`.
    pub ports: Option<BTreeMap<String, Port>>,
    /// Environment variables by name: a text that may hold expressions, or `{ secret = "…", key = "…" }`.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// Whole ConfigMaps (`configs`) and Secrets (`secrets`) whose keys become environment variables.
    pub env_from: Option<Vec<String>>,
    /// Plain settings, which become a ConfigMap of its own, `<name>-config`, and environment variables.
    pub settings: Option<BTreeMap<String, Scalar>>,
    /// The image of init containers that wait for what it uses; its own image unless given.
    pub wait_image: Option<String>,
    /// What it depends on: databases, workloads or externals by key. An edge gives a network policy at both ends and an arrow in the graph.
    pub uses: Option<Vec<Use>>,
    /// The ports on which its own pods talk to one another, by name.
    pub peers: Option<Vec<String>>,
    /// Databases or workloads that it and they call each other, in either direction and in no order: members of one cluster. Its own key means its pods among themselves.
    pub joins: Option<Vec<String>>,
    /// The regions that each have a copy of it.
    pub regions: Option<Vec<String>>,
    /// The region that it lies in: its pods run on that region's nodes, and it calls nothing elsewhere.
    pub region: Option<String>,
    /// What it holds.
    pub data: Option<super::Data>,
    /// Where the sources of its image are.
    pub build: Option<super::Build>,
    /// Who else may call it: external namespaces or externals, by key. It opens our end; their owners open theirs.
    pub used_by: Option<Vec<String>>,
    /// Metrics that Prometheus reads: the name of a port, or a table.
    pub metrics: Option<super::Metrics>,
    /// How Kubernetes finds out whether it is alive, ready and started. A path, or a table.
    pub probes: Option<Probes>,
    /// CPU and memory, as `request..limit`.
    pub resources: Option<Resources>,
    /// How many pods; 1 unless given. Not together with `autoscale`.
    pub replicas: Option<i32>,
    /// How pods are replaced.
    pub strategy: Option<Strategy>,
    /// What is mounted where: `{ "/media" = "authentik-media" }` names a volume, a config or a secret.
    pub mounts: Option<BTreeMap<String, Mount>>,
    /// A volume of its own, one claim per pod of a StatefulSet.
    pub storage: Option<super::Storage>,
    /// How it is reached inside the cluster. A ClusterIP Service for its ports unless given; `false` for none.
    pub service: Option<Service>,
    /// User, groups and file system of its containers; `restricted` by the Pod Security Standards unless given.
    pub security: Option<Security>,
    /// Who its service account is to the cloud that runs the cluster: a service account of Google, the ARN of an AWS role, or the client id of an Azure identity.
    pub identity: Option<super::Identity>,
    /// Whether the token of its service account is mounted; `false` unless given.
    pub api_access: Option<bool>,
    /// Whether the agent of `secret-store.vault` writes its secrets as files, and no Secret holds them; as the store's `kind` says unless given.
    pub agent: Option<bool>,
    /// Lets a HorizontalPodAutoscaler choose the number of pods.
    pub autoscale: Option<Autoscale>,
    /// How many pods a node drain may take away at once (a PodDisruptionBudget).
    pub disruption: Option<Disruption>,
    /// Whether replicas spread over nodes and zones; on for more than one replica on a cluster of several nodes.
    pub spread: Option<bool>,
    /// When a CronJob runs: `"0 3 * * *"`, in UTC.
    pub schedule: Option<String>,
    /// Containers that run to completion, in this order, before the main one starts.
    pub init: Option<Vec<Container>>,
    /// Containers that run beside the main one.
    pub sidecars: Option<Vec<Container>>,
    /// How long a pod may take to stop, in seconds; 30 unless given.
    pub grace_period: Option<i64>,
    /// Labels for its objects and pods, besides the ones that bayplan sets.
    pub labels: Option<BTreeMap<String, String>>,
    /// Which of its labels select its pods, by key; `app.kubernetes.io/name` unless given. It cannot be changed later.
    pub selector: Option<Vec<String>>,
    /// Annotations for its objects.
    pub annotations: Option<BTreeMap<String, String>>,
    /// Annotations for its pods.
    pub pod_annotations: Option<BTreeMap<String, String>>,
    /// Node labels that its pods need.
    pub node_selector: Option<BTreeMap<String, String>>,
    /// Taints that its pods put up with, by key: `["node-role.kubernetes.io/control-plane"]`.
    pub tolerations: Option<Vec<String>>,
    /// Raw fields merged into an object that it becomes, by kind: `patch.Deployment.spec.minReadySeconds = 10`.
    #[schemars(with = "Option<Map>")]
    pub patch: Option<BTreeMap<String, Value>>,
}

/// One more container of a pod.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Container {
    /// Its name in the pod.
    pub name: Option<String>,
    /// The image; that of the main container unless given.
    pub image: Option<String>,
    /// Replaces the entry point of the image.
    pub command: Option<Vec<String>>,
    /// Replaces the arguments of the image.
    pub args: Option<Vec<String>>,
    /// Environment variables by name.
    pub env: Option<BTreeMap<String, EnvValue>>,
    /// What is mounted where.
    pub mounts: Option<BTreeMap<String, Mount>>,
    /// CPU and memory, as `request..limit`; those of the main container unless given.
    pub resources: Option<Resources>,
}

/// A port of a container and of its Service.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("integer", "container")]))]
pub struct Port {
    /// The port that the process listens on.
    pub container: Option<u16>,
    /// The port of the Service; the container's unless given.
    pub port: Option<u16>,
    /// `TCP` unless given; `UDP` or `SCTP`.
    pub protocol: Option<String>,
}

/// The value of an environment variable.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "value"), ("integer", "value"), ("number", "value"), ("boolean", "value")]))]
pub struct EnvValue {
    /// The value itself; it may hold expressions and, as Kubernetes does it, `$(OTHER_VARIABLE)`.
    pub value: Option<Scalar>,
    /// The secret that holds it, by its key in `[secrets]` or the key of a database for its credentials.
    pub secret: Option<String>,
    /// The config that holds it, by its key in `[configs]`.
    pub config: Option<String>,
    /// The key within the secret or the config.
    pub key: Option<String>,
    /// A field of the pod: `status.podIP`.
    pub field: Option<String>,
    /// Sets it only where this workload, database or external exists.
    pub when: Option<String>,
}

/// An edge to something that a workload depends on.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "name")]))]
pub struct Use {
    /// The database, workload or external, by its key.
    pub name: Option<String>,
    /// The ports that are used, by name; all of them unless given.
    pub ports: Option<Vec<String>>,
    /// Whether an init container waits until it takes connections; `false` unless given.
    pub wait: Option<Wait>,
}

/// An init container that waits for what a workload uses. A text is its image.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "image"), ("boolean", "enabled")]))]
pub struct Wait {
    /// `false` removes what a weaker layer set.
    pub enabled: Option<bool>,
    /// The name of the init container; `wait-for-<target>` unless given.
    pub name: Option<String>,
    /// Its image, which must have `sh` and `nc`; the workload's `wait-image`, or its own image, unless given.
    pub image: Option<String>,
}

/// The three probes of a container.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Probes {
    /// Whether the process must be restarted.
    pub liveness: Option<Probe>,
    /// Whether the pod may receive traffic.
    pub readiness: Option<Probe>,
    /// Whether a slow process has started; the other probes wait for it.
    pub startup: Option<Probe>,
}

/// One probe. A text is the path of an HTTP GET.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "http"), ("boolean", "enabled")]))]
pub struct Probe {
    /// `false` removes a probe that a weaker layer set.
    pub enabled: Option<bool>,
    /// The path of an HTTP GET: `"/health"`.
    pub http: Option<String>,
    /// A command that succeeds while all is well: `["pg_isready", "-U", "postgres"]`.
    pub exec: Option<Vec<String>>,
    /// The name of a port that must accept a TCP connection.
    pub tcp: Option<String>,
    /// The name of a port that serves the gRPC health protocol.
    pub grpc: Option<String>,
    /// The port of the HTTP GET, by name; the first port unless given.
    pub port: Option<String>,
    /// Seconds before the first try.
    pub initial_delay: Option<i32>,
    /// Seconds between tries.
    pub period: Option<i32>,
    /// Seconds until a try counts as failed.
    pub timeout: Option<i32>,
    /// How many failures in a row count.
    pub failures: Option<i32>,
    /// How many successes in a row count.
    pub successes: Option<i32>,
}

/// CPU and memory as `request..limit`. One side may be left out to keep what a weaker layer says: `"..512Mi"`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Resources {
    /// Cores, as `"100m..250m"`: a request of a tenth of a core, a limit of a quarter. `"100m.."` has no limit.
    pub cpu: Option<String>,
    /// Bytes, as `"128Mi..256Mi"`.
    pub memory: Option<String>,
    /// Scratch space on the node, as `"1Gi..2Gi"`.
    pub ephemeral_storage: Option<String>,
}

/// How pods are replaced when their template changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// New pods before old ones go.
    Rolling,
    /// The old pod goes first: for a volume that only one node may mount.
    Recreate,
}

/// What stands at a path of the container.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "name"), ("boolean", "enabled")]))]
pub struct Mount {
    /// `false` removes a mount that a weaker layer set.
    pub enabled: Option<bool>,
    /// The volume, config or secret, by its key; `"scratch"` for an empty directory.
    pub name: Option<String>,
    /// A folder of the node, read-only: `"/var/log"`. It needs a namespace with `pod-security = "privileged"`.
    pub host: Option<String>,
    /// One file of it instead of the whole: the key of a config or secret.
    pub sub_path: Option<String>,
    /// Whether it may be written; configs and secrets never are.
    pub read_only: Option<bool>,
    /// The size limit of an empty directory: `"64Mi"`.
    pub size: Option<String>,
    /// Whether an empty directory lies in memory.
    pub memory: Option<bool>,
    /// The mode of the files of a config or secret, as octal digits: `"0400"`.
    pub mode: Option<String>,
}

/// How a workload is reached inside the cluster.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Service {
    /// `false` for no Service at all.
    pub enabled: Option<bool>,
    /// `cluster-ip` unless given.
    pub r#type: Option<ServiceType>,
    /// Annotations of the Service.
    pub annotations: Option<BTreeMap<String, String>>,
}

/// The type of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceType {
    /// Reached inside the cluster only.
    ClusterIp,
    /// Its name leads to each pod; for a StatefulSet it is the one Service, which also names the pods.
    Headless,
    /// Reached on a port of every node.
    NodePort,
    /// Reached through a load balancer.
    LoadBalancer,
}

/// User, groups and file system of the containers.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Security {
    /// The user id that processes run as. Needed where the image names its user by a word.
    pub user: Option<i64>,
    /// The group id that processes run as.
    pub group: Option<i64>,
    /// The group that owns mounted volumes.
    pub volume_group: Option<i64>,
    /// Whether the root file system is read-only.
    pub read_only_root: Option<bool>,
    /// Linux capabilities besides none: `["NET_BIND_SERVICE"]`.
    pub capabilities: Option<Vec<String>>,
}

/// A HorizontalPodAutoscaler.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Autoscale {
    /// `false` removes what a weaker layer set.
    pub enabled: Option<bool>,
    /// The fewest pods.
    pub min: Option<i32>,
    /// The most pods.
    pub max: Option<i32>,
    /// The CPU that pods should use on average, in percent of their request.
    pub cpu: Option<i32>,
    /// The memory that pods should use on average, in percent of their request.
    pub memory: Option<i32>,
}

/// A PodDisruptionBudget: exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("boolean", "enabled")]))]
pub struct Disruption {
    /// `false` removes what a weaker layer set.
    pub enabled: Option<bool>,
    /// How many pods may be away at once: a number, or a percentage such as `"25%"`.
    pub max_unavailable: Option<Scalar>,
    /// How many pods must stay: a number, or a percentage such as `"50%"`.
    pub min_available: Option<Scalar>,
}

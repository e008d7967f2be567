//! Containers: what runs in a pod, what it reads and what it mounts.

use crate::names::{ConfigKey, DnsLabel, EnvName, ImageRef, PortName, PortNumber, Quantity};

/// One container.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Its name in the pod.
    pub name: DnsLabel,
    /// The image.
    pub image: ImageRef,
    /// The entry point; empty for the image's own.
    pub command: Vec<String>,
    /// The arguments; empty for the image's own.
    pub args: Vec<String>,
    /// The ports that it listens on.
    pub ports: Vec<ContainerPort>,
    /// Environment variables, in the order in which they are set.
    pub env: Vec<EnvVar>,
    /// `ConfigMap`s whose keys become environment variables.
    pub env_from: Vec<EnvFrom>,
    /// CPU, memory and scratch space.
    pub resources: Resources,
    /// Probes.
    pub probes: Probes,
    /// A command that runs in it before it is told to stop; empty for none.
    pub pre_stop: Vec<String>,
    /// Where volumes of the pod are mounted.
    pub mounts: Vec<Mount>,
    /// Whether its root file system is read-only.
    pub read_only_root: bool,
    /// Linux capabilities that it keeps.
    pub capabilities: Vec<String>,
}

/// What all keys of become variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvFrom {
    /// A ConfigMap, by its name.
    Config(String),
    /// A Secret, by its name.
    Secret(String),
}

/// The transport of a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// The word that Kubernetes uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
        }
    }
}

/// A port that a container listens on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerPort {
    /// Its name in the pod.
    pub name: PortName,
    /// The number.
    pub number: PortNumber,
    /// The transport.
    pub protocol: Protocol,
    /// Whether the same port of the node leads to it.
    pub on_host: bool,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: EnvName,
    /// Where its value comes from.
    pub source: EnvSource,
}

/// Where the value of an environment variable comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvSource {
    /// From here.
    Value(String),
    /// From a key of a Secret.
    Secret {
        /// The Secret's name in the cluster.
        name: String,
        /// The key.
        key: ConfigKey,
    },
    /// From a key of a `ConfigMap`.
    Config {
        /// The `ConfigMap`'s name in the cluster.
        name: String,
        /// The key.
        key: ConfigKey,
    },
    /// From a field of the pod: `status.podIP`.
    Field(String),
}

/// CPU, memory and scratch space: what is asked for, and what must not be exceeded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Resources {
    /// Requests by the name of the resource.
    pub requests: Vec<(&'static str, Quantity)>,
    /// Limits by the name of the resource.
    pub limits: Vec<(&'static str, Quantity)>,
}

/// The probes of a container.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probes {
    /// Whether the process must be restarted.
    pub liveness: Option<Probe>,
    /// Whether the pod may receive traffic.
    pub readiness: Option<Probe>,
    /// Whether a slow process has started.
    pub startup: Option<Probe>,
}

/// A probe, every timing given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// What is tried.
    pub handler: Handler,
    /// Seconds before the first try.
    pub initial_delay: i32,
    /// Seconds between tries.
    pub period: i32,
    /// Seconds until a try counts as failed.
    pub timeout: i32,
    /// How many failures in a row count.
    pub failures: i32,
    /// How many successes in a row count.
    pub successes: i32,
}

/// What a probe tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handler {
    /// A GET of this path on the port of this name.
    Http {
        /// The path.
        path: String,
        /// The port.
        port: PortName,
    },
    /// A command that succeeds while all is well.
    Exec(Vec<String>),
    /// A TCP connection to the port of this name.
    Tcp(PortName),
    /// The gRPC health protocol on this port.
    Grpc(PortNumber),
}

/// A volume of the pod at a path of the container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// The path.
    pub path: String,
    /// The volume, by its name in the pod.
    pub volume: DnsLabel,
    /// One file of it; empty for the whole.
    pub sub_path: String,
    /// Whether it cannot be written.
    pub read_only: bool,
}

/// A volume of a pod.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Its name in the pod.
    pub name: DnsLabel,
    /// What it is.
    pub source: VolumeSource,
}

/// What a volume is.
#[derive(Debug, Clone, PartialEq)]
pub enum VolumeSource {
    /// A claim, by its name in the cluster.
    Claim(String),
    /// A `ConfigMap`, by its name in the cluster.
    Config(String),
    /// A Secret, by its name in the cluster.
    Secret(String),
    /// A folder of the node, which is never written to.
    Host(String),
    /// An empty directory, gone with the pod.
    Scratch {
        /// Its size limit.
        size: Option<Quantity>,
    },
    /// An empty directory in memory, gone with the pod. What lies in it counts as memory of the containers.
    Memory {
        /// Its size limit.
        size: Option<Quantity>,
    },
    /// A Secret whose files have a mode of their own.
    Guarded {
        /// The Secret's name in the cluster.
        name: String,
        /// The mode: `0o400`.
        mode: i32,
    },
}

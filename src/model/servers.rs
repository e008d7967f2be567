//! Servers that operators run for monitoring and logs.

use super::Resources;
use crate::names::{DnsLabel, Quantity};
use crate::source::KeyPath;

/// A Prometheus or an Alertmanager that the Prometheus Operator runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Server {
    /// Where it is written.
    pub source: KeyPath,
    /// How many.
    pub replicas: i32,
    /// How long it keeps what it has; empty for what the operator takes.
    pub retention: String,
    /// Its volume: how large, and of which class; `None` for none that outlives its pods.
    pub storage: Option<(Quantity, Option<String>)>,
    /// CPU and memory.
    pub resources: Resources,
}

/// A Loki that the Loki Operator runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LokiStack {
    /// Where it is written.
    pub source: KeyPath,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// How much it must bear.
    pub size: String,
    /// The storage class of its volumes.
    pub class: String,
    /// The Secret that says how its bucket is reached.
    pub secret: String,
    /// Whose words that Secret uses.
    pub store: String,
    /// How many days logs are kept; `None` for ever.
    pub days: Option<u32>,
}

//! Namespaces, their isolation and their limits.

use super::{Pairs, Resources, Tenancy};
use crate::names::{DnsLabel, Quantity};
use crate::source::KeyPath;

/// The level of the Pod Security Standards that a namespace enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodSecurity {
    /// Anything goes.
    Privileged,
    /// No known escalation of privileges.
    Baseline,
    /// Current hardening practice.
    Restricted,
}

impl PodSecurity {
    /// The word that the label takes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// A namespace.
#[derive(Debug, Clone, PartialEq)]
pub struct Namespace {
    /// Where it is written.
    pub source: KeyPath,
    /// Its key in `platform.toml`.
    pub key: String,
    /// Its name in the cluster.
    pub name: DnsLabel,
    /// Whether somebody else owns it: it is never emitted.
    pub external: bool,
    /// Labels.
    pub labels: Pairs,
    /// Annotations.
    pub annotations: Pairs,
    /// The Pod Security level that is enforced.
    pub pod_security: PodSecurity,
    /// Whether nothing runs in it yet and it says so.
    pub placeholder: bool,
    /// Whether all traffic but the declared edges and DNS is denied.
    pub isolated: bool,
    /// How much its pods may ask for together.
    pub quota: Option<Quota>,
    /// The tenant that it belongs to; `None` for a namespace of the platform's own.
    pub tenancy: Option<Tenancy>,
}

/// A `ResourceQuota` with its `LimitRange`.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    /// Hard limits by the name of the resource: `requests.cpu`.
    pub hard: Vec<(String, Quantity)>,
    /// What a container gets that asks for nothing.
    pub default: Resources,
}

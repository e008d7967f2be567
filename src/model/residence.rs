//! Where things lie and what they hold; and pods that an operator runs for the platform.

use std::collections::BTreeMap;

use super::{Pairs, Peer};
use crate::names::DnsLabel;
use crate::source::KeyPath;

/// What something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Nobody said.
    Something,
    /// Data of people.
    Personal,
    /// What anybody may see, or what says nothing of anybody.
    Public,
    /// Nothing that outlives a request.
    Nothing,
}

impl Holds {
    /// Whether it may lie anywhere, whoever calls it.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(self, Self::Public | Self::Nothing)
    }
}

/// Where pods lie, and what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The region by its key; empty for none.
    pub region: String,
    /// The value of the label `topology.kubernetes.io/region` of its nodes; empty for none.
    pub label: String,
    /// What they hold.
    pub holds: Holds,
}

/// Where everything lies of which somebody said so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Residence(pub BTreeMap<Peer, Home>);

impl Residence {
    /// Where the pods of `peer` lie.
    #[must_use]
    pub fn of(&self, peer: &Peer) -> Option<&Home> {
        self.0.get(peer)
    }

    /// The region label of the nodes that the pods of `peer` need; `None` where any node will do.
    #[must_use]
    pub fn label(&self, peer: &Peer) -> Option<&str> {
        self.of(peer).map(|home| home.label.as_str()).filter(|label| !label.is_empty())
    }
}

/// Pods that an operator makes from a custom resource of ours: policies select them by their labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operated {
    /// The entity that they belong to.
    pub source: KeyPath,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The labels that select them.
    pub labels: Pairs,
    /// The region by its key, empty for none, and what they hold.
    pub residence: (String, Holds),
}

impl Operated {
    /// The end of an edge that they are.
    #[must_use]
    pub fn peer(&self) -> Peer {
        Peer::Pods { namespace: self.namespace.clone(), labels: self.labels.clone() }
    }
}

//! What makes a namespace a tenant's.

use super::{EdgePort, Peer};
use crate::names::DnsLabel;

/// The tenant that a namespace belongs to, and the connections of its pods.
///
/// They stand here and not among the edges of the platform, so that what one tenant gets depends on that tenant alone. The
/// other ends are opened once, for [`Peer::Tenants`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenancy {
    /// What the tenant is called: its folder, and the value of its label.
    pub name: DnsLabel,
    /// Whether its pods may talk to one another.
    pub internal: bool,
    /// What its pods may reach.
    pub uses: Vec<Opening>,
    /// Who may call its pods.
    pub callers: Vec<Opening>,
}

/// One end of a connection, seen from the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The far end.
    pub peer: Peer,
    /// Ports of the pods that are called.
    pub ports: Vec<EdgePort>,
}

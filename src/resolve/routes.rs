//! Routes: from hosts and paths to one object for each namespace that they lead into, in the form that the platform
//! wants; what requests pass on their way; and the edges from the controller to the targets.
//!
//! `draft` reads the routes, `passes` says what requests pass, `checks` compares the routes with one another and with
//! what APIs promise, and `forms` makes objects of them, for which `offers` knows what each controller can do.

mod checks;
pub mod codes;
mod draft;
mod forms;
mod gateway;
mod middlewares;
mod offers;
mod passes;
mod target;

use std::collections::BTreeMap;

use super::scope::Scope;
use crate::model::{Edge, Peer, Route, Routing, Workload};
use crate::names::DnsLabel;
use passes::Passes;

pub(super) use middlewares::ACTIONS as MIDDLEWARES;

/// What routes need to know of the rest.
pub(super) struct Targets<'a> {
    /// The workloads that run, by their key.
    pub workloads: BTreeMap<String, &'a Workload>,
    /// Where requests come from: the pods of the controller.
    pub gateway: Option<Peer>,
    /// The namespace of the controller.
    pub namespace: Option<DnsLabel>,
}

/// What routes became.
#[derive(Default)]
pub(super) struct Built {
    /// They themselves.
    pub routes: Vec<Route>,
    /// What they need beside themselves.
    pub routing: Routing,
    /// The edges from the controller.
    pub edges: Vec<Edge>,
}

/// Every route, and what it needs.
pub(super) fn build(scope: &mut Scope<'_>, targets: &Targets<'_>) -> Built {
    let known = middlewares::known(scope, targets);
    let mut passes = Passes::new(&known);
    let drafts = draft::all(scope, targets, &mut passes);
    checks::run(scope, &drafts, &known);
    let mut built = forms::build(scope, &drafts, (&known, targets));
    let of_paths = drafts.iter().flat_map(|draft| draft.edges.iter().cloned());
    let asked = known.values().filter(|known| passes.used.contains(&known.key));
    let of_middlewares = asked.filter_map(|known| known.edge.clone());
    built.edges = of_paths.chain(of_middlewares).collect();
    built
}

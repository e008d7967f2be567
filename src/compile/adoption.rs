//! What holds between environments: phases, images that are promoted, and whether each fits on its cluster.

use std::collections::BTreeMap;

use super::{Compilation, Compiled, place};
use crate::diag::Diagnostic;
use crate::model::{Elsewhere, Platform, Workload};
use crate::report::capacity;
use crate::resolve::border::{CAPACITY_EXCEEDED, DIGEST_NOT_PROMOTED};
use crate::resolve::codes::UNKNOWN_ENVIRONMENT;
use crate::source::{KeyPath, Node};

impl Compilation {
    /// Leaves out the environments of later phases, and those of none: they are recorded, and nothing is written for them.
    /// Of the others it leaves out what belongs to groups of later phases.
    pub fn keep_phases(&mut self, last: u32) {
        self.keep_groups(|group| group.phase.is_none_or(|phase| phase <= last));
        let environments = std::mem::take(&mut self.environments);
        for (name, compiled) in environments {
            let rollout = &compiled.model.rollout;
            if rollout.phase.is_some_and(|phase| phase <= last) {
                self.environments.insert(name, compiled);
            } else {
                let place = format!("{}, not yet", compiled.model.cluster.kind.as_str());
                self.elsewhere.push(Elsewhere { name, place, rollout: rollout.clone() });
            }
        }
    }
}

/// What environments ask for beyond what their clusters offer.
pub(super) fn capacity_exceeded(platform: &Platform, document: &Node) -> Option<Diagnostic> {
    let environment = platform.environment.as_ref()?;
    let excess = capacity(platform).excess();
    if excess.is_empty() {
        return None;
    }
    let message = format!("{environment} does not fit on {}: {}", platform.cluster.name, excess.join("; "));
    let at = KeyPath::of(["environment", "cluster"]);
    let hint = format!(
        "see `bayplan capacity {environment}`; ask for less, add nodes, or set `target = \"compose\"`"
    );
    Some(Diagnostic::new(&CAPACITY_EXCEEDED, message).at(place(document, &at), "").about(&at).hint(hint))
}

/// Images that run in an environment and not in the one that it is promoted from.
pub(super) fn not_promoted(environments: &BTreeMap<String, Compiled>, all: &[String]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for (name, compiled) in environments {
        let from = &compiled.model.rollout.promotes_from;
        let at = KeyPath::of(["environment", "promotes-from"]);
        match environments.get(from) {
            _ if from.is_empty() => {}
            Some(tested) => problems.extend(unlike(name, compiled, (from, tested))),
            // It exists, and what is wrong with it was reported there.
            None if all.contains(from) => {}
            None => {
                let message = format!("there is no environment `{from}` to promote from");
                let problem = Diagnostic::new(&UNKNOWN_ENVIRONMENT, message);
                problems.push(problem.at(place(&compiled.document, &at), ""));
            }
        }
    }
    problems
}

fn unlike(name: &str, compiled: &Compiled, (from, tested): (&str, &Compiled)) -> Vec<Diagnostic> {
    let tested: BTreeMap<(&KeyPath, &str), Vec<String>> = tested.model.workloads.iter().map(images).collect();
    let mut problems = Vec::new();
    for (key, images) in compiled.model.workloads.iter().map(images) {
        let path = key.0;
        let other = tested.get(&key);
        if other == Some(&images) {
            continue;
        }
        let runs =
            other.map_or_else(|| "does not run it".to_owned(), |other| format!("runs {}", other.join(", ")));
        let message = format!("{name} runs {} for `{path}`, and {from} {runs}", images.join(", "));
        let at = path.key("image");
        let mut problem = Diagnostic::new(&DIGEST_NOT_PROMOTED, message).about(path);
        problem.environments.push(name.to_owned());
        let problem = problem.at(place(&compiled.document, &at), "");
        problems.push(problem.hint(format!("run `bayplan promote {from} {name}`")));
    }
    problems
}

/// The images of a workload, by what names it in every environment: its entity and its key there.
fn images(workload: &Workload) -> ((&KeyPath, &str), Vec<String>) {
    let containers = workload.init.iter().chain(&workload.containers);
    (
        (&workload.source, workload.name.as_str()),
        containers.map(|container| container.image.to_string()).collect(),
    )
}

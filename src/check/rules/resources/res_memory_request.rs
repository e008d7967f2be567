//! `res-memory-request`: each container says how much memory it needs.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-memory-request", Warning,
    means: "A container has no request of memory, and neither its pod nor a LimitRange of the tree has one for it.",
    matters: "The scheduler takes it for a container that needs none, and the kernel kills something when the node is full.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    amounts::report_missing(scene, found, &CODE, ("requests", "memory"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_named() {
        amounts::asks_for(&CODE, ("requests", "memory"));
    }
}

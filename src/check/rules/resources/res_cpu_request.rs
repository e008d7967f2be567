//! `res-cpu-request`: each container says how much CPU it needs.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-cpu-request", Warning,
    means: "A container has no request of CPU, and neither its pod nor a LimitRange of the tree has one for it.",
    matters: "The scheduler takes it for a container that needs none: the node is packed until nothing moves.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    amounts::report_missing(scene, found, &CODE, ("requests", "cpu"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_named() {
        amounts::asks_for(&CODE, ("requests", "cpu"));
    }
}

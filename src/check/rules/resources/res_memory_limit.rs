//! `res-memory-limit`: each container says how much memory it may take.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-memory-limit", Warning,
    means: "A container has no limit of memory, and neither its pod nor a LimitRange of the tree has one for it.",
    matters: "A leak in it takes the memory of the node, and with it the pods of others.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    amounts::report_missing(scene, found, &CODE, ("limits", "memory"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_named() {
        amounts::asks_for(&CODE, ("limits", "memory"));
    }
}

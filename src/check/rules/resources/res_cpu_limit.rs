//! `res-cpu-limit`: each container says how much CPU it may take.

use super::amounts;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;

code! {
    "res-cpu-limit", Warning,
    means: "A container has no limit of CPU.",
    matters: "It may take all that others leave. Whether that is wrong is disputed, since a limit also slows a container down on an idle node; so this rule is off by default.",
    example: "resources: {}",
    instead: "resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }",
    source: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    amounts::report_missing(scene, found, &CODE, ("limits", "cpu"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_named() {
        amounts::asks_for(&CODE, ("limits", "cpu"));
    }
}

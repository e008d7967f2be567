//! `rel-prestop`: a container is told before it is stopped.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Role, Subject};
use crate::check::values::Fields;

code! {
    "rel-prestop", Warning,
    means: "A container that runs on has no `preStop` hook.",
    matters: "Requests still arrive for a moment after the signal to stop. This rule is an opinion, and off by default: many programs drain by themselves.",
    example: "containers: [{ name: api }]",
    instead: "containers: [{ name: api, lifecycle: { preStop: { sleep: { seconds: 5 } } } }]",
    source: "https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/; datree 60"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod.filter(PodTemplate::is_long_running) else { return };
    for (_, container) in pod.all_containers().filter(|(role, _)| *role == Role::Container) {
        if container.below(&["lifecycle", "preStop"]).is_none() {
            found.add(&CODE, (container, "lifecycle"), "nothing happens before the signal to stop");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn stopping_is_announced() {
        advises(&CODE, "DaemonSet", "", "spec.template.spec.containers[0].lifecycle");
        passes(&CODE, "Deployment", "");
    }
}

//! `init-container-fields`: init containers end, and others do not say when they restart.

use crate::check::KubernetesVersion;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Role, Subject};
use crate::check::values::{Fields, is_absent};
use crate::value::Value;

code! {
    "init-container-fields", Error,
    means: "An init container that ends (one without `restartPolicy: Always`) has a probe or a lifecycle hook; or a container has a `restartPolicy` that it cannot have.",
    matters: "The API server refuses the object.",
    example: "initContainers:\n  - { name: proxy, image: a, readinessProbe: { tcpSocket: { port: 80 } } }",
    instead: "initContainers:\n  - { name: proxy, image: a, restartPolicy: Always, readinessProbe: { tcpSocket: { port: 80 } } }",
    source: "validateInitContainers in pkg/apis/core/validation; KEP-753, KEP-5307"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for (role, container) in pod.all_containers() {
        restart_policy(subject, role, container, found);
        if role != Role::Init || PodTemplate::is_sidecar(role, container) {
            continue;
        }
        for key in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] {
            // A signal alone is dropped, and the hook with it, as long as a cluster does not know it.
            let only_signal = container
                .child(key)
                .and_then(Value::as_object)
                .is_some_and(|hooks| hooks.len() == 1 && hooks.contains_key("stopSignal"));
            if !is_absent(container.get(key)) && !only_signal {
                let message = format!("an init container without `restartPolicy: Always` has no `{key}`");
                found.add(&CODE, (container, key), message);
            }
        }
    }
}

fn restart_policy<'a>(subject: &Subject<'a>, role: Role, container: &'a Value, found: &mut Findings<'a>) {
    let Some(policy) = container.text("restartPolicy") else { return };
    let own_rules = subject.serves(Feature::ContainerRestartRules);
    let fits = match role {
        Role::Ephemeral => false,
        // 1.33 knows the field of sidecars alone and refuses it elsewhere; 1.34 drops all else with the rest of the feature.
        _ if subject.version() == KubernetesVersion::V1_34 => true,
        Role::Init if !own_rules => policy == "Always",
        Role::Container if !own_rules => false,
        _ => matches!(policy, "Always" | "OnFailure" | "Never"),
    };
    if !fits {
        found.add(
            &CODE,
            (container, "restartPolicy"),
            format!("the container cannot have the restart policy `{policy}`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, accepts_in, refuses, refuses_in};

    #[test]
    fn only_sidecars_have_probes_and_hooks() {
        let init = "spec.template.spec.initContainers[0]";
        let probe = format!("{init}.readinessProbe: {{ tcpSocket: {{ port: 1 }} }}");
        refuses(&CODE, "Deployment", &probe, &format!("{init}.readinessProbe"));
        accepts("Deployment", &format!("{probe}\n{init}.restartPolicy: Always"));
    }

    #[test]
    fn a_container_may_say_when_it_restarts_since_1_35() {
        let at = "spec.template.spec.containers[0].restartPolicy";
        refuses_in(KubernetesVersion::V1_33, &CODE, "Deployment", &format!("{at}: OnFailure"), at);
        accepts_in(KubernetesVersion::V1_34, "Deployment", &format!("{at}: Sometimes"));
        accepts_in(KubernetesVersion::V1_35, "Deployment", &format!("{at}: OnFailure"));
        refuses(&CODE, "Deployment", &format!("{at}: Sometimes"), at);
    }
}

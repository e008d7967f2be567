//! `ref-service-target-port`: each named target port of a Service is a port of the pods that it selects.

use super::ref_service_selector::selector_of;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::{Pods, Scene};
use crate::check::subject::{Subject, protocol};
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "ref-service-target-port", Error,
    means: "`targetPort` of a Service is a name that no container of the selected pods gives to one of its ports, with that protocol.",
    matters: "The Service has no endpoints for that port, and every connection to it is refused.",
    example: "ports: [{ port: 80, targetPort: web }]   # the container's port is named http",
    instead: "ports: [{ port: 80, targetPort: http }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (subject, port, pods) in selected_ports(scene) {
        let Some(name) = port.text("targetPort").filter(|name| !name.is_empty()) else { continue };
        let ports = || pods.iter().flat_map(|pods| pods.template.ports());
        if !ports().any(|it| it.name == name && it.protocol == protocol(port)) {
            let hint =
                did_you_mean(name, ports().map(|it| it.name)).map(|near| format!("did you mean `{near}`?"));
            let message = format!("no selected pod has a {} port named `{name}`", protocol(port));
            found.of(subject.index).add_with_hint(&CODE, (port, "targetPort"), message, hint);
        }
    }
}

/// Each port of each Service that selects pods, with these pods.
pub(super) fn selected_ports<'s, 'a>(
    scene: &'s Scene<'a>,
) -> impl Iterator<Item = (&'a Subject<'a>, &'a Value, Vec<&'s Pods<'a>>)> {
    scene.of_kind("Service").flat_map(|subject| {
        let selector = selector_of(subject);
        let pods: Vec<_> =
            selector.map_or_else(Vec::new, |selector| scene.mapped(subject.namespace(), selector).collect());
        let ports =
            if pods.is_empty() { &[] } else { subject.spec().map_or(&[][..], |spec| spec.items("ports")) };
        ports.iter().map(move |port| (subject, port, pods.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_named_port_is_one_of_the_pods() {
        let documents = |port: &str| {
            format!(
                "{{fixture: Service, edits: 'spec.ports: [{{ port: 80, targetPort: http }}]'}}\n---\n\
                 {{fixture: Pod, edits: \"metadata.labels: {{ app: api }}\\nspec.containers[0].ports: [{{ {port} }}]\"}}"
            )
        };
        let at = [("Service core/api", "spec.ports[0].targetPort")];
        finds(&CODE, &documents("name: web, containerPort: 80"), &at);
        finds(&CODE, &documents("name: http, containerPort: 80, protocol: UDP"), &at);
        finds(&CODE, &documents("name: http, containerPort: 3000"), &[]);
    }
}

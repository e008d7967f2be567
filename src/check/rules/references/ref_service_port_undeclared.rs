//! `ref-service-port-undeclared`: each numbered target port of a Service is one that the pods declare.

use super::ref_service_target_port::selected_ports;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::protocol;
use crate::check::values::Fields;

code! {
    "ref-service-port-undeclared", Warning,
    means: "The selected pods declare ports, and the number that the Service sends to is not among them.",
    matters: "A container may listen without declaring it, so the cluster accepts this; mostly the number is wrong and every connection is refused.",
    example: "ports: [{ port: 80, targetPort: 8080 }]   # the container declares 3000",
    instead: "ports: [{ port: 80, targetPort: 3000 }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (subject, port, pods) in selected_ports(scene) {
        if port.text("targetPort").is_some_and(|name| !name.is_empty()) {
            continue;
        }
        let target = port.integer("targetPort").filter(|number| *number != 0);
        let Some(number) = target.or_else(|| port.integer("port")) else { continue };
        let mut declared = pods.iter().flat_map(|pods| pods.template.ports()).peekable();
        if declared.peek().is_some()
            && !declared.any(|it| it.number == number && it.protocol == protocol(port))
        {
            let message = format!("the selected pods declare no {} port {number}", protocol(port));
            found.of(subject.index).add(&CODE, (port, "targetPort"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_number_is_one_that_the_pods_declare() {
        let documents = |ports: &str| {
            format!(
                "{{fixture: Service, edits: 'spec.ports: [{{ port: 80, targetPort: 8080 }}]'}}\n---\n\
                 {{fixture: Pod, edits: \"metadata.labels: {{ app: api }}\\nspec.containers[0].ports: [{ports}]\"}}"
            )
        };
        finds(
            &CODE,
            &documents("{ containerPort: 3000 }"),
            &[("Service core/api", "spec.ports[0].targetPort")],
        );
        finds(&CODE, &documents("{ containerPort: 8080 }"), &[]);
        finds(&CODE, &documents(""), &[]);
    }
}

//! `ref-stateful-set-service`: the Service of a `StatefulSet` is there, headless, and selects its pods.

use crate::check::finding::Findings;
use crate::check::rules::api::service_type_fields::is_headless;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::selector;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ref-stateful-set-service", Error,
    means: "`serviceName` of a StatefulSet names a Service that is not there, has an address of its own, or does not select the set's pods.",
    passes: "- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "The pods get no DNS names of their own, and the members of the set do not find each other.",
    example: "kind: Service\nmetadata: { name: postgres }\nspec: { selector: { app: postgres } }",
    instead: "kind: Service\nmetadata: { name: postgres }\nspec: { clusterIP: None, selector: { app: postgres } }",
    source: "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.of_kind("StatefulSet") {
        let Some(spec) = subject.spec() else { continue };
        let name = spec.text_or_empty("serviceName");
        if name.is_empty() {
            continue;
        }
        if let Some(problem) = problem(scene, subject, name) {
            let message = format!("the Service {}/{name} {problem}", subject.namespace());
            found.of(subject.index).add(&CODE, (spec, "serviceName"), message);
        }
    }
}

fn problem(scene: &Scene<'_>, set: &Subject<'_>, name: &str) -> Option<&'static str> {
    let Some(service) = scene.near(set, "Service", set.namespace(), name) else {
        return (!scene.exists("Service", set.namespace(), name)).then_some("is not there");
    };
    let spec = service.spec()?;
    if !is_headless(spec) {
        return Some("is not headless: it needs `clusterIP: None`");
    }
    let labels = selector::labels(set.pod.and_then(|pod| pod.labels()));
    let selects = spec.child("selector").is_some_and(|selector| selector::map_matches(selector, &labels));
    (!selects).then_some("does not select the pods of the set")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    fn documents(edits: &str) -> String {
        let own = "metadata.name: postgres\\nspec.clusterIP: None\\nspec.selector: { app: postgres }\\nspec.ports: []";
        format!("{{fixture: StatefulSet}}\n---\n{{fixture: Service, edits: \"{own}\\n{edits}\"}}")
    }

    #[test]
    fn the_service_is_headless_and_selects_the_set() {
        let at = [("StatefulSet core/postgres", "spec.serviceName")];
        finds(&CODE, "{fixture: StatefulSet}", &at);
        finds(&CODE, &documents("spec.clusterIP: ~absent\\nspec.ports: [{ port: 5432 }]"), &at);
        finds(&CODE, &documents("spec.selector: ~absent"), &at);
        finds(&CODE, &documents(""), &[]);
    }
}

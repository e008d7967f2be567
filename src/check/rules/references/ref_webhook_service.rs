//! `ref-webhook-service`: the Service that the API server calls is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-webhook-service", Error,
    means: "A webhook, an APIService or the conversion of a definition names a Service that is neither in the tree nor declared to be elsewhere.",
    passes: "- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).",
    matters: "With `failurePolicy: Fail`, nothing of the kinds that it is about can be written any more; an APIService without its Service keeps namespaces from being deleted.",
    example: "clientConfig: { service: { name: webhok, namespace: core } }",
    instead: "clientConfig: { service: { name: webhook, namespace: core } }",
    source: "https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects {
        for service in services(subject) {
            let (Some(name), Some(namespace)) = (service.text("name"), service.text("namespace")) else {
                continue;
            };
            if !scene.exists("Service", namespace, name) {
                let message = format!("there is no Service {namespace}/{name} for the API server to call");
                let hint = scene.hint("Service", namespace, name);
                found.of(subject.index).add_with_hint(&CODE, (service, "name"), message, hint);
            }
        }
    }
}

fn services<'a>(subject: &Subject<'a>) -> Vec<&'a Value> {
    match subject.kind {
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            let hooks = subject.value.items("webhooks").iter();
            hooks.filter_map(|hook| hook.below(&["clientConfig", "service"])).collect()
        }
        "APIService" => subject.spec().and_then(|spec| spec.child("service")).into_iter().collect(),
        "CustomResourceDefinition" => {
            let path = ["conversion", "webhook", "clientConfig", "service"];
            subject.spec().and_then(|spec| spec.below(&path)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    const HOOK: &str = "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: a}, webhooks: [{name: a.b.example, sideEffects: None, admissionReviewVersions: [v1], clientConfig: {service: {name: NAME, namespace: core}}}]}";

    #[test]
    fn somebody_answers() {
        let tree = |name: &str| format!("{}\n---\n{{fixture: Service}}", HOOK.replace("NAME", name));
        finds_of(
            &CODE,
            &tree("apy"),
            &[("ValidatingWebhookConfiguration a", "webhooks[0].clientConfig.service.name")],
        );
        finds_of(&CODE, &tree("api"), &[]);
    }
}

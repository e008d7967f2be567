//! `ref-service-overlap`: no two Services lead to the same pods by accident.

use crate::check::finding::Findings;
use crate::check::rules::api::service_type_fields::{is_headless, service_type};
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-service-overlap", Warning,
    means: "Two Services of one type in a namespace have the same selector and the same ports.",
    passes: "Objects of variants. Where several files define one object (a file for each cloud, a base and what was rendered from it), they are taken for variants that are never applied together, and what stands in one of them is not held against the others.",
    matters: "One of them is left over, and somebody changes the wrong one.",
    example: "# two Services with selector { app: api } and port 80",
    instead: "# one Service",
    source: "gatekeeper uniqueserviceselector"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let mut seen = std::collections::BTreeMap::new();
    for service in scene.of_kind("Service") {
        let Some(spec) = service.spec() else { continue };
        let Some(selector) =
            spec.child("selector").filter(|it| it.as_object().is_some_and(|map| !map.is_empty()))
        else {
            continue;
        };
        // A headless Service beside an ordinary one is how a StatefulSet is reached, and one for the cluster stands beside one for
        // the world.
        let kind = (service_type(spec), is_headless(spec));
        let key = (service.namespace(), selector.to_string(), ports(spec), kind);
        // The same object twice is another finding.
        let other = seen.insert(key, service).filter(|other| other.name() != service.name());
        if let Some(other) = other.filter(|other| scene.together(service, other)) {
            let message = format!("the Service `{}` leads to the same pods and ports", other.name());
            let hint = Some("leave one of them out, or let them differ in selector or ports".to_owned());
            found.of(service.index).add_with_hint(&CODE, selector, message, hint);
        }
    }
}

fn ports(spec: &Value) -> String {
    let pair = |port: &Value| format!("{}:{} ", port["port"], port.get("protocol").unwrap_or(&Value::Null));
    spec.items("ports").iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    #[test]
    fn one_service_leads_there() {
        let tree = |edits: &str| {
            format!(
                "{{fixture: Service}}\n---\n{{fixture: Service, edits: \"metadata.name: other{edits}\"}}\n---\n{{fixture: Deployment}}"
            )
        };
        let own = |tree: &str, expected: &[(&str, &str)]| finds_of(&CODE, tree, expected);
        own(&tree(""), &[("Service core/other", "spec.selector")]);
        own(&tree("\\nspec.clusterIP: None"), &[]);
        own(&tree("\\nspec.type: LoadBalancer"), &[]);
    }
}

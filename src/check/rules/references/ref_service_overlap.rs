//! `ref-service-overlap`: no two Services lead to the same pods by accident.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ref-service-overlap", Warning,
    means: "Two Services of a namespace have the same selector and the same ports.",
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
        // A headless Service beside an ordinary one is how a StatefulSet is reached.
        let key =
            (service.namespace(), selector.to_string(), ports(spec), spec.text("clusterIP") == Some("None"));
        // The same object twice is another finding.
        if let Some(other) = seen.insert(key, service.name()).filter(|other| *other != service.name()) {
            let message = format!("the Service `{other}` leads to the same pods and ports");
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
    }
}

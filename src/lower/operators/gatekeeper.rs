//! OPA Gatekeeper: one template that knows the baseline, and one constraint that asks for its parts.

use super::own_namespaces;
use crate::lower::{labels, metadata};
use crate::model::{Platform, Policies};
use crate::object::Object;
use crate::object::custom;
use crate::source::KeyPath;
use crate::value::json;

const COMPONENT: &str = "policies";
/// The name of the template is the lower-case name of the kind that it makes.
const TEMPLATE: &str = "podbaseline";
const REGO: &str = include_str!("pod_baseline.rego");

pub(super) fn lower(platform: &Platform, policies: &Policies) -> Vec<Object> {
    let source = KeyPath::of(["policies"]);
    let meta = metadata::of_cluster(TEMPLATE, labels::of_platform(platform));
    let template = custom::ConstraintTemplate::new(meta, template());
    let meta = metadata::of_cluster(platform.name.as_str(), labels::of_platform(platform));
    let constraint = custom::PodBaseline::new(meta, constraint(platform, policies));
    vec![
        Object::from_typed(&template, COMPONENT, source.clone()),
        Object::from_typed(&constraint, COMPONENT, source),
    ]
}

fn template() -> custom::ConstraintTemplateSpec {
    let flag = json!({"type": "boolean"});
    let schema = json!({"type": "object", "properties": {
        "limits": flag,
        "noLatest": flag,
        "noPrivileged": flag,
        "requiredLabels": {"type": "array", "items": {"type": "string"}},
    }});
    custom::ConstraintTemplateSpec {
        crd: custom::ConstraintCrd {
            spec: custom::ConstraintCrdSpec {
                names: custom::ConstraintNames { kind: "PodBaseline".to_owned() },
                validation: custom::ConstraintValidation { schema },
            },
        },
        targets: vec![custom::ConstraintTarget {
            target: "admission.k8s.gatekeeper.sh".to_owned(),
            rego: REGO.to_owned(),
        }],
    }
}

fn constraint(platform: &Platform, policies: &Policies) -> custom::PodBaselineSpec {
    let kinds = custom::ConstraintKinds { api_groups: vec![String::new()], kinds: vec!["Pod".to_owned()] };
    custom::PodBaselineSpec {
        enforcement_action: if policies.enforce { "deny" } else { "dryrun" }.to_owned(),
        matched: custom::ConstraintMatch { kinds: vec![kinds], namespaces: own_namespaces(platform) },
        parameters: custom::PodBaselineParameters {
            limits: policies.limits,
            no_latest: policies.no_latest,
            no_privileged: policies.no_privileged,
            required_labels: policies.required_labels.clone(),
        },
    }
}

//! Kyverno's rules that make, in each Namespace with the label `tenant`, what a tenant of the file has.
//!
//! The rules hold the very objects that the lowering of a tenant gives, with Kyverno's variables where the tenant's names stand.
//! A Namespace that bayplan wrote is left out: its objects are written beside it. Kyverno's background controller makes the
//! objects, and may do what the ClusterRole here says, which it takes up by its label.
//!
//! Source: <https://kyverno.io/docs/policy-types/cluster-policy/generate/>.

use std::collections::BTreeSet;

use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule as Grant};

use crate::lower::{absent, labels, metadata};
use crate::model::{Pairs, Platform, TenantTemplate};
use crate::object::Object;
use crate::object::custom::{
    ClusterPolicy, ClusterPolicySpec, Generation, Mutation, PolicyCondition, PolicyConditions, PolicyFilter,
    PolicyMatch, PolicyResources, PolicyRule,
};
use crate::value::{Map, Value, json};

const COMPONENT: &str = "policies";
const NAMESPACE: &str = "{{request.object.metadata.name}}";
const TENANT: &str = "{{request.object.metadata.labels.tenant}}";
/// Who owns a tenant is written on its Namespace. A label could hold no `@`.
const OWNER: &str = "{{request.object.metadata.annotations.\"bayplan.dev/owner\"}}";
const HAS_OWNER: &str = "{{request.object.metadata.annotations.\"bayplan.dev/owner\" || ''}}";
/// The label by which Kyverno's background controller takes up rights
/// (<https://kyverno.io/docs/installation/customization/#customizing-permissions>).
const TAKEN_UP: &str = "rbac.kyverno.io/aggregate-to-background-controller";

pub(super) fn lower(platform: &Platform, template: &TenantTemplate) -> Vec<Object> {
    let objects = crate::lower::lower(&template.platform);
    let (made, namespaces): (Vec<Object>, Vec<Object>) =
        objects.into_iter().partition(|object| object.id.namespace.is_some());
    let labelled = namespaces.iter().filter_map(|namespace| labels_of(template, namespace));
    let rules = labelled.chain(made.iter().map(|object| rule(template, object))).collect();
    let spec = ClusterPolicySpec { background: true, webhook_timeout_seconds: None, rules };
    let name = format!("{}-tenants", platform.name);
    let meta = metadata::of_cluster(&name, labels::of_platform(platform));
    let policy = ClusterPolicy::new(meta, spec);
    vec![
        Object::from_typed(&policy, COMPONENT, template.source.clone()),
        Object::from_typed(&rights(platform, &made), COMPONENT, template.source.clone()),
    ]
}

/// The labels that every tenant's Namespace has, its Pod Security level above all. They are set whatever its maker wrote. The one
/// by which it would pass for a file's is not among them, nor is the tenant's own, which it has.
fn labels_of(template: &TenantTemplate, namespace: &Object) -> Option<PolicyRule> {
    let labels = namespace.pointer("/metadata/labels")?.as_object()?.iter();
    let labels = labels.filter(|(key, _)| ![labels::MANAGED_BY, labels::TENANT].contains(&key.as_str()));
    let labels: Map = labels.map(|(key, value)| (key.clone(), value.clone())).collect();
    Some(PolicyRule {
        name: "namespace-labels".to_owned(),
        matched: matched(template),
        exclude: Some(of_files()),
        mutate: Some(Mutation { patch_strategic_merge: json!({"metadata": {"labels": labels}}) }),
        ..PolicyRule::default()
    })
}

fn rule(template: &TenantTemplate, object: &Object) -> PolicyRule {
    let data = data(template, &object.value);
    let owned = data.to_string().contains("bayplan.dev/owner");
    PolicyRule {
        name: format!("{}-{}", object.id.gvk.kind.to_lowercase(), object.id.name),
        matched: matched(template),
        exclude: Some(of_files()),
        preconditions: owned.then(has_owner),
        generate: Some(Generation {
            api_version: object.id.gvk.api_version.clone(),
            kind: object.id.gvk.kind.clone(),
            name: object.id.name.clone(),
            namespace: NAMESPACE.to_owned(),
            synchronize: true,
            generate_existing: true,
            data,
        }),
        ..PolicyRule::default()
    }
}

fn filter(resources: PolicyResources) -> PolicyMatch {
    let kinds = vec!["Namespace".to_owned()];
    PolicyMatch { any: vec![PolicyFilter { resources: PolicyResources { kinds, ..resources } }] }
}

/// Namespaces with a tenant's name and a tenant's label: either alone may be somebody else's.
fn matched(template: &TenantTemplate) -> PolicyMatch {
    let names = vec![template.namespace.as_str().replacen(template.name.as_str(), "*", 1)];
    let selector = crate::value::to_value(&labels::of_every_tenant()).unwrap_or_default();
    filter(PolicyResources { names, selector: Some(selector), ..PolicyResources::default() })
}

/// Namespaces that bayplan wrote, as a file or for a program.
fn of_files() -> PolicyMatch {
    let selector = json!({"matchLabels": {labels::MANAGED_BY: labels::MANAGER}});
    filter(PolicyResources { selector: Some(selector), ..PolicyResources::default() })
}

fn has_owner() -> PolicyConditions {
    let condition =
        PolicyCondition { key: HAS_OWNER.to_owned(), operator: "NotEquals".to_owned(), value: String::new() };
    PolicyConditions { all: vec![condition] }
}

/// The object without its names, which the rule has, and with variables where the tenant's own stand.
fn data(template: &TenantTemplate, object: &Value) -> Value {
    let fields = object.as_object().into_iter().flatten();
    let fields = fields.filter_map(|(key, value)| match key.as_str() {
        "apiVersion" | "kind" => None,
        "metadata" => Some((
            key.clone(),
            json!({"labels": value.get("labels").map(|labels| written(template, labels))}),
        )),
        _ => Some((key.clone(), written(template, value))),
    });
    Value::Object(fields.collect())
}

fn written(template: &TenantTemplate, value: &Value) -> Value {
    match value {
        Value::String(text) => with_variables(template, text).into(),
        Value::Array(items) => items.iter().map(|item| written(template, item)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), written(template, value)));
            Value::Object(fields.collect::<Map>())
        }
        other => other.clone(),
    }
}

fn with_variables(template: &TenantTemplate, text: &str) -> String {
    // The name of the namespace holds that of the tenant, so it goes first.
    let text = text.replace(template.namespace.as_str(), NAMESPACE).replace(template.name.as_str(), TENANT);
    template.owner.as_ref().map_or_else(|| text.clone(), |owner| text.replace(owner.as_str(), OWNER))
}

/// What the background controller must be able to do: make and keep these kinds, and give away the roles of the bindings.
fn rights(platform: &Platform, made: &[Object]) -> ClusterRole {
    let mut kinds: BTreeSet<(String, String)> = BTreeSet::new();
    let mut roles: BTreeSet<&str> = BTreeSet::new();
    for object in made {
        kinds.insert((object.id.gvk.group().to_owned(), plural(&object.id.gvk.kind)));
        let role = object.pointer("/roleRef/name").and_then(Value::as_str);
        roles.extend(
            role.filter(|_| object.pointer("/roleRef/kind").is_some_and(|kind| kind == "ClusterRole")),
        );
    }
    let verbs = ["create", "delete", "get", "list", "patch", "update", "watch"].map(str::to_owned).to_vec();
    let made = kinds.into_iter().map(|(group, resource)| Grant {
        api_groups: Some(vec![group]),
        resources: Some(vec![resource]),
        verbs: verbs.clone(),
        ..Grant::default()
    });
    let bound = (!roles.is_empty()).then(|| Grant {
        api_groups: Some(vec!["rbac.authorization.k8s.io".to_owned()]),
        resources: Some(vec!["clusterroles".to_owned()]),
        resource_names: absent::list(roles.into_iter().map(str::to_owned)),
        verbs: vec!["bind".to_owned()],
        ..Grant::default()
    });
    let mut labels: Pairs = labels::of_platform(platform);
    labels.insert(TAKEN_UP.to_owned(), "true".to_owned());
    let metadata = metadata::of_cluster(&format!("{}-tenants", platform.name), labels);
    ClusterRole { metadata, rules: absent::list(made.chain(bound)), ..ClusterRole::default() }
}

/// The plural of the kinds that a tenant has.
fn plural(kind: &str) -> String {
    let kind = kind.to_lowercase();
    kind.strip_suffix('y').map_or_else(|| format!("{kind}s"), |stem| format!("{stem}ies"))
}

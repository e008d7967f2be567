//! Kyverno: the baseline, and images that must be signed. Policies hold in the platform's own namespaces.

use super::own_namespaces;
use crate::lower::{labels, metadata};
use crate::model::{Attestor, Platform, Policies, Signature};
use crate::object::Object;
use crate::object::custom::{self, ClusterPolicySpec, PolicyRule};
use crate::source::KeyPath;
use crate::value::{Map, Value, json};

const COMPONENT: &str = "policies";

pub(super) fn lower(platform: &Platform, policies: &Policies) -> Vec<Object> {
    let baseline = baseline(policies).into_iter().map(|(name, message, pattern)| {
        let validate = custom::PolicyValidation {
            failure_action: action(policies.enforce),
            message: message.to_owned(),
            pattern,
        };
        let rule = PolicyRule { name: name.to_owned(), validate: Some(validate), ..rule(platform) };
        let spec = ClusterPolicySpec { background: true, rules: vec![rule], webhook_timeout_seconds: None };
        policy(platform, name, spec, KeyPath::of(["policies"]))
    });
    let signatures = policies.signatures.iter().map(|signature| signed(platform, signature));
    baseline.chain(signatures).collect()
}

fn policy(platform: &Platform, name: &str, spec: ClusterPolicySpec, source: KeyPath) -> Object {
    // Policies of the cluster have one name for all platforms on it.
    let name = format!("{}-{name}", platform.name);
    let meta = metadata::of_cluster(&name, labels::of_platform(platform));
    Object::from_typed(&custom::ClusterPolicy::new(meta, spec), COMPONENT, source)
}

fn action(enforce: bool) -> String {
    if enforce { "Enforce" } else { "Audit" }.to_owned()
}

/// A rule for the pods of the platform; Kyverno makes the rules for Deployments and the like from it.
fn rule(platform: &Platform) -> PolicyRule {
    let resources = custom::PolicyResources {
        kinds: vec!["Pod".to_owned()],
        namespaces: own_namespaces(platform),
        ..custom::PolicyResources::default()
    };
    PolicyRule {
        matched: custom::PolicyMatch { any: vec![custom::PolicyFilter { resources }] },
        ..PolicyRule::default()
    }
}

/// Name, message and pattern of each policy, after those of <https://kyverno.io/policies/>.
fn baseline(policies: &Policies) -> Vec<(&'static str, &'static str, Value)> {
    let mut baseline = Vec::new();
    if policies.limits {
        let resources = json!({"resources": {
            "requests": {"cpu": "?*", "memory": "?*"},
            "limits": {"memory": "?*"},
        }});
        baseline.push((
            "require-limits",
            "every container needs requests for CPU and memory, and a limit for memory",
            of_containers(&resources),
        ));
    }
    if policies.no_latest {
        // A digest holds a colon too, so it needs no tag beside it.
        baseline.push((
            "no-latest",
            "every image needs a tag or a digest, and none is called `latest`",
            of_containers(&json!({"image": "*:* & !*:latest"})),
        ));
    }
    if policies.no_privileged {
        let security = json!({"=(securityContext)": {"=(privileged)": "false"}});
        baseline.push(("no-privileged", "no container is privileged", of_containers(&security)));
    }
    if !policies.required_labels.is_empty() {
        let labels: Map =
            policies.required_labels.iter().map(|label| (label.clone(), Value::from("?*"))).collect();
        let pattern = json!({"metadata": {"labels": labels}});
        baseline.push(("required-labels", "a pod needs the labels of the platform", pattern));
    }
    baseline
}

/// A pattern that holds for every container of a pod, those that run first included.
fn of_containers(pattern: &Value) -> Value {
    json!({"spec": {"=(initContainers)": [pattern], "containers": [pattern]}})
}

fn signed(platform: &Platform, signature: &Signature) -> Object {
    let verification = custom::ImageVerification {
        image_references: signature.images.clone(),
        failure_action: action(signature.enforce),
        // Kyverno changes no image where it only reports.
        mutate_digest: signature.enforce,
        attestors: vec![custom::Attestors { entries: vec![attestor(&signature.attestor)] }],
    };
    let name = format!("signed-{}", signature.name);
    let rule = PolicyRule { name: name.clone(), verify_images: vec![verification], ..rule(platform) };
    // Signatures are fetched from a registry, which takes longer than other verdicts.
    let spec = ClusterPolicySpec { background: false, webhook_timeout_seconds: Some(30), rules: vec![rule] };
    policy(platform, &name, spec, signature.source.clone())
}

fn attestor(attestor: &Attestor) -> custom::AttestorEntry {
    let none = custom::AttestorEntry::default();
    match attestor {
        Attestor::Keyless { issuer, subject, rekor } => {
            let keyless = custom::KeylessAttestor {
                issuer: issuer.clone(),
                subject: subject.clone(),
                rekor: custom::Rekor { url: rekor.clone() },
            };
            custom::AttestorEntry { keyless: Some(keyless), ..none }
        }
        Attestor::Kms(uri) => {
            let keys = custom::KeyAttestor { kms: Some(uri.clone()), public_keys: None };
            custom::AttestorEntry { keys: Some(keys), ..none }
        }
        Attestor::PublicKey(key) => {
            let keys = custom::KeyAttestor { kms: None, public_keys: Some(key.clone()) };
            custom::AttestorEntry { keys: Some(keys), ..none }
        }
    }
}

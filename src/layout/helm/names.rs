//! What values are called: the names that users of Helm know (`replicaCount`, `image.tag`, `ingress.hosts`), and for
//! everything else the path of the field without the parts that say nothing.
//!
//! The known names are those of `helm create` and of the charts that grew from it.

use crate::layout::lists::pod_spec;
use crate::value::{Value, json};

/// A step into an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// The value of a key.
    Key(String),
    /// The element of a list that is called so.
    Item(String),
    /// The element of a list at a position.
    At(usize),
}

/// How a field is treated that has a place in the contract with a chart's user, whether it differs or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contract {
    /// It is a value.
    Value,
    /// An image: repository, tag and digest apart.
    Image,
    /// The rules of an Ingress.
    Rules,
}

/// The names for the values of one object.
#[derive(Debug)]
pub(super) struct Naming {
    /// Where the values of the object stand.
    root: Vec<String>,
    kind: String,
    /// The container or port whose fields need no name in front.
    main: Option<String>,
    /// What is a value in any case.
    contract: Vec<(Vec<String>, Contract)>,
}

/// Stands for any element of a list.
const ANY: &str = "[]";

impl Naming {
    /// The names for an object of `kind` whose values stand below `root`.
    pub(super) fn new(root: Vec<String>, kind: &str, main: Option<String>) -> Self {
        Self { root, kind: kind.to_owned(), main, contract: contract(kind) }
    }

    /// The place that a field wants for its value.
    pub(super) fn place(&self, at: &[Step]) -> Vec<String> {
        let mut place = self.root.clone();
        place.extend(self.short(at));
        place
    }

    /// Whether the field is a value in any case.
    pub(super) fn contract(&self, at: &[Step]) -> Option<Contract> {
        let found =
            self.contract.iter().find(|(pattern, _)| pattern.len() == at.len() && begins(pattern, at));
        found.map(|(_, contract)| *contract)
    }

    /// Whether a field below this one is a value in any case.
    pub(super) fn has_contract_below(&self, at: &[Step]) -> bool {
        self.contract.iter().any(|(pattern, _)| pattern.len() > at.len() && begins(pattern, at))
    }

    /// The keys of the table at `at` that users of Helm look for, each with what stands for none, and its schema.
    pub(super) fn offers(&self, at: &[Step]) -> Vec<(&'static str, Value, Value)> {
        let pod = pod_spec(&self.kind);
        let steps: Vec<String> = at.iter().map(text).collect();
        let path: Vec<&str> = steps.iter().map(String::as_str).collect();
        let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let template = pod.split_last().map(|(_, template)| template).unwrap_or_default();
        match (self.kind.as_str(), path.strip_prefix(pod), path.strip_prefix(template)) {
            ("Ingress", ..) if path == ["metadata"] => vec![("annotations", json!({}), texts)],
            ("Pod", ..) => Vec::new(),
            (_, Some([]), _) => vec![
                ("affinity", json!({}), json!({"type": "object"})),
                ("nodeSelector", json!({}), texts),
                ("tolerations", json!([]), json!({"type": "array", "items": {"type": "object"}})),
            ],
            (_, Some(["containers", _]), _) => {
                let policies = json!({"enum": ["", "Always", "IfNotPresent", "Never"]});
                vec![("imagePullPolicy", json!(""), policies)]
            }
            (_, _, Some(["metadata"])) if !template.is_empty() => vec![("annotations", json!({}), texts)],
            _ => Vec::new(),
        }
    }

    fn short(&self, at: &[Step]) -> Vec<String> {
        let pod = pod_spec(&self.kind);
        let steps: Vec<String> = at.iter().map(text).collect();
        let path: Vec<&str> = steps.iter().map(String::as_str).collect();
        if let Some(rest) = path.strip_prefix(pod) {
            return self.in_pod(rest);
        }
        let template = pod.split_last().map(|(_, template)| template).unwrap_or_default();
        let known: &[&str] = match path.strip_prefix(template).filter(|_| !template.is_empty()) {
            Some(["metadata", "annotations", rest @ ..]) => return named("podAnnotations", rest),
            Some(["metadata", "labels", rest @ ..]) => return named("podLabels", rest),
            _ => &path,
        };
        match (self.kind.as_str(), known) {
            (_, ["spec", "replicas"]) => owned(&["replicaCount"]),
            (_, ["spec", "volumeClaimTemplates", name, rest @ ..]) => {
                let mut place = vec!["persistence".to_owned(), camel(name)];
                place.extend(in_claim(rest.strip_prefix(&["spec"]).unwrap_or(rest)));
                place
            }
            ("PersistentVolumeClaim", ["spec", rest @ ..]) => in_claim(rest),
            ("Service", ["spec", "ports", name, rest @ ..]) if self.main.as_deref() == Some(*name) => {
                owned(rest)
            }
            ("Ingress", ["spec", "ingressClassName"]) => owned(&["className"]),
            ("Ingress", ["spec", "rules"]) => owned(&["hosts"]),
            (_, ["spec" | "data" | "metadata", rest @ ..]) if !rest.is_empty() => owned(rest),
            (_, path) => owned(path),
        }
    }

    fn in_pod(&self, rest: &[&str]) -> Vec<String> {
        match rest {
            ["containers", name, rest @ ..] if self.main.as_deref() == Some(*name) => in_container(rest),
            ["containers", name, rest @ ..] => {
                let mut place = vec![camel(name)];
                place.extend(in_container(rest));
                place
            }
            ["initContainers", name, rest @ ..] => {
                let mut place = vec!["initContainers".to_owned(), camel(name)];
                place.extend(in_container(rest));
                place
            }
            ["securityContext", rest @ ..] => named("podSecurityContext", rest),
            rest => owned(rest),
        }
    }
}

/// `rentguy-api` as `rentguyApi`: a name that a template can write without quotes.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        match c {
            '-' | '_' | '.' | ':' | '/' | ' ' => upper = !out.is_empty(),
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    if out.is_empty() { name.to_owned() } else { out }
}

fn in_container(rest: &[&str]) -> Vec<String> {
    match rest {
        ["imagePullPolicy"] => owned(&["image", "pullPolicy"]),
        ["env", name, "value"] => owned(&["env", name]),
        rest => owned(rest),
    }
}

fn in_claim(rest: &[&str]) -> Vec<String> {
    match rest {
        ["resources", "requests", "storage"] => owned(&["size"]),
        ["storageClassName"] => owned(&["storageClass"]),
        rest => owned(rest),
    }
}

fn named(name: &str, rest: &[&str]) -> Vec<String> {
    let mut place = vec![name.to_owned()];
    place.extend(owned(rest));
    place
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|step| (*step).to_owned()).collect()
}

fn text(step: &Step) -> String {
    match step {
        Step::Key(name) | Step::Item(name) => name.clone(),
        Step::At(position) => position.to_string(),
    }
}

fn begins(pattern: &[String], at: &[Step]) -> bool {
    pattern.iter().zip(at).all(|(pattern, step)| match step {
        Step::Key(key) => pattern == key,
        Step::Item(_) | Step::At(_) => pattern == ANY,
    })
}

/// The fields of a kind that are values in any case.
fn contract(kind: &str) -> Vec<(Vec<String>, Contract)> {
    let pattern = |text: &str, what: Contract| (text.split(' ').map(str::to_owned).collect(), what);
    let mut contract: Vec<(Vec<String>, Contract)> = match kind {
        "Deployment" | "StatefulSet" => vec![
            pattern("spec replicas", Contract::Value),
            pattern("spec volumeClaimTemplates [] spec storageClassName", Contract::Value),
            pattern("spec volumeClaimTemplates [] spec resources requests storage", Contract::Value),
        ],
        "Service" => ["spec type", "spec ports [] port", "spec ports [] targetPort"]
            .map(|text| pattern(text, Contract::Value))
            .to_vec(),
        "Ingress" => {
            let mut values = ["metadata annotations", "spec ingressClassName", "spec tls"]
                .map(|text| pattern(text, Contract::Value))
                .to_vec();
            values.push(pattern("spec rules", Contract::Rules));
            values
        }
        "PersistentVolumeClaim" => ["spec storageClassName", "spec resources requests storage"]
            .map(|text| pattern(text, Contract::Value))
            .to_vec(),
        "HorizontalPodAutoscaler" => {
            ["spec minReplicas", "spec maxReplicas"].map(|text| pattern(text, Contract::Value)).to_vec()
        }
        "PodDisruptionBudget" => {
            ["spec minAvailable", "spec maxUnavailable"].map(|text| pattern(text, Contract::Value)).to_vec()
        }
        "CronJob" => vec![pattern("spec schedule", Contract::Value)],
        _ => Vec::new(),
    };
    let pod = pod_spec(kind);
    if pod != [""] {
        let of_container =
            |rest: &str, what: Contract| pattern(&format!("{} containers [] {rest}", pod.join(" ")), what);
        if let Some((_, template)) = pod.split_last().filter(|(_, template)| !template.is_empty()) {
            contract.push(pattern(&format!("{} metadata annotations", template.join(" ")), Contract::Value));
        }
        contract.push(of_container("image", Contract::Image));
        contract.push(of_container("imagePullPolicy", Contract::Value));
        contract.push(of_container("resources", Contract::Value));
    }
    contract
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(kind: &str, path: &str) -> String {
        let step = |step: &str| match step.strip_prefix('@') {
            Some(name) => Step::Item(name.to_owned()),
            None => Step::Key(step.to_owned()),
        };
        let steps: Vec<Step> = path.split(' ').map(step).collect();
        Naming::new(vec!["api".to_owned()], kind, Some("main".to_owned())).place(&steps).join(".")
    }

    #[test]
    fn a_field_has_the_name_that_users_of_helm_know() {
        let pod = "spec template spec";
        assert_eq!(place("Deployment", "spec replicas"), "api.replicaCount");
        assert_eq!(place("Deployment", &format!("{pod} containers @main resources")), "api.resources");
        assert_eq!(
            place("Deployment", &format!("{pod} containers @side-car env @A value")),
            "api.sideCar.env.A"
        );
        assert_eq!(place("Deployment", &format!("{pod} nodeSelector")), "api.nodeSelector");
        assert_eq!(place("StatefulSet", "spec template metadata annotations a/b"), "api.podAnnotations.a/b");
        assert_eq!(
            place("StatefulSet", "spec volumeClaimTemplates @data spec resources requests storage"),
            "api.persistence.data.size"
        );
        assert_eq!(place("Service", "spec ports @main targetPort"), "api.targetPort");
        assert_eq!(place("ConfigMap", "data LOG_LEVEL"), "api.LOG_LEVEL");
    }

    #[test]
    fn the_contract_is_known_by_the_path() {
        let naming = Naming::new(Vec::new(), "Deployment", None);
        let at = |path: &[&str]| path.iter().map(|key| Step::Key((*key).to_owned())).collect::<Vec<_>>();
        assert_eq!(naming.contract(&at(&["spec", "replicas"])), Some(Contract::Value));
        assert!(naming.has_contract_below(&at(&["spec", "template"])));
        assert!(!naming.has_contract_below(&at(&["metadata"])));
    }
}

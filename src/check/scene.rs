//! All objects of one environment at once, indexed for the rules that look from one to another.

use std::collections::BTreeMap;

use serde_json::Value;

use super::context::{Context, Keys, Labels};
use super::selector::{self, LabelMap};
use super::subject::{PodTemplate, Subject};
use super::values::Fields;

/// The objects of one environment.
pub(crate) struct Scene<'a> {
    pub subjects: &'a [Subject<'a>],
    pub context: &'a Context<'a>,
    by_name: BTreeMap<(&'a str, &'a str, &'a str), usize>,
    pods: Vec<Pods<'a>>,
    /// Secrets that a controller makes from another object of the tree, by namespace and name.
    made_secrets: BTreeMap<(&'a str, &'a str), Keys>,
}

/// The pods of one object.
pub(crate) struct Pods<'a> {
    pub subject: &'a Subject<'a>,
    pub template: PodTemplate<'a>,
    pub labels: LabelMap<'a>,
}

/// What is known of the keys of a Secret or `ConfigMap`.
pub(crate) enum KnownKeys<'a> {
    /// They are those of an object of the tree.
    InTree(&'a Value),
    /// They were declared.
    Declared(&'a Keys),
}

impl<'a> Scene<'a> {
    /// Without what rules ask that look from one object to another.
    pub fn bare(subjects: &'a [Subject<'a>], context: &'a Context<'a>) -> Self {
        Self { subjects, context, ..Self::new(&[], context) }
    }

    pub fn new(subjects: &'a [Subject<'a>], context: &'a Context<'a>) -> Self {
        let by_name = subjects.iter().map(|it| ((it.kind, it.namespace(), it.name()), it.index)).collect();
        let pods = subjects.iter().filter_map(|subject| {
            let template = subject.pod?;
            Some(Pods { subject, template, labels: selector::labels(template.labels()) })
        });
        let made_secrets = subjects.iter().filter_map(made_secret).collect();
        Self { subjects, context, by_name, pods: pods.collect(), made_secrets }
    }

    /// The objects of a built-in kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        self.subjects.iter().filter(move |subject| subject.kind == kind)
    }

    /// The object of that built-in kind and name in the tree.
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Subject<'a>> {
        self.by_name.get(&(kind, namespace, name)).map(|index| &self.subjects[*index])
    }

    /// Whether an object is in the tree or declared to be outside; `namespace` is empty for cluster-scoped kinds.
    pub fn exists(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.find(kind, namespace, name).is_some() || self.context.external.has_object(kind, namespace, name)
    }

    /// The pods of all objects.
    pub fn pods(&self) -> &[Pods<'a>] {
        &self.pods
    }

    /// The pods of a namespace.
    pub fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &Pods<'a>> {
        self.pods.iter().filter(move |pods| pods.subject.namespace() == namespace)
    }

    /// Whether a selector selects pods of a namespace, of the tree or of others.
    pub fn selects(&self, namespace: &str, selector: &Value) -> bool {
        let foreign = self.context.external.pods.iter().filter(|(own, _)| own == namespace);
        let foreign =
            foreign.map(|(_, labels)| labels.iter().map(|(key, value)| (&**key, &**value)).collect());
        self.pods_in(namespace).any(|pods| selector::matches(selector, &pods.labels))
            || foreign.into_iter().any(|labels: LabelMap<'_>| selector::matches(selector, &labels))
    }

    /// What is known of a Secret's keys; `None` where there is no such Secret.
    pub fn secret<'s>(&'s self, namespace: &'s str, name: &'s str) -> Option<KnownKeys<'s>> {
        let made = self.made_secrets.get(&(namespace, name)).map(KnownKeys::Declared);
        self.keyed("Secret", namespace, name).or(made)
    }

    /// What is known of a `ConfigMap`'s keys; `None` where there is no such `ConfigMap`.
    pub fn config_map(&self, namespace: &str, name: &str) -> Option<KnownKeys<'_>> {
        self.keyed("ConfigMap", namespace, name)
    }

    fn keyed(&self, kind: &str, namespace: &str, name: &str) -> Option<KnownKeys<'_>> {
        let external = &self.context.external;
        let declared = if kind == "Secret" { &external.secrets } else { &external.config_maps };
        if let Some(subject) = self.find(kind, namespace, name) {
            return Some(KnownKeys::InTree(subject.value));
        }
        if let Some(keys) = declared.get(&(namespace.to_owned(), name.to_owned())) {
            return Some(KnownKeys::Declared(keys));
        }
        external.has_object(kind, namespace, name).then_some(KnownKeys::Declared(&Keys::Any))
    }

    /// The labels of all namespaces, the name that every namespace carries as a label included.
    pub fn namespaces(&self) -> BTreeMap<String, Labels> {
        let mut all = self.context.external.namespaces.clone();
        for subject in self.of_kind("Namespace") {
            let labels = subject.metadata().into_iter().flat_map(|metadata| metadata.strings("labels"));
            let labels = labels.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
            all.insert(subject.name().to_owned(), labels);
        }
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            all.entry(name.to_owned()).or_default();
        }
        for (name, labels) in &mut all {
            labels.insert("kubernetes.io/metadata.name".to_owned(), name.clone());
        }
        all
    }
}

/// The Secret that External Secrets, Sealed Secrets or cert-manager make from an object, with its keys.
fn made_secret<'a>(subject: &Subject<'a>) -> Option<((&'a str, &'a str), Keys)> {
    let (gvk, spec) = (&subject.object.id.gvk, subject.spec()?);
    let own_name = subject.name();
    let (name, keys) = match (gvk.group(), gvk.kind.as_str()) {
        ("external-secrets.io", "ExternalSecret") => {
            let name = spec.below(&["target", "name"]).and_then(Value::as_str).unwrap_or(own_name);
            (name, external_secret_keys(spec))
        }
        ("bitnami.com", "SealedSecret") => {
            let name =
                spec.below(&["template", "metadata", "name"]).and_then(Value::as_str).unwrap_or(own_name);
            (name, Keys::of(spec.entries("encryptedData").map(|(key, _)| key)))
        }
        ("cert-manager.io", "Certificate") => {
            (spec.text("secretName")?, Keys::of(["tls.crt", "tls.key", "ca.crt"]))
        }
        _ => return None,
    };
    Some(((subject.namespace(), name), keys))
}

fn external_secret_keys(spec: &Value) -> Keys {
    let template = spec.below(&["target", "template"]);
    if !spec.items("dataFrom").is_empty() || template.is_some_and(|it| !it.items("templateFrom").is_empty()) {
        return Keys::Any;
    }
    let templated = template.into_iter().flat_map(|template| template.entries("data").map(|(key, _)| key));
    Keys::of(spec.items("data").iter().filter_map(|item| item.text("secretKey")).chain(templated))
}

impl KnownKeys<'_> {
    /// Whether there is such a key.
    pub fn has(&self, key: &str) -> bool {
        match self {
            Self::InTree(value) => {
                ["data", "stringData", "binaryData"].iter().any(|map| value.below(&[map, key]).is_some())
            }
            Self::Declared(keys) => keys.has(key),
        }
    }

    /// The keys by name, where they are known.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::InTree(value) => {
                let maps = ["data", "stringData", "binaryData"];
                maps.iter().flat_map(|map| value.entries(map).map(|(key, _)| key)).collect()
            }
            Self::Declared(Keys::Known(keys)) => keys.iter().map(String::as_str).collect(),
            Self::Declared(Keys::Any) => Vec::new(),
        }
    }
}

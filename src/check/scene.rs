//! All objects of one environment at once, indexed for the rules that look from one to another.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::context::{Context, Keys, Labels};
use super::pods::PodIndex;
pub(crate) use super::pods::Pods;
use super::selector::{self, LabelMap};
use super::subject::Subject;
use super::values::Fields;
use crate::value::Value;

/// The objects of one environment.
pub(crate) struct Scene<'a> {
    pub subjects: &'a [Subject<'a>],
    pub context: &'a Context<'a>,
    /// Where the objects stand, sorted by kind as it is written, namespace and name.
    by_name: Vec<usize>,
    /// Where the objects of each built-in kind stand, since most rules ask for one kind; and those of a namespace.
    by_kind: BTreeMap<&'a str, Vec<usize>>,
    by_place: BTreeMap<&'a str, BTreeMap<&'a str, Vec<usize>>>,
    pods: PodIndex<'a>,
    /// The autoscaler of each workload: namespace, kind and name.
    autoscalers: BTreeMap<(&'a str, &'a str, &'a str), usize>,
    /// Secrets that a controller makes from another object of the tree, by namespace and name.
    made_secrets: BTreeMap<(&'a str, &'a str), Keys>,
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
        Self {
            subjects,
            context,
            by_name: Vec::new(),
            by_kind: BTreeMap::new(),
            by_place: BTreeMap::new(),
            pods: PodIndex::default(),
            autoscalers: BTreeMap::new(),
            made_secrets: BTreeMap::new(),
        }
    }

    pub fn new(subjects: &'a [Subject<'a>], context: &'a Context<'a>) -> Self {
        let mut by_name: Vec<usize> = (0..subjects.len()).collect();
        by_name.sort_by_key(|index| identity(&subjects[*index]));
        let mut by_kind: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_place: BTreeMap<&str, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
        for (index, subject) in subjects.iter().enumerate() {
            by_kind.entry(subject.kind).or_default().push(index);
            by_place.entry(subject.kind).or_default().entry(subject.namespace()).or_default().push(index);
        }
        let mut autoscalers = BTreeMap::new();
        for index in by_kind.get("HorizontalPodAutoscaler").into_iter().flatten() {
            let Some(target) = scaled(&subjects[*index]) else { continue };
            autoscalers.entry(target).or_insert(*index);
        }
        let made_secrets = subjects.iter().filter_map(made_secret).collect();
        let pods = PodIndex::new(subjects);
        Self { subjects, context, by_name, by_kind, by_place, pods, autoscalers, made_secrets }
    }

    /// The objects of a built-in kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        self.by_kind.get(kind).into_iter().flatten().map(|index| &self.subjects[*index])
    }

    /// The objects of a built-in kind in a namespace.
    pub fn of_kind_in(&self, kind: &str, namespace: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        let of_kind = self.by_place.get(kind).and_then(|places| places.get(namespace));
        of_kind.into_iter().flatten().map(|index| &self.subjects[*index])
    }

    /// The objects that call themselves of a kind, built in or not, whatever their group is; sorted by namespace and name.
    pub fn calling_themselves(&self, kind: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        self.between(|subject| subject.object.id.gvk.kind.as_str().cmp(kind))
    }

    /// The objects that call themselves of a kind, with a namespace (empty where there is none) and a name.
    pub fn named(&self, kind: &str, namespace: &str, name: &str) -> impl Iterator<Item = &'a Subject<'a>> {
        self.between(|subject| identity(subject).cmp(&(kind, namespace, name)))
    }

    /// The object of that built-in kind and name in the tree.
    pub fn find(&self, kind: &str, namespace: &str, name: &str) -> Option<&'a Subject<'a>> {
        self.named(kind, namespace, name).filter(|subject| subject.kind == kind).last()
    }

    fn between(&self, order: impl Fn(&Subject<'_>) -> Ordering) -> impl Iterator<Item = &'a Subject<'a>> {
        let subjects = self.subjects;
        let first = self.by_name.partition_point(|index| order(&subjects[*index]).is_lt());
        let count = self.by_name[first..].partition_point(|index| order(&subjects[*index]).is_eq());
        self.by_name[first..first + count].iter().map(move |index| &subjects[*index])
    }

    /// Whether an object is in the tree or declared to be outside; `namespace` is empty for cluster-scoped kinds.
    pub fn exists(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.find(kind, namespace, name).is_some() || self.context.external.has_object(kind, namespace, name)
    }

    /// The pods of all objects.
    pub fn pods(&self) -> &[Pods<'a>] {
        &self.pods.all
    }

    /// The pods of a namespace.
    pub fn pods_in(&self, namespace: &str) -> impl Iterator<Item = &Pods<'a>> {
        self.pods.of(namespace)
    }

    /// The pods of a namespace that a `LabelSelector` selects.
    pub fn selected<'s>(
        &'s self,
        namespace: &'s str,
        selector: &'s Value,
    ) -> impl Iterator<Item = &'s Pods<'a>> + use<'s, 'a> {
        self.pods.selected(namespace, selector)
    }

    /// The pods of a namespace that a plain map selects, as in `Service.spec.selector`.
    pub fn mapped<'s>(
        &'s self,
        namespace: &'s str,
        map: &'s Value,
    ) -> impl Iterator<Item = &'s Pods<'a>> + use<'s, 'a> {
        self.pods.mapped(namespace, map)
    }

    /// The network policies, disruption budgets or Services that select some pods.
    pub fn selecting(&self, kind: &str, pods: &Pods<'_>) -> impl Iterator<Item = &'a Subject<'a>> {
        self.pods.selecting(kind, pods).iter().map(|index| &self.subjects[*index])
    }

    /// The first autoscaler that scales a workload.
    pub fn autoscaler(&self, workload: &Subject<'_>) -> Option<&'a Subject<'a>> {
        let target = (workload.namespace(), workload.kind, workload.name());
        self.autoscalers.get(&target).map(|index| &self.subjects[*index])
    }

    /// Whether a selector selects pods of a namespace, of the tree or of others.
    pub fn selects(&self, namespace: &str, selector: &Value) -> bool {
        let foreign = self.context.external.pods.iter().filter(|(own, _)| own == namespace);
        let foreign =
            foreign.map(|(_, labels)| labels.iter().map(|(key, value)| (&**key, &**value)).collect());
        self.selected(namespace, selector).next().is_some()
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

fn identity<'s>(subject: &'s Subject<'_>) -> (&'s str, &'s str, &'s str) {
    (&subject.object.id.gvk.kind, subject.namespace(), subject.name())
}

/// What an autoscaler scales.
fn scaled<'a>(autoscaler: &'a Subject<'a>) -> Option<(&'a str, &'a str, &'a str)> {
    let target = autoscaler.spec()?.child("scaleTargetRef")?;
    Some((autoscaler.namespace(), target.text("kind")?, target.text("name")?))
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

//! All objects of one environment at once, indexed for the rules that look from one to another.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::context::{Context, Keys, Labels};
use super::made::Made;
use super::nearly::Nearly;
use super::pods::PodIndex;
pub(crate) use super::pods::Pods;
use super::selector::{self, LabelMap};
use super::slips::Slips;
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
    /// What the programs of the tree make.
    made: Made<'a>,
    /// The names of namespaces, for telling a slip from what others own.
    slips: OnceCell<Slips>,
    /// What a name or label that nothing has was meant to be.
    pub(super) nearly: Nearly,
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
            made: Made::default(),
            slips: OnceCell::new(),
            nearly: Nearly::default(),
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
        let (pods, made) = (PodIndex::new(subjects), Made::new(subjects));
        let (slips, nearly) = (OnceCell::new(), Nearly::default());
        Self {
            subjects,
            context,
            by_name,
            by_kind,
            by_place,
            pods,
            autoscalers,
            made_secrets,
            made,
            slips,
            nearly,
        }
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

    /// The objects of that built-in kind and name, and where there is none in the namespace, those that name no namespace: they
    /// land wherever they are applied. Variants of an object are several.
    fn candidates(&self, kind: &str, namespace: &str, name: &str) -> Vec<&'a Subject<'a>> {
        let of_kind = |at: &str| self.named(kind, at, name).filter(|it| it.kind == kind).collect::<Vec<_>>();
        let here = of_kind(namespace);
        if !here.is_empty() || namespace.is_empty() {
            return here;
        }
        of_kind("default").into_iter().filter(|it| it.object.id.namespace.is_none()).collect()
    }

    /// The object of that built-in kind and name that an object meets in a cluster: none of another variant.
    pub fn near(
        &self,
        asker: &Subject<'_>,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Option<&'a Subject<'a>> {
        let candidates = self.candidates(kind, namespace, name);
        candidates.into_iter().rfind(|it| self.together(asker, it))
    }

    /// Whether what is in a namespace should be in the tree, from where an object of another namespace looks at it. Files may be a
    /// part of what runs in a cluster: then only namespaces that they bring are theirs, and those that are nearly called so.
    pub fn is_ours(&self, asker: &str, namespace: &str) -> bool {
        if self.context.origins.is_empty() || asker == namespace {
            return true;
        }
        self.find("Namespace", "", namespace).is_some()
            || self.context.external.namespaces.contains_key(namespace)
            || !self.has_services(namespace) && self.slips.get_or_init(|| self.places()).is_slip(namespace)
    }

    /// The names of the namespaces that are in the tree, or in which Services are.
    fn places(&self) -> Slips {
        let inhabited = self.by_place.get("Service").into_iter().flat_map(|places| places.keys().copied());
        Slips::of(self.of_kind("Namespace").map(Subject::name).chain(inhabited))
    }

    fn has_services(&self, namespace: &str) -> bool {
        self.by_place.get("Service").is_some_and(|places| places.contains_key(namespace))
    }

    /// Whether a program that runs in a namespace may make objects of that kind there.
    pub fn may_make(&self, kind: &str, namespace: &str) -> bool {
        self.made.may_be(kind, namespace)
    }

    /// Whether an object is in the tree, declared to be outside, or may be made by a program that runs in the namespace;
    /// `namespace` is empty for cluster-scoped kinds.
    pub fn exists(&self, kind: &str, namespace: &str, name: &str) -> bool {
        !self.candidates(kind, namespace, name).is_empty()
            || self.context.external.has_object(kind, namespace, name)
            || self.may_be_made(kind, namespace, name)
    }

    /// Whether a program of the namespace may make the object of that name: any but one that is a slip for what is there.
    fn may_be_made(&self, kind: &str, namespace: &str, name: &str) -> bool {
        self.made.may_be(kind, namespace) && !self.is_slip(kind, namespace, name)
    }

    /// The names of Secrets and `ConfigMaps` of a namespace that others make or that are declared.
    pub(super) fn promised<'s>(
        &'s self,
        kind: &str,
        namespace: &'s str,
    ) -> impl Iterator<Item = &'s str> + use<'s, 'a> {
        let external = &self.context.external;
        let (made, declared) = match kind {
            "Secret" => (Some(&self.made_secrets), Some(&external.secrets)),
            "ConfigMap" => (None, Some(&external.config_maps)),
            _ => (None, None),
        };
        let made = made.into_iter().flat_map(move |all| all.range((namespace, "")..)).map(|(key, _)| *key);
        let first = (namespace.to_owned(), String::new());
        let declared = declared.into_iter().flat_map(move |all| all.range(first.clone()..));
        let declared = declared.map(|((at, name), _)| (at.as_str(), name.as_str()));
        let here = move |(at, _): &(&str, &str)| *at == namespace;
        made.take_while(here).chain(declared.take_while(here)).map(|(_, name)| name)
    }

    /// Whether pods of the namespace carry all of some labels.
    pub(super) fn carried(&self, namespace: &str, labels: &[(&str, &str)]) -> bool {
        self.pods.carry(namespace, labels)
    }

    /// Whether two objects may meet in a cluster: they are not of two variants that lie side by side.
    pub fn together(&self, one: &Subject<'_>, two: &Subject<'_>) -> bool {
        self.context.origins.together(one.index, two.index)
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
            || self.made_pods(namespace, &selector.strings("matchLabels").collect::<Vec<_>>())
    }

    /// Whether a plain map selects pods of a namespace, of the tree or of programs that run there.
    pub fn maps(&self, namespace: &str, map: &Value) -> bool {
        let entries = map.as_object().into_iter().flatten();
        let labels: Vec<_> =
            entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect();
        self.mapped(namespace, map).next().is_some() || self.made_pods(namespace, &labels)
    }

    /// Whether programs of the namespace may make pods with those labels, and no pods of the tree are meant.
    fn made_pods(&self, namespace: &str, labels: &[(&str, &str)]) -> bool {
        self.made.of_resources(namespace, labels)
            || self.made.may_be("Pod", namespace) && !self.is_slip_of_labels(namespace, labels)
    }

    /// What is known of the keys of a Secret that an object asks for; `None` where there is no such Secret.
    pub fn secret<'s>(&'s self, asker: &'s Subject<'_>, name: &'s str) -> Option<KnownKeys<'s>> {
        let made = self.made_secrets.get(&(asker.namespace(), name)).map(KnownKeys::Declared);
        made.or_else(|| self.keyed("Secret", asker, name))
    }

    /// What is known of the keys of a `ConfigMap` that an object asks for; `None` where there is no such `ConfigMap`.
    pub fn config_map(&self, asker: &Subject<'_>, name: &str) -> Option<KnownKeys<'_>> {
        // Every namespace has it, with the certificate of the API server.
        let of_cluster = (name == "kube-root-ca.crt").then_some(KnownKeys::Declared(&Keys::Any));
        self.keyed("ConfigMap", asker, name).or(of_cluster)
    }

    fn keyed(&self, kind: &str, asker: &Subject<'_>, name: &str) -> Option<KnownKeys<'_>> {
        let (external, namespace) = (&self.context.external, asker.namespace());
        let declared = if kind == "Secret" { &external.secrets } else { &external.config_maps };
        let any = || Some(KnownKeys::Declared(&Keys::Any));
        if external.generated.contains(&(kind.to_owned(), name.to_owned())) {
            return any();
        }
        let candidates = self.candidates(kind, namespace, name);
        // Of several variants, the one in the asker's own file is meant; otherwise nobody knows which.
        let beside = candidates.iter().rfind(|it| self.context.origins.same_file(asker.index, it.index));
        let only = candidates.last().filter(|_| candidates.len() == 1 || self.context.origins.is_empty());
        if let Some(subject) = beside.or(only.filter(|it| self.together(asker, it))) {
            let is_filled = !self.is_filled_later(kind, subject);
            return if is_filled { Some(KnownKeys::InTree(subject.value)) } else { any() };
        }
        if !candidates.is_empty() {
            return any();
        }
        if let Some(keys) = declared.get(&(namespace.to_owned(), name.to_owned())) {
            return Some(KnownKeys::Declared(keys));
        }
        let elsewhere = external.has_object(kind, namespace, name) || self.may_be_made(kind, namespace, name);
        if elsewhere { any() } else { None }
    }

    /// Whether an object is there to be filled: it holds nothing, and is a Secret, whose values stand in no file, or a program of its
    /// namespace may write it.
    fn is_filled_later(&self, kind: &str, subject: &Subject<'_>) -> bool {
        let mut maps = ["data", "stringData", "binaryData"].iter();
        let is_empty = maps.all(|map| subject.value.entries(map).next().is_none());
        is_empty && (kind == "Secret" || self.made.may_be(kind, subject.namespace()))
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

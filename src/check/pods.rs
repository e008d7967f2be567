//! The pods of all objects, found by namespace and label: a selector is held against the few pods that have its rarest
//! label, and not against all of them, so that rules about selectors take time in proportion to what they select.

use std::collections::BTreeMap;

use super::selector::{self, LabelMap};
use super::subject::{PodTemplate, Subject};
use super::values::Fields;
use crate::value::Value;

/// The pods of one object.
pub(crate) struct Pods<'a> {
    pub subject: &'a Subject<'a>,
    pub template: PodTemplate<'a>,
    pub labels: LabelMap<'a>,
    /// Where they stand among all pods.
    at: usize,
}

/// Labels that controllers give the pods that they make; no template has them.
const OF_CONTROLLERS: [&str; 7] = [
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-completion-index",
    "batch.kubernetes.io/job-name",
    "controller-revision-hash",
    "job-name",
    "pod-template-hash",
    "statefulset.kubernetes.io/pod-name",
];

impl Pods<'_> {
    /// Whether the controller of these pods gives one of them a label.
    ///
    /// Source: <https://kubernetes.io/docs/reference/labels-annotations-taints/>
    fn is_given(&self, key: &str, value: &str) -> bool {
        let name = self.subject.name();
        let numbered = |value: &str| !value.is_empty() && value.bytes().all(|c| c.is_ascii_digit());
        let of_name = |value: &'_ str| {
            value.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).is_some_and(numbered)
        };
        match (self.template.owner, key) {
            ("StatefulSet", "statefulset.kubernetes.io/pod-name") => of_name(value),
            ("StatefulSet", "apps.kubernetes.io/pod-index")
            | ("Job" | "CronJob", "batch.kubernetes.io/job-completion-index") => numbered(value),
            ("StatefulSet" | "DaemonSet", "controller-revision-hash")
            | ("Deployment" | "ReplicaSet", "pod-template-hash") => true,
            ("Job", "batch.kubernetes.io/job-name" | "job-name") => value == name,
            _ => false,
        }
    }
}

/// The pods of all objects, in the order of these.
#[derive(Default)]
pub(super) struct PodIndex<'a> {
    pub all: Vec<Pods<'a>>,
    by_namespace: BTreeMap<&'a str, Vec<usize>>,
    by_label: BTreeMap<(&'a str, &'a str, &'a str), Vec<usize>>,
    /// By kind, and by where the pods stand: the objects of that kind that select them.
    selecting: BTreeMap<&'static str, Vec<Vec<usize>>>,
}

impl<'a> PodIndex<'a> {
    pub fn new(subjects: &'a [Subject<'a>]) -> Self {
        let mut index = Self::default();
        for subject in subjects {
            // A template by itself runs nowhere.
            if let Some(template) = subject.pod.filter(|pod| pod.owner != "PodTemplate") {
                index.add(subject, template);
            }
        }
        for kind in ["NetworkPolicy", "PodDisruptionBudget", "Service"] {
            let mut selecting = vec![Vec::new(); index.all.len()];
            for subject in subjects.iter().filter(|it| it.kind == kind) {
                index.selected_by(subject).for_each(|pods| selecting[pods.at].push(subject.index));
            }
            index.selecting.insert(kind, selecting);
        }
        index
    }

    /// The pods of a namespace.
    pub fn of(&self, namespace: &str) -> impl Iterator<Item = &Pods<'a>> {
        self.by_namespace.get(namespace).into_iter().flatten().map(|at| &self.all[*at])
    }

    /// The pods of a namespace that a `LabelSelector` selects; the empty one selects all.
    pub fn selected<'s>(
        &'s self,
        namespace: &'s str,
        selector: &'s Value,
    ) -> impl Iterator<Item = &'s Pods<'a>> + use<'s, 'a> {
        let near = self.near(namespace, selector.strings("matchLabels"));
        near.iter().map(|at| &self.all[*at]).filter(|pods| selector::matches(selector, &pods.labels))
    }

    /// The pods of a namespace that a plain map selects, as in `Service.spec.selector`.
    pub fn mapped<'s>(
        &'s self,
        namespace: &'s str,
        map: &'s Value,
    ) -> impl Iterator<Item = &'s Pods<'a>> + use<'s, 'a> {
        let entries = map.as_object().into_iter().flatten();
        let entries = entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
        let near = self.near(namespace, entries.filter(|(key, _)| !OF_CONTROLLERS.contains(key)));
        let matches = |pods: &&Pods<'_>| {
            selector::map_matches_with(map, &pods.labels, |key, value| pods.is_given(key, value))
        };
        near.iter().map(|at| &self.all[*at]).filter(matches)
    }

    /// Whether pods of a namespace carry all of some labels.
    pub fn carry(&self, namespace: &str, labels: &[(&str, &str)]) -> bool {
        let near = self.near(namespace, labels.iter().copied());
        let has_all = |pods: &Pods<'_>| labels.iter().all(|(key, value)| pods.labels.get(key) == Some(value));
        near.iter().any(|at| has_all(&self.all[*at]))
    }

    /// Where the objects of a kind stand that select some pods. Only kinds that guard pods or lead to them are known.
    pub fn selecting(&self, kind: &str, pods: &Pods<'_>) -> &[usize] {
        self.selecting.get(kind).and_then(|all| all.get(pods.at)).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, subject: &'a Subject<'a>, template: PodTemplate<'a>) {
        let (at, namespace, labels) =
            (self.all.len(), subject.namespace(), selector::labels(template.labels()));
        self.by_namespace.entry(namespace).or_default().push(at);
        for (key, value) in &labels {
            self.by_label.entry((namespace, key, value)).or_default().push(at);
        }
        self.all.push(Pods { subject, template, labels, at });
    }

    /// Where the pods stand that have the rarest of some labels; all of the namespace where none is asked for.
    fn near<'s>(
        &'s self,
        namespace: &'s str,
        wanted: impl Iterator<Item = (&'s str, &'s str)>,
    ) -> &'s [usize] {
        let with = |(key, value)| self.by_label.get(&(namespace, key, value)).map_or(&[][..], Vec::as_slice);
        let all = || self.by_namespace.get(namespace).map_or(&[][..], Vec::as_slice);
        wanted.map(with).min_by_key(|pods| pods.len()).unwrap_or_else(all)
    }

    /// The pods that an object of its own accord selects: a Service by a map that is not empty, a budget by a selector
    /// that is there, a policy by one that may be left out.
    fn selected_by(&self, subject: &'a Subject<'a>) -> Box<dyn Iterator<Item = &Pods<'a>> + '_> {
        let (namespace, spec) = (subject.namespace(), subject.spec());
        let below = |key: &str| spec.and_then(|spec| spec.child(key));
        match subject.kind {
            "Service" => {
                match below("selector").filter(|it| it.as_object().is_some_and(|map| !map.is_empty())) {
                    Some(map) => Box::new(self.mapped(namespace, map)),
                    None => Box::new(std::iter::empty()),
                }
            }
            "PodDisruptionBudget" => match below("selector") {
                Some(selector) => Box::new(self.selected(namespace, selector)),
                None => Box::new(std::iter::empty()),
            },
            _ => match (spec, below("podSelector")) {
                (Some(_), Some(selector)) => Box::new(self.selected(namespace, selector)),
                (Some(_), None) => Box::new(self.of(namespace)),
                (None, _) => Box::new(std::iter::empty()),
            },
        }
    }
}

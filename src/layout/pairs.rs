//! Which object of the base became which object of an environment, or of one environment in another.
//!
//! An environment may rename namespaces, so that most objects differ in their identity and are the same things all
//! the same. Objects pair when they are in one component and have one kind and name, and the namespace of the one is
//! the namespace of the other or what became of it.

use std::collections::BTreeMap;

use crate::object::{Object, ObjectRef, ObjectSet};
use crate::source::KeyPath;

/// The objects of one component, in the base and in an environment.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'a> {
    /// Objects of both: as in the base, as in the environment.
    pub kept: Vec<(&'a Object, &'a Object)>,
    /// Objects of the base alone.
    pub removed: Vec<&'a Object>,
    /// Objects of the environment alone.
    pub added: Vec<&'a Object>,
}

impl<'a> Pairs<'a> {
    /// The objects of the environment.
    pub(super) fn finished(&self) -> impl Iterator<Item = &'a Object> {
        self.kept.iter().map(|(_, to)| *to).chain(self.added.iter().copied())
    }

    /// The objects of the base.
    pub(super) fn original(&self) -> impl Iterator<Item = &'a Object> {
        self.kept.iter().map(|(from, _)| *from).chain(self.removed.iter().copied())
    }
}

/// The pairs of each component.
pub(crate) fn pairs<'a>(base: &'a ObjectSet, environment: &'a ObjectSet) -> BTreeMap<&'a str, Pairs<'a>> {
    let renames = namespace_renames(base, environment);
    let mut pairs: BTreeMap<&str, Pairs<'_>> = BTreeMap::new();
    let mut unpaired: BTreeMap<&ObjectRef, &Object> =
        environment.iter().map(|object| (&object.id, object)).collect();
    let mut left = Vec::new();
    for from in base {
        let expected = expected(&from.id, &renames);
        match unpaired.get(&expected).copied().filter(|to| to.component == from.component) {
            Some(to) => {
                unpaired.remove(&to.id);
                pairs.entry(&from.component).or_default().kept.push((from, to));
            }
            None => left.push(from),
        }
    }
    pair_the_only_ones(&mut pairs, left, unpaired.into_values().collect());
    pairs
}

/// Pairs objects that are the only ones of their kind and name, wherever they moved.
fn pair_the_only_ones<'a>(
    pairs: &mut BTreeMap<&'a str, Pairs<'a>>,
    removed: Vec<&'a Object>,
    added: Vec<&'a Object>,
) {
    let mut likenesses: BTreeMap<Likeness<'a>, Pairs<'a>> = BTreeMap::new();
    for from in removed {
        likenesses.entry(likeness(from)).or_default().removed.push(from);
    }
    for to in added {
        likenesses.entry(likeness(to)).or_default().added.push(to);
    }
    for ((component, ..), mut like) in likenesses {
        let pairs = pairs.entry(component).or_default();
        if let ([from], [to]) = (like.removed.as_slice(), like.added.as_slice()) {
            pairs.kept.push((from, to));
        } else {
            pairs.removed.append(&mut like.removed);
            pairs.added.append(&mut like.added);
        }
    }
}

/// Component, version, kind, name, and whether there is a namespace.
type Likeness<'a> = (&'a str, &'a str, &'a str, &'a str, bool);

fn likeness(object: &Object) -> Likeness<'_> {
    let id = &object.id;
    (&object.component, &id.gvk.api_version, &id.gvk.kind, &id.name, id.namespace.is_some())
}

/// What an object of the base would be called if nothing but namespaces had other names.
fn expected(id: &ObjectRef, renames: &BTreeMap<&str, &str>) -> ObjectRef {
    let renamed = |name: &str| (*renames.get(name).unwrap_or(&name)).to_owned();
    let mut expected = id.clone();
    if is_namespace(id) {
        expected.name = renamed(&id.name);
    } else {
        expected.namespace = id.namespace.as_deref().map(renamed);
    }
    expected
}

/// The namespaces that one entity declares under one name in the base and under another in the environment.
pub(crate) fn namespace_renames<'a>(
    base: &'a ObjectSet,
    environment: &'a ObjectSet,
) -> BTreeMap<&'a str, &'a str> {
    let before = namespaces_by_source(base);
    let after = namespaces_by_source(environment);
    let renamed =
        before.iter().filter_map(|(source, from)| match (from.as_slice(), after.get(source)?.as_slice()) {
            ([from], [to]) if from != to => Some((*from, *to)),
            _ => None,
        });
    renamed.collect()
}

fn namespaces_by_source(objects: &ObjectSet) -> BTreeMap<&KeyPath, Vec<&str>> {
    let mut namespaces: BTreeMap<&KeyPath, Vec<&str>> = BTreeMap::new();
    for object in objects.iter().filter(|object| is_namespace(&object.id)) {
        namespaces.entry(&object.source).or_default().push(&object.id.name);
    }
    namespaces
}

fn is_namespace(id: &ObjectRef) -> bool {
    id.gvk.kind == "Namespace" && id.gvk.api_version == "v1"
}

//! Parts of a platform by its products: the objects of one group, or those of the groups that a phase brings.

use std::collections::BTreeMap;

use super::{Compilation, Compiled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::Group;
use crate::object::Object;
use crate::resolve::codes::UNKNOWN_REFERENCE;
use crate::source::{KeyPath, Node, Segment};

impl Compilation {
    /// Keeps, in the base and in every environment, the objects of these groups alone.
    ///
    /// # Errors
    /// A diagnostic for each group that the platform does not have.
    pub fn select_groups(&mut self, names: &[String]) -> Result<(), Vec<Diagnostic>> {
        let all = self.environments.values().chain([&self.base]);
        let known: Vec<&str> =
            all.flat_map(|compiled| &compiled.model.rollout.groups).map(|group| group.key.as_str()).collect();
        let unknown: Vec<Diagnostic> = names
            .iter()
            .filter(|name| !known.contains(&name.as_str()))
            .map(|name| unknown(name, &known))
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        for compiled in self.environments.values_mut().chain([&mut self.base]) {
            let members = Members::of(&compiled.model.rollout.groups, &compiled.document);
            compiled
                .objects
                .retain(|object| members.group(object).is_some_and(|group| names.contains(&group.key)));
        }
        Ok(())
    }

    /// Keeps the objects of the groups that are wanted, and everything that belongs to none.
    pub(super) fn keep_groups(&mut self, wanted: impl Fn(&Group) -> bool) {
        for Compiled { model, document, objects, delivery, .. } in
            self.environments.values_mut().chain([&mut self.base])
        {
            let members = Members::of(&model.rollout.groups, document);
            objects.retain(|object| members.group(object).is_none_or(&wanted));
            delivery.retain(|object| members.group(object).is_none_or(&wanted));
        }
    }
}

fn unknown(name: &str, known: &[&str]) -> Diagnostic {
    let hint = match (did_you_mean(name, known.iter().copied()), known) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "the platform has no groups".to_owned(),
        (None, known) => {
            let known: std::collections::BTreeSet<&str> = known.iter().copied().collect();
            format!("the groups are: {}", known.into_iter().collect::<Vec<_>>().join(", "))
        }
    };
    Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no group `{name}`")).hint(hint)
}

/// Which group an object belongs to.
struct Members<'a> {
    by_key: BTreeMap<&'a str, &'a Group>,
    /// The group that a namespace is of, by its name in the cluster: the earliest, where several share it.
    by_namespace: BTreeMap<&'a str, &'a Group>,
    document: &'a Node,
}

impl<'a> Members<'a> {
    fn of(groups: &'a [Group], document: &'a Node) -> Self {
        let by_key = groups.iter().map(|group| (group.key.as_str(), group)).collect();
        let mut by_namespace: BTreeMap<&str, &Group> = BTreeMap::new();
        for group in groups {
            let Some(key) = group.namespace.as_deref() else { continue };
            let name = document.at(&KeyPath::of(["namespaces", key, "name"])).and_then(Node::as_str);
            let entry = by_namespace.entry(name.unwrap_or(key)).or_insert(group);
            if group.phase < entry.phase {
                *entry = group;
            }
        }
        Self { by_key, by_namespace, document }
    }

    /// The group that the entity of the object names, unless the object lies in the namespace of another: the copy of a secret
    /// belongs to those who read it there.
    fn group(&self, object: &Object) -> Option<&'a Group> {
        let named = match object.source.segments() {
            [Segment::Key(noun), Segment::Key(key), ..] => {
                self.document.at(&KeyPath::of([noun, key, "group"])).and_then(Node::as_str)
            }
            _ => None,
        };
        let named = named.and_then(|key| self.by_key.get(key)).copied();
        let is_namespace = object.id.gvk.kind == "Namespace" && object.id.gvk.group().is_empty();
        let inside = object.id.namespace.as_deref().or(is_namespace.then_some(object.id.name.as_str()));
        let here = inside.and_then(|namespace| self.by_namespace.get(namespace)).copied();
        match (named, here) {
            (Some(named), Some(here)) if named.namespace != here.namespace => Some(here),
            (named, here) => named.or(here),
        }
    }
}

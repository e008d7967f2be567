//! One chart or sub-chart: its objects made templates, and the values that they ask for.

use std::collections::BTreeMap;

use super::forms::carry;
use super::merge::{Merger, Presence};
use super::named::Settled;
use super::names::Naming;
use super::namespaces::Namespaces;
use super::objects::{Group, Owners, Place, file, is_workload};
use super::template::{Document, Guard, ValuePath};
use super::values::{Meaning, Values};
use crate::value::{Value, json};

/// The templates of a chart, and its values.
pub(super) struct Unit {
    /// Documents by the name of their file.
    pub templates: BTreeMap<String, Vec<Document>>,
    /// The values.
    pub values: Values,
    /// In which variants it has objects at all.
    pub presence: Vec<bool>,
}

/// What a chart is called and whose values stand at its top.
pub(super) struct Head<'a> {
    /// Its name.
    pub name: &'a str,
    /// The workload whose values stand at the top.
    pub main: Option<&'a str>,
    /// First keys of values that are not its own.
    pub reserved: Vec<String>,
    /// The values that the platform names.
    pub named: Vec<Settled>,
}

/// Makes templates of `groups`.
pub(super) fn unit(head: &Head<'_>, groups: &[Group<'_>], namespaces: &mut Namespaces) -> Unit {
    let owners = Owners::of(groups, head.name, head.main);
    let presence = together(groups.iter().map(Group::presence));
    let mut unit =
        Unit { templates: BTreeMap::new(), values: Values::reserving(head.reserved.clone()), presence };
    for named in &head.named {
        let carried = carry(&named.each);
        unit.values.declare(named.path.clone(), carried.each, carried.schema);
    }
    let mut ordered: Vec<(Place, &Group<'_>)> =
        groups.iter().map(|group| (owners.place(group), group)).collect();
    // Whoever comes first gets the plain names: what stands at the top, and workloads before what serves them.
    ordered.sort_by_key(|(place, group)| (place.owner.len(), !is_workload(&group.sample.id.gvk.kind)));
    let mut documents: BTreeMap<(String, String, String, String), Document> = BTreeMap::new();
    for (place, group) in ordered {
        let object = group.sample;
        let there = group.presence();
        let kind = object.id.gvk.kind.as_str();
        let guard = unit.guard(&place, group, groups, &head.named);
        let naming = Naming::new(place.own.clone(), kind, main_part(group));
        let mut merger = Merger {
            values: &mut unit.values,
            namespaces,
            naming: &naming,
            id: object.id.clone(),
            variants: group.each.len(),
            named: &head.named,
            presence: if there.contains(&false) { Presence::Somewhere } else { Presence::Everywhere },
        };
        let each: Vec<Option<&Value>> =
            group.each.iter().map(|object| object.map(|object| &*object.value)).collect();
        let template = merger.merge(&each, &mut Vec::new());
        let order = (file(kind), object.component.clone(), kind.to_owned(), object.id.to_string());
        let order = free(&documents, order);
        documents.insert(order, Document { guard, template });
    }
    for ((file, ..), document) in documents {
        unit.templates.entry(file).or_default().push(document);
    }
    namespaces.settle(&mut unit.values);
    unit
}

type Order = (String, String, String, String);

/// The same place in the order, behind whoever has it.
fn free(documents: &BTreeMap<Order, Document>, mut order: Order) -> Order {
    while documents.contains_key(&order) {
        order.3.push('\u{1}');
    }
    order
}

impl Unit {
    /// When an object is there.
    fn guard(&mut self, place: &Place, group: &Group<'_>, groups: &[Group<'_>], named: &[Settled]) -> Guard {
        let mut guard: Guard = self.toggle(&group.sample.id.gvk.kind).into_iter().collect();
        let there = group.presence();
        let of_platform = named.iter().find(|named| named.is_switch() && named.sets(&group.sample.id, &[]));
        if let Some(named) = of_platform {
            self.values.note(&named.path, format!("{} {}", group.sample.id.gvk.kind, group.sample.id.name));
            guard.push(named.path.clone());
            let on = |at: usize| named.each.get(at).cloned().flatten() == Some(json!(true));
            if there.iter().enumerate().all(|(at, there)| *there == on(at)) {
                return guard;
            }
        }
        if there == self.presence && group.sample.id.gvk.kind != "Ingress" {
            return guard;
        }
        let of_component = groups.iter().filter(|other| other.sample.component == group.sample.component);
        let component = together(of_component.map(Group::presence));
        let whole = there == component || place.presence.as_ref() == Some(&there);
        let ingress = group.sample.id.gvk.kind == "Ingress";
        let mut path = if whole && !ingress { place.owner.clone() } else { place.own.clone() };
        path.push("enabled".to_owned());
        let each = there.iter().zip(&self.presence).map(|(there, unit)| unit.then(|| json!(there))).collect();
        let what = if whole && !ingress { "everything of " } else { "" };
        let meaning = switch(&format!("{what}{} {}", group.sample.id.gvk.kind, group.sample.id.name));
        guard.push(self.values.claim(&path, each, meaning));
        guard
    }

    /// The switch that a chart's user expects for all objects of a kind.
    fn toggle(&mut self, kind: &str) -> Option<ValuePath> {
        let (path, what): (&[&str], _) = match kind {
            "NetworkPolicy" => (&["networkPolicy", "enabled"], "every NetworkPolicy of this chart"),
            "Namespace" => (
                &["createNamespace"],
                "the Namespaces; `false` where `helm install --create-namespace` makes them",
            ),
            _ => return None,
        };
        let path: ValuePath = path.iter().map(|key| (*key).to_owned()).collect();
        let on = vec![Some(json!(true)); self.presence.len()];
        Some(self.values.claim(&path, on, switch(what)))
    }
}

fn switch(sets: &str) -> Meaning {
    Meaning { schema: json!({"type": "boolean"}), sets: format!("{sets}: whether there is one") }
}

/// In which variants there is any of several things.
pub(super) fn together(presences: impl Iterator<Item = Vec<bool>>) -> Vec<bool> {
    presences.fold(Vec::new(), |mut all, one| {
        all.resize(all.len().max(one.len()), false);
        all.iter_mut().zip(one).for_each(|(all, one)| *all |= one);
        all
    })
}

/// The container or port whose fields need no name in front: that of the object's name, or the first.
fn main_part(group: &Group<'_>) -> Option<String> {
    let object = group.sample;
    let lists = [
        "/spec/template/spec/containers",
        "/spec/jobTemplate/spec/template/spec/containers",
        "/spec/containers",
        "/spec/ports",
    ];
    let parts = lists.iter().find_map(|list| object.pointer(list)?.as_array())?;
    let names: Vec<&str> = parts.iter().filter_map(|part| part.get("name")?.as_str()).collect();
    let own = names.iter().find(|name| **name == object.id.name);
    own.or_else(|| names.first()).map(|name| (*name).to_owned())
}

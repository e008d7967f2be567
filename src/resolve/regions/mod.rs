//! Regions: entities that name several become one in each, and what refers to them leads to the one next to it.
//!
//! Takes a merged document; changes it in place. `[databases.ledger] regions = ["eu", "us"]` becomes `ledger-eu` and
//! `ledger-us`, each with `region`, its name and the storage class of its region. A reference to `ledger` from something
//! in `eu` then means `ledger-eu`; `uses` from something without a region means all of them. Refuses a region that is
//! not declared. What lies in a region that is not enabled is not enabled.

pub mod codes;
pub(super) mod residence;

use std::collections::BTreeMap;

use super::codes::UNKNOWN_REFERENCE;
use super::scope::listed;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{KeyPath, Layer, Node, NodeValue};

/// The nouns whose entities may lie in a region.
pub(super) const NOUNS: [&str; 4] = ["databases", "kafkas", "volumes", "workloads"];

/// The entities that fanned out: their key, and the regions of their copies.
#[derive(Debug, Default)]
pub(super) struct Fanned(BTreeMap<String, Vec<String>>);

impl Fanned {
    /// The key of the copy of `key` in `region`; `None` where there is none.
    pub(super) fn copy(&self, key: &str, region: &str) -> Option<String> {
        self.0.get(key)?.iter().any(|own| own == region).then(|| format!("{key}-{region}"))
    }

    /// The keys that have a copy in `region`, each with that copy's.
    pub(super) fn copies_in(&self, region: &str) -> impl Iterator<Item = (&String, String)> {
        self.0.keys().filter_map(move |key| Some((key, self.copy(key, region)?)))
    }

    fn copies(&self, key: &str) -> Option<Vec<String>> {
        Some(self.0.get(key)?.iter().map(|region| format!("{key}-{region}")).collect())
    }
}

/// Makes the copies, and leads references to them.
pub(super) fn fan_out(document: &mut Node) -> (Fanned, Vec<Diagnostic>) {
    let regions = document.get("regions").cloned().unwrap_or_else(|| Node::empty_table(Layer::Builtin));
    let mut fanned = Fanned::default();
    let mut problems = Vec::new();
    let Some(fields) = document.as_table_mut() else { return (fanned, problems) };
    for noun in NOUNS {
        let Some(entities) = fields.get_mut(noun).and_then(Node::as_table_mut) else { continue };
        let wanted = std::mem::take(entities);
        for (key, entity) in wanted {
            let path = KeyPath::of([noun, key.as_str()]);
            let Some(named) = entity.get("regions").and_then(items) else {
                let entity = settled(entity, &regions, (&path, &mut problems));
                entities.insert(key, entity);
                continue;
            };
            let known = known(named, &regions, (&path.key("regions"), &mut problems));
            for region in &known {
                entities.insert(format!("{key}-{region}"), copy(&entity, &key, region, &regions));
            }
            fanned.0.insert(key, known);
        }
    }
    for noun in ["caches", "keycloaks", "namespaces"].into_iter().chain(NOUNS) {
        let entities = fields.get_mut(noun).and_then(Node::as_table_mut).into_iter().flatten();
        for (_, entity) in entities {
            let region = entity.get("region").and_then(Node::as_str).map(str::to_owned);
            let way = Way { fanned: &fanned, region: region.as_deref() };
            // The `database` of a database is a name within the engine.
            let fields = entity.as_table_mut().into_iter().flatten();
            let fields = fields.filter(|(key, _)| noun != "databases" || *key != "database");
            fields.for_each(|(key, field)| redirect(field, key, &way));
        }
    }
    (fanned, problems)
}

const fn items(node: &Node) -> Option<&Vec<Node>> {
    match &node.value {
        NodeValue::Array(items) => Some(items),
        _ => None,
    }
}

fn is_enabled(region: &Node) -> bool {
    region.get("enabled").is_none_or(|enabled| enabled.value != NodeValue::Bool(false))
}

/// Those of the named regions that are there; one that is not declared is reported.
fn known(named: &[Node], regions: &Node, (path, problems): (&KeyPath, &mut Vec<Diagnostic>)) -> Vec<String> {
    let mut known = Vec::new();
    for node in named {
        let Some(name) = node.as_str() else { continue };
        match regions.get(name) {
            Some(region) if is_enabled(region) => known.push(name.to_owned()),
            Some(_) => {}
            None => problems.push(unknown(name, regions, (path, node))),
        }
    }
    known.dedup();
    known
}

fn unknown(name: &str, regions: &Node, (path, node): (&KeyPath, &Node)) -> Diagnostic {
    let declared: Vec<String> =
        regions.as_table().into_iter().flatten().map(|(key, _)| key.clone()).collect();
    let hint = match (did_you_mean(name, declared.iter().map(String::as_str)), declared.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("declare it: `[regions.{name}]`"),
        (None, declared) => format!("there is {}", listed(declared)),
    };
    let message = format!("`{path}`: there is no region `{name}`");
    Diagnostic::new(&UNKNOWN_REFERENCE, message).at(node.place(), "").about(path).hint(hint)
}

/// An entity that says itself where it lies.
fn settled(mut entity: Node, regions: &Node, (path, problems): (&KeyPath, &mut Vec<Diagnostic>)) -> Node {
    let Some(name) = entity.get("region").and_then(Node::as_str).map(str::to_owned) else { return entity };
    match (regions.get(&name), entity.get("region")) {
        (None, Some(node)) => problems.push(unknown(&name, regions, (&path.key("region"), node))),
        (Some(region), _) if !is_enabled(region) => {
            set(&mut entity, "enabled", NodeValue::Bool(false), region);
        }
        (Some(region), _) => own_class(&mut entity, region),
        (None, None) => {}
    }
    entity
}

fn copy(entity: &Node, key: &str, name: &str, regions: &Node) -> Node {
    let mut copy = entity.clone();
    let region = regions.get(name).cloned().unwrap_or_else(|| Node::empty_table(Layer::Builtin));
    let own_name = entity.get("name").and_then(Node::as_str).unwrap_or(key).to_owned();
    let component = entity.get("component").and_then(Node::as_str).unwrap_or(key).to_owned();
    set(&mut copy, "name", NodeValue::String(format!("{own_name}-{name}")), entity);
    set(&mut copy, "component", NodeValue::String(component), entity);
    set(&mut copy, "region", NodeValue::String(name.to_owned()), entity);
    if let Some(fields) = copy.as_table_mut() {
        fields.remove("regions");
    }
    own_class(&mut copy, &region);
    copy
}

/// A volume in a region has the class of the region, unless it names one.
fn own_class(entity: &mut Node, region: &Node) {
    let Some(class) = region.get("storage-class") else { return };
    let has_storage = entity.get("storage").is_some();
    let owner = if has_storage {
        entity.as_table_mut().and_then(|fields| fields.get_mut("storage"))
    } else {
        Some(entity)
    };
    // A volume says how large it is itself, everything else below `storage`.
    let Some(owner) = owner.filter(|owner| owner.get("size").is_some() && owner.get("class").is_none())
    else {
        return;
    };
    set(owner, "class", class.value.clone(), class);
}

/// Sets a field that the user did not write where it stands now; `like` says where it comes from.
fn set(node: &mut Node, key: &str, value: NodeValue, like: &Node) {
    if let Some(fields) = node.as_table_mut() {
        fields.insert(key.to_owned(), Node { value, origin: like.origin.clone() });
    }
}

/// Where references of one entity lead.
struct Way<'a> {
    fanned: &'a Fanned,
    region: Option<&'a str>,
}

/// Leads the references in an entity to copies: those by a single name where it lies in a region, and lists of names always.
fn redirect(node: &mut Node, key: &str, way: &Way<'_>) {
    match &mut node.value {
        NodeValue::String(name) if matches!(key, "database" | "secret") => {
            if let Some(copy) = way.region.and_then(|region| way.fanned.copy(name, region)) {
                *name = copy;
            }
        }
        NodeValue::Table(fields) if key == "mounts" => {
            for mount in fields.values_mut().filter_map(Node::as_table_mut) {
                mount.get_mut("name").into_iter().for_each(|name| redirect(name, "database", way));
            }
        }
        NodeValue::Table(fields) => {
            fields.iter_mut().for_each(|(key, field)| redirect(field, key, way));
        }
        NodeValue::Array(items) if matches!(key, "uses" | "joins" | "workloads") => {
            *items = std::mem::take(items).into_iter().flat_map(|item| led(item, way)).collect();
        }
        NodeValue::Array(items) => items.iter_mut().for_each(|item| redirect(item, "", way)),
        _ => {}
    }
}

/// What one entry of a list of names becomes.
fn led(item: Node, way: &Way<'_>) -> Vec<Node> {
    let name = item.as_str().or_else(|| item.get("name").and_then(Node::as_str));
    let own = name.and_then(|name| Some(vec![way.fanned.copy(name, way.region?)?]));
    let Some(copies) = own.or_else(|| way.fanned.copies(name?)) else { return vec![item] };
    let renamed = |copy: String| {
        let mut item = item.clone();
        match &mut item.value {
            NodeValue::Table(fields) => {
                if let Some(name) = fields.get_mut("name") {
                    name.value = NodeValue::String(copy);
                }
            }
            value => *value = NodeValue::String(copy),
        }
        item
    };
    copies.into_iter().map(renamed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    fn fanned(value: &crate::value::Value) -> (crate::value::Value, Vec<String>) {
        let mut document = Node::from_json(value, &Layer::Entity);
        let (_, problems) = fan_out(&mut document);
        (document.to_json(), problems.into_iter().map(|problem| problem.message).collect())
    }

    #[test]
    fn a_copy_uses_what_lies_in_its_own_region() {
        let (document, problems) = fanned(&json!({
            "regions": {"eu": {"storage-class": "eu-ssd"}, "us": {}, "in": {"enabled": false}},
            "databases": {"ledger": {"regions": ["eu", "us", "in"], "storage": {"size": "1Gi"}}},
            "workloads": {
                "report": {"regions": ["eu"], "uses": [{"name": "ledger"}], "env": {"P": {"secret": "ledger"}}},
                "order": {"uses": [{"name": "ledger"}]},
            },
        }));
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(
            document["databases"],
            json!({
                "ledger-eu": {"name": "ledger-eu", "component": "ledger", "region": "eu", "storage": {"size": "1Gi", "class": "eu-ssd"}},
                "ledger-us": {"name": "ledger-us", "component": "ledger", "region": "us", "storage": {"size": "1Gi"}},
            })
        );
        assert_eq!(document["workloads"]["report-eu"]["uses"], json!([{"name": "ledger-eu"}]));
        assert_eq!(document["workloads"]["report-eu"]["env"]["P"]["secret"], json!("ledger-eu"));
        assert_eq!(
            document["workloads"]["order"]["uses"],
            json!([{"name": "ledger-eu"}, {"name": "ledger-us"}])
        );
    }

    #[test]
    fn a_region_that_is_not_declared_is_reported() {
        let (_, problems) = fanned(&json!({
            "regions": {"eu": {}},
            "databases": {"a": {"regions": ["ue"]}, "b": {"region": "us"}},
        }));
        assert_eq!(
            problems,
            [
                "`databases.a.regions`: there is no region `ue`",
                "`databases.b.region`: there is no region `us`",
            ]
        );
    }
}

//! Merges the layers of one environment into one document, weakest first: built-in default, engine preset, cluster
//! profile, `[defaults]`, the entity, `[every]`, the environment.
//!
//! Takes the document of the whole file; gives one without `[environments]`, in which every value says which layer it
//! came from. Reports an environment that is not there and an override that changes nothing.

use std::collections::BTreeMap;

use serde_json::json;

use super::cluster::{self, Profile};
use super::codes::{EVERY_RAISES_LIMIT, OVERRIDE_WITHOUT_EFFECT, UNKNOWN_ENVIRONMENT};
use super::engine;
use crate::diag::{Diagnostic, did_you_mean};
use crate::names::Quantity;
use crate::source::{KeyPath, Layer, Node, NodeValue, Origin};
use crate::spec;

/// One environment's document.
pub(super) struct Merged {
    /// The merged document.
    pub document: Node,
    /// What is wrong with the layers.
    pub problems: Vec<Diagnostic>,
}

/// The nouns whose entities have presets and `[defaults]`.
const LAYERED: [&str; 5] = ["databases", "namespaces", "routes", "volumes", "workloads"];

/// Merges the layers of `environment`, or those of the base.
pub(super) fn merge(file: &Node, environment: Option<&str>) -> Merged {
    let mut problems = Vec::new();
    let over = match environment.map(|name| find_environment(file, name)) {
        None => Node::empty_table(Layer::Builtin),
        Some(Ok(node)) => node,
        Some(Err(problem)) => {
            problems.push(problem);
            Node::empty_table(Layer::Builtin)
        }
    };
    let mut base = file.clone();
    let Some(fields) = base.as_table_mut() else { return Merged { document: base, problems } };
    fields.remove("environments");
    if let Some(defaults) = fields.get_mut("defaults") {
        relabel(defaults, &Layer::Defaults);
    }
    let profile = cluster::profile(&over);
    let mut merger = Merger { over: &over, profile: &profile, problems: &mut problems };
    merger.merge(fields, environment);
    Merged { document: base, problems }
}

fn find_environment(file: &Node, name: &str) -> Result<Node, Diagnostic> {
    let table = file.get("environments").and_then(Node::as_table);
    if let Some(node) = table.and_then(|table| table.get(name)) {
        let mut node = node.clone();
        relabel(&mut node, &Layer::Environment(name.to_owned()));
        return Ok(node);
    }
    let names: Vec<&str> = table.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let hint = did_you_mean(name, names.iter().copied()).map_or_else(
        || format!("the environments are: {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).hint(hint))
}

fn relabel(node: &mut Node, layer: &Layer) {
    node.origin.layer = layer.clone();
    match &mut node.value {
        NodeValue::Table(fields) => fields.values_mut().for_each(|child| relabel(child, layer)),
        NodeValue::Array(items) => items.iter_mut().for_each(|child| relabel(child, layer)),
        _ => {}
    }
}

struct Merger<'a> {
    over: &'a Node,
    profile: &'a Profile,
    problems: &'a mut Vec<Diagnostic>,
}

impl Merger<'_> {
    fn merge(&mut self, fields: &mut BTreeMap<String, Node>, environment: Option<&str>) {
        let classes = self.profile.storage_classes.clone();
        if let Some(own) = fields.insert("storage-classes".to_owned(), classes) {
            fields.entry("storage-classes".to_owned()).and_modify(|node| node.overlay(&own));
        }
        for noun in spec::nouns().iter().filter(|noun| !LAYERED.contains(noun)) {
            self.merge_noun(fields, noun);
        }
        for noun in LAYERED {
            self.merge_entities(fields, noun);
        }
        fields.insert("environment".to_owned(), self.environment(environment));
    }

    /// Lays the environment's table over the platform's; an entity of the two merges key by key.
    fn merge_noun(&mut self, fields: &mut BTreeMap<String, Node>, noun: &str) {
        let Some(over) = self.over.get(noun) else { return };
        match fields.get_mut(noun) {
            Some(base) => {
                self.find_idle(base, over, &KeyPath::of([noun]));
                *base = laid_over(base, over);
            }
            None => {
                fields.insert(noun.to_owned(), over.clone());
            }
        }
    }

    fn merge_entities(&mut self, fields: &mut BTreeMap<String, Node>, noun: &str) {
        let defaults = fields.get("defaults").and_then(|defaults| defaults.get(noun)).cloned();
        let every = fields.get("every").cloned();
        let base = fields.remove(noun).unwrap_or_else(|| Node::empty_table(Layer::Builtin));
        let over = self.over.get(noun).and_then(Node::as_table);
        let keys = base.as_table().into_iter().flatten().chain(over.into_iter().flatten());
        let keys: std::collections::BTreeSet<&String> = keys.map(|(key, _)| key).collect();
        let mut merged = BTreeMap::new();
        for key in keys {
            let layers = Layers {
                path: KeyPath::of([noun, key]),
                defaults: defaults.as_ref(),
                entity: base.get(key),
                every: every.as_ref(),
                environment: over.and_then(|over| over.get(key)),
            };
            merged.insert(key.clone(), self.merge_entity(noun, &layers));
        }
        if !merged.is_empty() {
            fields.insert(noun.to_owned(), Node { value: NodeValue::Table(merged), origin: base.origin });
        }
    }

    fn merge_entity(&mut self, noun: &str, layers: &Layers<'_>) -> Node {
        let mut node = Node::from_json(&builtin(noun), &Layer::Builtin);
        if noun == "databases" {
            node = laid_over(&node, &engine_preset(layers));
        }
        for layer in [layers.defaults, layers.entity].into_iter().flatten() {
            node = laid_over(&node, layer);
        }
        if let Some(origin) = layers.entity.or(layers.environment).map(|entity| &entity.origin) {
            node.origin = origin.clone();
        }
        if let Some(every) = self.every(&node, layers) {
            node = laid_over(&node, &every);
        }
        if let Some(over) = layers.environment {
            self.find_idle(&node, over, &layers.path);
            node = laid_over(&node, over);
        }
        node
    }

    /// The override of `[every]` for the kind of object that this entity becomes, if it says anything of it.
    fn every(&mut self, node: &Node, layers: &Layers<'_>) -> Option<Node> {
        let kind = layers.environment.and_then(|over| over.get("kind")).or_else(|| node.get("kind"));
        let every = layers.every?.get(kind?.as_str()?)?.clone();
        let enabled = layers.environment.and_then(|over| over.get("enabled")).or_else(|| node.get("enabled"));
        if enabled.is_some_and(|enabled| enabled.value == NodeValue::Bool(false)) {
            return None;
        }
        for resource in ["cpu", "memory"] {
            let at = KeyPath::of(["resources", resource]);
            let raised =
                raised_limit(node.at(&at).and_then(Node::as_str), every.at(&at).and_then(Node::as_str));
            if let (Some((old, new)), Some(place)) = (raised, every.at(&at)) {
                let message =
                    format!("`every` raises the {resource} limit of `{}` from {old} to {new}", layers.path);
                let own = node.at(&at).and_then(|node| node.origin.span);
                self.problems.push(
                    Diagnostic::new(&EVERY_RAISES_LIMIT, message)
                        .about(&layers.path)
                        .at(place.origin.span, "applies to every object of this kind")
                        .at(own, "its own limit"),
                );
            }
        }
        Some(every)
    }

    fn environment(&self, name: Option<&str>) -> Node {
        let mut table = Node::empty_table(Layer::Builtin);
        let mut cluster = self.profile.cluster.clone();
        if let Some(over) = self.over.get("cluster") {
            cluster.overlay(over);
        }
        if let Some(fields) = table.as_table_mut() {
            if let Some(name) = name {
                fields.insert("name".to_owned(), Node::from_json(&json!(name), &Layer::Builtin));
            }
            fields.extend(self.over.get("description").map(|text| ("description".to_owned(), text.clone())));
            fields.insert("cluster".to_owned(), cluster);
        }
        table
    }

    /// Warns of every value of `over` that the weaker layers have already.
    fn find_idle(&mut self, base: &Node, over: &Node, path: &KeyPath) {
        match (&base.value, &over.value) {
            (NodeValue::Table(fields), NodeValue::Table(overs)) => {
                for (key, over) in overs {
                    if let Some(base) = fields.get(key) {
                        self.find_idle(base, over, &path.key(key));
                    }
                }
            }
            (base_value, over_value) if same(base_value, over_value) => {
                self.problems.push(
                    Diagnostic::new(
                        &OVERRIDE_WITHOUT_EFFECT,
                        format!("the override of `{path}` changes nothing"),
                    )
                    .at(over.origin.span, "")
                    .at(base.origin.span, "it has this value already")
                    .hint("remove it, or write the value that was meant"),
                );
            }
            _ => {}
        }
    }
}

/// The layers of one entity, besides its presets.
struct Layers<'a> {
    path: KeyPath,
    defaults: Option<&'a Node>,
    entity: Option<&'a Node>,
    every: Option<&'a Node>,
    environment: Option<&'a Node>,
}

fn builtin(noun: &str) -> serde_json::Value {
    match noun {
        "namespaces" => json!({"pod-security": "restricted", "isolated": false, "placeholder": false}),
        "workloads" => json!({"kind": "deployment", "api-access": false, "grace-period": 30}),
        "volumes" => json!({"access": "ReadWriteOnce"}),
        _ => json!({}),
    }
}

fn engine_preset(layers: &Layers<'_>) -> Node {
    let strongest = [layers.environment, layers.entity, layers.defaults];
    let name = strongest.into_iter().flatten().find_map(|layer| layer.get("engine")?.as_str());
    match name.and_then(engine::find) {
        Some(engine) => Node::from_json(&(engine.preset)(), &Layer::Engine(engine.name.to_owned())),
        None => Node::empty_table(Layer::Builtin),
    }
}

/// `weak` with `strong` over it. Where both give a `request..limit`, a side that the stronger leaves out is kept.
fn laid_over(weak: &Node, strong: &Node) -> Node {
    let mut filled = strong.clone();
    fill_ranges(weak, &mut filled);
    let mut merged = weak.clone();
    merged.overlay(&filled);
    merged
}

fn fill_ranges(weak: &Node, strong: &mut Node) {
    let (Some(weak), Some(strong)) = (weak.as_table(), strong.as_table_mut()) else { return };
    for (key, strong) in strong {
        let Some(weak) = weak.get(key) else { continue };
        if key == "resources" {
            fill_sides(weak, strong);
        } else {
            fill_ranges(weak, strong);
        }
    }
}

fn fill_sides(weak: &Node, strong: &mut Node) {
    let (Some(weak), Some(strong)) = (weak.as_table(), strong.as_table_mut()) else { return };
    for (resource, strong) in strong {
        let weak = weak.get(resource).and_then(Node::as_str).and_then(sides);
        let own = strong.as_str().and_then(sides);
        let (Some((weak_low, weak_high)), Some((low, high))) = (weak, own) else { continue };
        let keep = |own: &str, weak: &str| if own.is_empty() { weak.to_owned() } else { own.to_owned() };
        strong.value = NodeValue::String(format!("{}..{}", keep(&low, &weak_low), keep(&high, &weak_high)));
    }
}

/// The request and the limit of a range; a single value is both.
pub(super) fn sides(text: &str) -> Option<(String, String)> {
    match text.split_once("..") {
        Some((low, high)) => Some((low.trim().to_owned(), high.trim().to_owned())),
        None if text.trim().is_empty() => None,
        None => Some((text.trim().to_owned(), text.trim().to_owned())),
    }
}

/// The limits before and after, where the stronger layer raises the weaker one's.
fn raised_limit(weak: Option<&str>, strong: Option<&str>) -> Option<(String, String)> {
    let (_, old) = sides(weak?)?;
    let (_, new) = sides(strong?)?;
    (Quantity::parse(&new).ok()? > Quantity::parse(&old).ok()?).then_some((old, new))
}

fn same(one: &NodeValue, other: &NodeValue) -> bool {
    let plain =
        |value: &NodeValue| Node { value: value.clone(), origin: Origin::preset(Layer::Builtin) }.to_json();
    plain(one) == plain(other)
}

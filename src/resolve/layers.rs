//! Merges the layers of one environment into one document, weakest first: built-in default, engine preset, cluster
//! profile, `[defaults]`, the group, the entity, `[every]`, the environment.
//!
//! Takes the document of the whole file; gives one without `[environments]`, in which every value says which layer it
//! came from. Refuses an environment that is not there; reports one whose name is no name, an override of an entity that
//! the platform does not have, and an override that changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{self, Profile};
use super::codes::{EVERY_RAISES_LIMIT, OVERRIDE_WITHOUT_EFFECT, UNKNOWN_ENVIRONMENT};
use super::groups::Groups;
use super::scope::listed;
use super::{engine, instances, oauth2_proxy, strays, tenants};
use crate::diag::{Diagnostic, did_you_mean};
use crate::names::{DnsLabel, Quantity};
use crate::source::{Damage, KeyPath, Layer, Node, NodeValue, Origin};
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::json;

/// One environment's document.
pub(super) struct Merged {
    /// The merged document.
    pub document: Node,
    /// What is wrong with the layers.
    pub problems: Vec<Diagnostic>,
}

/// The nouns whose entities have presets and `[defaults]`.
pub(super) const LAYERED: [&str; 6] =
    ["databases", "namespaces", "routes", "tenants", "volumes", "workloads"];

/// The nouns that other nouns are made of.
const FIRST: [&str; 4] = ["groups", "shapes", "instances", "oauth2-proxies"];

/// Merges the layers of `environment`, or those of the base. What is of no use is left out and noted in `damage`.
///
/// # Errors
/// An environment that is not there: then there is nothing to merge.
pub(super) fn merge(
    file: &Node,
    environment: Option<&str>,
    damage: &mut Damage,
) -> Result<Merged, Diagnostic> {
    let mut problems = Vec::new();
    let over = match environment {
        None => Node::empty_table(Layer::Builtin),
        Some(name) => find_environment(file, name)?,
    };
    problems.extend(environment.and_then(|name| bad_name(name, &over)));
    let mut base = file.clone();
    let Some(fields) = base.as_table_mut() else { return Ok(Merged { document: base, problems }) };
    let only = fields.remove("environments").is_none();
    if let Some(defaults) = fields.get_mut("defaults") {
        relabel(defaults, &Layer::Defaults);
    }
    let profile = cluster::profile(&over);
    let mut merger = Merger {
        over: &over,
        profile: &profile,
        problems: &mut problems,
        damage,
        groups: Groups::default(),
        applied: BTreeSet::new(),
    };
    merger.merge(fields, environment);
    if environment.is_none() && !only {
        let stands = Node::from_json(&json!(true), &Layer::Builtin);
        let table = fields.get_mut("environment").and_then(Node::as_table_mut);
        table.into_iter().for_each(|table| drop(table.insert("stands-for-all".to_owned(), stands.clone())));
    }
    // Where there are environments, what the platform says of every object may be meant for one of them.
    if environment.is_some() || only {
        merger.report_idle_every(fields.get("every"));
    }
    Ok(Merged { document: base, problems })
}

fn find_environment(file: &Node, name: &str) -> Result<Node, Diagnostic> {
    let table = file.get("environments").and_then(Node::as_table);
    if let Some(node) = table.and_then(|table| table.get(name)) {
        let mut node = node.clone();
        relabel(&mut node, &Layer::Environment(name.to_owned()));
        return Ok(node);
    }
    let names: Vec<String> = table.into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let hint = match (did_you_mean(name, names.iter().map(String::as_str)), names.as_slice()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => format!("the platform has no environments: add `[environments.{name}]`"),
        (None, names) => format!("the environments are {}", listed(names)),
    };
    Err(Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).hint(hint))
}

/// An environment is a folder of the output and a part of names.
fn bad_name(name: &str, node: &Node) -> Option<Diagnostic> {
    let error = DnsLabel::parse(name).err()?;
    let hint = error
        .suggestion()
        .map_or_else(|| "choose another name".to_owned(), |better| format!("did you mean `{better}`?"));
    let message = format!("`{}`: {}", KeyPath::of(["environments", name]), error.message());
    Some(Diagnostic::new(&BAD_VALUE, message).at(node.origin.key.or(node.origin.span), "").hint(hint))
}

/// Says of `node` and of everything in it that `layer` wrote it.
pub(super) fn relabel(node: &mut Node, layer: &Layer) {
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
    damage: &'a mut Damage,
    groups: Groups,
    /// The keys of `[every]` that some entity was given something of.
    applied: BTreeSet<String>,
}

impl Merger<'_> {
    fn merge(&mut self, fields: &mut BTreeMap<String, Node>, environment: Option<&str>) {
        self.bring_owner_role(fields);
        let classes = self.profile.storage_classes.clone();
        if let Some(own) = fields.insert("storage-classes".to_owned(), classes) {
            fields.entry("storage-classes".to_owned()).and_modify(|node| node.overlay(&own));
        }
        // Instances write out entities that the environment may override, and groups are a layer of entities.
        for noun in FIRST {
            self.merge_noun(fields, noun);
        }
        self.problems.extend(instances::write_out(fields));
        self.problems.extend(oauth2_proxy::write_out(fields));
        self.groups = Groups::of(fields);
        for noun in spec::nouns().iter().filter(|noun| !LAYERED.contains(noun) && !FIRST.contains(noun)) {
            self.merge_noun(fields, noun);
            self.join_groups(fields, noun);
        }
        for noun in LAYERED {
            self.merge_entities(fields, noun);
        }
        super::settings::write_out(fields, self.problems);
        fields.insert("environment".to_owned(), self.environment(environment));
    }

    /// Where there are tenants, their owners have a role unless the platform writes one of that name.
    fn bring_owner_role(&self, fields: &mut BTreeMap<String, Node>) {
        if !tenants::are_meant(fields) && !self.over.as_table().is_some_and(tenants::are_meant) {
            return;
        }
        let roles = json!({tenants::OWNER_ROLE: tenants::owner_role()});
        let mut roles = Node::from_json(&roles, &Layer::Builtin);
        if let Some(own) = fields.get("roles") {
            roles.overlay(own);
        }
        fields.insert("roles".to_owned(), roles);
    }

    /// Lays the environment's table over the platform's; an entity of the two merges key by key.
    fn merge_noun(&mut self, fields: &mut BTreeMap<String, Node>, noun: &str) {
        let Some(over) = self.over.get(noun) else { return };
        let own = fields.get(noun).cloned().unwrap_or_else(|| Node::empty_table(Layer::Builtin));
        let over = filled(&own, over);
        self.find_idle(&own, &over, &KeyPath::of([noun]));
        let mut merged = own.clone();
        merged.overlay(&over);
        self.leave_out_strays(noun, &own, &mut merged);
        fields.insert(noun.to_owned(), merged);
    }

    /// Lays the entities of a noun without presets over what their groups say.
    fn join_groups(&mut self, fields: &mut BTreeMap<String, Node>, noun: &str) {
        for entity in
            fields.get_mut(noun).and_then(Node::as_table_mut).into_iter().flat_map(BTreeMap::values_mut)
        {
            let Some(membership) = self.groups.membership(noun, [Some(&*entity), None, None], self.problems)
            else {
                continue;
            };
            let origin = entity.origin.clone();
            *entity = laid_over(&membership.layer, entity);
            entity.origin = origin;
            disable(entity, membership.disabled);
        }
    }

    /// Reports and leaves out every entity that only the environment speaks of, and that it takes to be there already.
    fn leave_out_strays(&mut self, noun: &str, own: &Node, merged: &mut Node) {
        let strays = strays::find((noun, own), merged, self.over);
        let Some(entities) = merged.as_table_mut() else { return };
        for (key, problem) in strays {
            if !self.damage.mentions(&key) {
                self.problems.push(problem);
            }
            self.damage.lose_word(&key);
            entities.remove(&key);
        }
    }

    fn merge_entities(&mut self, fields: &mut BTreeMap<String, Node>, noun: &str) {
        let defaults = match noun {
            "tenants" => fields.get("tenant").cloned().map(|mut shape| {
                relabel(&mut shape, &Layer::Defaults);
                shape
            }),
            _ => fields.get("defaults").and_then(|defaults| defaults.get(noun)).cloned(),
        };
        let every = fields.get("every").cloned();
        let base = fields.remove(noun).unwrap_or_else(|| Node::empty_table(Layer::Builtin));
        let over = self.over.get(noun).and_then(Node::as_table);
        let keys = base.as_table().into_iter().flatten().chain(over.into_iter().flatten());
        let keys: BTreeSet<&String> = keys.map(|(key, _)| key).collect();
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
        let mut merged = Node { value: NodeValue::Table(merged), origin: base.origin.clone() };
        self.leave_out_strays(noun, &base, &mut merged);
        if merged.as_table().is_some_and(|entities| !entities.is_empty()) {
            fields.insert(noun.to_owned(), merged);
        }
    }

    fn merge_entity(&mut self, noun: &str, layers: &Layers<'_>) -> Node {
        let mut node = Node::from_json(&builtin(noun), &Layer::Builtin);
        let named = [layers.environment, layers.entity, layers.defaults];
        let membership = self.groups.membership(noun, named, self.problems);
        let group = membership.as_ref().map(|membership| &membership.layer);
        if noun == "databases" {
            node = laid_over(&node, &engine_preset(layers, group));
        }
        for layer in [layers.defaults, group, layers.entity].into_iter().flatten() {
            node = laid_over(&node, layer);
        }
        if let Some(origin) = layers.entity.or(layers.environment).map(|entity| &entity.origin) {
            node.origin = origin.clone();
        }
        if let Some(every) = self.every(&node, layers) {
            node = laid_over(&node, &every);
        }
        if let Some(over) = layers.environment {
            let over = filled(&node, over);
            self.find_idle(&node, &over, &layers.path);
            node.overlay(&over);
        }
        disable(&mut node, membership.and_then(|membership| membership.disabled));
        node
    }

    /// The override of `[every]` for the kind of object that this entity becomes, if it says anything of it.
    fn every(&mut self, node: &Node, layers: &Layers<'_>) -> Option<Node> {
        let kind = layers.environment.and_then(|over| over.get("kind")).or_else(|| node.get("kind"));
        let kind = kind?.as_str()?;
        let every = layers.every?.get(kind)?.clone();
        let enabled = layers.environment.and_then(|over| over.get("enabled")).or_else(|| node.get("enabled"));
        if enabled.is_some_and(|enabled| enabled.value == NodeValue::Bool(false)) {
            return None;
        }
        self.applied.insert(kind.to_owned());
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
                        .at(own, "its own limit")
                        .hint(format!(
                            "give `{}` a limit of its own in this environment, or say in `[[allow]]` why it is meant",
                            layers.path
                        )),
                );
            }
        }
        Some(every)
    }

    /// Warns of a part of `[every]` that reaches no entity.
    fn report_idle_every(&mut self, every: Option<&Node>) {
        for (kind, node) in every.and_then(Node::as_table).into_iter().flatten() {
            if self.applied.contains(kind) {
                continue;
            }
            let message = format!("`every.{kind}` applies to nothing: no database or workload is a {kind}");
            let other = self.applied.first();
            let hint = other.map_or_else(
                || "remove it".to_owned(),
                |other| format!("remove it, or write `every.{other}`, which is what there is"),
            );
            let problem = Diagnostic::new(&OVERRIDE_WITHOUT_EFFECT, message);
            self.problems.push(problem.at(node.origin.key.or(node.origin.span), "").hint(hint));
        }
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
            for key in ["description", "target", "phase", "trigger", "action", "inner-loop", "promotes-from"]
            {
                fields.extend(self.over.get(key).map(|value| (key.to_owned(), value.clone())));
            }
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

fn builtin(noun: &str) -> crate::value::Value {
    match noun {
        "namespaces" => json!({"pod-security": "restricted", "isolated": false, "placeholder": false}),
        "workloads" => json!({"kind": "deployment", "api-access": false, "grace-period": 30}),
        "tenants" => tenants::preset(),
        "volumes" => json!({"access": "ReadWriteOnce"}),
        _ => json!({}),
    }
}

/// A database with the preset of its engine and what the platform says of all databases laid under it.
pub(super) fn database(defaults: Option<&Node>, entity: &Node) -> Node {
    let path = KeyPath::of(["databases"]);
    let layers = Layers { path, defaults, entity: Some(entity), every: None, environment: None };
    let mut node = engine_preset(&layers, None);
    for layer in [defaults, Some(entity)].into_iter().flatten() {
        node = laid_over(&node, layer);
    }
    node.origin = entity.origin.clone();
    node
}

/// A tenant over the shape of all tenants.
pub(super) fn tenant(shape: Option<&Node>, entity: &Node) -> Node {
    let mut node = Node::from_json(&tenants::preset(), &Layer::Builtin);
    for layer in shape.into_iter().chain([entity]) {
        node = laid_over(&node, layer);
    }
    node.origin = entity.origin.clone();
    node
}

/// A group that is not enabled has no members, whatever they say themselves.
fn disable(node: &mut Node, disabled: Option<Origin>) {
    let Some((origin, fields)) = disabled.zip(node.as_table_mut()) else { return };
    fields.insert("enabled".to_owned(), Node { value: NodeValue::Bool(false), origin });
}

fn engine_preset(layers: &Layers<'_>, group: Option<&Node>) -> Node {
    let strongest = [layers.environment, layers.entity, group, layers.defaults];
    let name = strongest.into_iter().flatten().find_map(|layer| layer.get("engine")?.as_str());
    let layer = name.map_or(Layer::Builtin, |name| Layer::Engine(name.to_owned()));
    let engine = name.and_then(engine::find).map(|engine| engine.preset);
    match engine.or_else(|| name.and_then(engine::topology::find).map(|topology| topology.preset)) {
        Some(preset) => Node::from_json(&preset(), &layer),
        None => Node::empty_table(Layer::Builtin),
    }
}

/// `weak` with `strong` over it.
fn laid_over(weak: &Node, strong: &Node) -> Node {
    let mut merged = weak.clone();
    merged.overlay(&filled(weak, strong));
    merged
}

/// `strong` as it lies over `weak`: where both give a `request..limit`, a side that the stronger leaves out is kept.
fn filled(weak: &Node, strong: &Node) -> Node {
    let mut filled = strong.clone();
    fill_ranges(weak, &mut filled);
    filled
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
        let Some(weak) = weak.get(resource) else { continue };
        let (Some((weak_low, weak_high)), Some((low, high))) =
            (weak.as_str().and_then(sides), strong.as_str().and_then(sides))
        else {
            continue;
        };
        if low.is_empty() || high.is_empty() {
            let keep = |own: String, weak: String| if own.is_empty() { weak } else { own };
            strong.value = NodeValue::String(format!("{}..{}", keep(low, weak_low), keep(high, weak_high)));
            strong.origin.kept = weak.origin.span;
        }
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

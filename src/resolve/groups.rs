//! Groups: what the members of a product are unless they say otherwise.
//!
//! Takes the merged `[groups]`; gives for a member the layer between `[defaults]` and the entity itself. Reports a group
//! that is not there.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::UNKNOWN_REFERENCE;
use super::scope::listed;
use crate::diag::{Diagnostic, did_you_mean};
use crate::source::{KeyPath, Layer, Node, NodeValue, Origin, Span};

/// The nouns whose entities live in a namespace and may be members.
const PLACED: [&str; 6] = ["charts", "configs", "databases", "secrets", "volumes", "workloads"];
/// The nouns whose entities have labels.
const LABELLED: [&str; 2] = ["databases", "workloads"];

/// The groups of one environment, and what was said of those that are not there.
#[derive(Default)]
pub(super) struct Groups {
    table: BTreeMap<String, Node>,
    reported: BTreeSet<Option<Span>>,
}

/// What an entity has from its group.
pub(super) struct Membership {
    /// The layer between `[defaults]` and the entity.
    pub layer: Node,
    /// Where the group says that it is not enabled, if it does.
    pub disabled: Option<Origin>,
}

impl Groups {
    /// The groups of a document whose layers are merged as far as they are concerned.
    pub(super) fn of(fields: &BTreeMap<String, Node>) -> Self {
        let table = fields.get("groups").and_then(Node::as_table).cloned().unwrap_or_default();
        Self { table, reported: BTreeSet::new() }
    }

    /// What the members of the group that `layers` name have from it; the strongest layer that names one counts.
    pub(super) fn membership(
        &mut self,
        noun: &str,
        layers: [Option<&Node>; 3],
        problems: &mut Vec<Diagnostic>,
    ) -> Option<Membership> {
        let named = layers.into_iter().flatten().find_map(|layer| layer.get("group"))?;
        let key = named.as_str()?;
        let Some(group) = self.table.get(key) else {
            problems.extend(self.unknown(key, named));
            return None;
        };
        let disabled = group.get("enabled").filter(|enabled| enabled.value == NodeValue::Bool(false));
        Some(Membership {
            layer: layer(noun, key, group),
            disabled: disabled.map(|node| node.origin.clone()),
        })
    }

    /// A file's group is named once and reaches many entities.
    fn unknown(&mut self, key: &str, named: &Node) -> Option<Diagnostic> {
        if !self.reported.insert(named.origin.span) {
            return None;
        }
        let known: Vec<String> = self.table.keys().cloned().collect();
        let hint = match (did_you_mean(key, known.iter().map(String::as_str)), known.as_slice()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, []) => format!("declare it as `[groups.{key}]`"),
            (None, known) => format!("declare it as `[groups.{key}]`, or name one of {}", listed(known)),
        };
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no group `{key}`"));
        Some(problem.at(named.origin.span, "").about(&KeyPath::of(["groups", key])).hint(hint))
    }
}

/// What a group says of the entities of a noun, as one of them.
fn layer(noun: &str, key: &str, group: &Node) -> Node {
    let own = Layer::Group(key.to_owned());
    let mut layer = Node::empty_table(own.clone());
    let Some(fields) = layer.as_table_mut() else { return layer };
    for (key, nouns) in [("namespace", &PLACED[..]), ("labels", &LABELLED[..])] {
        if nouns.contains(&noun) {
            fields.extend(group.get(key).map(|value| (key.to_owned(), value.clone())));
        }
    }
    if let Some(defaults) = group.get("defaults").and_then(|defaults| defaults.get(noun)) {
        layer.overlay(defaults);
    }
    super::layers::relabel(&mut layer, &own);
    layer.origin = Origin::preset(own);
    layer
}

//! Plain settings of a workload: a ConfigMap of its own, whose keys become environment variables.
//!
//! Takes the merged document; writes each `settings` out as an entity of `[configs]` and an entry of `env-from`, so that
//! everything which holds for configs holds for it: the checksum that rolls pods out, references, expressions.

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::source::{KeyPath, Layer, Node, NodeValue, Origin};
use crate::spec::codes::DEFINED_TWICE;

/// Writes the settings of every workload out.
pub(super) fn write_out(fields: &mut BTreeMap<String, Node>, problems: &mut Vec<Diagnostic>) {
    let mut made: BTreeMap<String, Node> = BTreeMap::new();
    let workloads = fields.get_mut("workloads").and_then(Node::as_table_mut).into_iter().flatten();
    for (key, workload) in workloads {
        let Some(table) = workload.as_table_mut() else { continue };
        if table.get("enabled").is_some_and(|enabled| enabled.value == NodeValue::Bool(false)) {
            continue;
        }
        let Some(settings) = table.remove("settings") else { continue };
        let name = format!("{key}-config");
        made.insert(name.clone(), config(key, table, &settings));
        let entry = Node { value: NodeValue::String(name), origin: settings.origin.clone() };
        let sources = table
            .entry("env-from".to_owned())
            .or_insert_with(|| Node { value: NodeValue::Array(Vec::new()), origin: settings.origin.clone() });
        if let NodeValue::Array(items) = &mut sources.value {
            items.push(entry);
        }
    }
    if made.is_empty() {
        return;
    }
    let configs = fields.entry("configs".to_owned()).or_insert_with(|| Node::empty_table(Layer::Builtin));
    let Some(configs) = configs.as_table_mut() else { return };
    for (key, node) in made {
        if let Some(own) = configs.get(&key) {
            let path = KeyPath::of(["configs", &key]);
            let problem =
                Diagnostic::new(&DEFINED_TWICE, format!("`settings` of a workload become `{path}`"));
            let problem = problem.at(node.origin.key, "").at(own.place(), "which is defined here already");
            problems.push(problem.hint("put all settings in one of the two"));
            continue;
        }
        configs.insert(key, node);
    }
}

/// The config of a workload: called after it, and in its namespace, component and group.
fn config(key: &str, workload: &BTreeMap<String, Node>, settings: &Node) -> Node {
    let mut table = BTreeMap::new();
    for shared in ["namespace", "group"] {
        table.extend(workload.get(shared).map(|node| (shared.to_owned(), node.clone())));
    }
    let text = |text: String, like: Option<&Node>| {
        let origin = like.map_or_else(|| settings.origin.clone(), |node| node.origin.clone());
        Node { value: NodeValue::String(text), origin }
    };
    let own = |field: &str| workload.get(field).and_then(Node::as_str);
    let name = own("name").unwrap_or(key);
    table.insert("name".to_owned(), text(format!("{name}-config"), workload.get("name")));
    let component = own("component").unwrap_or(key).to_owned();
    table.insert("component".to_owned(), text(component, workload.get("component")));
    let entries = settings.as_table().into_iter().flatten();
    let data = entries.map(|(key, node)| {
        let plain = node.as_str().map_or_else(|| node.to_json().to_string(), str::to_owned);
        (key.clone(), Node { value: NodeValue::String(plain), origin: node.origin.clone() })
    });
    let data = Node { value: NodeValue::Table(data.collect()), origin: settings.origin.clone() };
    table.insert("data".to_owned(), data);
    Node { value: NodeValue::Table(table), origin: Origin { ..settings.origin.clone() } }
}

//! Writes our schemas as kubeconform reads them: one file a kind, with everything that it refers to inside.
//!
//! `cargo run --example kubeconform_schemas -- 1.35 FOLDER`, then
//! `kubeconform -schema-location 'FOLDER/{{.ResourceKind}}{{.KindSuffix}}.json' …`. It is there to compare both on the
//! same tree with the same schemas; `benches/check.rs` says how.
#![allow(clippy::disallowed_methods, missing_docs, reason = "it writes files for another program")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use bayplan::value::{Map, Text, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [version, folder] = arguments.as_slice() else {
        return Err("usage: kubeconform_schemas VERSION FOLDER".into());
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/kubernetes").join(version);
    let (mut definitions, mut kinds) = (BTreeMap::new(), Vec::new());
    for entry in fs::read_dir(source)? {
        let mut file: Value = serde_json::from_str(&fs::read_to_string(entry?.path())?)?;
        if let Value::Object(found) = file["$defs"].take() {
            definitions.extend(found);
        }
        kinds.extend(file["x-kubernetes-kinds"].as_array().cloned().unwrap_or_default());
    }
    fs::create_dir_all(folder)?;
    for kind in &kinds {
        let text = |key: &str| kind[key].as_str().unwrap_or_default();
        let schema = whole(text("definition"), &definitions);
        let name = format!("{}{}.json", text("kind").to_lowercase(), suffix(text("apiVersion")));
        fs::write(Path::new(folder).join(name), schema.to_string())?;
    }
    println!("wrote {} schemas to {folder}", kinds.len());
    Ok(())
}

/// What kubeconform puts behind the kind: `-apps-v1`, `-networking-v1`, `-v1`.
fn suffix(api_version: &str) -> String {
    match api_version.split_once('/') {
        Some((group, version)) => format!("-{}-{version}", group.split('.').next().unwrap_or(group)),
        None => format!("-{api_version}"),
    }
}

/// A definition with everything that it refers to.
fn whole(name: &str, definitions: &BTreeMap<Text, Value>) -> Value {
    let mut needed = Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if needed.contains_key(&name) {
            continue;
        }
        let mut definition = definitions.get(name.as_str()).cloned().unwrap_or(Value::Bool(true));
        localise(&mut definition, &mut open);
        needed.insert(name, definition);
    }
    let mut root = needed.get(name).cloned().unwrap_or_default();
    root["$defs"] = Value::Object(needed);
    root
}

/// Makes references lead into the file itself, and notes where they lead.
fn localise(schema: &mut Value, open: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            // It reads schemas as draft 4, in which a list of required fields may not be empty.
            fields.retain(|key, value| {
                key != "required" || value.as_array().is_none_or(|list| !list.is_empty())
            });
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
                *reference = format!("#/$defs/{name}").into();
                open.push(name);
            }
            fields.values_mut().for_each(|field| localise(field, open));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| localise(item, open)),
        _ => {}
    }
}

//! Our walker on well-known custom resource definitions. They lie beside the checkout where the project is developed, and
//! are no part of it: without them these tests say so and pass.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bayplan::check::schema::{ViolationKind, validate};
use bayplan::check::{Context, KubernetesVersion, Schemas, run};
use bayplan::object::Object;
use bayplan::source::KeyPath;
use bayplan::value::{Map, Value, json};
use walkdir::WalkDir;

use super::mutation::{Dice, mutate, scalar};

static DEFINITIONS: LazyLock<Vec<(PathBuf, Value)>> = LazyLock::new(definitions);

/// Compiling the oracle for the largest definitions takes longer than all others together.
const LARGEST: usize = 300_000;

fn definitions() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/crds");
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return Vec::new();
    }
    let files = WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.flat_map(|path| read(&path).into_iter().map(move |value| (path.clone(), value))).collect()
}

fn read(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("the definition is text");
    let documents: Vec<Value> =
        serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    documents.into_iter().filter(|value| value["kind"] == "CustomResourceDefinition").collect()
}

/// The served versions of a definition with their schemas.
fn versions(definition: &Value) -> impl Iterator<Item = (String, &Value)> {
    let group = definition["spec"]["group"].as_str().unwrap_or("");
    let versions = definition["spec"]["versions"].as_array().into_iter().flatten();
    versions.filter(|version| version["served"] == true).map(move |version| {
        let name = version["name"].as_str().unwrap_or("");
        (format!("{group}/{name}"), &version["schema"]["openAPIV3Schema"])
    })
}

#[test]
fn well_known_definitions_are_themselves_without_a_finding() {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let context = Context::new(&schemas);
    for (path, definition) in DEFINITIONS.iter() {
        let object = Object::from_value(definition.clone(), "", KeyPath::root());
        let errors: Vec<_> =
            run(&[object], &context).into_iter().filter(|it| it.diagnostic.is_error()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

/// Objects made up at random get the verdict that JSON Schema gives, once the definition is written as JSON Schema.
#[test]
fn custom_resources_get_the_verdict_of_json_schema() {
    let mut verdicts = [0, 0];
    let small = |definition: &Value| definition.to_string().len() < LARGEST;
    for (path, definition) in DEFINITIONS.iter().filter(|(_, definition)| small(definition)) {
        let mut schemas = Schemas::new(KubernetesVersion::V1_35);
        let plain = without_scale(without_formats(definition));
        schemas.add_custom_resource(&plain).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let kind_name = definition["spec"]["names"]["kind"].as_str().unwrap_or("");
        for (api_version, schema) in versions(&plain) {
            let Ok(oracle) = jsonschema::options().build(&serde_json::Value::from(whole(schema))) else {
                continue;
            };
            let kind = schemas.kind(&api_version, kind_name).expect("the version is served");
            for seed in 0..40_u64 {
                let mut dice = Dice::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 7);
                let mut object = sample(schema, &mut dice, 0);
                object["metadata"] = json!({ "name": "a" });
                if seed % 2 == 1 {
                    mutate(&mut object, &mut dice);
                }
                if object.get("metadata") != Some(&json!({ "name": "a" })) {
                    continue;
                }
                let found = validate(&schemas, kind, &object);
                let ours = found.iter().all(|it| OWN.contains(&it.kind));
                prepare(schema, &mut object);
                let plain = serde_json::Value::from(&object);
                let theirs: Vec<_> =
                    oracle.iter_errors(&plain).map(|it| format!("{}: {it}", it.instance_path())).collect();
                assert_eq!(
                    ours,
                    theirs.is_empty(),
                    "{api_version} {kind_name}: {object}\n{found:#?}\n{theirs:#?}"
                );
                verdicts[usize::from(ours)] += 1;
            }
        }
    }
    eprintln!("refused {}, accepted {}", verdicts[0], verdicts[1]);
}

/// What JSON Schema knows nothing of.
const OWN: [ViolationKind; 4] =
    [ViolationKind::DuplicateItem, ViolationKind::Null, ViolationKind::Rule, ViolationKind::RuleUnjudged];

/// What the API server does before it validates: a null that may not be there goes, and defaults come.
fn prepare(schema: &Value, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let part = |name: &str| {
                let own = &schema["properties"][name];
                if own.is_null() { &schema["additionalProperties"] } else { own }
            };
            let drops = |name: &str, value: &Value| {
                value.is_null() && part(name).is_object() && part(name)["nullable"] != true
            };
            fields.retain(|name, value| !drops(name, value));
            for (name, part) in schema["properties"].as_object().into_iter().flatten() {
                if !part["default"].is_null() && !fields.contains_key(name) {
                    fields.insert(name.clone(), part["default"].clone());
                }
            }
            fields.iter_mut().for_each(|(name, value)| prepare(part(name), value));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| prepare(&schema["items"], item)),
        _ => {}
    }
}

/// The API server reads how often something runs from a field that the schema may leave free.
fn without_scale(mut definition: Value) -> Value {
    for version in definition["spec"]["versions"].as_array_mut().into_iter().flatten() {
        version["subresources"] = json!({});
    }
    definition
}

fn without_formats(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(key, value)| *key != "format" || !value.is_string());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_formats(value))).collect())
        }
        Value::Array(items) => items.iter().map(without_formats).collect(),
        scalar => scalar.clone(),
    }
}

/// The schema of whole objects.
fn whole(schema: &Value) -> Value {
    let mut out = json_schema(schema, true);
    if let Some(fields) = out.as_object_mut() {
        complete(fields);
    }
    out
}

/// A structural schema as JSON Schema, with objects closed as pruning closes them. Junctors only restrict.
fn json_schema(schema: &Value, structural: bool) -> Value {
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let mut out = Map::new();
    for (key, value) in fields {
        let translated = match key.as_str() {
            "properties" => {
                let all = value.as_object().into_iter().flatten();
                all.map(|(name, schema)| (name.clone(), json_schema(schema, structural)))
                    .collect::<Map>()
                    .into()
            }
            "items" | "additionalProperties" => json_schema(value, structural),
            "not" => json_schema(value, false),
            "allOf" | "anyOf" | "oneOf" => {
                value.as_array().into_iter().flatten().map(|schema| json_schema(schema, false)).collect()
            }
            "type" if schema["nullable"] == true => json!([value, "null"]),
            "exclusiveMinimum" | "exclusiveMaximum" | "nullable" | "default" | "example" | "description" => {
                continue;
            }
            "minimum" if schema["exclusiveMinimum"] == true => {
                out.insert("exclusiveMinimum".to_owned(), value.clone());
                continue;
            }
            "maximum" if schema["exclusiveMaximum"] == true => {
                out.insert("exclusiveMaximum".to_owned(), value.clone());
                continue;
            }
            _ if key.starts_with("x-kubernetes-") => continue,
            _ => value.clone(),
        };
        out.insert(key.clone(), translated);
    }
    if schema["x-kubernetes-int-or-string"] == true {
        out.insert("type".to_owned(), json!(["integer", "string"]));
    }
    if structural {
        close(schema, &mut out);
    }
    Value::Object(out)
}

/// What every object has, whether its definition says so or not.
fn complete(out: &mut Map) {
    let properties = out.entry("properties").or_insert_with(|| json!({}));
    properties["metadata"] = json!({});
    for name in ["apiVersion", "kind"] {
        if properties[name].is_null() {
            properties[name] = json!({ "type": "string" });
        }
    }
}

fn close(schema: &Value, out: &mut Map) {
    let is_object = schema["type"] == "object" || schema["properties"].is_object();
    let open = schema["x-kubernetes-preserve-unknown-fields"] == true
        || schema["additionalProperties"] != Value::Null;
    if !is_object {
        return;
    }
    if !open {
        out.insert("additionalProperties".to_owned(), json!(false));
    }
    if schema["x-kubernetes-embedded-resource"] == true {
        complete(out);
    }
}

/// A value that fits the schema more often than not.
fn sample(schema: &Value, dice: &mut Dice, depth: usize) -> Value {
    if let Some(allowed) = schema["enum"].as_array() {
        return allowed[dice.roll(allowed.len())].clone();
    }
    match schema["type"].as_str() {
        Some("object") => sample_object(schema, dice, depth),
        Some("array") if depth < 8 => {
            let least = usize::try_from(schema["minItems"].as_u64().unwrap_or(0)).unwrap_or(0);
            (0..least.min(3) + dice.roll(2)).map(|_| sample(&schema["items"], dice, depth + 1)).collect()
        }
        Some("array") => json!([]),
        Some("string") => ["a", "text", "10s", "1Gi", "Always"][dice.roll(5)].into(),
        Some("boolean") => Value::Bool(dice.roll(2) == 0),
        Some("integer" | "number") => [0, 1, 5, 80, 30000][dice.roll(5)].into(),
        _ if schema["x-kubernetes-int-or-string"] == true => {
            if dice.roll(2) == 0 {
                json!(5)
            } else {
                json!("5")
            }
        }
        _ => scalar(dice),
    }
}

fn sample_object(schema: &Value, dice: &mut Dice, depth: usize) -> Value {
    let required: Vec<_> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut out = Map::new();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let wanted =
            required.contains(&name.as_str()) || depth < 8 && dice.roll(if depth == 0 { 2 } else { 6 }) == 0;
        if wanted && dice.roll(60) > 0 {
            out.insert(name.clone(), sample(property, dice, depth + 1));
        }
    }
    if schema["additionalProperties"].is_object() && depth < 8 && dice.roll(2) == 0 {
        out.insert("key".to_owned(), sample(&schema["additionalProperties"], dice, depth + 1));
    }
    Value::Object(out)
}

//! `kustomize build` of an overlay, against the objects that it stands for.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use bayplan::host::File;
use bayplan::layout::{Content, EnvironmentObjects, Tree, base, overlay};
use bayplan::object::{Object, ObjectRef, ObjectSet};
use bayplan::source::KeyPath;
use bayplan::value::Value;

/// A kustomize on this machine.
pub(crate) struct Tool {
    program: &'static str,
    verb: &'static str,
}

impl Tool {
    /// `kustomize`, or the one inside `kubectl`. Without either the test is skipped, and says so, unless
    /// `BAYPLAN_REQUIRE_TOOLS=1` makes it fail.
    pub(crate) fn find() -> Option<Self> {
        let tools = [("kustomize", "build", "version"), ("kubectl", "kustomize", "options")];
        let found =
            tools.into_iter().find(|(program, _, probe)| Command::new(program).arg(probe).output().is_ok());
        if found.is_none() {
            skip("kustomize or kubectl");
        }
        found.map(|(program, verb, _)| Self { program, verb })
    }

    fn build(&self, folder: &Path) -> Result<String, String> {
        let output = Command::new(self.program)
            .arg(self.verb)
            .arg(folder)
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            return String::from_utf8(output.stdout).map_err(|error| error.to_string());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Says that a test is skipped for want of a tool, or fails it where `BAYPLAN_REQUIRE_TOOLS=1` says that it may not be.
pub(crate) fn skip(tool: &str) {
    let required = env::var("BAYPLAN_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
    assert!(!required, "{tool} is not on this machine");
    println!("skipped: {tool} is not on this machine");
}

/// Builds the overlay of `environment` over `base` and names every object that is not as the environment has it.
/// `write` makes a file of a value.
pub(crate) fn compare(
    tool: &Tool,
    base_objects: &ObjectSet,
    environment: &ObjectSet,
    write: fn(&Value) -> String,
) -> Result<(), String> {
    let environment = EnvironmentObjects { name: "production", objects: environment, extras: &[] };
    let mut tree = base(base_objects);
    tree.extend(overlay(base_objects, &environment));
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    write_tree(&tree, folder.path(), write).map_err(|error| error.to_string())?;
    let text = tool.build(&folder.path().join("overlays/production"))?;
    differences(read_objects(&text)?, environment.objects)
}

/// Builds the overlay of `environment` from finished files, and names every object that is not as the rendered files
/// have it. What is read on both sides are the bytes that a user gets.
pub(crate) fn compare_files(
    tool: &Tool,
    files: &BTreeMap<String, File>,
    environment: &str,
) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let overlay = format!("overlays/{environment}/");
    for (path, file) in
        files.iter().filter(|(path, _)| path.starts_with("base/") || path.starts_with(&overlay))
    {
        let path = folder.path().join(path);
        let parent = path.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, &file.bytes))
            .map_err(|error| error.to_string())?;
    }
    let mut built = read_objects(&tool.build(&folder.path().join(&overlay))?)?;
    // A tenant is a build of its own, which no other file lists.
    for tenant in tenants(files, &overlay) {
        built.extend(read_objects(&tool.build(&folder.path().join(tenant))?)?);
    }
    let rendered = format!("rendered/{environment}/");
    let mut expected = Vec::new();
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with(&rendered)) {
        let objects = read_objects(&String::from_utf8_lossy(&file.bytes))
            .map_err(|error| format!("{path}: {error}"))?;
        expected.extend(objects.into_iter().map(|value| Object::from_value(value, "", KeyPath::root())));
    }
    let (expected, twice) = ObjectSet::collect(expected);
    if let Some(object) = twice.first() {
        return Err(format!("{} is rendered twice", object.id));
    }
    differences(built, &expected)
}

/// The folders of the tenants of an overlay.
fn tenants<'a>(files: &'a BTreeMap<String, File>, overlay: &str) -> BTreeSet<&'a str> {
    let below = format!("{overlay}tenants/");
    let of_tenants = files.keys().filter(|path| path.starts_with(&below));
    of_tenants.filter_map(|path| path.strip_suffix("/kustomization.yaml")).collect()
}

fn read_objects(text: &str) -> Result<Vec<Value>, String> {
    serde_saphyr::from_multiple(text).map_err(|error| error.to_string())
}

fn differences(built: Vec<Value>, expected: &ObjectSet) -> Result<(), String> {
    let count = built.len();
    let built: BTreeMap<ObjectRef, Value> =
        built.into_iter().map(|value| (ObjectRef::of(&value), value)).collect();
    let mut differences = Vec::new();
    if count != expected.len() {
        differences.push(format!("{count} objects instead of {}", expected.len()));
    }
    for object in expected {
        match built.get(&object.id) {
            None => differences.push(format!("{} is missing", object.id)),
            Some(value) if !same(value, &object.value) => {
                differences.push(format!("{} is\n{value:#}\ninstead of\n{:#}", object.id, object.value));
            }
            Some(_) => {}
        }
    }
    let foreign = built.keys().filter(|id| expected.get(id).is_none());
    differences.extend(foreign.map(|id| format!("{id} should not be there")));
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// Deep equality, list order included. Kustomize writes `1.0` as `1` wherever it stands, which is the same number.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        (one, other) => one == other,
    }
}

fn write_tree(tree: &Tree, folder: &Path, write: fn(&Value) -> String) -> std::io::Result<()> {
    for (path, content) in tree.iter() {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        match content {
            Content::Yaml(value) => fs::write(path, write(value))?,
            Content::Text { text, .. } => fs::write(path, text)?,
            Content::Templates(_) => panic!("an overlay holds no templates"),
        }
    }
    Ok(())
}

//! Overlays against the real kustomize: what it builds from an overlay is what the rendered tree holds.
//!
//! `tests/overlays/<case>/` holds a `base.yaml` and an `environment.yaml`, each a stream of objects. Drop a folder
//! there, get a test; `snapshots/overlays/<case>.snap` shows the overlay that comes of it. A document may also say
//! `component:` and `source:`, which are taken out of the object.

pub(crate) mod block;
pub(crate) mod generated;
pub(crate) mod oracle;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use bayplan::layout::{Content, EnvironmentObjects, Tree, overlay};
use bayplan::object::{Object, ObjectSet};
use bayplan::source::KeyPath;
use bayplan::value::Value;

#[test]
fn every_overlay_builds_to_its_environment() {
    let Some(tool) = oracle::Tool::find() else { return };
    let cases = Mutex::new(cases());
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some(case) = cases.lock().ok().and_then(|mut cases| cases.pop()) {
            let (base, environment) = sets(&case);
            if let Err(failure) = oracle::compare(&tool, &base, &environment, block::document) {
                failures.lock().unwrap().push(format!("{}: {failure}", name(&case)));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A reviewer reads overlays as an engineer would: these are the files, whatever kustomize makes of them.
#[test]
fn every_overlay_reads_as_its_snapshot_does() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/overlays");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in cases() {
        let (base, environment) = sets(&case);
        let environment = EnvironmentObjects { name: "production", objects: &environment, extras: &[] };
        let files = listing(&overlay(&base, &environment));
        settings.bind(|| insta::assert_snapshot!(name(&case), files));
    }
}

pub(crate) fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/overlays");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn name(case: &Path) -> String {
    case.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

pub(crate) fn sets(case: &Path) -> (ObjectSet, ObjectSet) {
    (set(&case.join("base.yaml")), set(&case.join("environment.yaml")))
}

fn set(path: &Path) -> ObjectSet {
    let text = fs::read_to_string(path).unwrap();
    let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
    let (set, twice) = ObjectSet::collect(documents.into_iter().map(object));
    assert!(twice.is_empty(), "{} holds {} twice", path.display(), twice[0].id);
    set
}

fn object(mut document: Value) -> Object {
    let map = document.as_object_mut().unwrap();
    let component =
        map.remove("component").map_or("app".to_owned(), |name| name.as_str().unwrap().to_owned());
    let source = map.remove("source").map_or(String::new(), |name| name.as_str().unwrap().to_owned());
    Object::from_value(document, component, KeyPath::of(source.split('.')))
}

fn listing(tree: &Tree) -> String {
    let mut text = String::new();
    for (path, content) in tree.iter() {
        let Content::Yaml(value) = content else { panic!("{path} is no YAML") };
        text.extend(["# ", path, "\n", &block::document(value), "\n"]);
    }
    text
}

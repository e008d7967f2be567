//! `platforms/commerce/platform.toml` against the requirements that it stands for.
//!
//! `platforms/commerce/README.md` lists the rows and says where each is met. Here they are held on the finished objects; an
//! assertion names its row. `scripts` walks what the Jobs run: their syntax, and that a second run changes nothing.

mod edges;
mod events;
mod identity;
mod local;
mod scripts;
mod stores;

use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Request, compile};
use bayplan::host::MemoryHost;
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;

/// The environments.
const ENVIRONMENTS: [&str; 3] = ["development", "production", "staging"];
const REGIONS: [&str; 3] = ["eu", "in", "us"];

fn text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/commerce/platform.toml");
    std::fs::read_to_string(path).expect("the platform is in the repository")
}

/// What is said of the text, when one piece of it is replaced.
fn said_after(old: &str, new: &str) -> Vec<String> {
    let text = text();
    assert!(text.contains(old), "the platform does not hold {old:?}");
    let host = MemoryHost::default().with_file("platform.toml", text.replacen(old, new, 1));
    let found = compile(&host, &Request::default()).diagnostics;
    found.into_iter().filter(bayplan::diag::Diagnostic::is_error).map(|found| found.message).collect()
}

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| {
        let output = compile(&MemoryHost::default().with_file("platform.toml", text()), &Request::default());
        let messages: Vec<&str> = output.diagnostics.iter().map(|found| found.message.as_str()).collect();
        output.compilation.unwrap_or_else(|| panic!("the platform does not compile: {messages:#?}"))
    })
}

fn objects(environment: &str) -> &'static ObjectSet {
    &compilation().environments[environment].objects
}

/// The object of that kind and name, which must be there.
fn object<'a>(objects: &'a ObjectSet, kind: &str, name: &str) -> &'a Object {
    find(objects, kind, name).unwrap_or_else(|| panic!("there is no {kind} {name}"))
}

fn find<'a>(objects: &'a ObjectSet, kind: &str, name: &str) -> Option<&'a Object> {
    objects.iter().find(|object| object.id.gvk.kind == kind && object.id.name == name)
}

fn of_kind<'a>(objects: &'a ObjectSet, kind: &'a str) -> impl Iterator<Item = &'a Object> {
    objects.iter().filter(move |object| object.id.gvk.kind == kind)
}

fn at<'a>(object: &'a Object, pointer: &str) -> &'a Value {
    object.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", object.id))
}

/// The pod of a controller.
fn pod(object: &Object) -> Option<&Value> {
    ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"]
        .into_iter()
        .find_map(|pointer| object.pointer(pointer))
        .filter(|pod| pod["containers"].is_array())
}

/// The text of a key of a ConfigMap.
fn config<'a>(environment: &str, name: &str, key: &str) -> &'a str {
    let config = object(objects(environment), "ConfigMap", name);
    config.value["data"][key].as_str().unwrap_or_else(|| panic!("{name} has no {key}"))
}

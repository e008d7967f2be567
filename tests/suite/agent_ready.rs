//! `platforms/agent-ready/platform.toml` against the requirements that it stands for.
//!
//! `platforms/agent-ready/README.md` lists the rows and says where each is met. Here they are held on the finished objects; an
//! assertion names its row. `http` drives the service that makes tenants, `scale` is about thousands of them, and `edits` is the
//! verb that changes the file.

mod data;
mod edits;
mod http;
mod policies;
mod scale;
mod tenants;

use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Output, Request, compile};
use bayplan::host::{MemoryHost, OsHost};
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;

/// The environments.
const ENVIRONMENTS: [&str; 4] = ["aks", "eks", "gke", "local"];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/agent-ready")
}

fn text() -> String {
    std::fs::read_to_string(folder().join("platform.toml")).expect("the platform is in the repository")
}

/// A host with the platform's own files, and that text for the platform.
fn host(text: &str) -> MemoryHost {
    let schema =
        std::fs::read_to_string(folder().join("sql/schema.sql.j2")).expect("it is in the repository");
    MemoryHost::default().with_file("platform.toml", text).with_file("sql/schema.sql.j2", schema)
}

fn output(text: &str) -> Output {
    compile(&host(text), &Request::default())
}

fn compile_text(text: &str) -> Compilation {
    let output = output(text);
    let messages: Vec<&str> = output.diagnostics.iter().map(|found| found.message.as_str()).collect();
    output.compilation.unwrap_or_else(|| panic!("the platform does not compile: {messages:#?}"))
}

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| {
        compile(&OsHost::new(folder()), &Request::default())
            .into_result()
            .unwrap_or_else(|report| panic!("{report}"))
    })
}

fn objects(environment: &str) -> &'static ObjectSet {
    &compilation().environments[environment].objects
}

/// The object of that kind, namespace and name, which must be there. A cluster-scoped one has the namespace "".
fn object<'a>(objects: &'a ObjectSet, kind: &str, namespace: &str, name: &str) -> &'a Object {
    let found = objects.iter().find(|object| {
        let id = &object.id;
        id.gvk.kind == kind && id.namespace.as_deref().unwrap_or("") == namespace && id.name == name
    });
    found.unwrap_or_else(|| panic!("there is no {kind} {namespace}/{name}"))
}

fn of_kind<'a>(objects: &'a ObjectSet, kind: &'a str) -> impl Iterator<Item = &'a Object> {
    objects.iter().filter(move |object| object.id.gvk.kind == kind)
}

fn at<'a>(object: &'a Object, pointer: &str) -> &'a Value {
    object.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", object.id))
}

/// The text with one piece of it replaced; an edit that finds nothing is a mistake of the test.
fn edit(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the platform does not hold {old:?}");
    text.replacen(old, new, 1)
}

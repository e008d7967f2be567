//! `platforms/pssaas/platform.toml` against the requirements that it stands for.
//!
//! `platforms/pssaas/README.md` lists the rows and says where each is met. Here they are held on the finished objects; an
//! assertion names its row. `border` holds the rules at the border of a platform: one edit of the same file, one finding.

mod border;
mod rows;

use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Output, Request, compile};
use bayplan::host::MemoryHost;
use bayplan::object::{Object, ObjectSet};

/// The environments that run on Kubernetes.
const ENVIRONMENTS: [&str; 3] = ["dev", "production", "staging"];
/// Those of them on the shared cluster.
const SHARED: [&str; 2] = ["production", "staging"];

fn text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/pssaas/platform.toml");
    std::fs::read_to_string(path).expect("the platform is in the repository")
}

fn output(text: &str) -> Output {
    compile(&MemoryHost::default().with_file("platform.toml", text), &Request::default())
}

fn compile_text(text: &str) -> Compilation {
    let output = output(text);
    let messages: Vec<&str> = output.diagnostics.iter().map(|found| found.message.as_str()).collect();
    output.compilation.unwrap_or_else(|| panic!("the platform does not compile: {messages:#?}"))
}

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| compile_text(&text()))
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

fn at<'a>(object: &'a Object, pointer: &str) -> &'a bayplan::value::Value {
    object.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", object.id))
}

/// The text with one piece of it replaced; an edit that finds nothing is a mistake of the test.
fn edit(text: &str, old: &str, new: &str) -> String {
    assert!(text.contains(old), "the platform does not hold {old:?}");
    text.replacen(old, new, 1)
}

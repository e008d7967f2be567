//! `platforms/sevensa/platform.toml` and the files that it includes against the requirements that they stand for.
//!
//! `platforms/sevensa/README.md` lists the rows and says where each is met. Here they are held on the finished objects; an
//! assertion names its row. `rentguy` is the product that the source shows in full, `network` its policies, `products` the
//! others, `parts` the phases and groups, `operations` what is watched, copied and taken over.

mod network;
mod operations;
mod parts;
mod products;
mod rentguy;

use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Request, compile};
use bayplan::host::OsHost;
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;

/// The namespaces of the application domains.
const DOMAINS: [&str; 4] = ["ai", "psra", "rentguy", "wpcs"];

fn compiled() -> Compilation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("platforms/sevensa");
    let output = compile(&OsHost::new(folder), &Request::default());
    output.into_result().unwrap_or_else(|error| panic!("{error}"))
}

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(compiled)
}

fn objects(environment: &str) -> &'static ObjectSet {
    &compilation().environments[environment].objects
}

fn find(environment: &str, kind: &str, place: &str) -> Option<&'static Object> {
    let (namespace, name) = place.split_once('/').map_or((None, place), |(ns, name)| (Some(ns), name));
    objects(environment).iter().find(|object| {
        object.id.gvk.kind == kind && object.id.name == name && object.id.namespace.as_deref() == namespace
    })
}

/// The object of production of that kind, which lies at `<namespace>/<name>` and must be there.
fn object(kind: &str, place: &str) -> &'static Object {
    find("prod", kind, place).unwrap_or_else(|| panic!("there is no {kind} {place}"))
}

fn at<'a>(object: &'a Object, pointer: &str) -> &'a Value {
    object.value.pointer(pointer).unwrap_or_else(|| panic!("{} has no {pointer}", object.id))
}

/// The objects of production of that kind.
fn all(kind: &str) -> impl Iterator<Item = &'static Object> {
    objects("prod").iter().filter(move |object| object.id.gvk.kind == kind)
}

/// The items of a list that must be there.
fn items<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The variable `name` of a container.
fn variable<'a>(container: &'a Value, name: &str) -> &'a Value {
    let found = items(container, "/env").iter().find(|variable| variable["name"] == name);
    found.unwrap_or_else(|| panic!("there is no variable {name}"))
}

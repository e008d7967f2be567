//! That rules take work in proportion to the tree: how often all of them look at an object is counted, and not timed, so
//! that the test says the same on every machine.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::context::Context;
use super::testing::{fixtures, schemas};
use super::values::Fields;
use super::{KubernetesVersion, Profile, findings_across};
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::Value;

thread_local! {
    /// How often the rules of this thread have looked at an object, or held a selector against labels.
    pub(super) static LOOKS: Cell<u64> = const { Cell::new(0) };
}

/// The looks at so many copies of all fixtures, which differ in those texts.
fn looks(copies: usize, texts: &BTreeSet<&str>) -> u64 {
    let copy = |copy: usize| fixtures().iter().map(move |it| renamed(it.clone(), texts, copy));
    let values = (0..copies).flat_map(copy);
    let objects: Vec<Object> = values.map(|it| Object::from_value(it, "", KeyPath::root())).collect();
    let context = Context { profile: Profile::Strict, ..Context::new(schemas(KubernetesVersion::V1_35)) };
    LOOKS.set(0);
    drop(findings_across(&objects, &context));
    LOOKS.get()
}

fn renamed(value: Value, texts: &BTreeSet<&str>, copy: usize) -> Value {
    match value {
        Value::String(text) if texts.contains(text.as_str()) => format!("{text}-{copy}").into(),
        Value::Array(items) => items.into_iter().map(|item| renamed(item, texts, copy)).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, renamed(value, texts, copy))).collect()
        }
        other => other,
    }
}

/// The names and labels of the fixtures.
fn names() -> BTreeSet<&'static str> {
    let metadata = || fixtures().iter().filter_map(|it| it.child("metadata"));
    let own = metadata().filter_map(|it| it.text("name"));
    own.chain(metadata().flat_map(|it| it.strings("labels").map(|(_, value)| value))).collect()
}

#[track_caller]
fn assert_linear(texts: &BTreeSet<&str>) {
    let (few, many) = (looks(20, texts), looks(160, texts));
    // A search in what is sorted takes a few more looks in eight times as many objects.
    assert!(many < few * 12, "{few} looks at 20 copies, and {many} at 160");
}

#[test]
fn many_namespaces_take_work_in_proportion() {
    assert_linear(&["core"].into());
}

#[test]
fn many_objects_of_one_namespace_take_work_in_proportion() {
    assert_linear(&names());
}

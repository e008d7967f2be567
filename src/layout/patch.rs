//! What turns one object of the base into one object of an environment, as an entry of a kustomization.
//!
//! It takes a pair of objects and chooses between the two forms of a patch: a strategic merge patch, which looks like
//! the object, and JSON 6902 operations, where a merge patch is not exact or would mostly repeat the base.

use crate::object::{Object, ObjectRef};
use crate::value::{Map, Value, json};

use super::lines::lines;
use super::operations::operations;
use super::strategic::{Change, change};

/// How many lines a merge patch may repeat of the base before operations read better.
const REPETITION: usize = 3;

/// A patch of one object.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Patch<'a> {
    /// What the object is called in the base.
    pub object: &'a ObjectRef,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// A strategic merge patch, which names its object itself.
    Merge(Value),
    /// A strategic merge patch that gives its object another name.
    Rename(Value),
    /// JSON 6902 operations.
    Operations(Vec<Value>),
}

impl<'a> Patch<'a> {
    /// The patch that removes an object.
    pub(super) fn removal(object: &'a ObjectRef) -> Self {
        let mut patch = identified(object, &object.name, Map::new());
        patch.insert("$patch".to_owned(), "delete".into());
        Self { object, form: Form::Merge(patch.into()) }
    }

    /// The patch that turns `from` into `to`, but for the namespace, which the kustomization moves. `None` where
    /// neither form is exact.
    pub(super) fn between(from: &'a Object, to: &Object) -> Option<Self> {
        let to_value = in_namespace_of(from, to);
        let merge = merge(from, &to_value, &to.id.name);
        let operations = operations(&from.value, &to_value);
        let form = match (merge, operations) {
            (Some((form, restated)), Some(operations)) if restated > REPETITION => shorter(form, operations),
            (Some((form, _)), _) => form,
            (None, operations) => Form::Operations(operations?),
        };
        Some(Self { object: &from.id, form })
    }

    /// What stands in the patch's file.
    pub(super) fn content(&self) -> Value {
        match &self.form {
            Form::Merge(patch) | Form::Rename(patch) => patch.clone(),
            Form::Operations(operations) => operations.clone().into(),
        }
    }

    /// The entry of `patches:` for the patch in the file `path`.
    pub(super) fn entry(&self, path: &str) -> Value {
        match &self.form {
            Form::Merge(_) => json!({"path": path}),
            Form::Rename(_) => {
                json!({"path": path, "target": target(self.object), "options": {"allowNameChange": true}})
            }
            Form::Operations(_) => json!({"path": path, "target": target(self.object)}),
        }
    }

    /// Whether the entry finds its object by a `target`, which may match other objects as well.
    pub(super) fn has_target(&self) -> bool {
        !matches!(self.form, Form::Merge(_))
    }

    /// How long the patch is to a reader.
    pub(super) fn lines(&self) -> usize {
        lines(&self.content())
    }
}

fn shorter(merge: Form, operations: Vec<Value>) -> Form {
    let length: usize = operations.iter().map(lines).sum();
    match &merge {
        Form::Merge(patch) | Form::Rename(patch) if lines(patch) <= length => merge,
        _ => Form::Operations(operations),
    }
}

/// The value of `to`, in the namespace that `from` is in.
fn in_namespace_of(from: &Object, to: &Object) -> Value {
    let mut value = Value::clone(&to.value);
    let metadata = value.pointer_mut("/metadata").and_then(Value::as_object_mut);
    if let (Some(namespace), Some(metadata)) = (&from.id.namespace, metadata) {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    value
}

/// A merge patch, and how much of it only repeats the base.
fn merge(from: &Object, to: &Value, name: &str) -> Option<(Form, usize)> {
    let Change { patch, restated } = change(&from.id.gvk, &from.value, to)?;
    let Value::Object(mut body) = patch else { return None };
    if from.id.name == name {
        return Some((Form::Merge(identified(&from.id, name, body).into()), restated));
    }
    for noun in ["annotations", "labels"] {
        spell_out_removals(&mut body, to, noun);
    }
    Some((Form::Rename(identified(&from.id, name, body).into()), restated))
}

/// Writes the labels or annotations that remain instead of a null for each that goes: in a patch that finds its object
/// by a `target`, kustomize takes such a null for the text `null`, and a null for all of them for nothing.
fn spell_out_removals(body: &mut Map, to: &Value, noun: &str) {
    let Some(entry) = body.get_mut("metadata").and_then(|metadata| metadata.get_mut(noun)) else { return };
    let directive = match entry {
        Value::Null => "delete",
        Value::Object(entries) if entries.values().any(Value::is_null) => "replace",
        _ => return,
    };
    let remaining = to.pointer(&format!("/metadata/{noun}")).and_then(Value::as_object);
    let mut patch = remaining.cloned().unwrap_or_default();
    patch.insert("$patch".to_owned(), directive.into());
    *entry = patch.into();
}

/// A patch's body with what says whose patch it is.
fn identified(id: &ObjectRef, name: &str, mut body: Map) -> Map {
    body.insert("apiVersion".to_owned(), id.gvk.api_version.as_str().into());
    body.insert("kind".to_owned(), id.gvk.kind.as_str().into());
    let mut metadata = match body.remove("metadata") {
        Some(Value::Object(metadata)) => metadata,
        _ => Map::new(),
    };
    metadata.insert("name".to_owned(), name.into());
    if let Some(namespace) = &id.namespace {
        metadata.insert("namespace".to_owned(), namespace.as_str().into());
    }
    body.insert("metadata".to_owned(), metadata.into());
    body
}

/// Whether the `target` of a patch for `object` also matches `other`. It cannot say that it means the core group, one
/// without a namespace matches objects of any, and a dot of it matches any character.
pub(super) fn target_matches(object: &ObjectRef, other: &ObjectRef) -> bool {
    let wanted = target_fields(object);
    let fields = target_fields(other);
    wanted.iter().zip(fields).all(|((_, wanted), (_, value))| wanted.is_empty() || matches(wanted, value))
}

fn matches(wanted: &str, value: &str) -> bool {
    let same = |(wanted, character): (char, char)| wanted == '.' || wanted == character;
    wanted.chars().count() == value.chars().count() && wanted.chars().zip(value.chars()).all(same)
}

fn target_fields(id: &ObjectRef) -> [(&'static str, &str); 5] {
    [
        ("group", id.gvk.group()),
        ("version", id.gvk.version()),
        ("kind", &id.gvk.kind),
        ("name", &id.name),
        ("namespace", id.namespace.as_deref().unwrap_or_default()),
    ]
}

/// The selector of one object. Kustomize reads each field as a regular expression over the whole value.
fn target(id: &ObjectRef) -> Value {
    let given = target_fields(id).into_iter().filter(|(_, value)| !value.is_empty());
    given.map(|(field, value)| (field.to_owned(), Value::from(literal(value)))).collect::<Map>().into()
}

/// A regular expression for `text`. Dots stay as they are: `apps.example.com` is what an engineer would write, and
/// [`target_matches`] knows what it means.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\+*?()|[]{}^$".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

//! What the tests of the rules share: one good manifest of each kind, and single edits that break it.
//!
//! An edit is a line `path: value` with the value in YAML; `path: ~absent` removes the field.

use std::sync::LazyLock;

use super::context::{Context, External};
use super::finding::Finding;
use super::{KubernetesVersion, Profile, Schemas, Settings};
use crate::diag::Code;
use crate::object::Object;
use crate::source::KeyPath;
use crate::value::Value;

/// The fixtures, parsed once.
static FIXTURES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    serde_saphyr::from_multiple(include_str!("../../tests/cases/check/base.yaml"))
        .expect("the fixtures are YAML")
});

/// The schemas of each version, so that a definition is parsed once for all tests.
static SCHEMAS: LazyLock<[Schemas; 5]> = LazyLock::new(|| KubernetesVersion::ALL.map(Schemas::new));

/// Asserts that the edits make one finding on the fixture of `kind`, of that code and at that field, and no other.
#[track_caller]
pub(crate) fn refuses(code: &Code, kind: &str, edits: &str, field: &str) {
    refuses_in(KubernetesVersion::V1_35, code, kind, edits, field);
}

/// As [`refuses`], for another version than the usual one.
#[track_caller]
pub(crate) fn refuses_in(version: KubernetesVersion, code: &Code, kind: &str, edits: &str, field: &str) {
    let found = findings_of_one(version, edited(kind, edits));
    assert_eq!(found, [(code.name.to_owned(), field.to_owned())], "{kind} with {edits}");
}

/// Asserts that the edits leave the fixture of `kind` without a finding.
#[track_caller]
pub(crate) fn accepts(kind: &str, edits: &str) {
    accepts_in(KubernetesVersion::V1_35, kind, edits);
}

/// As [`accepts`], for another version than the usual one.
#[track_caller]
pub(crate) fn accepts_in(version: KubernetesVersion, kind: &str, edits: &str) {
    let found = findings_of_one(version, edited(kind, edits));
    assert!(found.is_empty(), "{kind} with {edits}: {found:?}");
}

/// Asserts that the whole set of rules finds exactly these pairs of object and field in a stream of YAML documents,
/// all of that code.
#[track_caller]
pub(crate) fn finds(code: &Code, documents: &str, expected: &[(&str, &str)]) {
    finds_with(&External::default(), code, documents, expected);
}

/// Asserts that a rule says something of the fixture of `kind` after the edits, and at that field alone. For rules of
/// practice: what other rules say of the fixture is not asked.
#[track_caller]
pub(crate) fn advises(code: &Code, kind: &str, edits: &str, field: &str) {
    advises_in(KubernetesVersion::V1_35, code, kind, edits, &[field]);
}

/// Asserts that a rule says nothing of the fixture of `kind` after the edits.
#[track_caller]
pub(crate) fn passes(code: &Code, kind: &str, edits: &str) {
    advises_in(KubernetesVersion::V1_35, code, kind, edits, &[]);
}

/// As [`advises`], for another version than the usual one and for any number of fields.
#[track_caller]
pub(crate) fn advises_in(version: KubernetesVersion, code: &Code, kind: &str, edits: &str, fields: &[&str]) {
    let objects = [Object::from_value(edited(kind, edits), "component", KeyPath::root())];
    let context = Context { profile: Profile::Strict, ..Context::new(schemas(version)) };
    let found = super::run(&objects, &context);
    let found: Vec<_> = found.iter().filter(|it| it.diagnostic.code == code).collect();
    let found: Vec<_> = found.iter().map(|it| it.diagnostic.field.as_deref().unwrap_or("")).collect();
    assert_eq!(found, fields, "{kind} with {edits}");
}

/// As [`finds`], without asking what other rules say of the documents.
#[track_caller]
pub(crate) fn finds_of(code: &Code, documents: &str, expected: &[(&str, &str)]) {
    let context = Context { profile: Profile::Strict, ..Context::new(schemas(KubernetesVersion::V1_35)) };
    let found = found_twice(&objects(documents), &context);
    let own: Vec<_> = found.iter().filter(|it| it.diagnostic.code == code).map(described).collect();
    let expected: Vec<_> =
        expected.iter().map(|(object, field)| format!("{} {object} {field}", code.name)).collect();
    assert_eq!(own, expected);
}

/// The fields of the fixture of `kind`, after the edits, that a rule points at under some settings.
pub(crate) fn advised_with(settings: &Settings, code: &Code, kind: &str, edits: &str) -> Vec<String> {
    let objects = [Object::from_value(edited(kind, edits), "component", KeyPath::root())];
    let schemas = schemas(KubernetesVersion::V1_35);
    let found = super::run(&objects, &Context { settings: settings.clone(), ..Context::new(schemas) });
    let own = found.into_iter().filter(|it| it.diagnostic.code == code);
    own.map(|it| it.diagnostic.field.unwrap_or_default()).collect()
}

/// As [`finds`], with things that exist outside.
#[track_caller]
pub(crate) fn finds_with(external: &External, code: &Code, documents: &str, expected: &[(&str, &str)]) {
    let schemas = schemas(KubernetesVersion::V1_35);
    let context = Context { external: external.clone(), profile: Profile::Strict, ..Context::new(schemas) };
    let found = found_twice(&objects(documents), &context);
    let found: Vec<_> = found.iter().filter(|it| concerns(code, it)).map(described).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(object, field)| format!("{} {object} {field}", code.name).trim_end().to_owned())
        .collect();
    assert_eq!(found, expected);
}

/// What is found in the objects. Rules that look across must find the same in their digests.
#[track_caller]
fn found_twice(objects: &[Object], context: &Context<'_>) -> Vec<Finding> {
    let digest = if objects.iter().any(super::is_policy) { |object| object } else { super::digest };
    let digests: Vec<Object> = objects.iter().cloned().map(digest).collect();
    let (whole, digested) =
        (super::findings_across(objects, context), super::findings_across(&digests, context));
    assert_eq!(whole, digested, "a rule reads what the digest leaves out");
    super::run(objects, context)
}

/// What a finding is weighed by: a rule of practice is tested by itself, and all that can refuse an object together.
fn concerns(code: &Code, finding: &Finding) -> bool {
    let is_practice = |name: &str| super::rule(name).is_some_and(|rule| rule.family.is_practice());
    let own = finding.diagnostic.code.name;
    // The rules of practice that stand among those of reachability keep their own names.
    let by_itself = is_practice(code.name) || code.name.starts_with("rel-");
    if by_itself { own == code.name } else { !is_practice(own) && !own.starts_with("rel-") }
}

/// The objects of a stream of YAML documents. A document `fixture: KIND` stands for that kind's fixture, with `edits`.
pub(crate) fn objects(documents: &str) -> Vec<Object> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(documents).expect("the documents are YAML");
    let objects = documents.into_iter().map(|document| {
        let value = match document["fixture"].as_str() {
            Some(kind) => edited(kind, document["edits"].as_str().unwrap_or("")),
            None => document,
        };
        Object::from_value(value, "component", KeyPath::of(["entities", "one"]))
    });
    objects.collect()
}

/// The fixtures of all kinds.
pub(crate) fn fixtures() -> &'static [Value] {
    &FIXTURES
}

/// The fixture of a kind after the edits.
pub(crate) fn edited(kind: &str, edits: &str) -> Value {
    let mut fixture = FIXTURES.iter().find(|it| it["kind"] == kind).expect("the kind has a fixture").clone();
    for edit in edits.lines().map(str::trim).filter(|line| !line.is_empty()) {
        apply(&mut fixture, edit);
    }
    fixture
}

pub(crate) fn schemas(version: KubernetesVersion) -> &'static Schemas {
    let schemas = SCHEMAS.iter().find(|schemas| schemas.version() == version);
    schemas.expect("there are schemas of each version")
}

fn described(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let object = diagnostic.object.as_deref().unwrap_or("");
    format!("{} {object} {}", diagnostic.code.name, diagnostic.field.as_deref().unwrap_or(""))
        .trim_end()
        .to_owned()
}

pub(crate) fn findings_of_one(version: KubernetesVersion, value: Value) -> Vec<(String, String)> {
    let objects = [Object::from_value(value, "component", KeyPath::root())];
    let found = super::findings_alone(&objects, &Context::new(schemas(version)));
    let is_practice =
        |it: &&Finding| super::rule(it.diagnostic.code.name).is_some_and(|rule| rule.family.is_practice());
    found
        .iter()
        .filter(|it| !is_practice(it))
        .map(|it| (it.diagnostic.code.name.to_owned(), it.diagnostic.field.clone().unwrap_or_default()))
        .collect()
}

fn apply(root: &mut Value, edit: &str) {
    let (path, value) = edit.split_once(": ").expect("an edit is `path: value`");
    let steps = steps(path);
    let (last, front) = steps.split_last().expect("a path has a step");
    let parent = front.iter().fold(root, |value, step| enter(value, step));
    if value == "~absent" {
        remove(parent, last);
    } else {
        *enter(parent, last) = serde_saphyr::from_str(value).expect("the value is YAML");
    }
}

fn enter<'a>(value: &'a mut Value, step: &Step) -> &'a mut Value {
    match step {
        Step::Key(key) => &mut value[key.as_str()],
        Step::Index(index) => {
            if value.is_null() {
                *value = Value::Array(Vec::new());
            }
            let items = value.as_array_mut().expect("the path leads into a list");
            if *index == items.len() {
                items.push(Value::Null);
            }
            &mut items[*index]
        }
    }
}

fn remove(parent: &mut Value, step: &Step) {
    match step {
        Step::Key(key) => drop(parent.as_object_mut().and_then(|fields| fields.remove(key))),
        Step::Index(index) => drop(parent.as_array_mut().map(|items| items.remove(*index))),
    }
}

enum Step {
    Key(String),
    Index(usize),
}

/// The steps of `spec.ports[0].name` and `metadata.labels[a/b]`.
fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (key, after) = inner.split_once(']').expect("a bracket is closed");
            steps.push(key.parse().map_or_else(|_| Step::Key(key.to_owned()), Step::Index));
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(Step::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
    }
    steps
}

#[test]
fn every_fixture_is_without_a_finding_in_every_version() {
    for version in KubernetesVersion::ALL {
        for fixture in FIXTURES.iter() {
            let found = findings_of_one(version, fixture.clone());
            assert!(found.is_empty(), "{version} {}: {found:?}", fixture["kind"]);
        }
    }
}

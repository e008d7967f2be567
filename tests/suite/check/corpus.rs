//! The corpus of single faults: each line of `tests/cases/check/<Kind>.tsv` changes one field of the manifest of that kind
//! in `tests/cases/check/base.yaml`, and says what kube-apiserver answers to the result.
//!
//! The columns are the verdict (`accept` or `refuse`), the path, the value as JSON (`~absent` removes the field), the
//! fields that the API server names, separated by ` | `, and the versions of Kubernetes that answer so, separated by
//! spaces. The last column is left out where every version of [`ASKED`] gives one answer. Where a server names no field, as
//! for a value that it cannot decode, the changed path stands there. The verdicts were recorded from real API servers
//! (`dryRun=All`, `fieldValidation=Strict`, no feature gates, no admission plugins beyond the defaults that look at one
//! object alone); they are not ours to edit.

use std::collections::{BTreeMap, BTreeSet};

use bayplan::check::{Context, KubernetesVersion, Profile, Schemas, run};
use bayplan::diag::Severity;
use bayplan::object::Object;
use bayplan::source::KeyPath;
use bayplan::value::Value;

/// The versions whose API servers were asked: 1.33.13, 1.34.4, 1.35.4, 1.36.3 and 1.37.1.
const ASKED: [KubernetesVersion; 5] = KubernetesVersion::ALL;

/// One line.
struct Mutation {
    kind: String,
    /// The versions that it holds for.
    versions: Vec<KubernetesVersion>,
    refused: bool,
    path: String,
    value: Option<Value>,
    fields: Vec<String>,
}

fn mutations() -> Vec<Mutation> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/check");
    let files = std::fs::read_dir(folder).expect("the corpus is part of the checkout");
    let mut paths: Vec<_> = files.map(|file| file.expect("the corpus can be read").path()).collect();
    paths.sort();
    let tables = paths.iter().filter(|path| path.extension().is_some_and(|it| it == "tsv"));
    let lines = tables.flat_map(|path| {
        let kind = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a table is text");
        text.lines().skip(1).map(|line| read(&kind, line)).collect::<Vec<_>>()
    });
    lines.collect()
}

fn read(kind: &str, line: &str) -> Mutation {
    let columns: Vec<_> = line.split('\t').collect();
    let (&[verdict, path, value, fields], versions) =
        columns.split_first_chunk().expect("a line has four columns, and a fifth where versions differ");
    let of_text = |text: &str| KubernetesVersion::parse(text).expect("a version that is known");
    Mutation {
        kind: kind.to_owned(),
        versions: match versions {
            [] => ASKED.to_vec(),
            some => some.iter().flat_map(|column| column.split(' ')).map(of_text).collect(),
        },
        refused: verdict == "refuse",
        path: path.to_owned(),
        value: (value != "~absent").then(|| serde_json::from_str(value).expect("the value is JSON")),
        fields: fields.split(" | ").map(str::to_owned).collect(),
    }
}

impl Mutation {
    /// The changed manifest.
    fn apply(&self, bases: &[Value]) -> Value {
        let base = bases.iter().find(|base| base["kind"] == self.kind.as_str());
        let mut object = base.expect("the kind has a base").clone();
        let steps = steps(&self.path);
        let (last, front) = steps.split_last().expect("a path has a step");
        let parent = front.iter().fold(&mut object, |value, step| match step.parse::<usize>() {
            Ok(index) if value.is_array() => &mut value[index],
            _ => &mut value[step.as_str()],
        });
        match (&self.value, parent) {
            (Some(value), Value::Array(items)) => {
                items[last.parse::<usize>().expect("an index")] = value.clone();
            }
            (Some(value), parent) => parent[last.as_str()] = value.clone(),
            (None, Value::Array(items)) => drop(items.remove(last.parse().expect("an index"))),
            (None, parent) => drop(parent.as_object_mut().and_then(|fields| fields.remove(last))),
        }
        object
    }

    fn shown(&self) -> String {
        let value = self.value.as_ref().map_or_else(|| "~absent".to_owned(), Value::to_string);
        format!("{} {} {value}", self.kind, self.path)
    }
}

/// `spec.ports[0].name` and `metadata.labels[a/b]` step by step.
fn steps(path: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((key, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            steps.push(key.to_owned());
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            steps.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    steps
}

/// Whether one of the fields lies within the other. The API server leaves out indices here and there, calls the labels of
/// a template `template.labels`, and names a map where we name the entry.
fn agree(server: &str, ours: &str) -> bool {
    let plain = |path: &str| -> Vec<String> {
        let dotted = path.replace(['[', ']'], ".");
        let parts = dotted.split('.').filter(|part| !part.is_empty() && part.parse::<usize>().is_err());
        let mut kept: Vec<String> = parts.map(str::to_owned).collect();
        let mut first = true;
        kept.retain(|part| std::mem::take(&mut first) || part != "metadata");
        kept
    };
    let (server, ours) = (plain(server), plain(ours));
    server.iter().zip(&ours).all(|(server, ours)| server == ours)
}

/// What the api profile says of an object by itself: the fields of its errors.
fn judge(schemas: &Schemas, value: Value) -> Vec<String> {
    let object = [Object::from_value(value, "component", KeyPath::root())];
    let context = Context { profile: Profile::Api, ..Context::new(schemas) };
    let errors = run(&object, &context).into_iter().map(|finding| finding.diagnostic);
    let errors = errors.filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| diagnostic.field.unwrap_or_default()).collect()
}

/// What is wrong with our answer to a line, if anything is.
fn disagreement(mutation: &Mutation, schemas: &Schemas, value: Value) -> Option<String> {
    let ours = judge(schemas, value);
    let right = if mutation.refused {
        ours.iter().any(|ours| mutation.fields.iter().any(|server| agree(server, ours)))
    } else {
        ours.is_empty()
    };
    let (version, shown, fields) = (schemas.version(), mutation.shown(), &mutation.fields);
    let verdict = if mutation.refused { "refused" } else { "accepted" };
    (!right).then(|| format!("{version}: {shown} is {verdict} at {fields:?}, and we say {ours:?}"))
}

fn bases() -> Vec<Value> {
    serde_saphyr::from_multiple(include_str!("../../cases/check/base.yaml")).expect("the bases are YAML")
}

#[test]
fn the_api_profile_judges_the_corpus_as_the_api_servers_do() {
    let (bases, mutations) = (bases(), mutations());
    let mut wrong = Vec::new();
    for version in ASKED {
        let schemas = Schemas::new(version);
        let asked = mutations.iter().filter(|mutation| mutation.versions.contains(&version));
        wrong.extend(asked.filter_map(|it| disagreement(it, &schemas, it.apply(&bases))));
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), mutations.len(), wrong.join("\n"));
    let refused = mutations.iter().filter(|mutation| mutation.refused).count();
    assert!(
        refused >= 3000 && mutations.len() > refused,
        "the corpus has shrunk: {refused} of {}",
        mutations.len()
    );
}

/// A change whose verdict depends on the version has one for each, and no two.
#[test]
fn each_version_gives_one_answer_to_a_change() {
    let mut answers = BTreeMap::new();
    for mutation in mutations() {
        for version in &mutation.versions {
            let key = (mutation.shown(), version.as_str());
            assert!(answers.insert(key, mutation.refused).is_none(), "{} {version}", mutation.shown());
        }
    }
    let changes: BTreeSet<_> = answers.keys().map(|(change, _)| change).collect();
    assert_eq!(answers.len(), changes.len() * ASKED.len(), "a version has no answer to some change");
}

#[test]
fn the_manifests_that_the_corpus_starts_from_are_accepted() {
    for version in ASKED {
        let schemas = Schemas::new(version);
        for base in bases() {
            assert_eq!(judge(&schemas, base.clone()), Vec::<String>::new(), "{version} {}", base["kind"]);
        }
    }
}

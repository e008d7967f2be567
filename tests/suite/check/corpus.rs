//! The corpus of single faults: each line of `tests/cases/check/<Kind>.tsv` changes one field of the manifest of that kind
//! in `tests/cases/check/base.yaml`, and says what kube-apiserver 1.35 answers to the result.
//!
//! The columns are the verdict (`accept` or `refuse`), the path, the value as JSON (`~absent` removes the field), and the
//! fields that the API server names, separated by ` | `. Where it names none, as for a value that it cannot decode, the
//! changed path stands there. The verdicts were recorded from a real API server (`dryRun=All`, `fieldValidation=Strict`,
//! no admission plugins beyond the defaults that look at one object alone); they are not ours to edit.

use bayplan::check::{Context, KubernetesVersion, Profile, Schemas, run};
use bayplan::diag::Severity;
use bayplan::object::Object;
use bayplan::source::KeyPath;
use bayplan::value::Value;

/// One line.
struct Mutation {
    kind: String,
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
    let [verdict, path, value, fields] =
        line.split('\t').collect::<Vec<_>>().try_into().expect("a line has four columns");
    Mutation {
        kind: kind.to_owned(),
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

#[test]
fn the_api_profile_judges_the_corpus_as_the_api_server_does() {
    let bases: Vec<Value> =
        serde_saphyr::from_multiple(include_str!("../../cases/check/base.yaml")).expect("the bases are YAML");
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let mutations = mutations();
    let mut wrong = Vec::new();
    for mutation in &mutations {
        let ours = judge(&schemas, mutation.apply(&bases));
        let right = if mutation.refused {
            ours.iter().any(|ours| mutation.fields.iter().any(|server| agree(server, ours)))
        } else {
            ours.is_empty()
        };
        if !right {
            let verdict = if mutation.refused { "refused" } else { "accepted" };
            wrong.push(format!(
                "{} is {verdict} at {:?}, and we say {ours:?}",
                mutation.shown(),
                mutation.fields
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), mutations.len(), wrong.join("\n"));
    let refused = mutations.iter().filter(|mutation| mutation.refused).count();
    assert!(
        refused >= 400 && mutations.len() > refused,
        "the corpus has shrunk: {refused} of {}",
        mutations.len()
    );
}

#[test]
fn the_manifests_that_the_corpus_starts_from_are_accepted() {
    let bases: Vec<Value> =
        serde_saphyr::from_multiple(include_str!("../../cases/check/base.yaml")).expect("the bases are YAML");
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    for base in bases {
        assert_eq!(judge(&schemas, base.clone()), Vec::<String>::new(), "{}", base["kind"]);
    }
}

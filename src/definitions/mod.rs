//! Definitions of custom resources: read from anywhere, brought into one form, and kept beside the platform.
//!
//! Takes files and folders of a [`Host`]; gives [`Definition`]s, and the files that `schemas/crds/` should hold. Refuses what is no
//! definition, what cannot be read and what the API server would not take. It writes nothing.
//!
//! ```
//! use std::path::PathBuf;
//!
//! use bayplan::definitions;
//! use bayplan::host::MemoryHost;
//! use bayplan::source::Sources;
//!
//! let host = MemoryHost::default().with_file("deployment.yaml", "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n");
//! let found = definitions::read(&host, &mut Sources::default(), &[PathBuf::from("deployment.yaml")]);
//! assert_eq!(found.problems[0].code.name, "no-definition");
//! ```

mod codes;
mod files;
mod normal;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::check::{self, Context, KubernetesVersion, Profile, Schemas};
use crate::diag::{Diagnostic, did_you_mean};
use crate::emit;
use crate::host::{Host, HostError};
use crate::manifest::{self, Problem, Reading};
use crate::object::{GroupVersionKind, Object};
use crate::source::{FileId, KeyPath, Sources, Span};
use crate::value::Value;

pub use codes::CODES;

use codes::{DEFINED_TWICE, NO_DEFINITION, UNKNOWN_DEFINITION};
use files::Bytes;

/// Where definitions are kept, below the folder of the platform.
pub const FOLDER: &str = "schemas/crds";

/// A definition of a custom resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its name: the plural and the group.
    pub name: String,
    /// The file that it was read from.
    pub file: String,
    /// Where its name stands there.
    pub place: Span,
    /// The whole of it, as it was read.
    pub value: Value,
}

/// What was found in files.
#[derive(Debug, Default)]
pub struct Found {
    /// The definitions, in the order of the files, each name once.
    pub definitions: Vec<Definition>,
    /// How many objects were none, beside definitions.
    pub passed: usize,
    /// What is wrong: a file that cannot be read, one without a definition, a definition that is none.
    pub problems: Vec<Diagnostic>,
    /// By what definitions are judged, once there is one.
    schemas: OnceCell<Schemas>,
}

/// What adding definitions comes to: nothing of it is written where there is a problem.
#[derive(Debug, Default)]
pub struct Addition {
    /// The definitions, by the file below [`FOLDER`] that each is kept in.
    pub files: BTreeMap<String, Kept>,
    /// How many objects were passed over.
    pub passed: usize,
    /// What keeps them from being added.
    pub problems: Vec<Diagnostic>,
}

/// A file of [`FOLDER`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its text.
    pub text: String,
    /// Which API versions of which kind it defines.
    pub what: String,
    /// What it is, beside what was there.
    pub change: Change,
}

/// A file beside the one that was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// There was none.
    Added,
    /// It says something else.
    Changed,
    /// It says the same.
    Unchanged,
}

impl Change {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}

impl Definition {
    /// The file below [`FOLDER`] that it is kept in.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.yaml", self.name)
    }

    /// The text of that file. The same definition always gives the same text.
    #[must_use]
    pub fn text(&self) -> String {
        let head = "what `bayplan schema add` keeps of it, to judge by; texts for people are left out";
        format!("# {}: {head}\n{}", self.name, emit::to_yaml(&normal::normal(&self.value)))
    }

    /// Which API versions of which kind it defines: `Boat in sea.example/v1, v2`.
    #[must_use]
    pub fn what(&self) -> String {
        let spec = &self.value["spec"];
        let versions = spec["versions"].as_array().into_iter().flatten();
        let served = versions.filter(|version| version["served"] == Value::Bool(true));
        let served: Vec<&str> = served.filter_map(|version| version["name"].as_str()).collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        format!("{} in {}/{}", text(&spec["names"]["kind"]), text(&spec["group"]), served.join(", "))
    }
}

/// The file that the definition of a kind is kept in, where one of these is its definition.
#[must_use]
pub fn file_of(definitions: &[Value], kind: &GroupVersionKind) -> Option<String> {
    let text = |definition: &Value, pointer: &str| {
        definition.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut definitions = definitions.iter();
    let definition = definitions.find(|definition| {
        text(definition, "/spec/names/kind") == kind.kind && text(definition, "/spec/group") == kind.group()
    })?;
    Some(format!("{FOLDER}/{}.yaml", text(definition, "/metadata/name")))
}

/// Whether objects of that kind define custom resources.
#[must_use]
pub fn is_definition(object: &Object) -> bool {
    object.id.gvk.kind == "CustomResourceDefinition"
}

/// The definitions in files and folders. `-` is the standard input.
pub fn read(host: &dyn Host, sources: &mut Sources, paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        let files = files::of(host, path);
        let (several, before) = (files.len() > 1, found.definitions.len());
        let old = std::mem::take(&mut found.problems);
        for file in files {
            found.add_file(sources, file);
        }
        // In a folder lies what else an operator needs, and a file of it may hold no definition.
        let excused = several && found.definitions.len() > before;
        found.problems.retain(|problem| !excused || problem.code != &NO_DEFINITION);
        found.problems.splice(0..0, old);
    }
    found.refuse_twice();
    found
}

/// Whatever calls itself a definition in files and folders, sound or not, and what could not be read.
#[must_use]
pub fn claimed(host: &dyn Host, paths: &[PathBuf]) -> (Vec<Value>, Vec<HostError>) {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for file in paths.iter().flat_map(|path| files::of(host, path)) {
        match file.bytes {
            Ok(bytes) => {
                let objects = manifest::read(&file.name, bytes).objects.into_iter();
                values.extend(objects.filter(is_definition).map(|object| object.value.into_value()));
            }
            Err(error) => errors.push(error),
        }
    }
    (values, errors)
}

/// The definitions that are kept beside the platform that `host` is of.
pub fn kept(host: &dyn Host, sources: &mut Sources) -> Found {
    match host.find(&format!("{FOLDER}/*")) {
        Ok(files) if files.is_empty() => Found::default(),
        _ => read(host, sources, &[PathBuf::from(FOLDER)]),
    }
}

/// What [`FOLDER`] of the platform that `host` is of holds once the definitions of `paths`, which are those of `from`, are added.
pub fn add(host: &dyn Host, from: &dyn Host, sources: &mut Sources, paths: &[PathBuf]) -> Addition {
    let Found { definitions, passed, problems, .. } = read(from, sources, paths);
    let files = definitions.iter().map(|definition| {
        let (name, text) = (definition.file_name(), definition.text());
        let change = match host.read(&format!("{FOLDER}/{name}")) {
            Err(_) => Change::Added,
            Ok(bytes) if bytes == text.as_bytes() => Change::Unchanged,
            Ok(_) => Change::Changed,
        };
        (name, Kept { text, what: definition.what(), change })
    });
    Addition { files: files.collect(), passed, problems }
}

/// The files to remove so that the definitions of these names are no longer kept.
///
/// # Errors
/// A diagnostic for each name that is not kept.
pub fn remove(host: &dyn Host, names: &[String]) -> Result<Vec<String>, Vec<Diagnostic>> {
    let found = kept(host, &mut Sources::default());
    let mut problems = Vec::new();
    let mut files = Vec::new();
    for name in names {
        match found.definitions.iter().find(|definition| definition.name == *name) {
            Some(definition) => files.push(definition.file.clone()),
            None => problems.push(not_kept(name, &found.definitions)),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn not_kept(name: &str, kept: &[Definition]) -> Diagnostic {
    let names = kept.iter().map(|definition| definition.name.as_str());
    let begins = kept.iter().find(|definition| definition.name.starts_with(&format!("{name}.")));
    let near = begins.map(|definition| definition.name.as_str()).or_else(|| did_you_mean(name, names));
    let hint = near.map_or_else(
        || "`bayplan schema list` prints what is kept".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Diagnostic::new(&UNKNOWN_DEFINITION, format!("no definition called `{name}` is kept in {FOLDER}/"))
        .hint(hint)
}

impl Found {
    fn add_file(&mut self, sources: &mut Sources, file: Bytes) {
        let bytes = match file.bytes {
            Ok(bytes) => bytes,
            Err(error) => return self.problems.push(error.diagnostic()),
        };
        let reading = manifest::read(&file.name, bytes);
        let id = sources.add(&file.name, reading.text.as_str());
        let at = |range: std::ops::Range<usize>| Span { file: id, start: range.start, end: range.end };
        for Problem { code, message, at: place, hint, .. } in &reading.problems {
            let hint = hint.clone().unwrap_or_else(|| "mend the file, or fetch it again".to_owned());
            self.problems.push(Diagnostic::new(code, message).at(Some(at(place.clone())), "").hint(hint));
        }
        let (mut some, mut others) = (false, 0);
        for (index, object) in reading.objects.iter().enumerate() {
            if is_definition(object) {
                some = true;
                self.add_object((&file.name, id), &reading, index);
            } else {
                others += 1;
            }
        }
        self.passed += if some { others } else { 0 };
        if !some && reading.problems.is_empty() {
            self.problems.push(no_definition(&file.name, id, &reading));
        }
    }

    fn add_object(&mut self, (name, id): (&str, FileId), reading: &Reading, index: usize) {
        let Some(object) = reading.objects.get(index) else { return };
        let span = |field: &KeyPath| {
            let range = reading.locate(index, field).shown(&reading.text);
            Span { file: id, start: range.start, end: range.end }
        };
        let problems = unsound(&self.schemas, object);
        if problems.is_empty() {
            return self.definitions.push(Definition {
                name: object.id.name.clone(),
                file: name.to_owned(),
                place: span(&KeyPath::of(["metadata", "name"])),
                value: Value::clone(&object.value),
            });
        }
        self.problems.extend(problems.into_iter().map(|finding| {
            let mut problem = finding.diagnostic.at(Some(span(&finding.field)), "");
            if problem.hints.is_empty() {
                problem = problem.hint("take the definition as its makers release it, or mend it");
            }
            problem
        }));
    }

    /// A name that stands twice is one definition where both say the same, and a problem where they do not.
    fn refuse_twice(&mut self) {
        let mut first: BTreeMap<String, Definition> = BTreeMap::new();
        let mut kept = Vec::new();
        for definition in std::mem::take(&mut self.definitions) {
            match first.get(&definition.name) {
                None => {
                    first.insert(definition.name.clone(), definition.clone());
                    kept.push(definition);
                }
                Some(other) if normal::normal(&other.value) == normal::normal(&definition.value) => {}
                Some(other) => {
                    let message = format!(
                        "`{}` is defined twice and differently: in {} and in {}",
                        definition.name, other.file, definition.file
                    );
                    self.problems.push(
                        Diagnostic::new(&DEFINED_TWICE, message)
                            .at(Some(definition.place), "")
                            .at(Some(other.place), "defined here first")
                            .hint("keep the one that is installed"),
                    );
                }
            }
        }
        self.definitions = kept;
    }
}

/// What the API server would refuse a definition for. A version of Kubernetes is as good as any other for that.
fn unsound(schemas: &OnceCell<Schemas>, object: &Object) -> Vec<check::Finding> {
    let schemas = schemas.get_or_init(|| Schemas::new(KubernetesVersion::V1_35));
    let context = Context { profile: Profile::Api, ..Context::new(schemas) };
    let found = check::findings(std::slice::from_ref(object), &context).into_iter();
    found.filter(|finding| finding.diagnostic.is_error()).collect()
}

fn no_definition(name: &str, id: FileId, reading: &Reading) -> Diagnostic {
    let what = match reading.objects.first() {
        Some(object) => format!("it holds {}", object.id),
        None => {
            reading.passed.first().map_or("it is empty".to_owned(), |(_, reason)| format!("it is: {reason}"))
        }
    };
    let range = match reading.objects.first() {
        Some(_) => reading.locate(0, &KeyPath::root()).shown(&reading.text),
        None => 0..0,
    };
    Diagnostic::new(&NO_DEFINITION, format!("there is no CustomResourceDefinition in {name}: {what}"))
        .at(Some(Span { file: id, start: range.start, end: range.end }), "")
        .hint("give the file with the definitions: operators release one beside their manifests")
}

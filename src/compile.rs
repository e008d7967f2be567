//! The driver: from the files of a platform to everything that is known of it.
//!
//! [`compile`] reads through a [`Host`] and runs the stages in order: `spec`, then for the base and for each
//! environment `resolve`, `lower` and `check`. What it gives is what every verb of the command line looks at. It
//! writes nothing: [`Compilation::tree`] is a value, and a host commits it.

mod allow;
mod context;
mod damage;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::check;
use crate::diag::{self, Diagnostic};
use crate::host::{Cause, Host, HostError};
use crate::layout::{self, Content, EnvironmentObjects, Extra, Tree};
use crate::lower;
use crate::model::Platform;
use crate::names::KubernetesVersion;
use crate::object::{Object, ObjectSet};
use crate::resolve::{self, Input};
use crate::source::{FileId, KeyPath, Layer, Node, Sources};
use crate::spec;

/// What to compile.
#[derive(Debug, Clone)]
pub struct Request {
    /// The platform's file, relative to the host's folder.
    pub file: String,
    /// Judge the output against this Kubernetes version instead of the one that the platform declares.
    pub kubernetes: Option<KubernetesVersion>,
}

impl Default for Request {
    fn default() -> Self {
        Self { file: "platform.toml".to_owned(), kubernetes: None }
    }
}

/// The result of a compilation, whether it succeeded or not.
#[derive(Debug)]
pub struct Output {
    /// The texts that were read: diagnostics point into them.
    pub sources: Sources,
    /// Everything that was found, folded over environments and sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The platform, or `None` where something of it is an error.
    pub compilation: Option<Compilation>,
}

/// A platform that is sound, in every environment.
#[derive(Debug)]
pub struct Compilation {
    /// The platform with no environment applied.
    pub base: Compiled,
    /// The environments, by name.
    pub environments: BTreeMap<String, Compiled>,
}

/// A platform in one environment.
#[derive(Debug)]
pub struct Compiled {
    /// What it means.
    pub model: Platform,
    /// The merged document that explains it.
    pub document: Node,
    /// The finished objects.
    pub objects: ObjectSet,
}

/// Compiles the platform that `request` names, for the base and for every environment.
#[must_use]
pub fn compile(host: &dyn Host, request: &Request) -> Output {
    let mut sources = Sources::default();
    let mut document = match read_document(host, &mut sources, &request.file) {
        Ok(document) => document,
        Err(diagnostics) => return failed(sources, diagnostics),
    };
    compile_document(host, request, sources, &mut document)
}

/// Compiles a platform that was built in memory. Files that it names are read from `host`.
#[must_use]
pub fn compile_spec(host: &dyn Host, request: &Request, file: &spec::File) -> Output {
    let value = serde_json::to_value(file).unwrap_or_default();
    let mut document = Node::from_json(&value, &Layer::Entity);
    compile_document(host, request, Sources::default(), &mut document)
}

fn compile_document(host: &dyn Host, request: &Request, mut sources: Sources, document: &mut Node) -> Output {
    let mut problems = spec::Shape::default().check(document);
    let files = read_named_files(host, &mut sources, document, &mut problems);
    if problems.iter().any(Diagnostic::is_error) {
        return failed(sources, problems);
    }
    let session = Session {
        document,
        sources: &sources,
        files: &files,
        kubernetes: request.kubernetes,
        schemas: OnceCell::new(),
    };
    let base = session.compile(None, &mut problems);
    let mut environments = BTreeMap::new();
    for name in resolve::environments(document) {
        if let Some(compiled) = session.compile(Some(&name), &mut problems) {
            environments.insert(name, compiled);
        }
    }
    let diagnostics = allow::apply(document, diag::fold(problems));
    let sound = diagnostics.iter().all(|diagnostic| !diagnostic.is_error());
    let compilation = base.filter(|_| sound).map(|base| Compilation { base, environments });
    Output { sources, diagnostics, compilation }
}

fn failed(sources: Sources, diagnostics: Vec<Diagnostic>) -> Output {
    Output { sources, diagnostics: diag::fold(diagnostics), compilation: None }
}

fn read_document(host: &dyn Host, sources: &mut Sources, path: &str) -> Result<Node, Vec<Diagnostic>> {
    let text = host.read_text(path).map_err(|error| vec![unreadable(host, sources, path, &error)])?;
    let file = sources.add(path, text);
    spec::parse(sources, file)
}

/// The error of the host as a diagnostic. A file that is not UTF-8 is shown up to the byte that is not.
fn unreadable(host: &dyn Host, sources: &mut Sources, path: &str, error: &HostError) -> Diagnostic {
    let diagnostic = error.diagnostic();
    let Cause::NotUtf8 { offset } = error.cause else { return diagnostic };
    let text = host.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let file = sources.add(path, text);
    diagnostic.at(Some(crate::source::Span { file, start: offset, end: offset + '\u{FFFD}'.len_utf8() }), "")
}

fn read_named_files(
    host: &dyn Host,
    sources: &mut Sources,
    document: &Node,
    problems: &mut Vec<Diagnostic>,
) -> BTreeMap<String, FileId> {
    let mut files = BTreeMap::new();
    for (path, named) in resolve::named_files(document) {
        if files.contains_key(&path) {
            continue;
        }
        match host.read_text(&path) {
            Ok(text) => {
                files.insert(path.clone(), sources.add(path, text));
            }
            Err(error) => problems.push(error.diagnostic().at(named, "named here")),
        }
    }
    files
}

/// What stays the same from one environment to the next.
struct Session<'a> {
    document: &'a Node,
    sources: &'a Sources,
    files: &'a BTreeMap<String, FileId>,
    kubernetes: Option<KubernetesVersion>,
    /// One version for all environments, since none of them may choose its own.
    schemas: OnceCell<check::Schemas>,
}

impl Session<'_> {
    fn compile(&self, environment: Option<&str>, problems: &mut Vec<Diagnostic>) -> Option<Compiled> {
        let input = Input { document: self.document, sources: self.sources, files: self.files, environment };
        let resolved = resolve::resolve(input);
        let mut found = resolved.warnings;
        let compiled = match resolved.value {
            Ok(resolved) => Some(self.lower(resolved, &mut found)),
            Err(mut errors) => {
                found.append(&mut errors);
                None
            }
        };
        for mut problem in found {
            problem.environments.extend(environment.map(str::to_owned));
            problems.push(problem);
        }
        compiled
    }

    fn lower(&self, resolved: resolve::Resolved, problems: &mut Vec<Diagnostic>) -> Compiled {
        let resolve::Resolved { mut platform, document } = resolved;
        if let Some(version) = self.kubernetes {
            platform.kubernetes = version;
        }
        let objects = lower::lower(&platform);
        problems.extend(idle_patches(&platform, &objects, &document));
        problems.extend(self.judge(&platform, &objects, &document));
        let (objects, _) = ObjectSet::collect(objects);
        Compiled { model: platform, document, objects }
    }

    /// Runs every rule over the objects and says where in the platform each finding comes from.
    fn judge(&self, platform: &Platform, objects: &[Object], document: &Node) -> Vec<Diagnostic> {
        let own;
        let schemas = self.schemas.get_or_init(|| context::schemas(platform.kubernetes));
        let schemas = if context::brings_definitions(objects) {
            own = context::with_definitions_of(context::schemas(platform.kubernetes), objects);
            &own
        } else {
            schemas
        };
        let context = context::context(platform, schemas);
        let judged =
            check::run(objects, &context).into_iter().map(|finding| (finding.source, finding.diagnostic));
        let damaged = damage::find(objects).into_iter().map(|(object, found)| (object.source.clone(), found));
        let placed = judged.chain(damaged).map(|(source, diagnostic)| {
            let text = format!("becomes {}", diagnostic.object.as_deref().unwrap_or("this object"));
            diagnostic.about(&source).at(place(document, &source), text)
        });
        placed.collect()
    }
}

fn idle_patches(platform: &Platform, objects: &[Object], document: &Node) -> Vec<Diagnostic> {
    let idle = lower::unmatched_patches(platform, objects);
    idle.into_iter()
        .map(|patch| {
            let path = patch.source.key("patch").key(&patch.target);
            let made = objects.iter().filter(|object| object.source == patch.source);
            let made: Vec<String> = made.map(|object| format!("`{}`", object.id.gvk.kind)).collect();
            let message = format!("`{path}` patches nothing: `{}` becomes no such object", patch.source);
            Diagnostic::new(&resolve::codes::OVERRIDE_WITHOUT_EFFECT, message)
                .at(place(document, &path), "")
                .about(&path)
                .hint(format!("it becomes {}", made.join(", ")))
        })
        .collect()
}

/// Every diagnostic of the driver itself, by name.
pub static CODES: &[&diag::Code] = &[&damage::KUSTOMIZE_DAMAGES];

fn place(document: &Node, path: &KeyPath) -> Option<crate::source::Span> {
    let node = document.nearest(path);
    node.origin.key.or(node.origin.span)
}

impl Compilation {
    /// The whole tree of files: the base, and each of the named environments as overlay and rendered.
    #[must_use]
    pub fn tree<'a>(&self, environments: impl IntoIterator<Item = &'a str>) -> Tree {
        let mut tree = layout::base(&self.base.objects);
        for name in environments {
            let Some(compiled) = self.environments.get(name) else { continue };
            let extras = extras(lower::artefacts(&compiled.model));
            let environment = EnvironmentObjects { name, objects: &compiled.objects, extras: &extras };
            tree.extend(layout::overlay(&self.base.objects, &environment));
            tree.extend(layout::rendered(&environment));
        }
        let models: Vec<&Platform> = self.environments.values().map(|compiled| &compiled.model).collect();
        for extra in extras(lower::shared_artefacts(&self.base.model, &models)) {
            tree.insert(extra.path, extra.content);
        }
        tree
    }
}

fn extras(artefacts: Vec<lower::Artefact>) -> Vec<Extra> {
    artefacts.into_iter().map(extra).collect()
}

fn extra(artefact: lower::Artefact) -> Extra {
    let markdown = artefact.path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md");
    let comment = if markdown { layout::Comment::Html } else { layout::Comment::Hash };
    let content = match artefact.content {
        lower::ArtefactContent::Yaml(value) => Content::Yaml(value),
        lower::ArtefactContent::Text(text) => {
            Content::Text { text, comment, executable: artefact.executable }
        }
    };
    Extra { path: artefact.path, content }
}

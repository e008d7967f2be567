//! The driver: from the files of a platform to everything that is known of it.
//!
//! [`compile`] reads through a [`Host`] and runs the stages in order: `spec`, then for the base and for each
//! environment `resolve`, `lower` and `check`. What it gives is what every verb of the command line looks at. It
//! writes nothing by itself: [`Compilation::plan`] is a value, and [`Compilation::write`] has a host commit it.

mod adoption;
mod allow;
mod base;
mod context;
mod damage;
mod delivery;
mod files;
mod groups;
mod helm;
mod import;
mod include;
mod own_rules;
mod parity;
mod place;
mod portable;
mod practice;
mod promote;
mod promote_files;
mod tenant_edit;
mod tenants;
mod with_text;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::check;
use crate::definitions;
use crate::diag::{self, Diagnostic, did_you_mean};
use crate::host::{Cause, Host, HostError};
use crate::lower;
use crate::model::{Elsewhere, Platform};
use crate::names::KubernetesVersion;
use crate::object::{Object, ObjectSet};
use crate::resolve::{self, Input};
use crate::source::{Damage, FileId, KeyPath, Layer, Node, Sources};
use crate::spec;

pub use files::{Refused, Selection};
pub use import::{ImportRequest, Imported, import_compose};
pub use parity::{Difference, ServiceParity, parity_of};
pub use promote::{Change, Promotion, promote};
pub use promote_files::{Promotions, promote_files};
pub use tenant_edit::{Edited, TenantEdit, edit_tenant};
pub use tenants::{Bundle, Tenants};

use place::Places;

/// What to compile.
#[derive(Debug, Clone)]
pub struct Request {
    /// The platform's file, relative to the host's folder.
    pub file: String,
    /// Judge the output against this Kubernetes version instead of the one that the platform declares.
    pub kubernetes: Option<KubernetesVersion>,
    /// Look also at how things are done, with the rules of this profile; without it only at what cannot work.
    pub advice: Option<check::Profile>,
}

impl Default for Request {
    fn default() -> Self {
        Self { file: "platform.toml".to_owned(), kubernetes: None, advice: None }
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

impl Output {
    /// The platform, for a program that goes no further without one.
    ///
    /// # Errors
    /// Everything that was found, where something of it is an error.
    pub fn into_result(self) -> Result<Compilation, Unsound> {
        let Self { sources, diagnostics, compilation } = self;
        compilation.ok_or(Unsound { sources, diagnostics })
    }
}

/// A platform that does not compile, and why. It displays as the report that the command line prints, without colour.
#[derive(Debug)]
pub struct Unsound {
    /// The texts that were read.
    pub sources: Sources,
    /// What was found: at least one error.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&diag::render::text(&self.diagnostics, &self.sources, diag::render::Style::default()))
    }
}

impl std::error::Error for Unsound {}

/// A platform that is sound, in every environment.
#[derive(Debug)]
pub struct Compilation {
    /// The platform with no environment applied.
    pub base: Compiled,
    /// The environments that run on Kubernetes, by name.
    pub environments: BTreeMap<String, Compiled>,
    /// The environments that run on no cluster: they are recorded, and nothing is written for them.
    pub elsewhere: Vec<Elsewhere>,
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
    /// What Argo CD is given for it; empty where it does not deliver it.
    pub delivery: ObjectSet,
    /// The definitions of custom resources that are kept beside the platform: they are judged by these.
    pub definitions: Arc<[crate::value::Value]>,
}

/// Compiles the platform that `request` names, for the base and for every environment.
#[must_use]
pub fn compile(host: &dyn Host, request: &Request) -> Output {
    let mut sources = Sources::default();
    match read_document(host, &mut sources, &request.file) {
        Ok(document) => compile_document(host, request, sources, document),
        Err(diagnostics) => failed(sources, diagnostics),
    }
}

/// Compiles the platform that `request` names as it would be with another text in its file; what it includes is read from `host`.
#[must_use]
pub fn compile_text(host: &dyn Host, request: &Request, text: &str) -> Output {
    compile(&with_text::WithText { host, file: &request.file, text }, request)
}

/// Compiles a platform that was built in memory. Files that it names are read from `host`.
#[must_use]
pub fn compile_spec(host: &dyn Host, request: &Request, file: &spec::File) -> Output {
    // What is typed serialises: its keys are strings.
    let value = crate::value::to_value(&file).unwrap_or_default();
    let document = Node::from_json(&value, &Layer::Entity);
    compile_document(host, request, Sources::default(), document)
}

fn compile_document(host: &dyn Host, request: &Request, mut sources: Sources, mut document: Node) -> Output {
    let mut damage = Damage::default();
    let mut problems = match include::join(host, &mut sources, &mut document, &request.file) {
        Ok(warnings) => warnings,
        Err(diagnostics) => return failed(sources, diagnostics),
    };
    problems.extend(spec::Shape::default().check(&mut document, &mut damage));
    let (files, mut unread) = read_named_files(host, &mut sources, &document, &mut damage);
    problems.append(&mut unread);
    let kept = definitions::kept(host, &mut sources);
    problems.extend(kept.problems);
    let (rules, refused) = own_rules::read(&document);
    problems.extend(refused);
    let session = Session {
        document: &document,
        rules,
        sources: &sources,
        files: &files,
        damage: &damage,
        kubernetes: request.kubernetes,
        advice: request.advice,
        definitions: kept.definitions.into_iter().map(|one| one.value).collect(),
        schemas: OnceCell::new(),
    };
    let (base, environments) = session.compile_all(&mut problems);
    problems.extend(adoption::not_promoted(&environments, &resolve::environments(&document)));
    if !problems.iter().any(Diagnostic::is_error) {
        problems.extend(resolve::unused(&document, &sources, &files));
    }
    let elsewhere = resolve::environments_elsewhere(&document);
    let compilation = base.map(|base| Compilation { base, environments, elsewhere });
    problems.extend(compilation.iter().flat_map(|compilation| helm::check(&document, compilation)));
    problems.extend(parity::check(host, &mut sources, &document, compilation.as_ref()));
    let today = host.today().to_string();
    let diagnostics = allow::apply(&document, diag::fold(problems), (&today, request.advice));
    let sound = diagnostics.iter().all(|diagnostic| !diagnostic.is_error());
    Output { sources, diagnostics, compilation: compilation.filter(|_| sound) }
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

/// The files that the document names. One that cannot be read is reported, and noted as damage.
fn read_named_files(
    host: &dyn Host,
    sources: &mut Sources,
    document: &Node,
    damage: &mut Damage,
) -> (BTreeMap<String, FileId>, Vec<Diagnostic>) {
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    for (path, named) in resolve::named_files(document) {
        if files.contains_key(&path) {
            continue;
        }
        match host.read_text(&path) {
            Ok(text) => {
                files.insert(path.clone(), sources.add(path, text));
            }
            Err(error) => {
                problems.push(unreadable(host, sources, &path, &error).at(named, "named here"));
                damage.lose_word(&path);
                named.into_iter().for_each(|span| damage.lose_span(span));
            }
        }
    }
    (files, problems)
}

/// What stays the same from one environment to the next.
struct Session<'a> {
    document: &'a Node,
    rules: Vec<Arc<check::CustomRule>>,
    sources: &'a Sources,
    files: &'a BTreeMap<String, FileId>,
    damage: &'a Damage,
    kubernetes: Option<KubernetesVersion>,
    advice: Option<check::Profile>,
    /// The definitions of custom resources that are kept beside the platform.
    definitions: Arc<[crate::value::Value]>,
    /// One version for all environments, since none of them may choose its own.
    schemas: OnceCell<check::Schemas>,
}

impl Session<'_> {
    /// The base and every environment that is sound, and everything that was found on the way.
    fn compile_all(&self, problems: &mut Vec<Diagnostic>) -> (Option<Compiled>, BTreeMap<String, Compiled>) {
        let (base, of_base) = self.compile(None);
        let names = resolve::environments(self.document);
        if names.is_empty() {
            problems.extend(of_base);
            return (base, BTreeMap::new());
        }
        let mut environments = BTreeMap::new();
        let mut found = Vec::new();
        for name in names {
            let (compiled, mut of_environment) = self.compile(Some(&name));
            found.append(&mut of_environment);
            environments.extend(compiled.map(|compiled| (name, compiled)));
        }
        problems.extend(base::explain(of_base, &found));
        problems.append(&mut found);
        (base, environments)
    }

    fn compile(&self, environment: Option<&str>) -> (Option<Compiled>, Vec<Diagnostic>) {
        let Self { document, sources, files, damage, .. } = *self;
        let resolved = resolve::resolve(Input { document, sources, files, environment, damage });
        let mut found = resolved.warnings;
        let compiled = match resolved.value {
            Ok(resolved) => Some(self.lower(resolved, &mut found)),
            Err(mut errors) => {
                found.append(&mut errors);
                None
            }
        };
        for problem in &mut found {
            problem.environments.extend(environment.map(str::to_owned));
        }
        (compiled, found)
    }

    fn lower(&self, resolved: resolve::Resolved, problems: &mut Vec<Diagnostic>) -> Compiled {
        let resolve::Resolved { mut platform, document } = resolved;
        if let Some(version) = self.kubernetes {
            platform.kubernetes = version;
        }
        let objects = lower::lower(&platform);
        problems.extend(idle_patches(&platform, &objects, &document));
        problems.extend(self.judge(&platform, &objects, &document));
        problems.extend(adoption::capacity_exceeded(&platform, &document));
        problems.extend(delivery::not_provided(&platform, &objects, &document));
        let (delivery, _) = ObjectSet::collect(lower::delivery(&platform, &objects));
        problems.extend(self.judge_delivery(&platform, &delivery, &objects, &document));
        let (objects, _) = ObjectSet::collect(objects);
        let definitions = Arc::clone(&self.definitions);
        Compiled { model: platform, document, objects, delivery, definitions }
    }

    fn schemas(&self, version: KubernetesVersion) -> &check::Schemas {
        self.schemas.get_or_init(|| context::schemas(version, &self.definitions))
    }

    /// Runs every rule over the objects and says where in the platform each finding comes from.
    fn judge(&self, platform: &Platform, objects: &[Object], document: &Node) -> Vec<Diagnostic> {
        let own;
        let schemas = self.schemas(platform.kubernetes);
        let schemas = if context::brings_definitions(objects) {
            own = context::with_definitions_of(
                context::schemas(platform.kubernetes, &self.definitions),
                objects,
            );
            &own
        } else {
            schemas
        };
        let mut context = context::context(platform, schemas);
        // What the base of a platform with environments lacks is theirs to add.
        let stands_alone = platform.environment.is_some() || resolve::environments(self.document).is_empty();
        context.practice = stands_alone && self.advice.is_some();
        if stands_alone {
            context.rules.clone_from(&self.rules);
        }
        context.profile = self.advice.unwrap_or_default();
        let found = practice::weigh(check::findings(objects, &context), context.profile);
        let found =
            found.filter(|finding| finding.diagnostic.is_error() || !is_brought(document, &finding.source));
        let places = Places { platform, document, sources: self.sources, files: self.files };
        let judged = found.map(|finding| {
            let object = finding.object.and_then(|index| objects.get(index));
            let span = places.of(&finding.source, object, &finding.field);
            let diagnostic = place::with_definition(finding.diagnostic, object, &self.definitions);
            (finding.source, diagnostic, span)
        });
        let at_entity = |(object, found): (&Object, Diagnostic)| {
            (object.source.clone(), found, place(document, &object.source))
        };
        let damaged = damage::find(objects).into_iter().map(at_entity);
        let base = if platform.environment.is_none() { objects } else { &[] };
        let of_one_cloud = portable::find(base).into_iter().map(at_entity);
        let placed = judged.chain(damaged).chain(of_one_cloud).map(|(source, diagnostic, span)| {
            let text = format!("becomes {}", diagnostic.object.as_deref().unwrap_or("this object"));
            diagnostic.about(&source).at(span, text)
        });
        placed.collect()
    }
}

/// Whether an object comes from what bayplan brings and nobody wrote: advice about it would be to the wrong person.
fn is_brought(document: &Node, source: &KeyPath) -> bool {
    fn nobodys(node: &Node) -> bool {
        node.origin.layer == Layer::Builtin
            && node.as_table().into_iter().flatten().all(|(_, child)| nobodys(child))
    }
    !source.segments().is_empty() && document.at(source).is_some_and(nobodys)
}

impl Session<'_> {
    /// What Argo CD is given is checked by itself: it lies in Argo CD's namespace, and often in another cluster. What the
    /// values of a chart name are Services of the environment.
    fn judge_delivery(
        &self,
        platform: &Platform,
        delivery: &ObjectSet,
        objects: &[Object],
        document: &Node,
    ) -> Vec<Diagnostic> {
        let Some(argocd) = &platform.delivery.argocd else { return Vec::new() };
        let mut context = check::Context::new(self.schemas(platform.kubernetes));
        context.external = context::beside(platform, objects);
        context.external.namespaces.insert(argocd.namespace.to_string(), BTreeMap::new());
        context.external.shared_namespaces.insert(argocd.namespace.to_string());
        let delivery: Vec<Object> = delivery.iter().cloned().collect();
        let placed = check::run(&delivery, &context).into_iter().map(|finding| {
            let text = format!("becomes {}", finding.diagnostic.object.as_deref().unwrap_or("this object"));
            finding.diagnostic.about(&finding.source).at(place(document, &finding.source), text)
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
            let made: BTreeSet<&str> = made.map(|object| object.id.gvk.kind.as_str()).collect();
            let hint = match did_you_mean(&patch.target, made.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if made.is_empty() => "remove it".to_owned(),
                None => format!("it becomes {}", made.into_iter().collect::<Vec<_>>().join(", ")),
            };
            let message = format!("`{path}` patches nothing: `{}` becomes no such object", patch.source);
            Diagnostic::new(&resolve::codes::OVERRIDE_WITHOUT_EFFECT, message)
                .at(place(document, &path), "")
                .about(&path)
                .hint(hint)
        })
        .collect()
}

/// Every diagnostic of the driver itself, by name.
pub static CODES: &[&diag::Code] = &[
    &own_rules::BAD_RULE,
    &helm::CHART_OVERLAP,
    &helm::CHART_VALUE,
    &delivery::CRD_NOT_PROVIDED,
    &helm::EMPTY_CHART,
    &include::INCLUDE_CYCLE,
    &include::INCLUDE_WITHOUT_FILES,
    &damage::KUSTOMIZE_DAMAGES,
    &parity::IDLE,
    &parity::LOST,
    &parity::MISSING,
    &parity::NARROWED,
    &parity::WIDENED,
];

fn place(document: &Node, path: &KeyPath) -> Option<crate::source::Span> {
    let node = document.nearest(path);
    node.origin.key.or(node.origin.span)
}

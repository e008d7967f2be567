//! Parity: every service of the Compose files that `[parity]` names is in the platform, or excused by name with a reason.
//!
//! Takes a compiled platform and a Compose project; gives what took the place of each service and how the two differ. A
//! missing service is an error. Ports, variables and volumes that are gone are warnings, and so is what edges allow that
//! networks did not; what networks allowed and edges do not is a note, for that is what edges are for.

mod codes;
mod compare;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use codes::{IDLE, LOST, MISSING, NARROWED, WIDENED};

use super::{Compilation, Output, import, place};
use crate::diag::{Diagnostic, did_you_mean};
use crate::host::Host;
use crate::import::compose::Project;
use crate::source::{KeyPath, Node, Sources};
use crate::spec;

/// How a service of the old system stands in one environment of the platform.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceParity {
    /// The service.
    pub service: String,
    /// The environment; `None` where the platform has none.
    pub environment: Option<String>,
    /// The entity in its place, by its path: `workloads.api`.
    pub entity: Option<String>,
    /// Why it has none.
    pub excused: Option<String>,
    /// How the two differ: what it is about (`3000`, `DEBUG`, `/data`, `db`), and what is said of it.
    pub differences: Vec<Difference>,
}

/// One way in which a service and the entity in its place differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What it is about, as `[parity.excused]` names it behind the service.
    pub part: String,
    /// What is said of it.
    pub finding: Diagnostic,
}

/// Compares a platform with the Compose files that its `[parity]` names.
pub(super) fn check(
    host: &dyn Host,
    sources: &mut Sources,
    document: &Node,
    compilation: Option<&Compilation>,
) -> Vec<Diagnostic> {
    let Some(compilation) = compilation else { return Vec::new() };
    match declared(host, sources, document) {
        None => Vec::new(),
        Some(Err(problems)) => problems,
        Some(Ok((declared, project))) => {
            let services = compare(compilation, &declared, &project);
            let mut found: Vec<Diagnostic> = services.iter().filter_map(|it| missing(it, &project)).collect();
            found.extend(services.into_iter().flat_map(|it| it.differences).map(|it| it.finding));
            found.extend(idle(&declared, document, &project, compilation));
            found
        }
    }
}

type Declared = (spec::Parity, Project);

/// What the platform declares, and the project that it names; `None` where it declares none.
fn declared(
    host: &dyn Host,
    sources: &mut Sources,
    document: &Node,
) -> Option<Result<Declared, Vec<Diagnostic>>> {
    let node = document.get("parity")?;
    let declared: spec::Parity = spec::read(node).ok()?;
    let files = declared.compose.clone().filter(|files| !files.is_empty())?;
    let named = place(document, &KeyPath::of(["parity", "compose"]));
    let read = import::read(host, sources, &files).map(|(project, _, _)| (declared, project));
    Some(read.map_err(|problems| {
        let unplaced = |mut problem: Diagnostic| {
            if problem.labels.is_empty() {
                problem = problem.at(named, "named here");
            }
            problem
        };
        problems.into_iter().map(unplaced).collect()
    }))
}

/// How the services of Compose files stand in a compiled platform: of `files` read through `host`, or of those that the
/// platform's `[parity]` names where there are none.
///
/// # Errors
/// What keeps the files from being Compose files, and where the platform names none.
pub fn parity_of(
    host: &dyn Host,
    output: &Output,
    compilation: &Compilation,
    files: &[String],
) -> Result<Vec<ServiceParity>, Vec<Diagnostic>> {
    let mut sources = output.sources.clone();
    let document = &compilation.base.document;
    let of_platform =
        document.get("parity").and_then(|node| spec::read::<spec::Parity>(node).ok()).unwrap_or_default();
    let named = of_platform.compose.clone().unwrap_or_default();
    let files = if files.is_empty() { &named } else { files };
    if files.is_empty() {
        let problem = Diagnostic::new(&MISSING, "the platform names no Compose file to be compared with");
        return Err(vec![
            problem.hint("write `[parity]` with `compose = [\"compose.yaml\"]`, or name one with --compose"),
        ]);
    }
    let (project, _, _) = import::read(host, &mut sources, files)?;
    Ok(compare(compilation, &of_platform, &project))
}

/// Every service in every environment that must have it.
#[must_use]
pub fn compare(compilation: &Compilation, declared: &spec::Parity, project: &Project) -> Vec<ServiceParity> {
    let wanted = |name: &String| declared.environments.as_ref().is_none_or(|names| names.contains(name));
    let environments: Vec<_> = compilation.environments.iter().filter(|(name, _)| wanted(name)).collect();
    if compilation.environments.is_empty() {
        return compare::services(&compilation.base, declared, project, None);
    }
    let each = environments.into_iter();
    each.flat_map(|(name, compiled)| compare::services(compiled, declared, project, Some(name))).collect()
}

/// That a service has nothing in its place.
fn missing(service: &ServiceParity, project: &Project) -> Option<Diagnostic> {
    if service.entity.is_some() || service.excused.is_some() {
        return None;
    }
    let name = &service.service;
    let span = project.services.get(name).and_then(|it| it.span);
    let mut problem =
        Diagnostic::new(&MISSING, format!("nothing in the platform takes the place of the service `{name}`"))
            .at(span, "")
            .hint(format!("add it, or name what took its place: `parity.services.{name} = \"workloads.…\"`"))
            .hint(format!("or say why it stays behind: `parity.excused.{name} = \"…\"`"));
    problem.environments.extend(service.environment.clone());
    Some(problem)
}

/// What `[parity]` says to no effect.
fn idle(
    declared: &spec::Parity,
    document: &Node,
    project: &Project,
    compilation: &Compilation,
) -> Vec<Diagnostic> {
    let at = |path: &KeyPath| document.at(path).and_then(|node| node.origin.key.or(node.origin.span));
    let mut found = Vec::new();
    let near = |name: &str| did_you_mean(name, project.services.keys().map(String::as_str));
    let instead = |name: &str| {
        near(name).map_or_else(|| "take the line out".to_owned(), |near| format!("did you mean `{near}`?"))
    };
    for name in
        declared.services.iter().flat_map(BTreeMap::keys).filter(|name| !project.services.contains_key(*name))
    {
        let path = KeyPath::of(["parity", "services", name]);
        let message = format!("`parity.services` names `{name}`, which is no service of the Compose files");
        found.push(Diagnostic::new(&IDLE, message).at(at(&path), "").hint(instead(name)));
    }
    let without = spec::Parity { excused: None, ..declared.clone() };
    let needed: BTreeSet<String> =
        compare(compilation, &without, project).into_iter().flat_map(excuses).collect();
    for (part, reason) in declared.excused.iter().flatten() {
        let path = KeyPath::of(["parity", "excused", part]);
        let message = match (reason.trim().is_empty(), needed.contains(part)) {
            (true, _) => format!("`{part}` is excused without a reason"),
            (false, false) => format!("`{part}` needs no excuse"),
            (false, true) => continue,
        };
        let hint = if reason.trim().is_empty() { "say why".to_owned() } else { instead(part) };
        found.push(Diagnostic::new(&IDLE, message).at(at(&path), "").hint(hint));
    }
    let known = |name: &&String| compilation.environments.contains_key(*name);
    for name in declared.environments.iter().flatten().filter(|name| !known(name)) {
        let path = KeyPath::of(["parity", "environments"]);
        let near = did_you_mean(name, compilation.environments.keys().map(String::as_str));
        let hint = near.map_or_else(|| "take it out".to_owned(), |near| format!("did you mean `{near}`?"));
        let message = format!("`parity.environments` names `{name}`, which is no environment on Kubernetes");
        found.push(Diagnostic::new(&IDLE, message).at(place(document, &path), "").hint(hint));
    }
    found
}

/// The excuses that a service needs, as they are written.
fn excuses(service: ServiceParity) -> Vec<String> {
    let name = service.service;
    let parts = service.differences.into_iter().map(|it| format!("{name}:{}", it.part));
    let whole = service.entity.is_none().then(|| name.clone());
    parts.chain(whole).collect()
}

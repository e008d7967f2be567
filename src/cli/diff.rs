//! `bayplan diff`: the difference of two environments, or of an environment and a cluster.

use std::collections::BTreeSet;
use std::path::Path;

use super::End;
use super::arguments::{Diff, Format};
use super::check::is_path;
use super::session::{Session, Show, print, say};
use crate::compile::Compilation;
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::manifest::{self, LARGEST};
use crate::object::Object;
use crate::report::diff::{self, Change, ObjectChange};
use crate::source::{Sources, Span};

pub(super) fn run(session: &Session, verb: &Diff) -> End {
    let output = session.compile(None);
    let Some(compilation) = &output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        return End::Failure;
    };
    let other = verb.other.as_str();
    let names = if is_path(other) {
        vec![verb.environment.clone()]
    } else {
        vec![verb.environment.clone(), other.to_owned()]
    };
    if let Err(unknown) = compilation.select(&names) {
        return session.fail(&unknown);
    }
    let changes = if is_path(other) {
        match cluster(session, other) {
            Ok(live) => against(compilation, verb, &live),
            Err(end) => return end,
        }
    } else {
        let objects = |name: &str| &compilation.environments[name].objects;
        diff::environments(objects(other), objects(&verb.environment))
    };
    report(session, verb, &changes)
}

/// Where a change leads, and where it starts: applying leads from the cluster to the environment.
fn ends(verb: &Diff) -> (&str, &str) {
    if is_path(&verb.other) { (&verb.environment, "the cluster") } else { (&verb.other, &verb.environment) }
}

fn report(session: &Session, verb: &Diff, changes: &[ObjectChange]) -> End {
    if session.format() == Format::Json {
        print(&format!("{:#}\n", diff::json(changes)));
    } else {
        print(&diff::text(changes, ends(verb)));
    }
    let count = |kind: fn(&Change) -> bool| changes.iter().filter(|it| kind(&it.change)).count();
    let (to, from) = ends(verb);
    session.tell(&format!(
        "{} only in {to}, {} only in {from}, {} changed",
        count(|change| matches!(change, Change::Missing)),
        count(|change| matches!(change, Change::Extra)),
        count(|change| matches!(change, Change::Fields(_)))
    ));
    if changes.is_empty() { End::Fine } else { End::Findings }
}

fn against(compilation: &Compilation, verb: &Diff, live: &[Object]) -> Vec<ObjectChange> {
    let compiled = &compilation.environments[&verb.environment];
    let mut changes = diff::live(compiled.objects.iter(), live, compiled.model.name.as_str());
    if verb.partial {
        let listed: BTreeSet<(&str, &str)> =
            live.iter().map(|it| (it.id.gvk.group(), it.id.gvk.kind.as_str())).collect();
        let is_listed =
            |it: &ObjectChange| listed.contains(&(it.object.gvk.group(), it.object.gvk.kind.as_str()));
        changes.retain(|it| it.change != Change::Missing || is_listed(it));
    }
    changes
}

/// The objects of a cluster, from a file or the standard input.
fn cluster(session: &Session, path: &str) -> Result<Vec<Object>, End> {
    let read = if path == "-" {
        session.host.input(LARGEST)
    } else {
        let path = Path::new(path);
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        session.host.read_at_most(&folder, &name, LARGEST)
    };
    let bytes = read.map_err(|error| session.fail(&[error.diagnostic()]))?;
    let reading = manifest::read("cluster", bytes);
    let mut sources = Sources::default();
    let file = sources.add(if path == "-" { "<stdin>" } else { path }, reading.text.clone());
    let problems: Vec<Diagnostic> = reading
        .problems
        .iter()
        .map(|problem| {
            let at = Span { file, start: problem.at.start, end: problem.at.end };
            Diagnostic::new(problem.code, problem.message.clone())
                .at(Some(at), "")
                .maybe_hint(problem.hint.clone())
        })
        .filter(Diagnostic::is_error)
        .collect();
    if !problems.is_empty() {
        session.show(&problems, &sources, Show::Warnings);
        return Err(End::Failure);
    }
    if reading.objects.is_empty() && !reading.text.contains("items:") && !reading.text.contains("\"items\"") {
        say("error: there is no object in it; give the output of `kubectl get … -o yaml`\n");
        return Err(End::Failure);
    }
    Ok(reading.objects)
}

//! `bayplan render`: compile, and write the tree; or compare it, or stream it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::End;
use super::arguments::{Format, Render};
use super::session::{Session, Show, print, say};
use crate::compile::{Compilation, Compiled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::emit;
use crate::host::{EditedFiles, File, Host, Outcome, Plan, Scopes, State, survey};
use crate::resolve::codes::UNKNOWN_ENVIRONMENT;

pub(super) fn run(session: &Session, verb: &Render) -> End {
    let start = Instant::now();
    let mut output = session.compile(None);
    if let (Some(compilation), Some(phase)) = (&mut output.compilation, verb.phase) {
        compilation.keep_phases(phase);
        session.tell(&format!("phase {phase}: {}", phases(compilation)));
    }
    let Some(compilation) = &output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        session.tell(&format!("nothing was written: {}", crate::diag::render::summary(&output.diagnostics)));
        return End::Failure;
    };
    let unknown: Vec<Diagnostic> =
        verb.environments.iter().filter_map(|name| unknown_environment(compilation, name)).collect();
    if !unknown.is_empty() {
        return session.fail(&unknown);
    }
    if verb.stdout {
        return stream(session, compilation, &verb.environments);
    }
    session.show(&output.diagnostics, &output.sources, Show::Warnings);
    let plan = plan(compilation, verb);
    if verb.check { compare(session, &plan) } else { write(session, compilation, verb, &plan, start) }
}

/// What a phase renders, and what it leaves out: no environment is dropped in silence.
fn phases(compilation: &Compilation) -> String {
    let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let rendered = compilation.environments.keys().map(String::as_str).collect();
    let left_out = compilation.elsewhere.iter().map(|other| other.name.as_str()).collect();
    format!("environments rendered: {}; left out: {}", list(rendered), list(left_out))
}

/// The error for an environment that the platform does not have.
pub(super) fn unknown_environment(compilation: &Compilation, name: &str) -> Option<Diagnostic> {
    if compilation.environments.contains_key(name) {
        return None;
    }
    if let Some(elsewhere) = compilation.elsewhere.iter().find(|elsewhere| elsewhere.name == name) {
        let message = format!(
            "environment `{name}` is on no cluster ({}): nothing is rendered for it",
            elsewhere.place
        );
        return Some(Diagnostic::new(&UNKNOWN_ENVIRONMENT, message));
    }
    let names: Vec<&str> = compilation.environments.keys().map(String::as_str).collect();
    let hint = did_you_mean(name, names.iter().copied()).map_or_else(
        || format!("the environments are: {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Some(Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).hint(hint))
}

fn chosen<'a>(compilation: &'a Compilation, names: &'a [String]) -> Vec<(&'a str, &'a Compiled)> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let all = compilation.environments.iter();
    all.filter(|(name, _)| wanted(name)).map(|(name, compiled)| (name.as_str(), compiled)).collect()
}

fn stream(session: &Session, compilation: &Compilation, names: &[String]) -> End {
    let chosen = chosen(compilation, names);
    let [(_, compiled)] = chosen.as_slice() else {
        let all: Vec<&str> = compilation.environments.keys().map(String::as_str).collect();
        say(&format!("error: --stdout streams one environment; name one of: {}\n", all.join(", ")));
        return End::Failure;
    };
    let values: Vec<&serde_json::Value> = compiled.objects.iter().map(|object| &object.value).collect();
    match session.format() {
        Format::Text => print(&emit::documents(values)),
        Format::Json => {
            print(&format!("{}\n", serde_json::json!({"apiVersion": "v1", "kind": "List", "items": values})));
        }
    }
    End::Fine
}

/// What the output folder should hold. Without names, it is all of it, so that what a removed environment left behind
/// is removed too.
fn plan(compilation: &Compilation, verb: &Render) -> Plan {
    let names: Vec<&str> =
        chosen(compilation, &verb.environments).into_iter().map(|(name, _)| name).collect();
    let files: BTreeMap<String, File> = emit::files(&compilation.tree(names.iter().copied()))
        .into_iter()
        .map(|(path, file)| (path, File { bytes: file.bytes, executable: file.executable }))
        .collect();
    let scopes = if verb.environments.is_empty() {
        Scopes::everything()
    } else {
        let at_root = files.keys().filter(|path| !path.contains('/')).cloned();
        let folders =
            names.iter().flat_map(|name| [format!("overlays/{name}/"), format!("rendered/{name}/")]);
        Scopes::of(at_root.chain(folders).chain(std::iter::once("base/".to_owned())))
    };
    let edited = if verb.force { EditedFiles::Overwrite } else { EditedFiles::Refuse };
    Plan::new(files, scopes).with_edited(edited)
}

fn write(session: &Session, compilation: &Compilation, verb: &Render, plan: &Plan, start: Instant) -> End {
    match session.host.commit(&session.output, plan) {
        Ok(outcome) => {
            for line in summary(compilation, verb, &outcome, start.elapsed()) {
                session.tell(&line);
            }
            for path in &outcome.kept {
                session.tell(&format!("kept {path}: bayplan did not write it"));
            }
            if let Some(folder) = &outcome.left_behind {
                session.tell(&format!("{folder} holds files that changed during the render"));
            }
            End::Fine
        }
        Err(errors) => {
            let diagnostics: Vec<Diagnostic> =
                errors.iter().map(crate::host::HostError::diagnostic).collect();
            session.fail(&diagnostics)
        }
    }
}

/// `rendered staging: 61 objects, 3 changed, 1 removed in 12 ms`, a line for each environment.
fn summary(compilation: &Compilation, verb: &Render, outcome: &Outcome, took: Duration) -> Vec<String> {
    let chosen = chosen(compilation, &verb.environments);
    chosen
        .into_iter()
        .map(|(name, compiled)| {
            let prefix = format!("rendered/{name}/");
            let count = |paths: &[String]| paths.iter().filter(|path| path.starts_with(&prefix)).count();
            format!(
                "rendered {name}: {} objects, {} changed, {} removed in {} ms",
                compiled.objects.len(),
                count(&outcome.written),
                count(&outcome.removed),
                took.as_millis()
            )
        })
        .collect()
}

fn compare(session: &Session, plan: &Plan) -> End {
    let survey = match survey(&session.host, &session.output, plan) {
        Ok(survey) => survey,
        Err(error) => return session.fail(&[error.diagnostic()]),
    };
    let unsettled: Vec<(&str, &State)> = survey.iter().filter(|(_, state)| !state.is_settled()).collect();
    if session.format() == Format::Json {
        let rows: Vec<_> = unsettled
            .iter()
            .map(|(path, state)| serde_json::json!({"path": path, "state": state.as_str()}))
            .collect();
        print(&format!("{}\n", serde_json::Value::from(rows)));
    } else {
        for (path, state) in &unsettled {
            print(&format!("{}: {path}\n", state.as_str()));
        }
    }
    if unsettled.is_empty() {
        session.tell("the output is up to date");
        return End::Fine;
    }
    session.tell(&format!(
        "{} of the output's files are not up to date; mend them with: bayplan render",
        unsettled.len()
    ));
    End::Findings
}

//! `bayplan render`: compile, and write the tree; or compare it, or stream it.

use std::time::{Duration, Instant};

use super::End;
use super::arguments::{Format, Render};
use super::session::{Session, Show, print, say};
use crate::compile::{Compilation, Compiled, Selection};
use crate::host::{EditedFiles, Host, HostError, Outcome, Plan, State, survey};

pub(super) fn run(session: &Session, verb: &Render) -> End {
    let start = Instant::now();
    let mut output = session.compile(None);
    if let (Some(compilation), Some(phase)) = (&mut output.compilation, verb.phase) {
        compilation.keep_phases(phase);
        session.tell(&format!("phase {phase}: {}", phases(compilation, phase)));
    }
    if let Some(compilation) = output.compilation.as_mut().filter(|_| !verb.group.is_empty())
        && let Err(unknown) = compilation.select_groups(&verb.group)
    {
        return session.fail(&unknown);
    }
    if let (Some(compilation), true) = (&mut output.compilation, verb.helm) {
        compilation.chart_everything();
    }
    let Some(compilation) = &output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        session.tell(&format!("nothing was written: {}", crate::diag::render::summary(&output.diagnostics)));
        return End::Failure;
    };
    let selection = match compilation.select(&verb.environments) {
        Ok(selection) => selection,
        Err(unknown) => return session.fail(&unknown),
    };
    if verb.stdout {
        return stream(session, compilation, &selection);
    }
    // A program that asks which files are stale gets that one document; `check` has the findings.
    if !verb.check || session.format() == Format::Text {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
    }
    let edited = if verb.force { EditedFiles::Overwrite } else { EditedFiles::Refuse };
    let plan = compilation.plan(&selection).with_edited(edited);
    if verb.check {
        return compare(session, &plan, &verb.environments);
    }
    match session.host.commit(&session.output, &plan) {
        Ok(outcome) => {
            for line in summary(compilation, &selection, &outcome, start.elapsed()) {
                session.tell(&line);
            }
            tell_exceptions(session, &outcome);
            End::Fine
        }
        Err(errors) => session.fail(&errors.iter().map(HostError::diagnostic).collect::<Vec<_>>()),
    }
}

/// What a phase renders, and what it leaves out: no environment is dropped in silence.
fn phases(compilation: &Compilation, phase: u32) -> String {
    let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let rendered = compilation.environments.keys().map(String::as_str).collect();
    let left_out = compilation.elsewhere.iter().map(|other| other.name.as_str()).collect();
    let groups = &compilation.base.model.rollout.groups;
    let (now, later): (Vec<_>, Vec<_>) =
        groups.iter().partition(|group| group.phase.is_none_or(|of_group| of_group <= phase));
    let keys =
        |groups: Vec<&crate::model::Group>| list(groups.iter().map(|group| group.key.as_str()).collect());
    let groups = match (groups.is_empty(), keys(now), keys(later)) {
        (true, ..) => String::new(),
        (false, now, later) => format!("; groups rendered: {now}; left out: {later}"),
    };
    format!("environments rendered: {}; left out: {}{groups}", list(rendered), list(left_out))
}

fn stream(session: &Session, compilation: &Compilation, selection: &Selection) -> End {
    let chosen: Vec<_> = compilation.selected(selection).collect();
    let [(_, compiled)] = chosen.as_slice() else {
        let all: Vec<&str> = compilation.environments.keys().map(String::as_str).collect();
        say(&format!("error: --stdout streams one environment; name one of: {}\n", all.join(", ")));
        return End::Failure;
    };
    match session.format() {
        Format::Json => {
            let items: Vec<_> = compiled.objects.iter().map(|object| &object.value).collect();
            print(&format!(
                "{}\n",
                crate::value::json!({"apiVersion": "v1", "kind": "List", "items": items})
            ));
        }
        // The others are formats of findings, and not of objects.
        _ => print(&compiled.yaml()),
    }
    End::Fine
}

/// What was left as it was found.
fn tell_exceptions(session: &Session, outcome: &Outcome) {
    for path in &outcome.kept {
        session.tell(&format!("kept {path}: bayplan did not write it"));
    }
    if let Some(folder) = &outcome.left_behind {
        session.tell(&format!("{folder} holds files that changed during the render"));
    }
}

/// `rendered staging: 61 objects, 3 changed, 1 removed in 12 ms`, a line for each environment; one for the base where there is none.
fn summary(
    compilation: &Compilation,
    selection: &Selection,
    outcome: &Outcome,
    took: Duration,
) -> Vec<String> {
    let line = |what: &str, folder: &str, objects: usize| {
        let count = |paths: &[String]| paths.iter().filter(|path| path.starts_with(folder)).count();
        let (changed, removed) = (count(&outcome.written), count(&outcome.removed));
        format!("{what}: {objects} objects, {changed} changed, {removed} removed in {} ms", took.as_millis())
    };
    if compilation.environments.is_empty() {
        let base = line("rendered the base", "base/", compilation.base.objects.len());
        return vec![base, "there is no finished tree yet: declare an `[environments.NAME]`".to_owned()];
    }
    let environment = |(name, compiled): (&str, &Compiled)| {
        line(&format!("rendered {name}"), &format!("rendered/{name}/"), compiled.objects.len())
    };
    compilation.selected(selection).map(environment).collect()
}

fn compare(session: &Session, plan: &Plan, environments: &[String]) -> End {
    let survey = match survey(&session.host, &session.output, plan) {
        Ok(survey) => survey,
        Err(error) => return session.fail(&[error.diagnostic()]),
    };
    let unsettled: Vec<(&str, &State)> = survey.iter().filter(|(_, state)| !state.is_settled()).collect();
    if session.format() == Format::Json {
        let rows: Vec<_> = unsettled
            .iter()
            .map(|(path, state)| crate::value::json!({"path": path, "state": state.as_str()}))
            .collect();
        print(&format!("{}\n", crate::value::Value::from(rows)));
    } else {
        for (path, state) in &unsettled {
            print(&format!("{}: {path}\n", state.as_str()));
        }
    }
    if unsettled.is_empty() {
        session.tell("the output is up to date");
        return End::Fine;
    }
    let edited = unsettled.iter().any(|(_, state)| matches!(state, State::Edited | State::EditedLeftOver));
    let files =
        if unsettled.len() == 1 { "1 file is".to_owned() } else { format!("{} files are", unsettled.len()) };
    session.tell(&format!("{files} not up to date; mend with: {}", session.command("render", environments)));
    if edited {
        session.tell("what was edited by hand belongs in platform.toml; once it is there, add --force to discard the edit");
    }
    End::Findings
}

//! `bayplan parity`: what took the place of each service of Docker Compose, and how the two differ.

use std::path::Path;

use super::End;
use super::arguments::{Format, Parity};
use super::session::{Session, Show, print};
use crate::compile::{ServiceParity, parity_of};
use crate::diag::Severity;
use crate::host::OsHost;
use crate::value::json;

pub(super) fn run(session: &Session, verb: &Parity) -> End {
    let output = session.compile(None);
    let Some(compilation) = &output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        return End::Failure;
    };
    let other =
        verb.compose.first().and_then(|file| file.parent()).filter(|folder| !folder.as_os_str().is_empty());
    let host = OsHost::new(if verb.compose.is_empty() {
        session.folder()
    } else {
        other.unwrap_or_else(|| Path::new("."))
    });
    let files: Vec<String> = verb
        .compose
        .iter()
        .filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned()))
        .collect();
    let services = match parity_of(&host, &output, compilation, &files) {
        Ok(services) => services,
        Err(problems) => return session.fail(&problems),
    };
    let shown: Vec<&ServiceParity> = services
        .iter()
        .filter(|it| verb.environment.is_none() || it.environment == verb.environment)
        .collect();
    if session.format() == Format::Json {
        print(&format!("{:#}\n", shown.iter().map(|it| value(it)).collect::<crate::value::Value>()));
    } else {
        shown.iter().for_each(|it| print(&lines(it)));
    }
    let settled = |it: &&ServiceParity| {
        let lost = it.differences.iter().any(|it| it.finding.severity != Severity::Note);
        (it.entity.is_some() || it.excused.is_some()) && !lost
    };
    if shown.iter().all(settled) { End::Fine } else { End::Findings }
}

/// `prod  api  workloads.rentguy-api`, and below it how the two differ.
fn lines(parity: &ServiceParity) -> String {
    let place = match (&parity.entity, &parity.excused) {
        (Some(entity), _) => entity.clone(),
        (None, Some(reason)) => format!("left behind: {reason}"),
        (None, None) => "missing".to_owned(),
    };
    let environment = parity.environment.as_deref().unwrap_or("-");
    let head = format!("{environment}\t{}\t{place}\n", parity.service);
    let rest = parity
        .differences
        .iter()
        .map(|it| format!("\t\t{}: {}\n", it.finding.severity.as_str(), it.finding.message));
    std::iter::once(head).chain(rest).collect()
}

fn value(parity: &ServiceParity) -> crate::value::Value {
    let difference = |it: &crate::compile::Difference| json!({"part": it.part, "code": it.finding.code.name, "severity": it.finding.severity.as_str(), "message": it.finding.message});
    json!({
        "service": parity.service,
        "environment": parity.environment,
        "entity": parity.entity,
        "excused": parity.excused,
        "differences": parity.differences.iter().map(difference).collect::<Vec<_>>(),
    })
}

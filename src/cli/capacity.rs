//! `bayplan capacity`: what environments ask for, against what their clusters offer.

use super::End;
use super::arguments::{Capacity, Format};
use super::session::{Session, Show, print};
use crate::report;

pub(super) fn run(session: &Session, verb: &Capacity) -> End {
    let output = session.compile(None);
    let Some(compilation) = &output.compilation else {
        session.show(&output.diagnostics, &output.sources, Show::Warnings);
        return End::Failure;
    };
    let selection = match compilation.select(&verb.environments) {
        Ok(selection) => selection,
        Err(unknown) => return session.fail(&unknown),
    };
    let reports: Vec<report::Capacity> = compilation
        .selected(&selection)
        .map(|(_, compiled)| {
            let all = report::capacity(&compiled.model);
            verb.without.iter().fold(all, |report, component| report.without(component))
        })
        .collect();
    if session.format() == Format::Json {
        print(&format!("{}\n", reports.iter().map(json).collect::<crate::value::Value>()));
    } else {
        print(&reports.iter().map(report::Capacity::table).collect::<Vec<_>>().join("\n"));
    }
    if reports.iter().all(|report| report.excess().is_empty()) { End::Fine } else { End::Findings }
}

fn json(report: &report::Capacity) -> crate::value::Value {
    let load = |load: report::Load| crate::value::json!({"millicores": load.millicores, "memory": load.memory, "pods": load.pods});
    crate::value::json!({
        "environment": report.environment,
        "cluster": report.cluster,
        "requests": load(report.requests()),
        "limits": load(report.limits()),
        "offered": {"millicores": report.millicores, "memory": report.memory, "pods": report.pods},
        "existing": load(report.existing),
        "excess": report.excess(),
    })
}

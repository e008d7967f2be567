//! `workload-strategy`: how a workload replaces its pods.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, as_integer};
use crate::value::Value;

code! {
    "workload-strategy", Error,
    means: "The update strategy is unknown, has `rollingUpdate` fields that do not belong to it, or numbers with which nothing could be replaced: `maxSurge` and `maxUnavailable` both 0, or more than 100 %.",
    matters: "The API server refuses the object.",
    example: "strategy: { type: Recreate, rollingUpdate: { maxSurge: 1 } }",
    instead: "strategy: { type: Recreate }",
    source: "ValidateDeploymentStrategy, ValidateDaemonSetUpdateStrategy and ValidateStatefulSetSpec in pkg/apis/apps/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec() else { return };
    match subject.kind {
        "Deployment" => deployment(spec, found),
        "DaemonSet" => daemon_set(spec, found),
        "StatefulSet" => stateful_set(spec, found),
        _ => {}
    }
}

fn deployment<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let Some(strategy) = spec.child("strategy") else { return };
    let Some(update) = update_of(strategy, "Recreate", found) else { return };
    let (surge, unavailable) = (amount(update, "maxSurge", found), amount(update, "maxUnavailable", found));
    at_most_all(update, "maxUnavailable", found);
    if surge.unwrap_or(25) == 0 && unavailable.unwrap_or(25) == 0 {
        found.add(&CODE, (update, "maxUnavailable"), "`maxUnavailable` and `maxSurge` are both 0");
    }
}

fn daemon_set<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let Some(strategy) = spec.child("updateStrategy") else { return };
    let Some(update) = update_of(strategy, "OnDelete", found) else { return };
    let surge = amount(update, "maxSurge", found).unwrap_or(0);
    let unavailable = amount(update, "maxUnavailable", found).unwrap_or(1);
    at_most_all(update, "maxUnavailable", found);
    at_most_all(update, "maxSurge", found);
    if surge != 0 && unavailable != 0 {
        found.add(&CODE, (update, "maxSurge"), "a surge needs `maxUnavailable: 0`");
    } else if surge == 0 && unavailable == 0 {
        found.add(&CODE, (update, "maxUnavailable"), "`maxUnavailable` and `maxSurge` are both 0");
    }
}

fn stateful_set<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let Some(strategy) = spec.child("updateStrategy") else { return };
    let Some(update) = update_of(strategy, "OnDelete", found) else { return };
    if let Some(partition) = update.integer("partition").filter(|partition| *partition < 0) {
        found.add(&CODE, (update, "partition"), format!("the partition is negative: {partition}"));
    }
    // `maxUnavailable` is dropped, unless the cluster has switched its feature on.
}

/// The `rollingUpdate` of a strategy whose other type is `other`.
fn update_of<'a>(strategy: &'a Value, other: &str, found: &mut Findings<'a>) -> Option<&'a Value> {
    let kind = strategy.text_or_empty("type");
    let update = strategy.child("rollingUpdate");
    if !matches!(kind, "" | "RollingUpdate") && kind != other {
        let message = format!("`{kind}` is no update strategy; there are RollingUpdate and {other}");
        found.add(&CODE, (strategy, "type"), message);
        return None;
    }
    if kind == other {
        // A DaemonSet's is passed over, as the API server does.
        if update.is_some()
            && (other == "Recreate" || strategy.below(&["rollingUpdate", "partition"]).is_some())
        {
            found.add(
                &CODE,
                (strategy, "rollingUpdate"),
                format!("the strategy {other} has no `rollingUpdate`"),
            );
        }
        return None;
    }
    update
}

/// A count or a percentage, as a number; `None` where it is missing or malformed.
fn amount<'a>(update: &'a Value, key: &'static str, found: &mut Findings<'a>) -> Option<i64> {
    let value = update.child(key)?;
    match value_of(value) {
        Ok(number) => Some(number),
        Err(problem) => {
            found.add(&CODE, value, format!("`{key}` {problem}"));
            None
        }
    }
}

/// `ValidatePositiveIntOrPercent`.
pub(super) fn value_of(value: &Value) -> Result<i64, &'static str> {
    match value {
        Value::String(text) => format::percent(text).map(i64::from).ok_or("is no percentage such as 25%"),
        _ => as_integer(value).filter(|number| *number >= 0).ok_or("is negative"),
    }
}

fn at_most_all<'a>(update: &'a Value, key: &'static str, found: &mut Findings<'a>) {
    if is_above_all(update, key) {
        found.add(&CODE, (update, key), format!("`{key}` is more than 100%"));
    }
}

/// Whether a percentage is more than 100.
pub(super) fn is_above_all(holder: &Value, key: &str) -> bool {
    holder.text(key).and_then(format::percent).is_some_and(|percent| percent > 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn deployments() {
        let update = "spec.strategy.rollingUpdate";
        refuses(&CODE, "Deployment", "spec.strategy.type: Recreate", update);
        refuses(&CODE, "Deployment", "spec.strategy: { type: Rolling }", "spec.strategy.type");
        refuses(
            &CODE,
            "Deployment",
            &format!("{update}: {{ maxSurge: 0, maxUnavailable: 0% }}"),
            &format!("{update}.maxUnavailable"),
        );
        refuses(&CODE, "Deployment", &format!("{update}.maxSurge: -1"), &format!("{update}.maxSurge"));
        refuses(&CODE, "Deployment", &format!("{update}.maxSurge: '1'"), &format!("{update}.maxSurge"));
        refuses(
            &CODE,
            "Deployment",
            &format!("{update}.maxUnavailable: 101%"),
            &format!("{update}.maxUnavailable"),
        );
        accepts("Deployment", &format!("{update}: {{ maxSurge: 200%, maxUnavailable: 100% }}"));
        accepts("Deployment", "spec.strategy: { type: Recreate }");
        accepts("Deployment", &format!("{update}: {{ maxSurge: 0 }}"));
    }

    #[test]
    fn daemon_sets_and_stateful_sets() {
        let update = "spec.updateStrategy.rollingUpdate";
        refuses(&CODE, "DaemonSet", &format!("{update}.maxSurge: 1"), &format!("{update}.maxSurge"));
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{update}.maxUnavailable: 0"),
            &format!("{update}.maxUnavailable"),
        );
        refuses(&CODE, "StatefulSet", &format!("{update}.partition: -1"), &format!("{update}.partition"));
        refuses(&CODE, "StatefulSet", "spec.updateStrategy.type: OnDelete", update);
        accepts("DaemonSet", "spec.updateStrategy.type: OnDelete");
    }
}

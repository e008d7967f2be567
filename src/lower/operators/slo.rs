//! The rules of an objective: recorded error ratios, and alerts on how fast its error budget burns.
//!
//! Windows and shares are those of the table "Recommended parameters for an SLO-based alerting configuration" of Google's
//! Site Reliability Workbook, chapter 5 (<https://sre.google/workbook/alerting-on-slos/>): a page when 2 % of the budget
//! burns within an hour or 5 % within six, a ticket when 10 % burns within three days. Each long window is confirmed by
//! one of a twelfth of it, so that an alert ends soon after its cause. For a budget of 30 days the rates are 14.4, 6 and 1.

use crate::lower::metadata::pairs;
use crate::lower::operators::monitoring::annotations;
use crate::model::Slo;
use crate::object::custom::{Rule, RuleGroup};

/// What stands for the range of a rate in what the user wrote.
const WINDOW: &str = "$window";
/// The windows that ratios are recorded over.
const WINDOWS: [&str; 5] = ["5m", "30m", "1h", "6h", "3d"];

/// A share of the budget that burns within a window.
struct Burn {
    long: &'static str,
    hours: u64,
    short: &'static str,
    percent: u64,
    severity: &'static str,
}

const BURNS: [Burn; 3] = [
    Burn { long: "1h", hours: 1, short: "5m", percent: 2, severity: "page" },
    Burn { long: "6h", hours: 6, short: "30m", percent: 5, severity: "page" },
    Burn { long: "3d", hours: 72, short: "6h", percent: 10, severity: "ticket" },
];

pub(super) fn groups(slo: &Slo) -> Vec<RuleGroup> {
    let name = slo.name.as_str();
    vec![
        RuleGroup {
            name: format!("slo-{name}-ratios"),
            rules: WINDOWS.iter().map(|window| ratio(slo, window)).collect(),
        },
        RuleGroup {
            name: format!("slo-{name}-burn"),
            rules: BURNS.iter().map(|burn| alert(slo, burn)).collect(),
        },
    ]
}

/// The name that the ratio of errors over a window is recorded under.
pub(super) fn record(window: &str) -> String {
    format!("slo:error_ratio:rate{window}")
}

/// The error budget as a share of all events: PromQL computes it better than decimal text would be rounded.
pub(super) fn budget(objective: &str) -> String {
    format!("((100 - {objective}) / 100)")
}

fn ratio(slo: &Slo, window: &str) -> Rule {
    let (errors, total) = (slo.errors.replace(WINDOW, window), slo.total.replace(WINDOW, window));
    Rule {
        record: Some(record(window)),
        expr: format!("({errors}) / ({total})"),
        labels: pairs([("slo", slo.name.as_str())]),
        ..Rule::default()
    }
}

fn alert(slo: &Slo, burn: &Burn) -> Rule {
    let name = slo.name.as_str();
    let rate = rate(burn, slo.days);
    let budget = budget(&slo.objective);
    let above = |window: &str| format!("{}{{slo=\"{name}\"}} > {rate} * {budget}", record(window));
    let summary = format!(
        "{name} burns its error budget of {} days {rate} times too fast ({} % within {})",
        slo.days, burn.percent, burn.long
    );
    let mut annotations = annotations(&summary, &slo.runbook);
    if !slo.description.is_empty() {
        annotations.insert("description".to_owned(), slo.description.clone());
    }
    Rule {
        alert: Some("ErrorBudgetBurn".to_owned()),
        expr: format!("{} and {}", above(burn.long), above(burn.short)),
        labels: pairs([("severity", burn.severity), ("slo", name), ("window", burn.long)]),
        annotations,
        ..Rule::default()
    }
}

/// How many times faster than evenly the budget burns when that share of it burns within the window, in thousandths.
fn rate(burn: &Burn, days: u32) -> String {
    let thousandths = burn.percent * u64::from(days) * 24 * 10 / burn.hours;
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    let text = format!("{whole}.{part:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;

    #[test]
    fn the_rates_of_thirty_days_are_those_of_the_workbook() {
        assert_eq!(BURNS.map(|burn| rate(&burn, 30)), ["14.4", "6", "1"]);
        assert_eq!(BURNS.map(|burn| rate(&burn, 28)), ["13.44", "5.6", "0.933"]);
    }

    #[test]
    fn every_alert_reads_what_is_recorded() {
        let slo = Slo {
            source: KeyPath::root(),
            name: crate::lower::fixture::legal("api"),
            description: String::new(),
            objective: "99.9".to_owned(),
            days: 30,
            errors: "sum(rate(e[$window]))".to_owned(),
            total: "sum(rate(t[$window]))".to_owned(),
            runbook: "https://wiki/api".to_owned(),
        };
        let groups = groups(&slo);
        assert_eq!(groups[0].rules[0].expr, "(sum(rate(e[5m]))) / (sum(rate(t[5m])))");
        let recorded: Vec<String> = groups[0].rules.iter().filter_map(|rule| rule.record.clone()).collect();
        for burn in &BURNS {
            assert!(recorded.contains(&record(burn.long)) && recorded.contains(&record(burn.short)));
        }
        let page = "slo:error_ratio:rate1h{slo=\"api\"} > 14.4 * ((100 - 99.9) / 100) and \
                    slo:error_ratio:rate5m{slo=\"api\"} > 14.4 * ((100 - 99.9) / 100)";
        assert_eq!(groups[1].rules[0].expr, page);
    }
}

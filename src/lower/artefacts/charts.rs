//! The charts of an environment that Argo CD does not deliver: their values, and a script that installs them in order.

use std::fmt::Write;

use super::Artefact;
use super::template::command;
use crate::model::{Chart, Platform};

/// The files of `charts/`; none where Argo CD installs the charts, or where there are none.
pub(super) fn files(platform: &Platform) -> Vec<Artefact> {
    let by_argocd = platform.delivery.argocd.as_ref().is_some_and(|argocd| argocd.enabled);
    let charts = &platform.delivery.charts;
    if by_argocd || charts.is_empty() {
        return Vec::new();
    }
    let values = charts
        .iter()
        .map(|chart| Artefact::yaml(format!("charts/{}.yaml", chart.release), chart.values.clone()));
    values.chain([Artefact::script("charts/install.sh", script(charts))]).collect()
}

fn script(charts: &[Chart]) -> String {
    let mut text = "#!/usr/bin/env bash\n\
                    # Installs the charts that the platform stands on, each at its pinned version; run again, it changes nothing.\n\
                    set -euo pipefail\n\
                    cd \"$(dirname \"$0\")\"\n"
        .to_owned();
    let mut ordered: Vec<&Chart> = charts.iter().collect();
    ordered.sort_by_key(|chart| (chart.depth, chart.release.as_str()));
    for chart in ordered {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "helm {} --wait", command(&arguments(chart)));
    }
    text
}

fn arguments(chart: &Chart) -> Vec<String> {
    let plain = ["upgrade", "--install", chart.release.as_str()].map(str::to_owned);
    let mut arguments = plain.to_vec();
    if chart.repository.contains("://") && !chart.repository.starts_with("oci://") {
        arguments.extend([chart.chart.clone(), "--repo".to_owned(), chart.repository.clone()]);
    } else {
        let registry = chart.repository.trim_start_matches("oci://").trim_end_matches('/');
        arguments.push(format!("oci://{registry}/{}", chart.chart));
    }
    arguments.extend(["--version".to_owned(), chart.version.clone()]);
    arguments.extend([
        "--namespace".to_owned(),
        chart.namespace.to_string(),
        "--create-namespace".to_owned(),
    ]);
    arguments.extend(["--values".to_owned(), format!("{}.yaml", chart.release)]);
    if chart.skip_crds {
        arguments.push("--skip-crds".to_owned());
    }
    arguments
}

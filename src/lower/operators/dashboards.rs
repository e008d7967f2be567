//! Pages of Grafana, as ConfigMaps that its sidecar finds by a label.
//!
//! Source of the model: <https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/>.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::monitoring::{COMPONENT, Draft};
use super::slo;
use crate::lower::metadata;
use crate::model::{Dashboard, DashboardContent, Monitoring};
use crate::object::Object;
use crate::value::{Value, json};

/// The version of the model of a page that Grafana 11 and later read.
const SCHEMA_VERSION: u32 = 39;

pub(super) fn config(draft: &Draft<'_>, page: &Dashboard) -> Object {
    let text = match &page.content {
        DashboardContent::Json(text) => text.clone(),
        DashboardContent::SloBurnRate(title) => drawn(page, title, &burn_rates(draft.monitoring)),
        DashboardContent::CertificateExpiry(title) => drawn(page, title, &certificates()),
        DashboardContent::ExternalProbeHealth(title) => drawn(page, title, &probes()),
    };
    let mut labels = draft.labels();
    labels.insert(draft.monitoring.dashboard_label.clone(), "1".to_owned());
    let name = format!("dashboard-{}", page.name);
    let map = ConfigMap {
        metadata: metadata::of(&name, &draft.monitoring.namespace, labels),
        data: Some(BTreeMap::from([(format!("{}.json", page.name), text)])),
        ..ConfigMap::default()
    };
    Object::from_typed(&map, COMPONENT, page.source.clone())
}

/// One graph: a title, the unit of its values, and an expression with the legend of each line.
struct Panel {
    title: String,
    unit: &'static str,
    lines: Vec<(String, String)>,
}

fn drawn(page: &Dashboard, title: &str, panels: &[Panel]) -> String {
    let panels: Vec<Value> = panels.iter().zip(0_u32..).map(|(panel, at)| graph(panel, at)).collect();
    let page = json!({
        "uid": page.name.as_str(),
        "title": title,
        "schemaVersion": SCHEMA_VERSION,
        "editable": false,
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "1m",
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]},
        "panels": panels,
    });
    format!("{page:#}\n")
}

/// Two graphs stand side by side on the 24 columns of a page.
fn graph(panel: &Panel, at: u32) -> Value {
    let source = json!({"type": "prometheus", "uid": "${source}"});
    let lines = panel.lines.iter().zip('A'..).map(|((expr, legend), letter)| {
        json!({"refId": letter.to_string(), "expr": expr, "legendFormat": legend, "datasource": source})
    });
    json!({
        "id": at + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": source,
        "gridPos": {"x": at % 2 * 12, "y": at / 2 * 8, "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "targets": lines.collect::<Vec<_>>(),
    })
}

fn burn_rates(monitoring: &Monitoring) -> Vec<Panel> {
    let panel = |slo: &crate::model::Slo| {
        let line = |window: &str| {
            let ratio = slo::record(window);
            let expr = format!("{ratio}{{slo=\"{}\"}} / {}", slo.name, slo::budget(&slo.objective));
            (expr, format!("over {window}"))
        };
        Panel {
            title: format!("{}: burn rate, {}% over {} days", slo.name, slo.objective, slo.days),
            unit: "none",
            lines: ["5m", "1h", "6h", "3d"].map(line).to_vec(),
        }
    };
    monitoring.slos.iter().map(panel).collect()
}

fn certificates() -> Vec<Panel> {
    let panel = |title: &str, metric: &str, legend: &str| Panel {
        title: title.to_owned(),
        unit: "s",
        lines: vec![(format!("{metric} - time()"), legend.to_owned())],
    };
    vec![
        panel(
            "Certificates of cert-manager: time left",
            "certmanager_certificate_expiration_timestamp_seconds",
            "{{namespace}}/{{name}}",
        ),
        panel("Certificates seen from outside: time left", "probe_ssl_earliest_cert_expiry", "{{instance}}"),
    ]
}

fn probes() -> Vec<Panel> {
    let panel = |title: &str, unit: &'static str, expr: &str| Panel {
        title: title.to_owned(),
        unit,
        lines: vec![(expr.to_owned(), "{{instance}}".to_owned())],
    };
    vec![
        panel("Success", "bool_yes_no", "probe_success"),
        panel("Share of successes over an hour", "percentunit", "avg_over_time(probe_success[1h])"),
        panel("Time until the answer", "s", "probe_duration_seconds"),
        panel("Status of the answer", "none", "probe_http_status_code"),
    ]
}

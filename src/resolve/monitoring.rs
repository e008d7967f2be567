//! Monitoring: what is read, what is promised, what raises an alert, and who is told.

use std::collections::BTreeMap;

use super::scope::{Scope, enabled};
use super::servers;
use crate::diag::Diagnostic;
use crate::model::{
    Alert, Collector, Dashboard, DashboardContent, Edge, EdgePort, ExternalProbe, Monitor, Monitoring, Pairs,
    Peer, Receiver, ReceiverKind, Slo, Workload,
};
use crate::names::{DnsLabel, ImageRef};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::{BAD_VALUE, MISSING_KEY};

/// What stands for the range of a rate in the expressions of an objective.
const WINDOW: &str = "$window";

/// Monitoring, and the edges from Prometheus to what it reads.
pub(super) fn build(
    scope: &mut Scope<'_>,
    workloads: &BTreeMap<String, &Workload>,
) -> (Option<Monitoring>, Vec<Edge>) {
    let spec = scope.spec.monitoring.as_ref().filter(|monitoring| monitoring.enabled != Some(false));
    let Some(spec) = spec else {
        // What rests on it is off where it is off, and was forgotten where it never was.
        if scope.spec.monitoring.is_none() {
            report_unwatched(scope);
        }
        return (None, Vec::new());
    };
    let path = KeyPath::of(["monitoring"]);
    let Some(namespace) = scope.namespace(&path, spec.namespace.as_deref()) else {
        return (None, Vec::new());
    };
    let interval = spec.interval.clone().unwrap_or_else(|| "30s".to_owned());
    let monitors = monitors(scope, workloads, &interval);
    let usual = || Pairs::from([("app.kubernetes.io/name".to_owned(), "prometheus".to_owned())]);
    let from = Peer::Pods {
        namespace: namespace.clone(),
        labels: spec.prometheus_labels.clone().unwrap_or_else(usual),
    };
    let edges = edges(&monitors, workloads, &from);
    let monitoring = Monitoring {
        labels: spec.labels.clone().unwrap_or_default(),
        dashboard_label: spec.dashboard_label.clone().unwrap_or_else(|| "grafana_dashboard".to_owned()),
        prober: spec.prober.clone().unwrap_or_else(|| "prometheus-blackbox-exporter:9115".to_owned()),
        monitors: monitors.into_iter().map(|(_, monitor)| monitor).collect(),
        slos: slos(scope),
        alerts: alerts(scope),
        certificate_expiry: expiry(scope, &path, spec.certificate_expiry.as_deref()),
        probes: probes(scope),
        dashboards: dashboards(scope),
        receivers: receivers(scope, spec, &namespace),
        prometheus: servers::server(scope, "prometheus", spec.prometheus.as_ref()),
        alertmanager: servers::server(scope, "alertmanager", spec.alertmanager.as_ref()),
        loki: servers::loki(scope, spec.loki.as_ref()),
        namespace,
    };
    (Some(monitoring), edges)
}

/// Nouns that nothing would read.
fn report_unwatched(scope: &mut Scope<'_>) {
    let spec = scope.spec;
    let first = |noun: &str, key: Option<&String>| key.map(|key| KeyPath::of([noun, key]));
    let nouns = [
        first("slos", spec.slos.iter().flatten().next().map(|(key, _)| key)),
        first("alerts", spec.alerts.iter().flatten().next().map(|(key, _)| key)),
        first("external-probes", spec.external_probes.iter().flatten().next().map(|(key, _)| key)),
        first("dashboards", spec.dashboards.iter().flatten().next().map(|(key, _)| key)),
    ];
    for path in nouns.into_iter().flatten() {
        let message = format!("`{path}` needs a table `[monitoring]`, and there is none");
        let problem = Diagnostic::new(&MISSING_KEY, message).at(scope.key_span(&path), "");
        scope.report(problem.hint("add `[monitoring]` with the `namespace` that Prometheus runs in"));
    }
}

fn monitors(
    scope: &mut Scope<'_>,
    workloads: &BTreeMap<String, &Workload>,
    usual: &str,
) -> Vec<(String, Monitor)> {
    let mut monitors = Vec::new();
    for (key, spec) in enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled) {
        let (Some(metrics), Some(workload)) = (&spec.metrics, workloads.get(key)) else { continue };
        let path = KeyPath::of(["workloads", key, "metrics"]);
        let Some(port) = scope.required(&path, "port", metrics.port.as_deref()) else { continue };
        let ports = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
        let Some(found) = ports.iter().find(|known| known.name.as_str() == port) else {
            let known: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
            scope.unknown_port(&path.key("port"), (key, port), &known);
            continue;
        };
        let by_service = workload
            .services
            .iter()
            .any(|service| service.ports.iter().any(|offered| offered.name == found.name));
        let monitor = Monitor {
            source: path,
            workload: workload.name.clone(),
            namespace: workload.namespace.clone(),
            component: workload.component.clone(),
            port: found.name.clone(),
            by_service,
            path: metrics.path.clone().unwrap_or_else(|| "/metrics".to_owned()),
            interval: metrics.interval.clone().unwrap_or_else(|| usual.to_owned()),
        };
        monitors.push((key.to_owned(), monitor));
    }
    monitors
}

fn edges(monitors: &[(String, Monitor)], workloads: &BTreeMap<String, &Workload>, from: &Peer) -> Vec<Edge> {
    let edge = |(key, monitor): &(String, Monitor)| {
        let workload = workloads.get(key)?;
        let ports = workload.containers.first()?.ports.iter().filter(|port| port.name == monitor.port);
        Some(Edge {
            source: monitor.source.clone(),
            from: from.clone(),
            to: Peer::Workload { namespace: monitor.namespace.clone(), name: monitor.workload.clone() },
            ports: ports.map(|port| EdgePort { number: port.number, protocol: port.protocol }).collect(),
        })
    };
    monitors.iter().filter_map(edge).collect()
}

fn slos(scope: &mut Scope<'_>) -> Vec<Slo> {
    let slos = enabled(scope.spec.slos.as_ref(), |slo| slo.enabled);
    slos.into_iter().filter_map(|(key, slo)| slo_of(scope, key, slo)).collect()
}

fn slo_of(scope: &mut Scope<'_>, key: &str, slo: &spec::Slo) -> Option<Slo> {
    let path = KeyPath::of(["slos", key]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let objective = objective(scope, &path, slo.objective.as_deref());
    let errors = rate(scope, &path, ("errors", slo.errors.as_ref()));
    let total = rate(scope, &path, ("total", slo.total.as_ref()));
    Some(Slo {
        source: path,
        name: name?,
        description: slo.description.clone().unwrap_or_default(),
        objective: objective?,
        days: slo.days.unwrap_or(30).max(1),
        errors: errors?,
        total: total?,
        runbook: slo.runbook.clone().unwrap_or_default(),
    })
}

/// A share in percent, below 100: a budget of nothing is burnt by the first error.
fn objective(scope: &mut Scope<'_>, path: &KeyPath, text: Option<&str>) -> Option<String> {
    let text = scope.required(path, "objective", text)?;
    let number = text.strip_suffix('%').map(str::trim);
    let share =
        number.and_then(|number| number.parse::<f64>().ok()).filter(|share| *share > 0.0 && *share < 100.0);
    if let (Some(number), Some(_)) = (number, share) {
        return Some(number.to_owned());
    }
    let at = path.key("objective");
    let message = format!("`{}`: `{text}` is no share between 0% and 100%", scope.written(&at));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&at), "");
    scope.report(problem.hint("write it as in `\"99.9%\"`"));
    None
}

fn rate(scope: &mut Scope<'_>, path: &KeyPath, (key, text): (&str, Option<&String>)) -> Option<String> {
    let text = scope.required(path, key, text)?;
    if text.contains(WINDOW) {
        return Some(text.clone());
    }
    let at = path.key(key);
    let message = format!("`{}` has no `{WINDOW}`, so it is the same over every window", scope.written(&at));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&at), "");
    scope.report(problem.hint(format!("write the range as `[{WINDOW}]`")));
    None
}

fn alerts(scope: &mut Scope<'_>) -> Vec<Alert> {
    let alerts = enabled(scope.spec.alerts.as_ref(), |alert| alert.enabled);
    let one = |(key, alert): (&str, &spec::Alert)| {
        let path = KeyPath::of(["alerts", key]);
        let name = scope.parse_key(&path, DnsLabel::parse);
        let expr = scope.required(&path, "expr", alert.expr.clone());
        let summary = scope.required(&path, "summary", alert.summary.clone());
        Some(Alert {
            source: path,
            name: name?,
            expr: expr?,
            holds: alert.r#for.clone().unwrap_or_else(|| "5m".to_owned()),
            severity: alert.severity.clone().unwrap_or_else(|| "ticket".to_owned()),
            summary: summary?,
            runbook: alert.runbook.clone().unwrap_or_default(),
        })
    };
    alerts.into_iter().filter_map(one).collect()
}

/// Seconds; days are what people count the life of a certificate in.
fn expiry(scope: &mut Scope<'_>, path: &KeyPath, text: Option<&str>) -> Option<u64> {
    let text = text?;
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok()) {
        return Some(u64::from(days) * 86_400);
    }
    let found = scope.parse(&path.key("certificate-expiry"), text, crate::names::Duration::parse)?;
    Some(u64::from(found.seconds()))
}

fn probes(scope: &mut Scope<'_>) -> Vec<ExternalProbe> {
    let probes = enabled(scope.spec.external_probes.as_ref(), |probe| probe.enabled);
    let one = |(key, probe): (&str, &spec::ExternalProbe)| {
        let path = KeyPath::of(["external-probes", key]);
        let name = scope.parse_key(&path, DnsLabel::parse);
        let targets = scope.required(&path, "targets", probe.targets.clone());
        Some(ExternalProbe {
            source: path,
            name: name?,
            targets: targets?,
            module: probe.module.clone().unwrap_or_else(|| "http_2xx".to_owned()),
            interval: probe.interval.clone().unwrap_or_else(|| "60s".to_owned()),
        })
    };
    probes.into_iter().filter_map(one).collect()
}

fn dashboards(scope: &mut Scope<'_>) -> Vec<Dashboard> {
    let dashboards = enabled(scope.spec.dashboards.as_ref(), |dashboard| dashboard.enabled);
    dashboards.into_iter().filter_map(|(key, dashboard)| dashboard_of(scope, key, dashboard)).collect()
}

fn dashboard_of(scope: &mut Scope<'_>, key: &str, dashboard: &spec::Dashboard) -> Option<Dashboard> {
    let path = KeyPath::of(["dashboards", key]);
    let name = scope.parse_key(&path, DnsLabel::parse)?;
    let titled = |usual: &str| dashboard.title.clone().unwrap_or_else(|| usual.to_owned());
    let content = match (dashboard.shows, &dashboard.file) {
        (Some(spec::DashboardKind::SloBurnRate), None) => {
            DashboardContent::SloBurnRate(titled("SLO Burn Rate"))
        }
        (Some(spec::DashboardKind::CertificateExpiry), None) => {
            DashboardContent::CertificateExpiry(titled("Certificate Expiry"))
        }
        (Some(spec::DashboardKind::ExternalProbeHealth), None) => {
            DashboardContent::ExternalProbeHealth(titled("External Probe Health"))
        }
        (None, Some(text)) => DashboardContent::Json(page(scope, &path.key("file"), text)?),
        _ => {
            scope.one_of(&path, &["shows", "file"]);
            return None;
        }
    };
    Some(Dashboard { source: path, name, content })
}

fn page(scope: &mut Scope<'_>, path: &KeyPath, text: &str) -> Option<String> {
    let Err(error) = serde_json::from_str::<crate::value::Map>(text) else {
        return Some(text.to_owned());
    };
    let message = format!("`{}` is no page of Grafana in JSON: {error}", scope.written(path));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(path), "");
    scope.report(problem.hint("export the page from Grafana, under `Share`, as JSON"));
    None
}

fn receivers(scope: &mut Scope<'_>, spec: &spec::Monitoring, namespace: &DnsLabel) -> Vec<Receiver> {
    let mut receivers = Vec::new();
    for (name, receiver) in spec.receivers.iter().flatten() {
        let path = KeyPath::of(["monitoring", "receivers", name]);
        let (noun, secret, kind) = match (&receiver.slack, &receiver.pagerduty, &receiver.webhook) {
            (Some(secret), None, None) => {
                let Some(channel) = scope.required(&path, "channel", receiver.channel.clone()) else {
                    continue;
                };
                ("slack", secret, ReceiverKind::Slack(channel))
            }
            (None, Some(secret), None) => ("pagerduty", secret, ReceiverKind::PagerDuty),
            (None, None, Some(secret)) => ("webhook", secret, ReceiverKind::Webhook),
            _ => {
                scope.one_of(&path, &["slack", "pagerduty", "webhook"]);
                continue;
            }
        };
        let at = path.key(noun);
        let owner = scope.required(&at, "secret", secret.secret.as_deref());
        let key = scope.required(&at, "key", secret.key.clone());
        let (Some(owner), Some(key)) = (owner, key) else { continue };
        let Some(owner) = super::secrets::read_by(scope, &at, namespace, owner) else { continue };
        receivers.push(Receiver {
            source: path,
            name: name.clone(),
            kind,
            secret: (owner, key),
            severities: receiver.severities.clone().unwrap_or_default(),
        });
    }
    receivers
}

/// The collectors, which need no Prometheus.
pub(super) fn collectors(scope: &mut Scope<'_>) -> Vec<Collector> {
    let collectors = enabled(scope.spec.collectors.as_ref(), |collector| collector.enabled);
    collectors.into_iter().filter_map(|(key, collector)| collector_of(scope, key, collector)).collect()
}

fn collector_of(scope: &mut Scope<'_>, key: &str, collector: &spec::Collector) -> Option<Collector> {
    let path = KeyPath::of(["collectors", key]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let namespace = scope.namespace(&path, collector.namespace.as_deref());
    let image = scope.optional(&path.key("image"), collector.image.as_deref(), ImageRef::parse);
    if collector.traces_to.is_none() && collector.logs_to.is_none() {
        scope.one_of(&path, &["traces-to", "logs-to"]);
    }
    let usual = spec::Resources {
        cpu: Some("100m..500m".to_owned()),
        memory: Some("256Mi..512Mi".to_owned()),
        ..spec::Resources::default()
    };
    let own = collector.resources.as_ref().unwrap_or(&usual);
    let resources = super::container::resources(scope, &path, Some(own));
    Some(Collector {
        source: path,
        name: name?,
        namespace: namespace?,
        image,
        replicas: collector.replicas.unwrap_or(1),
        traces_to: collector.traces_to.clone(),
        logs_to: collector.logs_to.clone(),
        resources,
    })
}

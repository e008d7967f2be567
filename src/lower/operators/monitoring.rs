//! The Prometheus Operator: what is read, what raises an alert, and where alerts go.

use crate::lower::labels::{self, Selectors};
use crate::lower::metadata;
use crate::lower::metadata::pairs;
use crate::lower::operators::{dashboards, servers, slo};
use crate::model::{Alert, ExternalProbe, Monitor, Monitoring, Pairs, Platform, Receiver, ReceiverKind};
use crate::object::Object;
use crate::object::custom::{self, Rule, RuleGroup};
use crate::source::KeyPath;

pub(super) const COMPONENT: &str = "monitoring";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let Some(monitoring) = &platform.operators.monitoring else { return Vec::new() };
    let draft = Draft { platform, monitoring };
    let mut objects: Vec<Object> = monitoring.monitors.iter().map(|found| monitor(&draft, found)).collect();
    for slo in &monitoring.slos {
        objects.push(draft.rules(slo.name.as_str(), slo::groups(slo), &slo.source));
    }
    objects.extend(monitoring.alerts.iter().map(|found| alert(&draft, found)));
    if let Some(seconds) = monitoring.certificate_expiry {
        let source = KeyPath::of(["monitoring", "certificate-expiry"]);
        objects.push(draft.rules("certificate-expiry", vec![certificates(seconds)], &source));
    }
    for found in &monitoring.probes {
        objects.push(probe(&draft, found));
        let name = format!("probe-{}", found.name);
        objects.push(draft.rules(&name, vec![probe_rules(found)], &found.source));
    }
    objects.extend(monitoring.dashboards.iter().map(|page| dashboards::config(&draft, page)));
    if !monitoring.receivers.is_empty() {
        objects.push(receivers(&draft));
    }
    objects.extend(servers::lower(platform, monitoring));
    objects
}

/// What every object of this file is made from.
pub(super) struct Draft<'a> {
    pub platform: &'a Platform,
    pub monitoring: &'a Monitoring,
}

impl Draft<'_> {
    /// The labels of the platform, and those by which Prometheus finds what it is to watch.
    pub(super) fn labels(&self) -> Pairs {
        let mut labels = labels::of_platform(self.platform);
        labels.extend(self.monitoring.labels.clone());
        labels
    }

    fn rules(&self, name: &str, groups: Vec<RuleGroup>, source: &KeyPath) -> Object {
        let meta = metadata::of(name, &self.monitoring.namespace, self.labels());
        let typed = custom::PrometheusRule::new(meta, custom::PrometheusRuleSpec { groups });
        Object::from_typed(&typed, COMPONENT, source.clone())
    }
}

fn monitor(draft: &Draft<'_>, monitor: &Monitor) -> Object {
    let endpoint = custom::MetricsEndpoint {
        port: monitor.port.to_string(),
        path: monitor.path.clone(),
        interval: monitor.interval.clone(),
    };
    let selector = Selectors::of(draft.platform).selector(&monitor.namespace, &monitor.workload);
    let meta = metadata::of(monitor.workload.as_str(), &monitor.namespace, draft.labels());
    let component = monitor.component.as_str();
    if monitor.by_service {
        let spec = custom::ServiceMonitorSpec { selector, endpoints: vec![endpoint] };
        let typed = custom::ServiceMonitor::new(meta, spec);
        return Object::from_typed(&typed, component, monitor.source.clone());
    }
    let spec = custom::PodMonitorSpec { selector, pod_metrics_endpoints: vec![endpoint] };
    Object::from_typed(&custom::PodMonitor::new(meta, spec), component, monitor.source.clone())
}

/// What people read of an alert.
pub(super) fn annotations(summary: &str, runbook: &str) -> Pairs {
    let mut annotations = pairs([("summary", summary)]);
    if !runbook.is_empty() {
        annotations.insert("runbook_url".to_owned(), runbook.to_owned());
    }
    annotations
}

fn alert(draft: &Draft<'_>, alert: &Alert) -> Object {
    let rule = Rule {
        alert: Some(camel(alert.name.as_str())),
        expr: alert.expr.clone(),
        for_: Some(alert.holds.clone()),
        labels: pairs([("severity", alert.severity.as_str())]),
        annotations: annotations(&alert.summary, &alert.runbook),
        ..Rule::default()
    };
    let group = RuleGroup { name: alert.name.to_string(), rules: vec![rule] };
    draft.rules(&format!("alert-{}", alert.name), vec![group], &alert.source)
}

/// `queue-too-long` as alerts are called: `QueueTooLong`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split('-').map(word).collect()
}

/// Certificates of cert-manager, and those that probes from outside meet.
fn certificates(seconds: u64) -> RuleGroup {
    let rule = |name: &str, metric: &str, summary: &str| Rule {
        alert: Some(name.to_owned()),
        expr: format!("{metric} - time() < {seconds}"),
        for_: Some("1h".to_owned()),
        labels: pairs([("severity", "ticket")]),
        annotations: annotations(summary, ""),
        ..Rule::default()
    };
    let of_cert_manager =
        "Certificate {{ $labels.namespace }}/{{ $labels.name }} ends in {{ $value | humanizeDuration }}";
    let of_probes = "The certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}";
    RuleGroup {
        name: "certificate-expiry".to_owned(),
        rules: vec![
            rule(
                "CertificateExpiry",
                "certmanager_certificate_expiration_timestamp_seconds",
                of_cert_manager,
            ),
            rule("ExternalCertificateExpiry", "probe_ssl_earliest_cert_expiry", of_probes),
        ],
    }
}

fn probe(draft: &Draft<'_>, probe: &ExternalProbe) -> Object {
    let spec = custom::ProbeSpec {
        job_name: job(probe),
        interval: probe.interval.clone(),
        module: probe.module.clone(),
        prober: custom::Prober { url: draft.monitoring.prober.clone() },
        targets: custom::ProbeTargets {
            static_config: custom::ProbeUrls {
                urls: probe.targets.clone(),
                labels: pairs([("probe", probe.name.as_str())]),
            },
        },
    };
    let meta = metadata::of(probe.name.as_str(), &draft.monitoring.namespace, draft.labels());
    Object::from_typed(&custom::Probe::new(meta, spec), COMPONENT, probe.source.clone())
}

fn job(probe: &ExternalProbe) -> String {
    format!("probe-{}", probe.name)
}

fn probe_rules(probe: &ExternalProbe) -> RuleGroup {
    let rule = |name: &str, expr: String, summary: &str| Rule {
        alert: Some(name.to_owned()),
        expr,
        for_: Some("5m".to_owned()),
        labels: pairs([("severity", "page")]),
        annotations: annotations(summary, ""),
        ..Rule::default()
    };
    let job = job(probe);
    RuleGroup {
        name: job.clone(),
        rules: vec![
            rule(
                "ExternalProbeFails",
                format!("probe_success{{job=\"{job}\"}} == 0"),
                "{{ $labels.instance }} cannot be reached from outside",
            ),
            rule(
                "ExternalProbeMissing",
                format!("absent(probe_success{{job=\"{job}\"}})"),
                "Nobody asks from outside any more",
            ),
        ],
    }
}

fn receivers(draft: &Draft<'_>) -> Object {
    let all = &draft.monitoring.receivers;
    let rest = all.iter().find(|receiver| receiver.severities.is_empty()).or_else(|| all.first());
    let route = custom::AlertRoute {
        receiver: rest.map_or_else(String::new, |receiver| receiver.name.clone()),
        group_by: ["alertname", "namespace"].map(str::to_owned).to_vec(),
        routes: all.iter().filter(|receiver| !receiver.severities.is_empty()).map(sub_route).collect(),
    };
    let spec = custom::AlertmanagerConfigSpec { route, receivers: all.iter().map(receiver).collect() };
    let meta = metadata::of(draft.platform.name.as_str(), &draft.monitoring.namespace, draft.labels());
    let source = KeyPath::of(["monitoring", "receivers"]);
    Object::from_typed(&custom::AlertmanagerConfig::new(meta, spec), COMPONENT, source)
}

fn sub_route(receiver: &Receiver) -> custom::AlertSubRoute {
    let matcher = custom::AlertMatcher {
        name: "severity".to_owned(),
        value: receiver.severities.join("|"),
        match_type: "=~".to_owned(),
    };
    custom::AlertSubRoute { receiver: receiver.name.clone(), matchers: vec![matcher] }
}

fn receiver(receiver: &Receiver) -> custom::AlertReceiver {
    let (name, key) = receiver.secret.clone();
    let secret = custom::SecretKeyRef { name, key };
    let none = custom::AlertReceiver { name: receiver.name.clone(), ..custom::AlertReceiver::default() };
    let send_resolved = true;
    match &receiver.kind {
        ReceiverKind::Slack(channel) => custom::AlertReceiver {
            slack_configs: vec![custom::SlackReceiver {
                api_url: secret,
                channel: channel.clone(),
                send_resolved,
            }],
            ..none
        },
        ReceiverKind::PagerDuty => custom::AlertReceiver {
            pagerduty_configs: vec![custom::PagerDutyReceiver { routing_key: secret, send_resolved }],
            ..none
        },
        ReceiverKind::Webhook => custom::AlertReceiver {
            webhook_configs: vec![custom::WebhookReceiver { url_secret: secret, send_resolved }],
            ..none
        },
    }
}

//! Charts: what is installed beside the platform, which API groups that brings, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::TEMPLATE_ERROR;
use super::delivery_codes::CHART_CYCLE;
use super::graph::{Graph, circles, shown};
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::Chart;
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::{Map, Value};

/// Well-known charts, and the API groups whose definitions they install.
const KNOWN: [(&str, &[&str]); 20] = [
    ("argo-cd", &["argoproj.io"]),
    ("cert-manager", &["acme.cert-manager.io", "cert-manager.io"]),
    ("cloudnative-pg", &["postgresql.cnpg.io"]),
    ("external-secrets", &["external-secrets.io", "generators.external-secrets.io"]),
    (
        "gatekeeper",
        &[
            "config.gatekeeper.sh",
            "constraints.gatekeeper.sh",
            "mutations.gatekeeper.sh",
            "templates.gatekeeper.sh",
        ],
    ),
    ("gateway-helm", &["gateway.envoyproxy.io", "gateway.networking.k8s.io"]),
    ("istio-base", &["networking.istio.io", "security.istio.io"]),
    ("keda", &["keda.sh"]),
    ("kube-prometheus-stack", &["monitoring.coreos.com"]),
    ("kyverno", &["kyverno.io", "policies.kyverno.io", "wgpolicyk8s.io"]),
    ("loki-operator", &["loki.grafana.com"]),
    ("metallb", &["metallb.io"]),
    ("opentelemetry-operator", &["opentelemetry.io"]),
    ("prometheus-operator-crds", &["monitoring.coreos.com"]),
    ("sealed-secrets", &["bitnami.com"]),
    ("secrets-store-csi-driver", &["secrets-store.csi.x-k8s.io"]),
    ("snapshot-controller", &["groupsnapshot.storage.k8s.io", "snapshot.storage.k8s.io"]),
    ("strimzi-kafka-operator", &["core.strimzi.io", "kafka.strimzi.io"]),
    ("traefik", &["gateway.networking.k8s.io", "hub.traefik.io", "traefik.io"]),
    ("velero", &["velero.io"]),
];

/// What a chart is called where it is published.
fn chart_name<'a>(key: &'a str, chart: &'a spec::Chart) -> &'a str {
    chart.chart.as_deref().unwrap_or(key)
}

/// The API groups that charts bring, provided ones included.
pub(super) fn groups(scope: &Scope<'_>) -> Vec<String> {
    let charts = enabled(scope.spec.charts.as_ref(), |chart| chart.enabled);
    let groups: BTreeSet<String> = charts.into_iter().flat_map(|(key, chart)| provides(key, chart)).collect();
    groups.into_iter().collect()
}

fn provides(key: &str, chart: &spec::Chart) -> Vec<String> {
    let known = || {
        let at = KNOWN.binary_search_by_key(&chart_name(key, chart), |(name, _)| name).ok()?;
        KNOWN.get(at).map(|(_, groups)| groups.iter().map(ToString::to_string).collect())
    };
    chart.provides.clone().or_else(known).unwrap_or_default()
}

/// The charts that the platform installs, by key.
pub(super) fn build(scope: &mut Scope<'_>) -> Vec<Chart> {
    let charts = enabled(scope.spec.charts.as_ref(), |chart| chart.enabled);
    let graph: Graph = charts
        .iter()
        .map(|(key, chart)| ((*key).to_owned(), chart.after.clone().unwrap_or_default()))
        .collect();
    report_missing(scope, &charts);
    for circle in circles(graph.clone()) {
        let message = format!("charts wait for one another in a circle: {}", shown(&circle));
        let mut problem = Diagnostic::new(&CHART_CYCLE, message);
        for key in &circle {
            problem = problem.at(scope.span(&KeyPath::of(["charts", key, "after"])), "");
        }
        scope.report(problem.hint("remove one of these from `after`"));
    }
    let depths = depths(&graph);
    let own = charts.into_iter().filter(|(_, chart)| chart.provided != Some(true));
    own.filter_map(|(key, chart)| one(scope, (key, chart), depths.get(key).copied().unwrap_or_default()))
        .collect()
}

fn report_missing(scope: &mut Scope<'_>, charts: &[(&str, &spec::Chart)]) {
    let known: Vec<String> = charts.iter().map(|(key, _)| (*key).to_owned()).collect();
    for (key, chart) in charts {
        for (at, before) in chart.after.iter().flatten().enumerate() {
            if !known.contains(before) {
                let path = KeyPath::of(["charts", key, "after"]).index(at);
                scope.unknown(&path, &format!("chart `{before}`"), before, &known);
            }
        }
    }
}

/// How many names each name waits for, one after another. Circles were reported and count as far as the rounds go.
pub(super) fn depths(graph: &Graph) -> BTreeMap<String, u32> {
    let mut depths: BTreeMap<String, u32> = graph.keys().map(|key| (key.clone(), 0)).collect();
    for _ in graph {
        let next: BTreeMap<String, u32> = graph
            .iter()
            .map(|(key, before)| {
                let deepest = before.iter().filter_map(|before| depths.get(before)).max();
                (key.clone(), deepest.map_or(0, |depth| depth + 1))
            })
            .collect();
        if next == depths {
            break;
        }
        depths = next;
    }
    depths
}

fn one(scope: &mut Scope<'_>, (key, chart): (&str, &spec::Chart), depth: u32) -> Option<Chart> {
    let path = KeyPath::of(["charts", key]);
    let release = match &chart.release {
        Some(own) => scope.parse(&path.key("release"), own, DnsLabel::parse),
        None => scope.parse_key(&path, DnsLabel::parse),
    };
    let repository = scope.required(&path, "repository", chart.repository.clone());
    let version = version(scope, &path, chart.version.as_deref());
    let namespace = scope.namespace(&path, chart.namespace.as_deref());
    let values = values(scope, &path, chart);
    Some(Chart {
        source: path,
        release: release?,
        repository: repository?,
        chart: chart_name(key, chart).to_owned(),
        version: version?,
        namespace: namespace?,
        values: values?,
        writes_into: chart.writes_into.clone().unwrap_or_default(),
        skip_crds: chart.skip_crds.unwrap_or(false),
        depth,
    })
}

/// A version of Semantic Versioning in full; Helm takes ranges too, which name another chart every day.
fn version(scope: &mut Scope<'_>, path: &KeyPath, version: Option<&str>) -> Option<String> {
    let version = scope.required(path, "version", version)?;
    let core = version.trim_start_matches('v').split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let whole = |number: &&str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if numbers.len() == 3 && numbers.iter().all(whole) {
        return Some(version.to_owned());
    }
    let at = path.key("version");
    let message = format!("`{}`: `{version}` is not one version of a chart", scope.written(&at));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&at), "");
    scope.report(
        problem.hint("write it in full, as in `\"6.30.0\"`: a range installs something else tomorrow"),
    );
    None
}

/// The values of a file, and over them those that are written in the platform.
fn values(scope: &mut Scope<'_>, path: &KeyPath, chart: &spec::Chart) -> Option<Value> {
    let mut values = Value::Object(Map::new());
    if let Some(text) = &chart.values_file {
        match serde_saphyr::from_str::<Value>(text) {
            Ok(Value::Null) => {}
            Ok(read @ Value::Object(_)) => values = read,
            Ok(_) => return not_values(scope, path, "it holds no table"),
            Err(error) => {
                let message = error.to_string();
                let line =
                    message.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
                return not_values(scope, path, &line);
            }
        }
    }
    if let Some(own) = &chart.values {
        overlay(&mut values, own);
    }
    Some(values)
}

fn not_values(scope: &mut Scope<'_>, path: &KeyPath, why: &str) -> Option<Value> {
    let at = path.key("values-file");
    let message = format!("`{}` does not give values of a chart: {why}", scope.written(&at));
    let problem = Diagnostic::new(&TEMPLATE_ERROR, message).at(scope.span(&at), "");
    scope.report(problem.hint("write one YAML table, as in the chart's own `values.yaml`"));
    None
}

/// Tables merge key by key, as Helm merges them; anything else is replaced.
fn overlay(values: &mut Value, over: &Value) {
    match (values, over) {
        (Value::Object(fields), Value::Object(over)) => {
            for (key, value) in over {
                overlay(fields.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (values, over) => *values = over.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn well_known_charts_are_found() {
        assert!(KNOWN.is_sorted_by_key(|(name, _)| name));
        assert!(KNOWN.iter().all(|(_, groups)| groups.is_sorted() && !groups.is_empty()));
        assert_eq!(provides("cert-manager", &spec::Chart::default()).len(), 2);
        assert!(provides("loki", &spec::Chart::default()).is_empty());
    }

    #[test]
    fn values_merge_as_helm_merges_them() {
        let mut values = json!({"a": {"b": 1, "c": [1, 2]}, "d": 1});
        overlay(&mut values, &json!({"a": {"c": [3]}, "d": {"e": 2}}));
        assert_eq!(values, json!({"a": {"b": 1, "c": [3]}, "d": {"e": 2}}));
    }

    #[test]
    fn a_depth_is_the_longest_way() {
        let graph: Graph = [("a", &[][..]), ("b", &["a"][..]), ("c", &["a", "b"][..]), ("d", &["d"][..])]
            .map(|(key, before)| (key.to_owned(), before.iter().map(ToString::to_string).collect()))
            .into();
        let depths = depths(&graph);
        assert_eq!(["a", "b", "c"].map(|key| depths[key]), [0, 1, 2]);
    }
}

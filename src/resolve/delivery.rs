//! Delivery: the charts, and what Argo CD keeps equal to the repository.

use super::charts::{self, depths};
use super::codes::CONFLICTING_KEYS;
use super::delivery_codes::CHART_CYCLE;
use super::graph::{Graph, circles, shown};
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::{Application, ArgoCd, Delivery, IgnoreDifference, Pairs, Sync};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;

/// The API server of the cluster that Argo CD itself runs in.
const IN_CLUSTER: &str = "https://kubernetes.default.svc";

/// What the platform stands on and how it is delivered.
pub(super) fn build(scope: &mut Scope<'_>, platform: &str) -> Delivery {
    Delivery {
        charts: charts::build(scope),
        groups: charts::groups(scope),
        knows_charts: scope.spec.charts.as_ref().is_some_and(|charts| !charts.is_empty()),
        argocd: argocd(scope, platform),
    }
}

fn argocd(scope: &mut Scope<'_>, platform: &str) -> Option<ArgoCd> {
    let spec = scope.spec.argocd.as_ref()?;
    let path = KeyPath::of(["argocd"]);
    let environment = scope.spec.environment.as_ref().and_then(|environment| environment.name.clone());
    // Nothing is ever deployed from the base.
    let enabled = spec.enabled != Some(false) && environment.is_some();
    let environment = environment.unwrap_or_else(|| "base".to_owned());
    let repository = if enabled {
        scope.required(&path, "repository", spec.repository.clone())?
    } else {
        spec.repository.clone().unwrap_or_default()
    };
    let namespace = spec.namespace.as_deref().unwrap_or("argocd");
    let namespace = scope.parse(&path.key("namespace"), namespace, DnsLabel::parse)?;
    let clusters = clusters(scope, &path, spec);
    let output = spec.path.as_deref().unwrap_or("out").trim_matches('/').to_owned();
    let draft = Draft {
        spec,
        name: format!("{platform}-{environment}"),
        environment: &environment,
        output: &output,
        repository: &repository,
        sync: sync(spec.sync.as_ref(), None),
    };
    let mut applications = Vec::new();
    if enabled {
        applications.extend(overlay(&draft, &path));
        applications.extend(further(scope, &draft));
    }
    Some(ArgoCd {
        enabled,
        namespace,
        project: draft.project(),
        root: format!("{output}/argocd/{environment}"),
        revision: draft.revision(),
        server: spec.server.clone().unwrap_or_else(|| IN_CLUSTER.to_owned()),
        clusters,
        applications,
        sync: draft.sync.clone(),
        repository,
    })
}

/// What every Application takes from the platform.
struct Draft<'a> {
    spec: &'a spec::ArgoCd,
    name: String,
    environment: &'a str,
    output: &'a str,
    repository: &'a str,
    sync: Sync,
}

impl Draft<'_> {
    fn project(&self) -> String {
        self.spec.project.clone().unwrap_or_else(|| self.name.clone())
    }

    fn revision(&self) -> String {
        self.spec.revision.clone().unwrap_or_else(|| "HEAD".to_owned())
    }

    fn ignore(&self) -> Vec<IgnoreDifference> {
        self.spec.ignore_differences.iter().flatten().map(ignore).collect()
    }
}

fn clusters(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::ArgoCd) -> Vec<(String, String)> {
    let path = path.key("clusters");
    let mut clusters = Vec::new();
    for (at, cluster) in spec.clusters.iter().flatten().enumerate() {
        let path = path.index(at);
        let name = scope.parse_required(&path, "name", cluster.name.as_deref(), DnsLabel::parse);
        let server = scope.required(&path, "server", cluster.server.clone());
        clusters.extend(name.map(|name| name.to_string()).zip(server));
    }
    clusters
}

fn overlay(draft: &Draft<'_>, path: &KeyPath) -> Option<Application> {
    if draft.spec.overlay == Some(false) {
        return None;
    }
    let recurse = draft.spec.source == Some(spec::DeliverySource::Rendered);
    let form = if recurse { "rendered" } else { "overlays" };
    Some(Application {
        source: path.clone(),
        name: draft.name.clone(),
        project: draft.project(),
        repository: draft.repository.to_owned(),
        revision: draft.revision(),
        path: format!("{}/{form}/{}", draft.output, draft.environment),
        recurse,
        exclude: None,
        value_files: Vec::new(),
        namespace: None,
        depth: 0,
        sync: draft.sync.clone(),
        ignore: draft.ignore(),
    })
}

fn further(scope: &mut Scope<'_>, draft: &Draft<'_>) -> Vec<Application> {
    let path = KeyPath::of(["argocd", "applications"]);
    let applications = enabled(draft.spec.applications.as_ref(), |application| application.enabled);
    let known: Vec<String> = applications.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut graph = Graph::new();
    for (name, application) in &applications {
        for (at, before) in application.after.iter().flatten().enumerate() {
            if !known.contains(before) {
                let at = path.key(*name).key("after").index(at);
                scope.unknown(&at, &format!("application `{before}`"), before, &known);
            }
        }
        graph.insert((*name).to_owned(), application.after.clone().unwrap_or_default());
    }
    for circle in circles(graph.clone()) {
        let message = format!("applications wait for one another in a circle: {}", shown(&circle));
        let place = circle.first().and_then(|name| scope.span(&path.key(name).key("after")));
        let problem = Diagnostic::new(&CHART_CYCLE, message).at(place, "");
        scope.report(problem.hint("remove one of these from `after`"));
    }
    let depths = depths(&graph);
    let depth = |name: &str| depths.get(name).copied().unwrap_or_default();
    applications
        .into_iter()
        .filter_map(|(name, application)| one(scope, draft, (name, application), depth(name)))
        .collect()
}

fn one(
    scope: &mut Scope<'_>,
    draft: &Draft<'_>,
    (name, application): (&str, &spec::Application),
    depth: u32,
) -> Option<Application> {
    let path = KeyPath::of(["argocd", "applications", name]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let folder = scope.required(&path, "path", application.path.clone());
    let is_plain = application.recurse == Some(true) || application.exclude.is_some();
    if is_plain && application.value_files.as_ref().is_some_and(|files| !files.is_empty()) {
        let message = format!("`{path}` is a chart with values, and a folder of plain objects");
        let problem =
            Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&path.key("value-files")), "");
        scope.report(
            problem.hint("keep `value-files` for a chart, `recurse` and `exclude` for plain objects"),
        );
    }
    let namespace = application.namespace.as_deref().map(|key| scope.namespace(&path, Some(key)));
    Some(Application {
        source: path,
        name: name?.to_string(),
        project: application.project.clone().unwrap_or_else(|| draft.project()),
        repository: application.repository.clone().unwrap_or_else(|| draft.repository.to_owned()),
        revision: application.revision.clone().unwrap_or_else(|| draft.revision()),
        path: folder?,
        recurse: application.recurse.unwrap_or_default(),
        exclude: application.exclude.clone(),
        value_files: application.value_files.clone().unwrap_or_default(),
        namespace: match namespace {
            Some(found) => Some(found?),
            None => None,
        },
        depth,
        sync: sync(application.sync.as_ref(), Some(&draft.sync)),
        ignore: draft.ignore(),
    })
}

fn sync(spec: Option<&spec::Sync>, over: Option<&Sync>) -> Sync {
    let default = over.cloned().unwrap_or(Sync {
        automated: true,
        prune: true,
        self_heal: true,
        options: Vec::new(),
        retries: 5,
    });
    let Some(spec) = spec else { return default };
    Sync {
        automated: spec.automated.unwrap_or(default.automated),
        prune: spec.prune.unwrap_or(default.prune),
        self_heal: spec.self_heal.unwrap_or(default.self_heal),
        options: spec.options.clone().unwrap_or(default.options),
        retries: spec.retries.unwrap_or(default.retries),
    }
}

fn ignore(spec: &spec::IgnoreDifference) -> IgnoreDifference {
    let fields = [
        ("group", spec.group.clone()),
        ("kind", Some(spec.kind.clone())),
        ("name", spec.name.clone()),
        ("namespace", spec.namespace.clone()),
    ];
    let objects: Pairs =
        fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
    IgnoreDifference {
        objects,
        json_pointers: spec.json_pointers.clone().unwrap_or_default(),
        jq_paths: spec.jq_paths.clone().unwrap_or_default(),
        managers: spec.managers.clone().unwrap_or_default(),
    }
}

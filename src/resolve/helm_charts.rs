//! `[helm.charts]`: what is in a chart, as far as the platform alone can say. Whether its components exist is seen when
//! there are objects.

use std::collections::BTreeMap;

use super::codes::CONFLICTING_KEYS;
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::{Contents, HelmChart, Subchart};
use crate::names::{DnsLabel, SemanticVersion};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// The version of a chart that says none: what `helm create` writes.
const FIRST_VERSION: &str = "0.1.0";

/// The charts, by name.
pub(super) fn build(scope: &mut Scope<'_>) -> Vec<HelmChart> {
    let charts = scope.spec.helm.as_ref().and_then(|helm| helm.charts.as_ref());
    enabled(charts, |chart| chart.enabled)
        .into_iter()
        .filter_map(|(name, chart)| one(scope, name, chart))
        .collect()
}

fn one(scope: &mut Scope<'_>, name: &str, chart: &spec::HelmChart) -> Option<HelmChart> {
    let path = KeyPath::of(["helm", "charts", name]);
    let name = scope.parse_key(&path, DnsLabel::parse);
    let version = chart.version.as_deref().unwrap_or(FIRST_VERSION);
    let version = scope.parse(&path.key("version"), version, SemanticVersion::parse);
    Some(HelmChart {
        contents: contents(scope, &path, chart),
        subcharts: subcharts(scope, &path, chart),
        name: name?,
        version: version?,
        description: chart.description.clone().unwrap_or_default(),
        app_version: chart.app_version.clone().unwrap_or_default(),
        main: chart.main.clone(),
        values: values(scope, &path, chart),
        source: path,
    })
}

fn contents(scope: &mut Scope<'_>, path: &KeyPath, chart: &spec::HelmChart) -> Contents {
    if chart.components.is_none() && chart.namespaces.is_none() && chart.groups.is_none() {
        return Contents::Everything;
    }
    let namespaces = chart.namespaces.clone().unwrap_or_default();
    let known = keys(scope.spec.namespaces.as_ref());
    refer(scope, &path.key("namespaces"), ("namespace", &namespaces), &known);
    let groups = chart.groups.clone().unwrap_or_default();
    let known = keys(scope.spec.groups.as_ref());
    refer(scope, &path.key("groups"), ("group", &groups), &known);
    let components = chart.components.clone().unwrap_or_default();
    Contents::Any { components, namespaces, sources: members(scope.spec, &groups) }
}

fn keys<T>(noun: Option<&BTreeMap<String, T>>) -> Vec<String> {
    noun.into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

/// Reports every name of a list that is none of `known`.
fn refer(scope: &mut Scope<'_>, path: &KeyPath, (what, names): (&str, &[String]), known: &[String]) {
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !known.contains(name)) {
        scope.unknown(&path.index(at), &format!("{what} `{name}`"), name, known);
    }
}

/// The entities that belong to one of `groups`.
fn members(spec: &spec::Platform, groups: &[String]) -> Vec<KeyPath> {
    let mut members = Vec::new();
    let mut add = |noun: &str, key: &String, group: Option<&String>| {
        if group.is_some_and(|group| groups.contains(group)) {
            members.push(KeyPath::of([noun, key]));
        }
    };
    spec.workloads.iter().flatten().for_each(|(key, entity)| add("workloads", key, entity.group.as_ref()));
    spec.databases.iter().flatten().for_each(|(key, entity)| add("databases", key, entity.group.as_ref()));
    spec.routes.iter().flatten().for_each(|(key, entity)| add("routes", key, entity.group.as_ref()));
    spec.configs.iter().flatten().for_each(|(key, entity)| add("configs", key, entity.group.as_ref()));
    spec.secrets.iter().flatten().for_each(|(key, entity)| add("secrets", key, entity.group.as_ref()));
    spec.volumes.iter().flatten().for_each(|(key, entity)| add("volumes", key, entity.group.as_ref()));
    members
}

/// The values that are named, without those whose names cannot be.
fn values(scope: &mut Scope<'_>, path: &KeyPath, chart: &spec::HelmChart) -> BTreeMap<String, Vec<String>> {
    let mut values = chart.values.clone().unwrap_or_default();
    values.retain(|name, _| {
        let path = path.key("values").key(name);
        let sound = name.split('.').all(is_word);
        if !sound {
            let message = format!("`{path}` is no name of a value: words of letters, digits, `-` and `_`, with dots between them");
            let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.key_span(&path), "");
            scope.report(problem.hint("write it as in `keycloak.realm`"));
        }
        sound
    });
    let within = |name: &String| values.keys().find(|other| name.starts_with(&format!("{other}."))).cloned();
    let clashes: Vec<(String, String)> =
        values.keys().filter_map(|name| Some((name.clone(), within(name)?))).collect();
    for (name, outer) in clashes {
        let message = format!(
            "`{}` cannot hold both `{outer}` and `{name}`: one is a part of the other",
            path.key("values")
        );
        let place = scope.span(&path.key("values").key(&name));
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(place, "");
        scope.report(problem.hint("give one of them another name"));
        values.remove(&name);
    }
    values
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn subcharts(scope: &mut Scope<'_>, path: &KeyPath, chart: &spec::HelmChart) -> Vec<Subchart> {
    let mut built: Vec<Subchart> = Vec::new();
    for (name, subchart) in chart.subcharts.iter().flatten() {
        let path = path.key("subcharts").key(name);
        let Some(name) = scope.parse_key(&path, DnsLabel::parse) else { continue };
        let Some(components) = scope.required(&path, "components", subchart.components.clone()) else {
            continue;
        };
        let alias = subchart.alias.as_deref().unwrap_or(name.as_str());
        if alias == "global" || built.iter().any(|other| other.alias.as_str() == alias) {
            let message = format!("`{path}` has the key `{alias}` for its values, which is taken");
            let place = scope.span(&path.key("alias"));
            let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(place, "");
            scope.report(problem.hint("give it an `alias` of its own"));
        } else if let Some(alias) = scope.parse(&path.key("alias"), alias, DnsLabel::parse) {
            built.push(Subchart { name, alias, components });
        }
    }
    built
}

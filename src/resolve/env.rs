//! Environment variables of a container, and the `$(NAME)` by which texts refer to them.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::UNKNOWN_ENV_VARIABLE;
use super::container::Place;
use super::graph::{Graph, ordered};
use super::scope::{Scope, is_enabled};
use super::{configs, secrets};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{EnvFrom, EnvSource, EnvVar};
use crate::names::{ConfigKey, EnvName};
use crate::source::KeyPath;
use crate::spec;

/// Environment variables. Kubernetes expands `$(NAME)` only where `NAME` was set before, so a variable follows those
/// that it refers to; otherwise the order is that of the names.
pub(super) fn env(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    env: Option<&BTreeMap<String, spec::EnvValue>>,
) -> Vec<EnvVar> {
    let path = path.key("env");
    let mut variables = Vec::new();
    for (name, value) in env.into_iter().flatten() {
        let path = path.key(name);
        if value.when.as_deref().is_none_or(|entity| exists(scope, &path, entity)) {
            variables.extend(variable(scope, &path, place, value));
        }
    }
    in_order(variables)
}

/// Whether the entity of that key exists here, for a variable that is set `when` it does.
fn exists(scope: &mut Scope<'_>, path: &KeyPath, entity: &str) -> bool {
    let spec = scope.spec;
    let enabled = is_enabled(spec, entity);
    if enabled.is_none() {
        let workloads = spec.workloads.iter().flatten().map(|(key, _)| key);
        let databases = spec.databases.iter().flatten().map(|(key, _)| key);
        let externals = spec.externals.iter().flatten().map(|(key, _)| key);
        let known: Vec<String> = workloads.chain(databases).chain(externals).cloned().collect();
        let what = format!("workload, database or external `{entity}`");
        scope.unknown(&path.key("when"), &what, entity, &known);
    }
    enabled == Some(true)
}

fn variable(scope: &mut Scope<'_>, path: &KeyPath, place: &Place, value: &spec::EnvValue) -> Option<EnvVar> {
    let name = scope.parse_key(path, EnvName::parse);
    let source = match (&value.value, &value.secret, &value.config, &value.field) {
        (Some(value), None, None, None) => Some(EnvSource::Value(value.to_string())),
        (None, Some(secret), None, None) => {
            let key = value.key.as_deref();
            secrets::key_of(scope, path, place, (secret, key))
                .map(|(name, key)| EnvSource::Secret { name, key })
        }
        (None, None, Some(config), None) => config_key(scope, path, place, (config, value.key.as_deref())),
        (None, None, None, Some(field)) => Some(EnvSource::Field(field.clone())),
        _ => {
            scope.one_of(path, &["value", "secret", "config", "field"]);
            None
        }
    };
    Some(EnvVar { name: name?, source: source? })
}

fn config_key(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (config, key): (&str, Option<&str>),
) -> Option<EnvSource> {
    let name = configs::name_of(scope, &path.key("config"), place, config)?;
    let key = scope.parse_required(path, "key", key, ConfigKey::parse)?;
    Some(EnvSource::Config { name, key })
}

/// Orders variables so that each follows those that its value refers to; what is in a circle comes last.
fn in_order(variables: Vec<EnvVar>) -> Vec<EnvVar> {
    let referred = |variable: &EnvVar| match &variable.source {
        EnvSource::Value(text) => {
            let others = references(text).into_iter().filter(|name| *name != variable.name.as_str());
            others.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let graph: Graph =
        variables.iter().map(|variable| (variable.name.to_string(), referred(variable))).collect();
    let mut by_name: BTreeMap<String, EnvVar> =
        variables.into_iter().map(|variable| (variable.name.to_string(), variable)).collect();
    let (order, circular) = ordered(&graph);
    order.iter().chain(&circular).filter_map(|name| by_name.remove(name)).collect()
}

/// The names that a text refers to as Kubernetes reads it: `$(NAME)`, while `$$(NAME)` is a text.
fn references(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(escaped) = after.strip_prefix('$') {
            rest = escaped;
        } else if let Some((name, behind)) = after.strip_prefix('(').and_then(|after| after.split_once(')')) {
            found.push(name);
            rest = behind;
        }
    }
    found
}

/// The texts of a container in which Kubernetes looks for `$(NAME)`, and what the container has besides `env`.
pub(super) struct Texts<'a> {
    /// The variables.
    pub env: Option<&'a BTreeMap<String, spec::EnvValue>>,
    /// Replaces the entry point.
    pub command: Option<&'a Vec<String>>,
    /// Replaces the arguments.
    pub args: Option<&'a Vec<String>>,
    /// Variables that come from elsewhere: an engine's, those of whole ConfigMaps.
    pub more: BTreeSet<String>,
}

/// Warns of every reference in the texts of the container at `path` to a variable that it does not have.
pub(super) fn check_references(scope: &mut Scope<'_>, path: &KeyPath, texts: &Texts<'_>) {
    let mut known = texts.more.clone();
    known.extend(texts.env.into_iter().flatten().map(|(name, _)| name.clone()));
    for (name, value) in texts.env.into_iter().flatten() {
        if let Some(spec::Scalar::Text(text)) = &value.value {
            report_unknown(scope, &path.key("env").key(name).key("value"), references(text), &known);
        }
    }
    for (key, words) in [("command", texts.command), ("args", texts.args)] {
        for (at, text) in words.into_iter().flatten().enumerate() {
            // A shell reads `$(date)` as a command, and commands are in lower case.
            let named = references(text).into_iter().filter(|name| is_upper_case(name)).collect();
            report_unknown(scope, &path.key(key).index(at), named, &known);
        }
    }
}

fn is_upper_case(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn report_unknown(scope: &mut Scope<'_>, path: &KeyPath, names: Vec<&str>, known: &BTreeSet<String>) {
    let is_identifier = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    for name in names.into_iter().filter(|name| is_identifier(name) && !known.contains(*name)) {
        if scope.is_lost(name) {
            continue;
        }
        let hint = did_you_mean(name, known.iter().map(String::as_str)).map_or_else(
            || format!("add `env.{name} = \"…\"`, or write `$$({name})` for the text itself"),
            |near| format!("did you mean `$({near})`?"),
        );
        let written = scope.written(path);
        let message = format!("`{written}` refers to `{name}`, a variable that the container does not have");
        let problem = Diagnostic::new(&UNKNOWN_ENV_VARIABLE, message).at(scope.span(path), "");
        scope.report(problem.about(path).hint(hint));
    }
}

/// A config or a secret of which every key becomes a variable.
pub(super) fn source(scope: &mut Scope<'_>, path: &KeyPath, place: &Place, key: &str) -> Option<EnvFrom> {
    let is_config = scope.spec.configs.as_ref().is_some_and(|configs| configs.contains_key(key));
    if !is_config && secrets::exists(scope, key) {
        return secrets::name_for(scope, path, place, key).map(EnvFrom::Secret);
    }
    configs::name_of(scope, path, place, key).map(EnvFrom::Config)
}

/// The names of the variables that whole configs and secrets give.
pub(super) fn names_from(scope: &Scope<'_>, sources: Option<&Vec<String>>) -> BTreeSet<String> {
    let declared = scope.spec.configs.as_ref();
    let keys = |key: &String| scope.spec.secrets.as_ref()?.get(key)?.keys.as_ref();
    let of_secrets = sources.into_iter().flatten().filter_map(keys).flatten().map(|(key, _)| key.clone());
    let configs = sources.into_iter().flatten().filter_map(|key| declared?.get(key));
    configs
        .flat_map(|config| config.data.iter().flatten().chain(config.files.iter().flatten()))
        .map(|(key, _)| key.clone())
        .chain(of_secrets)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, text: &str) -> EnvVar {
        let name = EnvName::parse(name).expect("a legal name");
        EnvVar { name, source: EnvSource::Value(text.to_owned()) }
    }

    #[test]
    fn references_are_read_as_kubernetes_reads_them() {
        assert_eq!(references("a$(B)c$(D)"), ["B", "D"]);
        assert_eq!(references("$$(A) $$$(B) $ ($C) $(D"), ["B"]);
        assert!(references("").is_empty());
    }

    #[test]
    fn a_variable_follows_those_that_it_refers_to() {
        let env = in_order(vec![
            variable("A", "$(C)"),
            variable("B", ""),
            variable("C", "$(B)"),
            variable("X", "$(Y)"),
            variable("Y", "$(X)"),
        ]);
        let names: Vec<&str> = env.iter().map(|variable| variable.name.as_str()).collect();
        assert_eq!(names, ["B", "C", "A", "X", "Y"]);
    }
}

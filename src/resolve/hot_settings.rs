//! Settings that change while everything runs: the seed of the database that holds them, and the channels of the broker that
//! announces a change.
//!
//! Takes `[hot-settings]`; gives the SQL of the defaults and what expressions may say of channels. Refuses a setting that also
//! stands in a ConfigMap or a variable of a workload, since only a restart would change it there.

use std::fmt::Write;

use super::scope::Scope;
use super::tenant_codes::{CONFIG_BY_WATCH, HOT_SETTING_IN_CONFIG};
use super::{namespaces, rbac};
use crate::diag::Diagnostic;
use crate::model::{Config, Subject, Workload};
use crate::source::{KeyPath, Node, Segment};
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::{Value, json};

/// The text that has no number and no end: NULL in the database.
const UNLIMITED: &str = "unlimited";
/// The first word of every channel, unless the platform says otherwise.
const PREFIX: &str = "config";
/// The table, unless the platform says otherwise.
const TABLE: &str = "service_configs";
/// The service that the figures of the quota are filed under.
const QUOTA: &str = "quota";
/// What asks a controller to restart pods when a ConfigMap changes (<https://github.com/stakater/Reloader>).
const RELOADER: &str = "reloader.stakater.com/";

/// What expressions may say of the settings: `{{ hot_settings.pattern }}`.
pub(super) fn known(document: &Node) -> Value {
    let Some(settings) = document.get("hot-settings") else { return json!({}) };
    let prefix = settings.get("prefix").and_then(Node::as_str).unwrap_or(PREFIX);
    let services = settings.get("defaults").and_then(Node::as_table).into_iter().flatten();
    let channels: Vec<String> = services.map(|(service, _)| format!("{prefix}:{service}:*")).collect();
    json!({
        "pattern": format!("{prefix}:*"),
        "prefix": prefix,
        "channels": channels,
        "table": settings.get("table").and_then(Node::as_str).unwrap_or(TABLE),
    })
}

/// The settings, where there are any.
fn settings<'a>(scope: &Scope<'a>) -> Option<&'a spec::HotSettings> {
    scope.spec.hot_settings.as_ref()
}

/// Reports what `[hot-settings]` lacks or names in vain.
pub(super) fn check_references(scope: &mut Scope<'_>) {
    let Some(settings) = settings(scope) else { return };
    let path = KeyPath::of(["hot-settings"]);
    let database = scope.required(&path, "database", settings.database.as_deref());
    for (key, name, engine) in
        [("database", database, "postgres"), ("broker", settings.broker.as_deref(), "redis")]
    {
        let Some(name) = name else { continue };
        let all = scope.spec.databases.as_ref();
        let path = path.key(key);
        match all.and_then(|all| all.get(name)) {
            None => {
                let known: Vec<String> = all.into_iter().flatten().map(|(key, _)| key.clone()).collect();
                scope.unknown(&path, &format!("database `{name}`"), name, &known);
            }
            Some(found) if found.engine.as_deref().is_some_and(|own| own != engine) => {
                let own = found.engine.as_deref().unwrap_or_default();
                let message = format!("`{path}` wants {engine}, and `{name}` is {own}");
                let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path), "");
                scope.report(problem.hint(format!("name a database with `engine = \"{engine}\"`")));
            }
            Some(_) => {}
        }
    }
    if settings.table.as_deref().is_some_and(|table| !is_identifier(table)) {
        let path = path.key("table");
        let message = format!("`{path}` is no name of a table that needs no quotes");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path), "");
        scope.report(problem.hint("write lower-case letters, digits and `_`, as in `service_configs`"));
    }
    check_words(scope, settings);
}

/// A service and a key are parts of a channel, where `:` parts and `*` matches.
fn check_words(scope: &mut Scope<'_>, settings: &spec::HotSettings) {
    let path = KeyPath::of(["hot-settings", "defaults"]);
    let services = settings.defaults.iter().flatten();
    let words = services.flat_map(|(service, keys)| {
        let at = path.key(service);
        let keys = keys.keys().map(|key| (at.key(key), key)).collect::<Vec<_>>();
        std::iter::once((at, service)).chain(keys)
    });
    for (at, word) in words.collect::<Vec<_>>() {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if word.is_empty() || !word.chars().all(plain) {
            let message = format!("`{at}` has a name that no channel can carry");
            let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.key_span(&at), "");
            scope.report(problem.hint("write letters, digits, `_`, `-` and `.`"));
        }
    }
}

fn is_identifier(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.chars().all(plain) && text.chars().next().is_some_and(|first| !first.is_ascii_digit())
}

/// The SQL that seeds the defaults into the database `key`; `None` where the settings live elsewhere.
pub(super) fn seed(scope: &mut Scope<'_>, key: &str) -> Option<String> {
    let settings = settings(scope).filter(|settings| settings.database.as_deref() == Some(key))?;
    let mut rows = Vec::new();
    for (service, keys) in settings.defaults.iter().flatten() {
        rows.extend(keys.iter().map(|(key, value)| row(service, key, &value.to_string())));
    }
    if settings.mirror_quota == Some(true) {
        rows.extend(quota(scope).iter().map(|(key, amount)| row(QUOTA, key, amount)));
    }
    let table = settings.table.as_deref().unwrap_or(TABLE);
    let rows = (!rows.is_empty()).then(|| rows.join(",\n  "))?;
    let mut sql = String::from(
        "-- What every setting is until somebody changes it. A row that is there already is left alone.\n",
    );
    // Writing to a string cannot fail.
    let _ = write!(
        sql,
        "INSERT INTO {table} (service, key, value) VALUES\n  {rows}\nON CONFLICT (service, key) DO NOTHING;\n"
    );
    Some(sql)
}

/// The figures of the quota that every tenant has, exactly as its ResourceQuota gets them.
fn quota(scope: &mut Scope<'_>) -> Vec<(String, String)> {
    let quota = scope.spec.tenant.as_ref().and_then(|tenant| tenant.quota.clone()).unwrap_or_default();
    let hard = namespaces::hard(scope, &KeyPath::of(["tenant", "quota"]), &quota);
    hard.into_iter().map(|(name, amount)| (name, amount.to_string())).collect()
}

fn row(service: &str, key: &str, value: &str) -> String {
    let value = if value == UNLIMITED { "NULL".to_owned() } else { quoted(value) };
    format!("({}, {}, {value})", quoted(service), quoted(key))
}

/// A text as a string constant of standard SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Reports every setting that a workload or a ConfigMap also holds, and every way round the broker.
pub(super) fn check(scope: &mut Scope<'_>, workloads: &[Workload], configs: &[Config], rights: &rbac::Built) {
    let Some(settings) = settings(scope) else { return };
    let names = settings.defaults.iter().flatten();
    let names: Vec<(String, String)> =
        names.flat_map(|(service, keys)| keys.keys().map(|key| (service.clone(), key.clone()))).collect();
    for workload in workloads.iter().filter(|workload| is_declared(&workload.source, "workloads")) {
        let own = workload.source.last_key().unwrap_or_default();
        let containers = workload.init.iter().chain(&workload.containers);
        for variable in containers.flat_map(|container| &container.env) {
            let name = variable.name.as_str();
            if let Some((service, key)) = names.iter().find(|pair| is_called(name, pair, own)) {
                let at = workload.source.key("env").key(name);
                report(scope, &at, &format!("the variable `{name}`"), (service, key));
            }
        }
        let annotations = workload.annotations.keys().chain(workload.pod_annotations.keys());
        if let Some(name) = annotations.into_iter().find(|name| name.contains(RELOADER)) {
            let message = format!("`{}` asks to be restarted when a ConfigMap changes", workload.source);
            let problem = Diagnostic::new(&HOT_SETTING_IN_CONFIG, message).about(&workload.source);
            let problem = problem.at(scope.key_span(&workload.source), "");
            scope.report(
                problem.hint(format!("remove the annotation `{name}`: settings come through the broker")),
            );
        }
    }
    for config in configs.iter().filter(|config| is_declared(&config.source, "configs")) {
        for name in config.data.keys() {
            if let Some((service, key)) = names.iter().find(|pair| is_called(name.as_str(), pair, "")) {
                let at = config.source.key("data").key(name.as_str());
                report(scope, &at, &format!("the key `{name}`"), (service, key));
            }
        }
    }
    check_access(scope, rights);
}

/// Whether an entity was declared under that noun: what belongs to a database is the seed itself.
fn is_declared(source: &KeyPath, noun: &str) -> bool {
    matches!(source.segments().first(), Some(Segment::Key(first)) if first == noun)
}

/// Whether a name means the setting: `AI_THRESHOLD`, `ai.threshold`, and in the service's own workload `THRESHOLD`.
fn is_called(name: &str, (service, key): &(String, String), workload: &str) -> bool {
    let name = plain(name);
    let whole = plain(&format!("{service}_{key}"));
    name == whole || (workload == service && name == plain(key))
}

/// Letters and digits in lower case, and one `_` for everything between them.
fn plain(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_")
}

fn report(scope: &mut Scope<'_>, at: &KeyPath, what: &str, (service, key): (&String, &String)) {
    let setting = KeyPath::of(["hot-settings", "defaults", service.as_str(), key.as_str()]);
    let message = format!("{what} is the setting `{service}.{key}`, which changes without a restart");
    let problem = Diagnostic::new(&HOT_SETTING_IN_CONFIG, message)
        .about(at)
        .at(scope.key_span(at), "")
        .at(scope.key_span(&setting), "the setting");
    scope.report(
        problem.hint("remove it: the service reads the database when it starts, and the broker afterwards"),
    );
}

/// A role of a workload that reads ConfigMaps is another way to be configured.
fn check_access(scope: &mut Scope<'_>, rights: &rbac::Built) {
    let rules_of =
        |role: &str| rights.roles.iter().find(|known| known.name == role).map(|known| &known.rules);
    let of_cluster = rights.bindings.iter();
    let of_cluster = of_cluster.filter_map(|one| Some((&one.source, &one.subjects, rules_of(&one.role)?)));
    let own = rights.access.iter().map(|one| (&one.source, &one.subjects, &one.rules));
    for (source, subjects, rules) in own.chain(of_cluster) {
        let to_pods = subjects.iter().any(|one| matches!(one, Subject::ServiceAccount { .. }));
        let reads = rules.iter().any(|rule| {
            rule.resources.iter().any(|resource| resource == "configmaps")
                && rule.verbs.iter().any(|verb| ["get", "list", "watch"].contains(&verb.as_str()))
        });
        if to_pods && reads {
            let message = format!("`{source}` lets a workload read ConfigMaps, beside `[hot-settings]`");
            let problem = Diagnostic::new(&CONFIG_BY_WATCH, message).about(source);
            let problem = problem.at(scope.key_span(source), "");
            scope.report(problem.hint("take `configmaps` out of the role: settings live in the database"));
        }
    }
}

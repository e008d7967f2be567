//! Secrets: contracts. Those that the user declares, and the credentials that databases need.
//!
//! A pod reads Secrets of its own namespace only, so a secret that is read elsewhere becomes a contract there too, of
//! the same name and with the same value in the store.

use std::collections::{BTreeMap, BTreeSet};

use super::container::Place;
use super::databases;
use super::scope::{Scope, enabled, listed};
use crate::diag::Diagnostic;
use crate::model::{Secret, SecretKey, SecretStore};
use crate::names::{ConfigKey, DnsLabel, DnsSubdomain, Duration};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// A secret by what the language calls it: declared, or the credentials of a database.
enum Declared<'a> {
    Secret,
    Credentials(&'a spec::Database),
}

fn find<'a>(scope: &Scope<'a>, key: &str) -> Option<Declared<'a>> {
    let spec = scope.spec;
    let secret = spec
        .secrets
        .as_ref()
        .and_then(|secrets| secrets.get(key))
        .filter(|secret| secret.enabled != Some(false));
    let database = || spec.databases.as_ref()?.get(key).filter(|database| databases::has_password(database));
    secret.map(|_| Declared::Secret).or_else(|| database().map(Declared::Credentials))
}

/// Whether there is a secret, or a database with credentials, of that key.
pub(super) fn exists(scope: &Scope<'_>, key: &str) -> bool {
    find(scope, key).is_some()
}

/// The Secret's name and key, for a pod that reads one key; the read is recorded.
pub(super) fn key_of(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (secret, key): (&str, Option<&str>),
) -> Option<(String, ConfigKey)> {
    let (owner, default) = owner(scope, path, secret)?;
    let mut declared = declared_keys(scope, &owner);
    if declared.is_empty() && !scope.spec.secrets.iter().flatten().any(|(known, _)| *known == owner) {
        // The credentials that bayplan derives for a database hold the password and nothing else.
        declared.extend(default.clone());
    }
    let Some(key) = key.map_or(default, |key| Some(key.to_owned())) else {
        let choices = if declared.is_empty() { "\"…\"".to_owned() } else { listed(&declared) };
        scope.missing(path, "key", &format!("add `key = \"…\"`; the secret `{owner}` has {choices}"));
        return None;
    };
    if !declared.is_empty() && !declared.contains(&key) {
        scope.unknown(&path.key("key"), &format!("key `{key}` in secret `{owner}`"), &key, &declared);
        return None;
    }
    let name = record(scope, place, owner);
    Some((name, scope.parse(&path.key("key"), &key, ConfigKey::parse)?))
}

/// The Secret's name, for a pod that uses all of it; the read is recorded.
pub(super) fn name_for(scope: &mut Scope<'_>, path: &KeyPath, place: &Place, secret: &str) -> Option<String> {
    let (owner, _) = owner(scope, path, secret)?;
    Some(record(scope, place, owner))
}

/// The Secret's name, for an object of an operator in `namespace` that reads it; the read is recorded.
pub(super) fn read_by(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    namespace: &DnsLabel,
    secret: &str,
) -> Option<String> {
    let (owner, _) = owner(scope, path, secret)?;
    let name = cluster_name(scope, &owner);
    let readers = scope.secret_readers.entry((owner, namespace.clone())).or_default();
    readers.insert(path.to_string());
    Some(name)
}

/// Remembers that a pod reads a secret, and gives the Secret's name.
fn record(scope: &mut Scope<'_>, place: &Place, owner: String) -> String {
    let name = cluster_name(scope, &owner);
    let readers = scope.secret_readers.entry((owner, place.namespace.clone())).or_default();
    readers.insert(place.source.to_string());
    name
}

/// The key that a secret goes by, following a database to its credentials, and the key of the password there.
fn owner(scope: &mut Scope<'_>, path: &KeyPath, secret: &str) -> Option<(String, Option<String>)> {
    match find(scope, secret) {
        Some(Declared::Secret) => Some((secret.to_owned(), None)),
        Some(Declared::Credentials(database)) => {
            let (owner, key) = databases::credentials(secret, database);
            Some((owner, Some(key)))
        }
        None => {
            let mut known: Vec<String> =
                scope.spec.secrets.iter().flatten().map(|(key, _)| key.clone()).collect();
            known.extend(scope.spec.databases.iter().flatten().map(|(key, _)| key.clone()));
            scope.unknown(&path.key("secret"), &format!("secret `{secret}`"), secret, &known);
            None
        }
    }
}

fn declared_keys(scope: &Scope<'_>, owner: &str) -> Vec<String> {
    let secret = scope.spec.secrets.as_ref().and_then(|secrets| secrets.get(owner));
    let keys = secret.filter(|secret| secret.provided != Some(true)).and_then(|secret| secret.keys.as_ref());
    keys.into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

fn cluster_name(scope: &Scope<'_>, owner: &str) -> String {
    let secret = scope.spec.secrets.as_ref().and_then(|secrets| secrets.get(owner));
    secret.and_then(|secret| secret.name.clone()).unwrap_or_else(|| owner.to_owned())
}

/// Every contract: declared secrets, derived credentials, and their copies in the namespaces that read them.
pub(super) fn build(scope: &mut Scope<'_>) -> Vec<Secret> {
    let mut secrets: Vec<Secret> = Vec::new();
    for (key, secret) in enabled(scope.spec.secrets.as_ref(), |secret| secret.enabled) {
        secrets.extend(declared(scope, key, secret));
    }
    let known: BTreeSet<String> = secrets.iter().map(|secret| key_in(&secret.source)).collect();
    for (key, database) in enabled(scope.spec.databases.as_ref(), |database| database.enabled) {
        let (owner, password) = databases::credentials(key, database);
        if databases::has_password(database) && !known.contains(&owner) {
            secrets.extend(derived(scope, key, database, (&owner, &password)));
        }
    }
    let copies = copies(scope, &secrets);
    secrets.extend(copies);
    for secret in &mut secrets {
        let readers = scope.secret_readers.get(&(owner_of(secret), secret.namespace.clone()));
        secret.readers = readers.into_iter().flatten().cloned().collect();
    }
    secrets.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    secrets
}

fn key_in(source: &KeyPath) -> String {
    source.last_key().unwrap_or_default().to_owned()
}

/// The key that readers recorded for this contract: its own, or for derived credentials its name.
fn owner_of(secret: &Secret) -> String {
    let declared = matches!(secret.source.segments().first(), Some(crate::source::Segment::Key(noun)) if noun == "secrets");
    if declared { key_in(&secret.source) } else { secret.name.to_string() }
}

fn declared(scope: &mut Scope<'_>, key: &str, secret: &spec::Secret) -> Option<Secret> {
    let path = KeyPath::of(["secrets", key]);
    let name = scope.name(&path, secret.name.as_deref(), DnsSubdomain::parse);
    let component = scope.component(&path, secret.component.as_deref());
    let namespace = scope.namespace(&path, secret.namespace.as_deref());
    let provided = secret.provided.unwrap_or(false);
    if secret.keys.is_none() && !provided {
        scope.required::<()>(&path, "keys", None);
    }
    let name = name?;
    let keys = keys(scope, &path, &name, secret.keys.as_ref());
    Some(Secret {
        source: path,
        name,
        namespace: namespace?,
        component: component?,
        r#type: secret.r#type.clone().unwrap_or_else(|| "Opaque".to_owned()),
        keys,
        provided,
        readers: Vec::new(),
    })
}

fn keys(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    secret: &DnsSubdomain,
    keys: Option<&BTreeMap<String, spec::SecretKey>>,
) -> Vec<SecretKey> {
    let path = path.key("keys");
    let remote = remote_path(scope, secret.as_str());
    let entries = keys.into_iter().flatten();
    entries
        .filter_map(|(name, key)| {
            Some(SecretKey {
                name: scope.parse_key(&path.key(name), ConfigKey::parse)?,
                description: key.description.clone().unwrap_or_default(),
                generate: key.generate.clone().unwrap_or_default(),
                remote: key.remote.clone().unwrap_or_else(|| remote.clone()),
            })
        })
        .collect()
}

fn remote_path(scope: &Scope<'_>, secret: &str) -> String {
    let platform = scope.spec.platform.as_ref().and_then(|info| info.name.as_deref()).unwrap_or("platform");
    let environment = scope.spec.environment.as_ref().and_then(|environment| environment.name.as_deref());
    format!("{platform}/{}/{secret}", environment.unwrap_or("base"))
}

fn derived(
    scope: &mut Scope<'_>,
    key: &str,
    database: &spec::Database,
    (owner, password): (&str, &str),
) -> Option<Secret> {
    let path = KeyPath::of(["databases", key]);
    let name = scope.parse(&path.key("credentials"), owner, DnsSubdomain::parse)?;
    let namespace = scope.namespace(&path, database.namespace.as_deref())?;
    let component = scope.component(&path, database.component.as_deref())?;
    let remote = remote_path(scope, owner);
    let user = database.user.as_deref().unwrap_or_default();
    let engine = database.engine.as_deref().and_then(super::engine::find);
    let generate = engine.map_or("openssl rand -hex 24", |engine| engine.generate);
    let key = SecretKey {
        name: scope.parse(&path.key("credentials"), password, ConfigKey::parse)?,
        description: format!("The password of the user `{user}` of the database `{key}`"),
        generate: generate.to_owned(),
        remote,
    };
    Some(Secret {
        source: path,
        name,
        namespace,
        component,
        r#type: "Opaque".to_owned(),
        keys: vec![key],
        provided: false,
        readers: Vec::new(),
    })
}

fn copies(scope: &Scope<'_>, secrets: &[Secret]) -> Vec<Secret> {
    let by_owner: BTreeMap<String, &Secret> =
        secrets.iter().map(|secret| (owner_of(secret), secret)).collect();
    let elsewhere = scope.secret_readers.keys().filter_map(|(owner, namespace)| {
        let home = by_owner.get(owner)?;
        (home.namespace != *namespace).then(|| Secret { namespace: namespace.clone(), ..(*home).clone() })
    });
    elsewhere.collect()
}

/// Who turns the contracts into Secrets.
pub(super) fn store(scope: &mut Scope<'_>) -> Option<SecretStore> {
    let path = KeyPath::of(["secret-store"]);
    let Some(store) = &scope.spec.secret_store else { return Some(SecretStore::Kubernetes) };
    match store.kind {
        // What agents read has left the list of Secrets by the time that this matters: see `vault`.
        None | Some(spec::StoreKind::Kubernetes | spec::StoreKind::VaultAgent) => {
            Some(SecretStore::Kubernetes)
        }
        Some(spec::StoreKind::ExternalSecrets) => {
            let name = scope.parse_required(&path, "name", store.name.as_deref(), DnsSubdomain::parse)?;
            let refresh = refresh(scope, &path, store.refresh.as_deref())?;
            Some(SecretStore::ExternalSecrets { name: name.to_string(), refresh })
        }
    }
}

/// How often the operator looks for a new value. Never (`0s`) would keep what was rotated away.
fn refresh(scope: &mut Scope<'_>, path: &KeyPath, text: Option<&str>) -> Option<String> {
    let at = path.key("refresh");
    let Some(text) = text else { return Some("1h".to_owned()) };
    let interval = scope.parse(&at, text, Duration::parse)?;
    if interval.seconds() > 0 {
        return Some(text.to_owned());
    }
    let message = format!("`{}` is nothing: a rotated secret would never arrive", scope.written(&at));
    let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&at), "");
    scope.report(problem.hint("write how often to look, as in `\"1h\"`"));
    None
}

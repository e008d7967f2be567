//! What values mention: names in the cluster of namespaces that others own, and hosts that others claim.
//!
//! An edge says what a workload may reach; a value says where it really goes. Both must keep to what is in reach.

use super::border::{HOST_CLAIMED, PUBLIC_HOST};
use super::externals::{belongs_here, refuse_cache};
use super::scope::{Scope, enabled, is_enabled};
use crate::diag::Diagnostic;
use crate::model::{External, Reach};
use crate::source::KeyPath;
use crate::spec;

/// Reports every value that leads where it must not, and every route with a host that others claim.
pub(super) fn check(scope: &mut Scope<'_>, externals: &[External]) {
    for (path, text) in values(scope.spec) {
        for word in words(&text) {
            in_cluster(scope, &path, word);
            public(scope, &path, word, externals);
        }
    }
    claimed(scope);
}

/// The values of environment variables and configs, with where each stands.
fn values(spec: &spec::Platform) -> Vec<(KeyPath, String)> {
    let mut values = Vec::new();
    for (key, workload) in enabled(spec.workloads.as_ref(), |workload| workload.enabled) {
        let path = KeyPath::of(["workloads", key]);
        variables(&mut values, (spec, &path), workload.env.as_ref());
        for (noun, containers) in [("init", &workload.init), ("sidecars", &workload.sidecars)] {
            for (at, container) in containers.iter().flatten().enumerate() {
                variables(&mut values, (spec, &path.key(noun).index(at)), container.env.as_ref());
            }
        }
    }
    for (key, database) in enabled(spec.databases.as_ref(), |database| database.enabled) {
        variables(&mut values, (spec, &KeyPath::of(["databases", key])), database.env.as_ref());
    }
    for (key, config) in enabled(spec.configs.as_ref(), |config| config.enabled) {
        let data = KeyPath::of(["configs", key, "data"]);
        let entries = config.data.iter().flatten();
        values.extend(entries.map(|(key, text)| (data.key(key), text.clone())));
    }
    values
}

fn variables(
    values: &mut Vec<(KeyPath, String)>,
    (spec, path): (&spec::Platform, &KeyPath),
    env: Option<&std::collections::BTreeMap<String, spec::EnvValue>>,
) {
    let is_set = |variable: &spec::EnvValue| {
        variable.when.as_deref().is_none_or(|entity| is_enabled(spec, entity) != Some(false))
    };
    for (name, variable) in env.into_iter().flatten().filter(|(_, variable)| is_set(variable)) {
        let text = variable.value.as_ref().map(ToString::to_string);
        values.extend(text.map(|text| (path.key("env").key(name), text)));
    }
}

/// What could be a host name: letters, digits, hyphens and dots, with a dot inside.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
    parts.map(|part| part.trim_matches('.')).filter(|part| part.contains('.'))
}

/// A name such as `redis.shop-staging.svc.cluster.local` that leads into a namespace of others.
fn in_cluster(scope: &mut Scope<'_>, path: &KeyPath, word: &str) {
    let labels: Vec<&str> = word.split('.').collect();
    let [service, namespace, rest @ ..] = labels.as_slice() else { return };
    if !rest.is_empty() && rest.first() != Some(&"svc") {
        return;
    }
    let external = |(key, found): &(&str, &spec::Namespace)| {
        found.external == Some(true) && found.name.as_deref().unwrap_or(key) == *namespace
    };
    let namespaces = enabled(scope.spec.namespaces.as_ref(), |namespace| namespace.enabled);
    let Some((key, _)) = namespaces.into_iter().find(external) else { return };
    belongs_here(scope, path, key);
    refuse_cache(scope, path, service, [None, None]);
}

/// A public host of something that runs in this cluster.
fn public(scope: &mut Scope<'_>, path: &KeyPath, word: &str, externals: &[External]) {
    let claims = |external: &&External| external.hosts.iter().any(|host| host.as_str() == word);
    let Some(external) = externals.iter().find(claims) else { return };
    let Reach::Pods { .. } = external.reach else { return };
    let message = format!("`{path}` reaches `{}` by its public host {word}", external.key);
    let problem = Diagnostic::new(&PUBLIC_HOST, message).at(scope.span(path), "").about(path);
    let problem = problem.at(scope.span(&external.source.key("hosts")), "it runs in this cluster");
    let key = external.key.replace('-', "_");
    scope.report(problem.hint(format!("write `{{{{ externals.{key}.url }}}}`")));
}

/// Reports routes whose host an external lists, whether the external is reached here or not.
fn claimed(scope: &mut Scope<'_>) {
    let spec = scope.spec;
    for (key, route) in enabled(spec.routes.as_ref(), |route| route.enabled) {
        let path = KeyPath::of(["routes", key]);
        let own = route.host.iter().map(|host| (path.key("host"), host));
        let further = enabled(route.hosts.as_ref(), |host| host.enabled).into_iter();
        let further = further.map(|(name, host)| {
            let at = path.key("hosts").key(name);
            host.host.as_deref().map_or_else(|| (at.clone(), name), |own| (at.key("host"), own))
        });
        for (at, host) in own.map(|(at, host)| (at, host.as_str())).chain(further) {
            claimed_host(scope, &at, host);
        }
    }
}

fn claimed_host(scope: &mut Scope<'_>, path: &KeyPath, host: &str) {
    let claims = |(_, external): &(&String, &spec::Neighbour)| {
        let public = external.public_url.as_deref().map(host_of);
        external.hosts.iter().flatten().map(String::as_str).chain(public).any(|claimed| claimed == host)
    };
    let Some((owner, _)) = scope.spec.externals.iter().flatten().find(claims) else { return };
    let message = format!("`{path}` is {host}, which belongs to `{owner}`");
    let problem = Diagnostic::new(&HOST_CLAIMED, message).at(scope.span(path), "").about(path);
    let declared = KeyPath::of(["externals", owner, "hosts"]);
    let problem = problem.at(scope.span(&declared), "claimed here");
    scope.report(problem.hint("give the route a host of its own"));
}

/// The host of a URL.
fn host_of(url: &str) -> &str {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    after.split(['/', ':', '?']).next().unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_within_urls_and_lists() {
        let found: Vec<&str> = words("http://psx.shop.svc.cluster.local:80/x, tcp:sql.db,1433").collect();
        assert_eq!(found, ["psx.shop.svc.cluster.local", "sql.db"]);
        assert_eq!(host_of("https://auth.example.com:8443/realms/x"), "auth.example.com");
    }
}

//! What routes must keep to together: no two for the same requests, versions and tokens for APIs, and an order in which
//! what is set is not removed again.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::{DUPLICATE_ROUTE, MIDDLEWARE_ORDER, PATH_WITHOUT_JWT, UNVERSIONED_PATH};
use super::draft::{Draft, Entry};
use super::middlewares::Known;
use super::passes::flat;
use crate::diag::Diagnostic;
use crate::model::Action;
use crate::resolve::scope::Scope;
use crate::source::KeyPath;
use crate::spec;

/// Reports everything that is wrong with the routes as they stand beside one another.
pub(super) fn run(scope: &mut Scope<'_>, drafts: &[Draft<'_>], known: &BTreeMap<String, Known>) {
    let entries: Vec<&Entry<'_>> = drafts.iter().flat_map(|draft| &draft.entries).collect();
    duplicates(scope, &entries);
    orders(scope, &entries, known);
    let api = scope.spec.ingress.as_ref().and_then(|ingress| ingress.api.as_ref());
    if let Some(api) = api {
        entries.iter().for_each(|entry| promises(scope, entry, api));
    }
}

fn duplicates(scope: &mut Scope<'_>, entries: &[&Entry<'_>]) {
    let mut first: BTreeMap<(&str, &str, bool), &Entry<'_>> = BTreeMap::new();
    for entry in entries {
        let key = (entry.host.as_str(), entry.path.trim_end_matches('/'), entry.exact);
        let Some(other) = first.get(&key) else {
            first.insert(key, entry);
            continue;
        };
        let message = format!("`{}` and `{}` match the same requests for {}", other.at, entry.at, entry.host);
        let problem = Diagnostic::new(&DUPLICATE_ROUTE, message)
            .at(scope.key_span(&entry.at), "")
            .at(scope.key_span(&other.at), "this one matches them already")
            .about(&entry.at);
        scope.report(problem.hint("remove one of them, or give it another host or path"));
    }
}

/// Headers of the request that a middleware sets.
fn sets(action: &Action) -> Vec<&str> {
    match action {
        Action::ForwardAuth(auth) => auth.response_headers.iter().map(String::as_str).collect(),
        Action::Headers(headers) => headers.request.set.keys().map(String::as_str).collect(),
        Action::Plugin { sets, .. } => sets.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Headers of the request that a middleware removes.
fn removes(action: &Action) -> &[String] {
    match action {
        Action::Headers(headers) => &headers.request.remove,
        _ => &[],
    }
}

fn orders(scope: &mut Scope<'_>, entries: &[&Entry<'_>], known: &BTreeMap<String, Known>) {
    let mut reported = BTreeSet::new();
    for entry in entries {
        let mut set: BTreeMap<String, &Known> = BTreeMap::new();
        for (pass, one) in flat(known, &entry.passes) {
            let Some(action) = &one.action else { continue };
            for header in removes(action) {
                let Some(setter) = set.get(&header.to_ascii_lowercase()) else { continue };
                if reported.insert((setter.key.clone(), one.key.clone(), header.clone())) {
                    report_order(scope, (&pass.at, header), (setter, one));
                }
            }
            set.extend(sets(action).into_iter().map(|header| (header.to_ascii_lowercase(), one)));
        }
    }
}

fn report_order(scope: &mut Scope<'_>, (at, header): (&KeyPath, &str), (setter, remover): (&Known, &Known)) {
    let message =
        format!("`{}` removes the header {header}, which `{}` has set before it", remover.path, setter.path);
    let problem = Diagnostic::new(&MIDDLEWARE_ORDER, message)
        .at(scope.span(at), "")
        .at(scope.key_span(&setter.path), "sets it")
        .at(scope.key_span(&remover.path), "removes it")
        .about(at);
    scope.report(problem.hint(format!("let requests pass `{}` before `{}`", remover.key, setter.key)));
}

/// What `[ingress.api]` promises of the paths of APIs.
fn promises(scope: &mut Scope<'_>, entry: &Entry<'_>, api: &spec::ApiPaths) {
    let prefix = api.prefix.as_deref().unwrap_or("/api").trim_end_matches('/');
    let Some(rest) = entry.path.strip_prefix(prefix) else { return };
    if !(rest.is_empty() || rest.starts_with('/')) {
        return;
    }
    let version = rest.split('/').nth(1).unwrap_or_default();
    if api.versioned == Some(true) && !is_major(version) {
        let message = format!("`{}` has no major version after {prefix}", entry.at);
        let problem = Diagnostic::new(&UNVERSIONED_PATH, message).at(scope.key_span(&entry.at), "");
        let promised = scope.span(&KeyPath::of(["ingress", "api", "versioned"]));
        let problem = problem.at(promised, "promised here").about(&entry.at);
        scope.report(problem.hint(format!("write `\"{prefix}/v1{rest}\"`")));
    }
    if api.jwt == Some(true) && !entry.says_jwt {
        let message = format!("nothing validates the tokens of requests for `{}`", entry.at);
        let problem = Diagnostic::new(&PATH_WITHOUT_JWT, message).at(scope.key_span(&entry.at), "");
        let promised = scope.span(&KeyPath::of(["ingress", "api", "jwt"]));
        let problem = problem.at(promised, "promised here").about(&entry.at);
        scope.report(
            problem.hint("add `jwt = \"…\"` to the route, or `jwt = false` where everybody may come in"),
        );
    }
}

/// Whether a part of a path is a major version: `v1`.
fn is_major(part: &str) -> bool {
    let number = part.strip_prefix('v').unwrap_or_default();
    !number.is_empty() && !number.starts_with('0') && number.bytes().all(|c| c.is_ascii_digit())
}

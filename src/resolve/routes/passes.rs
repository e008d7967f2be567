//! What requests pass, in order: the middlewares of the route, those of the host, who signs people in, what validates
//! tokens, and the middlewares of the path.

use std::collections::{BTreeMap, BTreeSet};

use super::middlewares::Known;
use crate::diag::Diagnostic;
use crate::model::Action;
use crate::resolve::codes::DISABLED_TARGET;
use crate::resolve::scope::Scope;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// One middleware that requests pass, and where that is written.
#[derive(Debug, Clone)]
pub(super) struct Pass {
    /// The key of the middleware.
    pub key: String,
    /// Where it is named.
    pub at: KeyPath,
}

/// What stands before a path, each with the entity that says so.
#[derive(Debug, Clone)]
pub(super) struct Guards {
    /// Who signs people in.
    pub auth: (KeyPath, Option<spec::Guard>),
    /// What validates tokens.
    pub jwt: (KeyPath, Option<spec::Guard>),
}

impl Guards {
    /// What the entity at `path` says.
    pub fn of(path: &KeyPath, auth: Option<&spec::Guard>, jwt: Option<&spec::Guard>) -> Self {
        Self { auth: (path.key("auth"), auth.cloned()), jwt: (path.key("jwt"), jwt.cloned()) }
    }

    /// What is said here, or else what `outer` says.
    pub fn or(&self, outer: &Self) -> Self {
        let pick = |own: &(KeyPath, Option<spec::Guard>), outer: &(KeyPath, Option<spec::Guard>)| {
            if own.1.is_some() { own.clone() } else { outer.clone() }
        };
        Self { auth: pick(&self.auth, &outer.auth), jwt: pick(&self.jwt, &outer.jwt) }
    }
}

/// What requests of every path pass.
pub(super) struct Passes<'a> {
    known: &'a BTreeMap<String, Known>,
    /// The middlewares that some path passes, by key.
    pub used: BTreeSet<String>,
    /// The places that something was said of already: what a route says holds for each of its paths.
    reported: BTreeSet<String>,
}

impl<'a> Passes<'a> {
    /// Nothing passes anything yet.
    pub const fn new(known: &'a BTreeMap<String, Known>) -> Self {
        Self { known, used: BTreeSet::new(), reported: BTreeSet::new() }
    }

    /// The middlewares that the entity at `path` lists.
    pub fn list(&mut self, scope: &mut Scope<'_>, path: &KeyPath, keys: Option<&Vec<String>>) -> Vec<Pass> {
        let path = path.key("middlewares");
        let listed = keys.into_iter().flatten().enumerate();
        listed.filter_map(|(at, key)| self.find(scope, &path.index(at), ("middlewares", key))).collect()
    }

    /// All that requests pass: what comes before, the guards, and what comes after. What is named twice is passed once.
    pub fn joined(
        &mut self,
        scope: &mut Scope<'_>,
        before: Vec<Pass>,
        guards: &Guards,
        after: Vec<Pass>,
    ) -> Vec<Pass> {
        let auth = self.guard(scope, &guards.auth, "oauth2-proxies");
        let jwt = self.guard(scope, &guards.jwt, "middlewares");
        let jwt = jwt.filter(|pass| self.validates(scope, pass));
        let all = before.into_iter().chain(auth).chain(jwt).chain(after);
        let mut passes: Vec<Pass> = Vec::new();
        for pass in all {
            if passes.iter().all(|known| known.key != pass.key) {
                passes.push(pass);
            }
        }
        passes
    }

    fn guard(
        &mut self,
        scope: &mut Scope<'_>,
        (at, guard): &(KeyPath, Option<spec::Guard>),
        noun: &str,
    ) -> Option<Pass> {
        let guard = guard.as_ref().filter(|guard| guard.enabled != Some(false))?;
        let Some(name) = guard.name.as_deref() else {
            if self.is_first(at) {
                let hint = format!("write the key of one of `[{noun}]`, or `false`");
                scope.missing(at, "name", &hint);
            }
            return None;
        };
        self.find(scope, &at.key("name"), (noun, name))
    }

    /// The middleware of that key. What is not there, or not enabled, is passed over with a report.
    fn find(&mut self, scope: &mut Scope<'_>, at: &KeyPath, (noun, key): (&str, &str)) -> Option<Pass> {
        if let Some(known) = self.known.get(key).filter(|known| known.noun == noun) {
            self.used.insert(key.to_owned());
            self.used.extend(members(self.known, known));
            return known.is_enabled.then(|| Pass { key: key.to_owned(), at: at.clone() }).or_else(|| {
                self.report_disabled(scope, at, key);
                None
            });
        }
        if self.is_first(at) {
            let of_noun = self.known.values().filter(|known| known.noun == noun);
            let known: Vec<String> = of_noun.map(|known| known.key.clone()).collect();
            let what = if noun == "middlewares" { "middleware" } else { "oauth2-proxy" };
            scope.unknown(at, &format!("{what} `{key}`"), key, &known);
        }
        None
    }

    fn report_disabled(&mut self, scope: &mut Scope<'_>, at: &KeyPath, key: &str) {
        if self.is_first(at) {
            let message = format!("`{at}` names `{key}`, which is not enabled, and is left out");
            scope.report(Diagnostic::new(&DISABLED_TARGET, message).at(scope.span(at), "").about(at));
        }
    }

    /// Whether that key is an oauth2-proxy's.
    pub fn is_proxy(&self, key: &str) -> bool {
        self.known.get(key).is_some_and(|known| known.noun == "oauth2-proxies")
    }

    fn is_first(&mut self, at: &KeyPath) -> bool {
        self.reported.insert(at.to_string())
    }

    /// Whether what is named as `jwt` can refuse requests at all.
    fn validates(&mut self, scope: &mut Scope<'_>, pass: &Pass) -> bool {
        let Some(known) = self.known.get(&pass.key) else { return false };
        let able = |action: &Option<Action>| {
            matches!(action, None | Some(Action::ForwardAuth(_) | Action::Plugin { .. }))
        };
        let of_members = || members(self.known, known).iter().any(|key| able(&self.known[key].action));
        if able(&known.action) || of_members() {
            return true;
        }
        if self.is_first(&pass.at) {
            let written = scope.written(&pass.at);
            let message = format!("`{written}`: middleware `{}` validates no token", pass.key);
            let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&pass.at), "");
            let hint = "name one with `forward-auth` or `plugin`: Traefik has none of its own for tokens";
            scope.report(problem.at(scope.key_span(&known.path), "declared here").hint(hint));
        }
        false
    }
}

/// The middlewares of a chain, and of chains within it, by key.
pub(super) fn members(known: &BTreeMap<String, Known>, of: &Known) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&String> = of.members.iter().collect();
    while let Some(key) = open.pop() {
        if found.insert(key.clone()) {
            open.extend(known.get(key).into_iter().flat_map(|known| &known.members));
        }
    }
    found
}

/// What requests pass with chains taken apart, in order.
pub(super) fn flat<'a>(known: &'a BTreeMap<String, Known>, passes: &'a [Pass]) -> Vec<(&'a Pass, &'a Known)> {
    let mut flat = Vec::new();
    for pass in passes {
        let mut open: Vec<&str> = vec![&pass.key];
        let mut seen = BTreeSet::new();
        while let Some(key) = open.pop() {
            let Some(one) = known.get(key).filter(|one| one.is_enabled) else { continue };
            if one.members.is_empty() {
                flat.push((pass, one));
            } else if seen.insert(key) {
                open.extend(one.members.iter().rev().map(String::as_str));
            }
        }
    }
    flat
}

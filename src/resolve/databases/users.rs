//! Users of a Redis besides the main one, each with what it may do and nothing else.
//!
//! Takes `users` of a database; gives arguments of the server, which are lines of its configuration
//! (<https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/>), and the variables that their passwords come
//! from. Refuses users of other engines, and a user that may do nothing.

use crate::diag::Diagnostic;
use crate::model::{Container, EnvSource, EnvVar};
use crate::names::EnvName;
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::container::Place;
use crate::resolve::scope::Scope;
use crate::resolve::secrets;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// Adds the users of `database` to its server.
pub(super) fn add(scope: &mut Scope<'_>, place: &Place, database: &spec::Database, server: &mut Container) {
    let users = database.users.iter().flatten().filter(|(_, user)| user.enabled != Some(false));
    let users: Vec<_> = users.collect();
    let path = place.source.key("users");
    if !users.is_empty() && database.engine.as_deref() != Some("redis") {
        let engine = database.engine.as_deref().unwrap_or_default();
        let message =
            format!("`{}` has `users`, which is for redis, and its engine is {engine}", place.source);
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.key_span(&path), "");
        scope.report(problem.hint("remove `users`, and make the users of this engine by its own means"));
        return;
    }
    for (name, user) in users {
        let Some((variable, words)) = one(scope, place, &path.key(name), (name, user)) else { continue };
        server.env.push(variable);
        server.args.extend(words);
    }
}

fn one(
    scope: &mut Scope<'_>,
    place: &Place,
    path: &KeyPath,
    (name, user): (&str, &spec::BrokerUser),
) -> Option<(EnvVar, Vec<String>)> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name == "default" || name.is_empty() || !name.chars().all(plain) {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{path}` is no name for a user"));
        let hint =
            "write lower-case letters, digits and `-`; `default` is the main user, and has `credentials`";
        scope.report(problem.at(scope.key_span(path), "").hint(hint));
        return None;
    }
    let words = words(scope, path, user)?;
    let secret = scope.required(path, "secret", user.secret.as_deref())?;
    let (secret, key) =
        secrets::key_of(scope, path, place, (secret, Some(user.key.as_deref().unwrap_or(name))))?;
    let variable = format!("REDIS_USER_{}", name.to_ascii_uppercase().replace('-', "_"));
    // Kubernetes puts the value in where `$(NAME)` stands in an argument.
    let password = format!(">$({variable})");
    let name = ["--user", name, "on", &password, "resetkeys", "resetchannels", "-@all", "+@connection"];
    let words = name.map(str::to_owned).into_iter().chain(words).collect();
    Some((
        EnvVar { name: EnvName::parse(&variable).ok()?, source: EnvSource::Secret { name: secret, key } },
        words,
    ))
}

/// What the user may do, in the words of an access control list.
fn words(scope: &mut Scope<'_>, path: &KeyPath, user: &spec::BrokerUser) -> Option<Vec<String>> {
    let lists = [
        ("publish", &user.publish, '&', &["+publish"][..]),
        ("subscribe", &user.subscribe, '&', &["+subscribe", "+psubscribe", "+unsubscribe", "+punsubscribe"]),
        ("keys", &user.keys, '~', &["+@read", "+@write", "-@dangerous"]),
    ];
    let mut words: Vec<String> = Vec::new();
    for (key, patterns, sign, commands) in lists {
        let patterns = patterns.iter().flatten().collect::<Vec<_>>();
        let bad = patterns.iter().find(|text| text.is_empty() || text.contains([' ', '\n', '\t', '$']));
        if bad.is_some() {
            let problem =
                Diagnostic::new(&BAD_VALUE, format!("`{path}.{key}` holds a pattern that Redis cannot read"));
            scope.report(
                problem.at(scope.span(&path.key(key)), "").hint("write it without blanks, as in `config:*`"),
            );
            return None;
        }
        if !patterns.is_empty() {
            words.extend(commands.iter().map(|word| (*word).to_owned()));
            words.extend(patterns.iter().map(|pattern| format!("{sign}{pattern}")));
        }
    }
    if words.is_empty() {
        scope.one_of(path, &["publish", "subscribe", "keys"]);
        return None;
    }
    Some(words)
}

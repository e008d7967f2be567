//! What a database that runs elsewhere is asked for and does not get: nothing of the platform runs beside it.

use crate::diag::{Code, Diagnostic, Severity};
use crate::resolve::scope::Scope;
use crate::source::KeyPath;
use crate::spec;

/// A task that nobody does.
pub(in crate::resolve) static EXTERNAL_NOT_MANAGED: Code = Code {
    name: "external-not-managed",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A database has `external` in an environment, and also `backup`, `bootstrap`, `schemas`, `users` or the seed of hot \
           settings. Those are done by Jobs beside a server of the platform's own, and there is none.\n\
           \n\
           ## Why it matters\n\
           No dump is taken and no table is made there, and nothing in the output says so.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [databases.postgres]\n\
           backup = { schedule = \"0 2 * * *\", to = \"50Gi\" }\n\
           [environments.production]\n\
           databases.postgres.external = \"db.example.com\"\n\
           ```\n\
           \n\
           ## Instead\n\
           Let the owner of that database do it, and say so: `databases.postgres.backup = false` in the environment, or an \
           `[[allow]]` with the reason where the field cannot be taken back.",
};

/// Says of each such field that it does nothing here.
pub(super) fn check(scope: &mut Scope<'_>, path: &KeyPath, key: &str, database: &spec::Database) {
    let backup = database.backup.as_ref().is_some_and(|backup| backup.enabled != Some(false));
    let schemas = database.schemas.iter().flatten().any(|(_, schema)| schema.enabled != Some(false));
    let users = database.users.as_ref().is_some_and(|users| !users.is_empty());
    for (field, asked, lost, hint) in [
        ("backup", backup, "no dump of it is taken", "set `backup = false` here, where its owner takes them"),
        ("bootstrap", database.bootstrap.is_some(), "no table is made in it", ALLOW),
        ("schemas", schemas, "no database is made in it", ALLOW),
        ("users", users, "no user is made in it", ALLOW),
    ] {
        if asked {
            report(scope, &path.key(field), (&format!("`{}` does nothing", path.key(field)), lost), hint);
        }
    }
    let seeds =
        scope.spec.hot_settings.as_ref().and_then(|settings| settings.database.as_deref()) == Some(key);
    if seeds {
        let at = KeyPath::of(["hot-settings", "database"]);
        report(scope, &at, ("`hot-settings` seeds nothing", "no default is written to it"), ALLOW);
    }
}

const ALLOW: &str = "let its owner do it, and say so in `[[allow]]`";

fn report(scope: &mut Scope<'_>, at: &KeyPath, (what, lost): (&str, &str), hint: &str) {
    let message = format!("{what}: the database is `external`, so {lost}");
    let place = scope.key_span(at).or_else(|| scope.span(at));
    scope.report(Diagnostic::new(&EXTERNAL_NOT_MANAGED, message).about(at).at(place, "").hint(hint));
}

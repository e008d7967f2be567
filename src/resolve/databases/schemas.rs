//! More databases within a server: a Job each, so that one more of them changes nothing that is there.

use super::job;
use crate::diag::Diagnostic;
use crate::model::{Container, Workload};
use crate::names::{DnsLabel, DnsSubdomain};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::container::Place;
use crate::resolve::engine::{self, Engine, Instance, SchemaOf};
use crate::resolve::scope::Scope;
use crate::resolve::secrets;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// How long the name of a user may be: MySQL allows 32 characters, and every other engine more.
const LONGEST: usize = 32;

/// The server that the schemas are made in.
pub(super) struct Server<'a> {
    pub(super) engine: &'static Engine,
    pub(super) instance: Instance<'a>,
    pub(super) place: &'a Place,
    pub(super) component: &'a DnsLabel,
    pub(super) container: &'a Container,
}

/// The Jobs that make the schemas of a database.
pub(super) fn build(scope: &mut Scope<'_>, database: &spec::Database, server: &Server<'_>) -> Vec<Workload> {
    let path = server.place.source.key("schemas");
    let schemas = database.schemas.iter().flatten().filter(|(_, schema)| schema.enabled != Some(false));
    let schemas: Vec<_> = schemas.collect();
    if !schemas.is_empty() && !may_make(scope, &path, server) {
        return Vec::new();
    }
    schemas.into_iter().filter_map(|(key, schema)| one(scope, database, server, (key, schema))).collect()
}

/// Whether the user of the database may make others. The image gives that right to `root` alone.
fn may_make(scope: &mut Scope<'_>, path: &KeyPath, server: &Server<'_>) -> bool {
    if !matches!(server.engine.name, "mariadb" | "mysql") || server.instance.user == "root" {
        return true;
    }
    let message = format!("`{path}`: user `{}` may make no databases", server.instance.user);
    let user = server.place.source.key("user");
    let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(path), "");
    let problem = problem.at(scope.written_span(&user), "only root may");
    scope.report(problem.hint("remove `user` and `database`, and give the schema `user`"));
    false
}

fn one(
    scope: &mut Scope<'_>,
    database: &spec::Database,
    server: &Server<'_>,
    (key, schema): (&str, &spec::Schema),
) -> Option<Workload> {
    let path = server.place.source.key("schemas").key(key);
    let user = schema.user.as_deref().unwrap_or(key);
    let legal = identifier(scope, (&path, scope.key_span(&path)), key);
    let user_path = if schema.user.is_some() { path.key("user") } else { path.clone() };
    let legal = (user == key || identifier(scope, (&user_path, scope.span(&user_path)), user)) && legal;
    if !legal {
        return None;
    }
    let secret = scope.required(&path, "secret", schema.secret.as_deref())?;
    let password = schema.password.as_deref().unwrap_or("password");
    let (secret, password) = secrets::key_of(scope, &path, server.place, (secret, Some(password)))?;
    let secret = scope.parse(&path.key("secret"), &secret, DnsSubdomain::parse)?;
    let of = SchemaOf { name: key, user, password: (&secret, &password) };
    let Some(job) = engine::schema(server.engine, &server.instance, &of) else {
        let message =
            format!("`{path}`: {} has no further databases with users of their own", server.engine.name);
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.key_span(&path), "");
        scope.report(problem.hint("declare another `[databases.…]`"));
        return None;
    };
    let name = format!("{}-{}", server.place.name, key.replace('_', "-").to_lowercase());
    let name = scope.parse(&path, &name, DnsLabel::parse)?;
    let place = Place { name, ..server.place.clone() };
    job::build(scope, database, (&place, server.component), &job, server.container)
}

/// Whether a name is one that needs no quotes anywhere; reports one that is not.
fn identifier(
    scope: &mut Scope<'_>,
    (path, place): (&KeyPath, Option<crate::source::Span>),
    name: &str,
) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.len() <= LONGEST && name.chars().all(legal) {
        return true;
    }
    let message = format!(
        "`{path}`: `{name}` is no name of a database or user: a letter, then letters, digits, `_` and `-`, {LONGEST} at most"
    );
    scope.report(Diagnostic::new(&BAD_VALUE, message).at(place, "").hint("choose another name"));
    false
}

#[cfg(test)]
mod tests {
    use crate::model::EnvSource;
    use crate::names::ConfigKey;
    use crate::resolve::testing::platform;

    const TEXT: &str = r#"
        [platform]
        name = "shop"
        kubernetes = "1.35"
        [namespaces.sites]
        isolated = true
        [secrets.blog-db]
        namespace = "sites"
        keys = { password = "The password" }
        [databases.db]
        namespace = "sites"
        engine = "ENGINE"
        image = "registry.example/db:1"
        storage = "1Gi"
        schemas.blog_x = { secret = "blog-db", user = "writer" }
    "#;

    #[test]
    fn every_schema_has_a_job_that_reads_its_own_password() {
        for engine in ["mariadb", "mysql", "postgres"] {
            let (platform, found) = platform(&TEXT.replace("ENGINE", engine), None);
            let platform = platform.unwrap_or_else(|| panic!("{engine}: {found:?}"));
            let job = platform.workloads.iter().find(|workload| workload.name.as_str() == "db-blog-x-schema");
            let container = &job.unwrap_or_else(|| panic!("{engine}: no job")).containers[0];
            let key = ConfigKey::parse("password").expect("is a key");
            let read = EnvSource::Secret { name: "blog-db".to_owned(), key };
            assert!(container.env.iter().any(|variable| variable.source == read), "{engine}");
            assert_eq!(container.command[container.command.len() - 2..], ["blog_x", "writer"]);
            let edges = platform.edges.iter().filter(|edge| edge.ports.len() == 1).count();
            assert_eq!(edges, 1, "{engine}: the job may reach its server");
        }
    }

    #[test]
    fn an_engine_with_one_database_says_so() {
        let (_, found) = platform(&TEXT.replace("ENGINE", "redis"), None);
        let messages: Vec<String> = found.into_iter().map(|found| found.message).collect();
        assert_eq!(
            messages,
            ["`databases.db.schemas.blog_x`: redis has no further databases with users of their own"]
        );
    }
}

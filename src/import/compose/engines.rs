//! Which images are engines of databases that the platform runs itself.

use super::variables::plain;
use crate::names::ImageRef;
use std::collections::BTreeMap;

/// An image that is an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Engine {
    /// The word for `engine`.
    pub name: &'static str,
    /// The version, where its tag says one.
    pub version: Option<String>,
    /// The variables of its image that say what `[databases]` has words for: user, database and password.
    pub words: &'static Words,
}

/// The variables by which an image is told what to make.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub user: &'static [&'static str],
    pub database: &'static [&'static str],
    pub password: &'static [&'static str],
    /// Where its data lies.
    pub data: &'static [&'static str],
    /// What its entry point is called, which a command may begin with.
    pub server: &'static [&'static str],
    /// Variables that the engine sets itself, or does without.
    pub settled: &'static [&'static str],
}

const POSTGRES: Words = Words {
    user: &["POSTGRES_USER"],
    database: &["POSTGRES_DB"],
    password: &["POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"],
    data: &["/var/lib/postgresql/data", "/var/lib/postgresql"],
    server: &["postgres"],
    settled: &["PGDATA"],
};
const MYSQL: Words = Words {
    user: &["MYSQL_USER"],
    database: &["MYSQL_DATABASE"],
    // The root's password is that of applications where there is no other user.
    password: &["MYSQL_PASSWORD", "MYSQL_PASSWORD_FILE", "MYSQL_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD_FILE"],
    data: &["/var/lib/mysql"],
    server: &["mysqld"],
    settled: &["MYSQL_RANDOM_ROOT_PASSWORD"],
};
const MARIADB: Words = Words {
    user: &["MARIADB_USER", "MYSQL_USER"],
    database: &["MARIADB_DATABASE", "MYSQL_DATABASE"],
    password: &[
        "MARIADB_PASSWORD",
        "MYSQL_PASSWORD",
        "MARIADB_PASSWORD_FILE",
        "MYSQL_PASSWORD_FILE",
        "MARIADB_ROOT_PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD_FILE",
        "MYSQL_ROOT_PASSWORD_FILE",
    ],
    data: &["/var/lib/mysql"],
    server: &["mariadbd", "mysqld"],
    settled: &["MARIADB_RANDOM_ROOT_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"],
};
const REDIS: Words = Words {
    user: &[],
    database: &[],
    password: &["REDIS_PASSWORD"],
    data: &["/data"],
    server: &["redis-server"],
    settled: &[],
};
const SQLSERVER: Words = Words {
    user: &[],
    database: &[],
    password: &["MSSQL_SA_PASSWORD", "SA_PASSWORD"],
    data: &["/var/opt/mssql"],
    server: &["/opt/mssql/bin/sqlservr"],
    settled: &["ACCEPT_EULA"],
};

/// Images that start as the official one does, and the engine that each is.
const IMAGES: [(&str, &str, &Words); 8] = [
    ("library/mariadb", "mariadb", &MARIADB),
    ("library/mysql", "mysql", &MYSQL),
    ("library/postgres", "postgres", &POSTGRES),
    ("library/redis", "redis", &REDIS),
    ("mssql/server", "sqlserver", &SQLSERVER),
    ("pgvector/pgvector", "postgres", &POSTGRES),
    ("postgis/postgis", "postgres", &POSTGRES),
    ("timescale/timescaledb", "postgres", &POSTGRES),
];

/// The engine that an image is, if it is one.
pub(super) fn of(image: &str, values: &BTreeMap<String, String>) -> Option<Engine> {
    let image = ImageRef::parse(&plain(image, values, &mut Vec::new())).ok()?;
    let path = path(&image);
    let (_, name, words) = IMAGES.into_iter().find(|(known, ..)| *known == path)?;
    let digits = |tag: &str| {
        tag.trim_start_matches("pg")
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '.')
            .collect::<String>()
    };
    let version = image.tag().map(digits).filter(|version| !version.is_empty());
    Some(Engine { name, version: version.map(|it| it.trim_end_matches('.').to_owned()), words })
}

/// The path of an image, that of an official one with `library/`.
fn path(image: &ImageRef) -> String {
    let repository = image.repository();
    if repository.contains('/') { repository.to_owned() } else { format!("library/{repository}") }
}

/// Whether an image is an ingress controller, whose place the cluster's own takes.
pub(super) fn is_proxy(image: &str, values: &BTreeMap<String, String>) -> bool {
    let image = ImageRef::parse(&plain(image, values, &mut Vec::new()));
    image.is_ok_and(|image| ["library/traefik", "traefik/traefik"].contains(&path(&image).as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_path() {
        let of =
            |image: &str| of(image, &BTreeMap::new()).map(|it| (it.name, it.version.unwrap_or_default()));
        assert_eq!(of("postgres:16.2-alpine"), Some(("postgres", "16.2".to_owned())));
        assert_eq!(of("docker.io/library/redis:7"), Some(("redis", "7".to_owned())));
        assert_eq!(of("pgvector/pgvector:pg17"), Some(("postgres", "17".to_owned())));
        assert_eq!(of("${DB:-mariadb}:11.4"), Some(("mariadb", "11.4".to_owned())));
        assert_eq!(of("mysql"), Some(("mysql", String::new())));
        assert_eq!(of("bitnami/postgresql:16"), None, "it keeps its data elsewhere and runs as another user");
        assert!(is_proxy("traefik:v3.1", &BTreeMap::new()));
    }
}

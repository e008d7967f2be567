//! Engines: what a database of a kind needs to run. One file each; adding one is writing a file and a line in
//! [`ENGINES`].
//!
//! An engine is a *preset*, the layer of the language that says what a `[databases.<name>]` of it is unless the user
//! says otherwise, and a *shape*, the container that runs it. Everything else (Services, claims, policies, probes'
//! timings, patches) is the same for all.

mod citus;
mod mariadb;
mod mongodb;
mod mysql;
mod mysql_family;
mod postgres;
mod redis;
mod sqlserver;
pub mod topology;

use crate::model::EnvSource;
use crate::names::{ConfigKey, DnsSubdomain};
use crate::value::Value;

/// One engine.
pub struct Engine {
    /// The word for `engine = "…"`.
    pub name: &'static str,
    /// The scheme of its URLs, for expressions.
    pub scheme: &'static str,
    /// What a database of it is unless the user says otherwise, as `[databases.<name>]` with short forms written out.
    pub preset: fn() -> Value,
    /// The container that runs an instance.
    pub shape: fn(&Instance<'_>) -> Shape,
    /// A command that makes a password which it takes.
    pub generate: &'static str,
    /// The bytes of memory below which its server does not start; 0 where it does with any.
    pub least_memory: u64,
}

/// What a shape is made from.
#[derive(Debug, Clone, Copy)]
pub struct Instance<'a> {
    /// The user that applications connect as.
    pub user: &'a str,
    /// The database within the engine.
    pub database: &'a str,
    /// The name that clients in its namespace use.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// The Secret with the password, and the key within it; `None` for an engine that runs without.
    pub password: Option<(&'a DnsSubdomain, &'a ConfigKey)>,
    /// Its memory limit in bytes; `None` where it has none.
    pub memory_limit: Option<u64>,
}

/// The container of an engine.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// The name of its port.
    pub port_name: &'static str,
    /// Arguments of the server.
    pub args: Vec<String>,
    /// Environment variables.
    pub env: Vec<(&'static str, EnvSource)>,
    /// Where the data volume is mounted.
    pub data: &'static str,
    /// Directories that the server writes besides its data: empty ones, gone with the pod.
    pub scratch: &'static [&'static str],
    /// A command that succeeds while the server takes connections: what the probes run.
    pub ping: Vec<String>,
    /// Whether that command fails while the server recovers from a crash, which can take as long as it likes.
    pub silent_in_recovery: bool,
    /// A command that a person would run to see that it works, for the smoke test.
    pub smoke: Vec<String>,
    /// What is run once beside the server, for what its image does not do by itself.
    pub job: Option<OneShot>,
}

/// A Job that belongs to an engine: it has the image of the server, and may connect to it.
#[derive(Debug, Clone)]
pub struct OneShot {
    /// What its name ends in.
    pub suffix: &'static str,
    /// What it runs; run again, it must change nothing.
    pub command: Vec<String>,
    /// Environment variables.
    pub env: Vec<(&'static str, EnvSource)>,
}

/// Every engine, by name.
pub static ENGINES: &[Engine] =
    &[mariadb::ENGINE, mysql::ENGINE, postgres::ENGINE, redis::ENGINE, sqlserver::ENGINE];

/// One more database within a server, and its user.
#[derive(Debug, Clone, Copy)]
pub struct SchemaOf<'a> {
    /// Its name: letters, digits, `_` and `-`.
    pub name: &'a str,
    /// The user that owns it, of the same characters.
    pub user: &'a str,
    /// The Secret with the user's password, and the key within it.
    pub password: (&'a DnsSubdomain, &'a ConfigKey),
}

/// The Job that makes one more database and its user; `None` for an engine that has but one.
#[must_use]
pub(super) fn schema(engine: &Engine, instance: &Instance<'_>, schema: &SchemaOf<'_>) -> Option<OneShot> {
    match engine.name {
        "mariadb" => Some(mariadb::schema(instance, schema)),
        "mysql" => Some(mysql::schema(instance, schema)),
        "postgres" => Some(postgres::schema(instance, schema)),
        _ => None,
    }
}

/// The engine of that name.
#[must_use]
pub(super) fn find(name: &str) -> Option<&'static Engine> {
    ENGINES.iter().find(|engine| engine.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Layer, Node};
    use crate::spec;

    #[test]
    fn engines_are_sorted_and_their_presets_are_databases() {
        assert!(ENGINES.is_sorted_by_key(|engine| engine.name));
        for engine in ENGINES {
            let preset = Node::from_json(&(engine.preset)(), &Layer::Engine(engine.name.to_owned()));
            let read = spec::read::<spec::Database>(&preset);
            assert!(read.is_ok(), "the preset of {}: {read:?}", engine.name);
        }
    }
}

//! PostgreSQL, as the official image runs it (<https://github.com/docker-library/docs/blob/master/postgres/README.md>).

use serde_json::{Value, json};

use super::{Engine, Instance, Shape};
use crate::model::EnvSource;
use crate::names::{ConfigKey, DnsSubdomain};

pub(super) const ENGINE: Engine = Engine { name: "postgres", scheme: "postgres", preset, shape };

fn preset() -> Value {
    json!({
        "kind": "statefulset",
        "port": 5432,
        "user": "postgres",
        "database": "postgres",
        // The postgres user of the Alpine images; the Debian images use 999.
        "security": {"user": 70, "group": 70, "volume-group": 70, "read-only-root": true},
        "probes": {
            "liveness": {"initial-delay": 30, "period": 10, "timeout": 5, "failures": 3},
            "readiness": {"initial-delay": 5, "period": 5, "timeout": 3, "failures": 2},
        },
    })
}

fn shape(instance: &Instance<'_>) -> Shape {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let value = |name, value: &str| (name, EnvSource::Value(value.to_owned()));
    let secret = |(name, key): (&DnsSubdomain, &ConfigKey)| EnvSource::Secret {
        name: name.to_string(),
        key: key.clone(),
    };
    // A mounted volume has a `lost+found`, and initdb refuses a directory that is not empty.
    let mut env =
        vec![value("PGDATA", "/var/lib/postgresql/data/pgdata"), value("POSTGRES_DB", instance.database)];
    env.extend(instance.password.map(|password| ("POSTGRES_PASSWORD", secret(password))));
    env.push(value("POSTGRES_USER", instance.user));
    Shape {
        port_name: "postgres",
        args: if instance.port == 5432 {
            Vec::new()
        } else {
            words(&["-c", &format!("port={}", instance.port)])
        },
        env,
        data: "/var/lib/postgresql/data",
        scratch: &["/tmp", "/var/run/postgresql"],
        ping: words(&["pg_isready", "-U", instance.user]),
        // `pg_isready` says 1, "the server is rejecting connections", while the write-ahead log is replayed.
        silent_in_recovery: true,
        smoke: words(&["psql", "-U", instance.user, "-c", "\\l"]),
    }
}

//! PostgreSQL, as the official image runs it (<https://github.com/docker-library/docs/blob/master/postgres/README.md>).

use super::{Engine, Instance, OneShot, SchemaOf, Shape};
use crate::model::EnvSource;
use crate::names::{ConfigKey, DnsSubdomain};
use crate::value::{Value, json};

pub(super) const ENGINE: Engine = Engine {
    name: "postgres",
    scheme: "postgres",
    preset,
    shape,
    generate: "openssl rand -hex 24",
    least_memory: 0,
};

/// Makes a role and a database of it, and sets the role's password. `psql` quotes the names and reads the password from the
/// environment (`\getenv`, from PostgreSQL 14 on), so that nothing of it stands on a command line. Run again, it changes
/// nothing but the password. The server needs a while to start for the first time.
const CREATE: &str = r#"i=0
while [ "$i" -lt 60 ]; do
  printf '%s\n' \
    "\\getenv password SCHEMA_PASSWORD" \
    "SELECT format('CREATE ROLE %I LOGIN', :'owner') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \\gexec" \
    "SELECT format('ALTER ROLE %I PASSWORD %L', :'owner', :'password') \\gexec" \
    "SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'owner') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec" \
    | psql -X -q -h "$0" -p "$1" -U "$2" -d postgres -v ON_ERROR_STOP=1 -v name="$3" -v owner="$4" && exit 0
  i=$((i + 1))
  sleep 5
done
exit 1"#;

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
        job: None,
    }
}

/// The Job that makes one more database and its user.
pub(super) fn schema(instance: &Instance<'_>, schema: &SchemaOf<'_>) -> OneShot {
    let secret = |(name, key): (&DnsSubdomain, &ConfigKey)| EnvSource::Secret {
        name: name.to_string(),
        key: key.clone(),
    };
    let port = instance.port.to_string();
    let words = ["/bin/sh", "-c", CREATE, instance.host, &port, instance.user, schema.name, schema.user];
    let mut env: Vec<(&'static str, EnvSource)> =
        instance.password.into_iter().map(|password| ("PGPASSWORD", secret(password))).collect();
    env.push(("SCHEMA_PASSWORD", secret(schema.password)));
    OneShot { suffix: "schema", command: words.map(str::to_owned).to_vec(), env }
}

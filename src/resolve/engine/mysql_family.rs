//! What MariaDB and MySQL have in common: their official images differ in the names of variables and programs.

use super::{Instance, OneShot, SchemaOf, Shape};
use crate::model::EnvSource;
use crate::names::{ConfigKey, DnsSubdomain};
use crate::value::{Value, json};

/// How one of the two calls things.
pub(super) struct Flavour {
    /// What its variables begin with.
    pub(super) prefix: &'static str,
    /// The client on the command line.
    pub(super) client: &'static str,
    /// The client that asks whether the server is there.
    pub(super) admin: &'static str,
    /// Where the server keeps its socket.
    pub(super) run: &'static str,
    /// The name of its port.
    pub(super) port_name: &'static str,
}

/// Makes a database and a user for it. Run again, it sets the password and changes nothing else. The server needs a while
/// to start for the first time. The password is quoted for SQL by the shell, and `_` for GRANT, which takes it for any
/// character.
const CREATE: &str = r#"p=${SCHEMA_PASSWORD//\\/\\\\}; p=${p//\'/\\\'}; g=${3//_/\\_}
for attempt in {1..60}; do
  printf '%s\n' \
    "CREATE DATABASE IF NOT EXISTS \`$3\`;" \
    "CREATE USER IF NOT EXISTS '$4'@'%';" \
    "ALTER USER '$4'@'%' IDENTIFIED BY '$p';" \
    "GRANT ALL PRIVILEGES ON \`$g\`.* TO '$4'@'%';" \
    | "$0" -h "$1" -P "$2" -u root && exit 0
  sleep 5
done
exit 1"#;

/// What a database of either is unless the user says otherwise; `user` is the id of the image's own user.
pub(super) fn preset(user: u32) -> Value {
    json!({
        "kind": "statefulset",
        "port": 3306,
        "user": "root",
        "database": "mysql",
        "security": {"user": user, "group": user, "volume-group": user, "read-only-root": true},
        "probes": {
            // Recovery of InnoDB comes before the first connection, and takes as long as it takes.
            "startup": {"period": 10, "timeout": 5, "failures": 360},
            "liveness": {"period": 10, "timeout": 5, "failures": 3},
            "readiness": {"period": 5, "timeout": 3, "failures": 2},
        },
    })
}

/// The container that runs an instance.
pub(super) fn shape(flavour: &Flavour, instance: &Instance<'_>) -> Shape {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let port = instance.port.to_string();
    // While the image prepares a new volume, its server takes no connections by TCP: it is asked there. It answers a
    // client without a password that it is alive, and that is all it is asked.
    let ping = words(&[flavour.admin, "ping", "-h", "127.0.0.1", "-P", &port]);
    Shape {
        port_name: flavour.port_name,
        args: if instance.port == 3306 { Vec::new() } else { vec![format!("--port={port}")] },
        env: variables(flavour, instance),
        data: "/var/lib/mysql",
        scratch: if flavour.run == "/run/mysqld" {
            &["/tmp", "/run/mysqld"]
        } else {
            &["/tmp", "/var/run/mysqld"]
        },
        ping: ping.clone(),
        silent_in_recovery: true,
        smoke: ping,
        job: None,
    }
}

/// The image makes the first database, and a user that is not root with it; root then has a password that nobody knows.
fn variables(flavour: &Flavour, instance: &Instance<'_>) -> Vec<(&'static str, EnvSource)> {
    let value = |text: &str| EnvSource::Value(text.to_owned());
    let names = |mariadb: &'static str, mysql: &'static str| {
        if flavour.prefix == "MARIADB" { mariadb } else { mysql }
    };
    let mut env = Vec::new();
    if instance.database != "mysql" {
        env.push((names("MARIADB_DATABASE", "MYSQL_DATABASE"), value(instance.database)));
    }
    let password = instance.password.map(secret);
    match (instance.user, password) {
        ("root", Some(password)) => {
            env.push((names("MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD"), password));
        }
        (user, Some(password)) => {
            env.push((names("MARIADB_PASSWORD", "MYSQL_PASSWORD"), password));
            env.push((names("MARIADB_RANDOM_ROOT_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"), value("yes")));
            env.push((names("MARIADB_USER", "MYSQL_USER"), value(user)));
        }
        (_, None) => {
            env.push((
                names("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD"),
                value("yes"),
            ));
        }
    }
    env
}

fn secret((name, key): (&DnsSubdomain, &ConfigKey)) -> EnvSource {
    EnvSource::Secret { name: name.to_string(), key: key.clone() }
}

/// The Job that makes one more database and its user. The names are identifiers: nothing in them needs a quote.
pub(super) fn schema(flavour: &Flavour, instance: &Instance<'_>, schema: &SchemaOf<'_>) -> OneShot {
    let port = instance.port.to_string();
    let words = ["/bin/bash", "-c", CREATE, flavour.client, instance.host, &port, schema.name, schema.user];
    let mut env: Vec<(&'static str, EnvSource)> =
        instance.password.into_iter().map(|password| ("MYSQL_PWD", secret(password))).collect();
    env.push(("SCHEMA_PASSWORD", secret(schema.password)));
    OneShot { suffix: "schema", command: words.map(str::to_owned).to_vec(), env }
}

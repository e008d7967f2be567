//! Microsoft SQL Server on Linux, as its official image runs it
//! (<https://learn.microsoft.com/sql/linux/sql-server-linux-docker-container-configure>).

use super::{Engine, Instance, OneShot, Shape};
use crate::model::EnvSource;
use crate::names::{ConfigKey, DnsSubdomain};
use crate::value::{Value, json};

pub(super) const ENGINE: Engine = Engine {
    name: "sqlserver",
    scheme: "sqlserver",
    preset,
    shape,
    // The server wants three of the four sorts of characters
    // (<https://learn.microsoft.com/sql/relational-databases/security/password-policy>).
    generate: "printf 'Aa1-%s' \"$(openssl rand -hex 16)\"",
    // With less the server ends with `sqlservr: This program requires a machine with at least 2000 megabytes of memory`.
    least_memory: 2_000_000_000,
};

const SQLCMD: &str = "/opt/mssql-tools18/bin/sqlcmd";
/// The part of the memory limit that the server may take, in percent: Microsoft's own default for a container. What is
/// left is for the host extension layer, without which the kernel ends the server.
const SHARE: u64 = 80;
/// The server needs a minute or more to start for the first time, and a Job is no place to give up early.
const CREATE: &str = "for attempt in {1..60}; do \"$0\" -S \"$1\" -C -b -l 5 -x -Q \"$2\" && exit 0; \
                      sleep 5; done; exit 1";

fn preset() -> Value {
    json!({
        "kind": "statefulset",
        "port": 1433,
        "user": "sa",
        "database": "master",
        // The mssql user of the image. Its program has the file capability NET_BIND_SERVICE, and the kernel refuses to
        // run it where that is dropped.
        "security": {
            "user": 10001, "group": 10001, "volume-group": 10001, "read-only-root": false,
            "capabilities": ["NET_BIND_SERVICE"],
        },
        "resources": {"cpu": "500m..2", "memory": "2560Mi..2560Mi"},
        "probes": {
            "startup": {"period": 10, "timeout": 5, "failures": 60},
            "liveness": {"period": 20, "timeout": 5, "failures": 3},
            "readiness": {"period": 10, "timeout": 5, "failures": 3},
        },
    })
}

fn shape(instance: &Instance<'_>) -> Shape {
    let value = |name, value: &str| (name, EnvSource::Value(value.to_owned()));
    let secret = |(name, key): (&DnsSubdomain, &ConfigKey)| EnvSource::Secret {
        name: name.to_string(),
        key: key.clone(),
    };
    let mut env = vec![value("ACCEPT_EULA", "Y"), value("MSSQL_PID", "Developer")];
    if let Some(limit) = instance.memory_limit {
        env.push(value("MSSQL_MEMORY_LIMIT_MB", &(limit / (1024 * 1024) * SHARE / 100).to_string()));
    }
    if instance.port != 1433 {
        env.push(value("MSSQL_TCP_PORT", &instance.port.to_string()));
    }
    // `sqlcmd` reads the second one, so that probes need no password on their command line.
    let passwords = instance.password.into_iter();
    let passwords = passwords
        .flat_map(|password| ["MSSQL_SA_PASSWORD", "SQLCMDPASSWORD"].map(|name| (name, secret(password))));
    env.extend(passwords);
    let ask = |query: &str| {
        let server = format!("localhost,{}", instance.port);
        let words = [SQLCMD, "-S", &server, "-U", "sa", "-C", "-b", "-l", "3", "-Q", query];
        words.map(str::to_owned).to_vec()
    };
    Shape {
        port_name: "sqlserver",
        args: Vec::new(),
        env,
        data: "/var/opt/mssql",
        scratch: &["/tmp"],
        ping: ask("SELECT 1"),
        // The server takes connections while it recovers; a database that is not ready refuses them by itself.
        silent_in_recovery: false,
        smoke: ask("SELECT name FROM sys.databases"),
        job: (instance.database != "master").then(|| create(instance)),
    }
}

/// The image makes no database of its own. Run again, it changes nothing.
fn create(instance: &Instance<'_>) -> OneShot {
    let server = format!("{},{}", instance.host, instance.port);
    let database = instance.database;
    let statement = format!(
        "IF DB_ID(N'{}') IS NULL CREATE DATABASE [{}]",
        database.replace('\'', "''"),
        database.replace(']', "]]")
    );
    // Kubernetes takes `$(…)` in a command for a variable, and `$$(…)` for the text.
    let statement = statement.replace("$(", "$$(");
    let mut env = vec![("SQLCMDUSER", EnvSource::Value("sa".to_owned()))];
    env.extend(instance.password.map(|(name, key)| {
        ("SQLCMDPASSWORD", EnvSource::Secret { name: name.to_string(), key: key.clone() })
    }));
    OneShot {
        suffix: "create-database",
        command: ["/bin/bash", "-c", CREATE, SQLCMD, &server, &statement].map(str::to_owned).to_vec(),
        env,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(database: &str, memory_limit: Option<u64>) -> Instance<'_> {
        Instance { user: "sa", database, host: "sql", port: 1433, password: None, memory_limit }
    }

    #[test]
    fn the_server_takes_less_than_its_limit() {
        let shape = shape(&instance("master", Some(2560 << 20)));
        let limit = ("MSSQL_MEMORY_LIMIT_MB", EnvSource::Value("2048".to_owned()));
        assert!(shape.env.contains(&limit), "{:?}", shape.env);
        assert!(shape.job.is_none(), "master is there already");
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let job = create(&instance("a'b]c$(d)", None));
        let statement = job.command.last().map(String::as_str);
        assert_eq!(statement, Some("IF DB_ID(N'a''b]c$$(d)') IS NULL CREATE DATABASE [a'b]]c$$(d)]"));
    }
}

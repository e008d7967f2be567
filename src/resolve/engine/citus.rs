//! PostgreSQL with Citus: a coordinator, workers, and a Job that registers them and spreads the tables.
//!
//! Sources: <https://docs.citusdata.com/en/stable/develop/api_udf.html>, <https://docs.citusdata.com/en/stable/develop/api_metadata.html>,
//! <https://docs.citusdata.com/en/stable/develop/integrations.html> (change data capture). Citus spreads a table by the hash
//! of one column, so it places no country anywhere. What has to stay in a region is a cluster of that region.

use std::fmt::Write;

use super::topology::{Instance, Parts, Topology, part, password_env, password_variable, passwords};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::{Value, json};

pub(super) const TOPOLOGY: Topology = Topology { name: "citus", scheme: "postgres", preset, parts };

const PORT: u16 = 5432;
/// What the Job runs.
const REGISTER: &str = include_str!("citus/register.sh");

fn preset() -> Value {
    json!({
        "port": PORT,
        "user": "postgres",
        "database": "main",
        // The postgres user of the Debian images, on which citusdata/citus stands.
        "security": {"user": 999, "group": 999, "volume-group": 999, "read-only-root": true},
        "resources": {"cpu": "250m..1", "memory": "512Mi..1Gi"},
        "citus": {"workers": 2, "shared-memory": "256Mi"},
    })
}

fn parts(instance: &Instance<'_>) -> Parts {
    let mut parts = Parts::default();
    let Some(spec) = instance.database.citus.as_ref() else { return parts };
    let workers = spec.workers.unwrap_or(2);
    check(&mut parts, instance, spec, workers);
    let users = spec.users.iter().flatten().map(|(name, _)| name);
    if users.clone().next().is_some() {
        let secret = instance.named("users", &json!({"keys": passwords(users)}));
        parts.add("secrets", part(instance.key, "users"), secret);
    }
    externals(&mut parts, instance, spec);
    if workers > 0 {
        parts.add("workloads", part(instance.key, "worker"), worker(instance, spec, workers));
    }
    parts.add("workloads", instance.key, coordinator(instance, spec, workers));
    let texts = json!({"data": texts(instance, spec, workers)});
    parts.add("configs", part(instance.key, "register"), instance.named("register", &texts));
    parts.add("workloads", part(instance.key, "register"), register(instance, spec, workers));
    parts
}

fn check(parts: &mut Parts, instance: &Instance<'_>, spec: &spec::Citus, workers: i32) {
    let path = instance.path().key("citus");
    if workers < 0 {
        let message = format!("`{}` cannot be {workers}", path.key("workers"));
        parts.problem(&BAD_VALUE, &path.key("workers"), message, "a number of workers is 0 or more");
    }
    for (name, table) in spec.tables.iter().flatten() {
        let given = [table.distribute_by.is_some(), table.reference == Some(true)];
        if given.iter().filter(|given| **given).count() != 1 {
            let path = path.key("tables").key(name);
            let message = format!("`{path}` needs one of `distribute-by` and `reference`");
            let hint = "add `distribute-by = \"tenant_id\"`, or `reference = true` for a table that every worker has";
            parts.problem(&CONFLICTING_KEYS, &path, message, hint);
        }
    }
    for (name, worker) in spec.tenants.iter().flatten() {
        if !(0..workers).contains(worker) {
            let path = path.key("tenants").key(name);
            let message = format!("`{path}` names worker {worker}, and there are {workers}, counted from 0");
            parts.problem(&BAD_VALUE, &path, message, "name one that is there, or raise `workers`");
        }
    }
}

/// Workers in other clusters are what others run. The proof of regions refuses one that lies elsewhere.
fn externals(parts: &mut Parts, instance: &Instance<'_>, spec: &spec::Citus) {
    for (name, worker) in spec.external_workers.iter().flatten() {
        let port = worker.port.unwrap_or(PORT);
        let external = json!({"host": worker.host, "port": port, "cidrs": worker.cidrs, "region": worker.region, "scheme": "postgres"});
        parts.add("externals", part(instance.key, name), external);
    }
}

/// A node of the cluster. `fsync` and `synchronous_commit` keep their defaults: what was committed is on the disk.
fn node(instance: &Instance<'_>, suffix: &str, spec: &spec::Citus, more: &Value) -> Value {
    let database = instance.database;
    let capture = spec.change_data_capture == Some(true);
    let mut args =
        vec!["-c", "wal_level=logical", "-c", "max_replication_slots=20", "-c", "max_wal_senders=20"];
    if capture {
        args.extend(["-c", "citus.enable_change_data_capture=on"]);
    }
    let ping = json!(["pg_isready", "-q", "-U", database.user, "-d", database.database]);
    let mut workload = instance.workload(
        suffix,
        &json!({
            "args": args,
            "ports": {"postgres": {"container": PORT}},
            "env": {
                "PGDATA": {"value": "/var/lib/postgresql/data/pgdata"},
                "POSTGRES_DB": {"value": database.database},
                "POSTGRES_USER": {"value": database.user},
                "POSTGRES_PASSWORD": {"secret": instance.key},
            },
            "probes": {
                "startup": {"exec": ping, "period": 10, "timeout": 5, "failures": 360},
                "liveness": {"exec": ping, "period": 10, "timeout": 5, "failures": 3},
                "readiness": {"exec": ping, "period": 5, "timeout": 3, "failures": 2},
            },
            "mounts": {
                "/tmp": {"name": "scratch"},
                "/var/run/postgresql": {"name": "scratch"},
                "/dev/shm": {"name": "scratch", "memory": true, "size": spec.shared_memory},
            },
            "data": database.data,
        }),
    );
    for (key, value) in more.as_object().into_iter().flatten() {
        workload[key] = value.clone();
    }
    workload
}

const DATA: &str = "/var/lib/postgresql/data";

fn coordinator(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> Value {
    let region = instance.database.region.as_deref();
    let peers = if workers > 0 { vec![part(instance.key, "worker")] } else { Vec::new() };
    let externals = spec.external_workers.iter().flatten();
    let uses: Vec<Value> = externals.map(|(name, _)| json!({"name": part(instance.key, name)})).collect();
    let more = json!({
        "replicas": 1,
        "storage": instance.storage(None, region, DATA),
        "joins": peers,
        "uses": uses,
    });
    node(instance, "", spec, &more)
}

fn worker(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> Value {
    let region = instance.database.region.as_deref();
    let mut more = json!({
        "replicas": workers,
        "storage": instance.storage(spec.worker_storage.as_ref(), region, DATA),
        "joins": [part(instance.key, "worker")],
    });
    if workers > 1 {
        more["disruption"] = json!({"max-unavailable": 1});
    }
    if let Some(resources) = &spec.worker_resources {
        more["resources"] = json!(resources);
    }
    node(instance, "worker", spec, &more)
}

/// The names by which nodes know each other. A pod of a StatefulSet keeps its name, and `pg_dist_node` keeps it too.
fn worker_hosts(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> Vec<(String, u16)> {
    let own = instance.hosts("worker", workers).into_iter().map(|host| (host, PORT));
    let external = spec.external_workers.iter().flatten();
    let external =
        external.filter_map(|(_, worker)| Some((worker.host.clone()?, worker.port.unwrap_or(PORT))));
    own.chain(external).collect()
}

fn coordinator_host(instance: &Instance<'_>) -> String {
    instance.hosts("", 1).concat()
}

/// The files of the Job: a script that holds no name, and what it works on.
fn texts(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> Value {
    let hosts = worker_hosts(instance, spec, workers);
    let nodes: Vec<String> = hosts.iter().map(|(host, port)| format!("{host} {port}\n")).collect();
    let users = spec.users.iter().flatten();
    let roles: Vec<String> = users
        .map(|(name, user)| {
            let right = match user.may {
                Some(spec::CitusRight::Read) => "read",
                Some(spec::CitusRight::Replicate) => "replicate",
                Some(spec::CitusRight::Write) | None => "write",
            };
            format!("{name} {right} {}\n", password_variable(name))
        })
        .collect();
    json!({
        "register.sh": REGISTER,
        "coordinator": format!("{} {PORT}\n", coordinator_host(instance)),
        "workers": nodes.concat(),
        "roles": roles.concat(),
        "10-schema.sql": spec.schema.as_deref().unwrap_or("-- no schema is declared\n"),
        "20-tables.sql": tables(instance, spec),
        "30-tenants.sql": tenants(instance, spec, workers),
        "40-publication.sql": publication(spec),
    })
}

/// Spreads each table once. A country column is checked, since no node would refuse a row of another region.
fn tables(instance: &Instance<'_>, spec: &spec::Citus) -> String {
    let mut sql = String::from("-- Each table is spread once; run again, this changes nothing.\n");
    let region = instance.database.region.as_deref().and_then(|key| instance.region(key));
    for (name, table) in spec.tables.iter().flatten() {
        let make = match &table.distribute_by {
            Some(column) => format!("create_distributed_table({}, {})", text(name), text(column)),
            None => format!("create_reference_table({})", text(name)),
        };
        let _ = write!(
            sql,
            "SELECT {make}\n  WHERE NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = {}::regclass);\n",
            text(name)
        );
        let countries = region.and_then(|region| region.countries.as_ref());
        if let (Some(column), Some(countries)) = (&table.country_column, countries) {
            let list: Vec<String> = countries.iter().map(|country| text(country)).collect();
            let constraint = word(&format!("{name}_region"));
            let _ = write!(
                sql,
                "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint};\n\
                 ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({} IN ({}));\n",
                word(column),
                list.join(", "),
                table = word(name),
            );
        }
    }
    sql
}

/// Gives tenants a shard of their own, and that shard a worker. Tables that are spread alike move together.
fn tenants(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> String {
    let mut sql = String::from("-- Tenants with a shard of their own; run again, this changes nothing.\n");
    let first = spec.tables.iter().flatten().find(|(_, table)| table.distribute_by.is_some());
    let Some((table, _)) = first else { return sql };
    let hosts = instance.hosts("worker", workers);
    for (tenant, worker) in spec.tenants.iter().flatten() {
        let Some(host) = usize::try_from(*worker).ok().and_then(|at| hosts.get(at)) else { continue };
        let (table, tenant, host) = (text(table), text(tenant), text(host));
        let _ = write!(
            sql,
            "SELECT isolate_tenant_to_new_shard({table}, {tenant}, 'CASCADE')\n  FROM pg_dist_shard\n  \
             WHERE shardid = get_shard_id_for_distribution_column({table}, {tenant}) AND shardminvalue <> shardmaxvalue;\n\
             SELECT citus_move_shard_placement(shardid, nodename, nodeport, {host}, {PORT})\n  FROM pg_dist_shard_placement\n  \
             WHERE shardid = get_shard_id_for_distribution_column({table}, {tenant}) AND nodename <> {host};\n"
        );
    }
    sql
}

/// What followers of the changes subscribe to.
fn publication(spec: &spec::Citus) -> String {
    if spec.change_data_capture != Some(true) {
        return "-- nobody follows the changes\n".to_owned();
    }
    let tables: Vec<String> = spec.tables.iter().flatten().map(|(name, _)| word(name)).collect();
    let list =
        if tables.is_empty() { "ALL TABLES".to_owned() } else { format!("TABLE {}", tables.join(", ")) };
    format!(
        "SELECT 'CREATE PUBLICATION changes FOR {list}'\n  \
         WHERE NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'changes') \\gexec\n"
    )
}

/// A text of SQL.
fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A name of SQL.
fn word(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn register(instance: &Instance<'_>, spec: &spec::Citus, workers: i32) -> Value {
    let database = instance.database;
    let plan = part(instance.key, "register");
    let worker = (workers > 0).then(|| part(instance.key, "worker"));
    let external = spec.external_workers.iter().flatten().map(|(name, _)| part(instance.key, name));
    let targets = std::iter::once(instance.key.to_owned()).chain(worker).chain(external);
    let uses: Vec<Value> = targets.map(|name| json!({"name": name})).collect();
    let users = spec.users.iter().flatten().map(|(name, _)| name);
    let mut env = password_env(&part(instance.key, "users"), users);
    env.insert("PGUSER".to_owned(), json!({"value": database.user}));
    env.insert("PGDATABASE".to_owned(), json!({"value": database.database}));
    env.insert("PGPASSWORD".to_owned(), json!({"secret": instance.key}));
    instance.job(
        "register",
        &json!({
            "command": ["/bin/bash", "/plan/register.sh"],
            "env": env,
            "mounts": {"/plan": {"name": plan}, "/tmp": {"name": "scratch"}},
            "uses": uses,
            "data": "none",
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_leave_their_quotes() {
        assert_eq!(text("O'Neil"), "'O''Neil'");
        assert_eq!(word("a\"b"), "\"a\"\"b\"");
    }
}

//! MongoDB as a sharded cluster: config servers, a replica set for each shard, routers, and a Job that joins them.
//!
//! Sources: <https://www.mongodb.com/docs/manual/sharding/>, <https://www.mongodb.com/docs/manual/tutorial/deploy-sharded-cluster-with-keyfile-access-control/>,
//! <https://www.mongodb.com/docs/manual/core/zone-sharding/>. Clients talk to the routers alone. A shard with a region
//! holds the countries of that region, by zones; the shard without one is the home of what is not sharded.

use super::topology::{Instance, Parts, Topology, part, password_env, password_variable, passwords};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::regions::codes::ZONE_KEY_ORDER;
use crate::spec;
use crate::spec::codes::BAD_VALUE;
use crate::value::{Value, json};

pub(super) const TOPOLOGY: Topology = Topology { name: "mongodb", scheme: "mongodb", preset, parts };

const ROUTER_PORT: u16 = 27017;
const SHARD_PORT: u16 = 27018;
const CONFIG_PORT: u16 = 27019;
/// What the Job runs: <https://www.mongodb.com/docs/mongodb-shell/write-scripts/>.
const INIT: &str = include_str!("mongodb/init.js");

fn preset() -> Value {
    json!({
        "port": ROUTER_PORT,
        "user": "root",
        "database": "main",
        // The mongodb user of the official image.
        "security": {"user": 999, "group": 999, "volume-group": 999, "read-only-root": true},
        "resources": {"cpu": "100m..1", "memory": "512Mi..1Gi"},
        "mongodb": {"members": 3, "routers": 2, "config-storage": "2Gi"},
    })
}

/// A shard that is there.
struct Shard<'a> {
    name: &'a str,
    region: Option<&'a str>,
    data: Option<spec::Data>,
    storage: Option<&'a String>,
}

impl Shard<'_> {
    fn suffix(&self) -> String {
        format!("shard-{}", self.name)
    }
}

fn parts(instance: &Instance<'_>) -> Parts {
    let mut parts = Parts::default();
    let Some(spec) = instance.database.mongodb.as_ref() else { return parts };
    let members = spec.members.unwrap_or(3);
    check_members(&mut parts, instance, members);
    let shards = shards(&mut parts, instance, spec);
    check_collections(&mut parts, instance, spec);
    let users = spec.users.iter().flatten().map(|(name, _)| name);
    parts.add("secrets", part(instance.key, "keyfile"), keyfile(instance));
    if users.clone().next().is_some() {
        let secret = instance.named("users", &json!({"keys": passwords(users)}));
        parts.add("secrets", part(instance.key, "users"), secret);
    }
    parts.add("workloads", part(instance.key, "config"), config_servers(instance, spec, &shards));
    for shard in &shards {
        let key = part(instance.key, &shard.suffix());
        parts.add("workloads", key, shard_set(instance, members, shard, &shards));
    }
    parts.add("workloads", instance.key, router(instance, spec, &shards));
    let plan = plan(instance, spec, &shards);
    let texts = json!({"data": {"init.js": INIT, "plan.json": pretty(&plan)}});
    parts.add("configs", part(instance.key, "init"), instance.named("init", &texts));
    parts.add("workloads", part(instance.key, "init"), init_job(instance, spec, &shards));
    parts
}

/// An even number of members elects no better than one less, and loses its majority sooner.
fn check_members(parts: &mut Parts, instance: &Instance<'_>, members: i32) {
    if members < 1 || members % 2 == 0 || members > 7 {
        let path = instance.path().key("mongodb").key("members");
        let message =
            format!("`{path}` is {members}, and a replica set needs an odd number of members, at most 7");
        parts.problem(&BAD_VALUE, &path, message, "write `members = 3`, or 1 on a developer's machine");
    }
}

/// The shards whose regions are there; one called `main` where none is declared.
fn shards<'a>(parts: &mut Parts, instance: &Instance<'a>, spec: &'a spec::MongoDb) -> Vec<Shard<'a>> {
    let own = instance.database.data;
    let declared = spec.shards.iter().flatten().filter(|(_, shard)| shard.enabled != Some(false));
    let mut shards = Vec::new();
    for (name, shard) in declared {
        let region = shard.region.as_deref();
        if let Some(key) = region
            && !instance.regions.contains_key(key)
        {
            let path = instance.path().key("mongodb").key("shards").key(name).key("region");
            let known: Vec<String> = instance.regions.keys().map(|known| format!("`{known}`")).collect();
            let hint = if known.is_empty() {
                format!("declare it: `[regions.{key}]`")
            } else {
                format!("there is {}", known.join(", "))
            };
            let message = format!("`{path}`: there is no region `{key}`");
            parts.problem(&crate::resolve::codes::UNKNOWN_REFERENCE, &path, message, hint);
        }
        if region.is_some_and(|key| instance.region(key).is_none()) {
            continue;
        }
        let data = shard.data.or(if region.is_some() { Some(spec::Data::Personal) } else { own });
        shards.push(Shard { name, region, data, storage: shard.storage.as_ref() });
    }
    if spec.shards.as_ref().is_none_or(std::collections::BTreeMap::is_empty) {
        shards.push(Shard {
            name: "main",
            region: instance.database.region.as_deref(),
            data: own,
            storage: None,
        });
    }
    if shards.iter().all(|shard| shard.region.is_some()) && shards.len() > 1 {
        let path = instance.path().key("mongodb").key("shards");
        let message =
            format!("`{path}`: every shard has a region, and none is the home of what is not sharded");
        let hint = "add a shard without a region: `shards.global = { data = \"public\" }`";
        parts.problem(&CONFLICTING_KEYS, &path, message, hint);
    }
    shards
}

fn check_collections(parts: &mut Parts, instance: &Instance<'_>, spec: &spec::MongoDb) {
    for (name, collection) in spec.collections.iter().flatten() {
        let Some(zone) = collection.zone_by.as_deref() else { continue };
        let first = collection.shard_key.iter().flatten().next().map(String::as_str);
        if first != Some(zone) {
            let path = instance.path().key("mongodb").key("collections").key(name);
            let rest = collection.shard_key.iter().flatten().filter(|field| *field != zone);
            let fields: Vec<String> = std::iter::once(zone.to_owned()).chain(rest.cloned()).collect();
            let message =
                format!("`{path}` has zones by `{zone}`, which is not the first field of its shard key");
            let hint = format!("write `shard-key = {fields:?}`: a zone is a range of the key");
            parts.problem(&ZONE_KEY_ORDER, &path.key("shard-key"), message, hint);
        }
    }
}

fn keyfile(instance: &Instance<'_>) -> Value {
    let key = json!({
        "description": "The key by which the members of the cluster know each other",
        "generate": "openssl rand -base64 756",
    });
    instance.named("keyfile", &json!({"keys": {"keyfile": key}}))
}

/// What every `mongod` and `mongos` is given. The mode lets the group of the volume read the key, and nobody else: the
/// server refuses a key that others may read, unless root owns it.
fn mounts(instance: &Instance<'_>) -> Value {
    let keyfile = part(instance.key, "keyfile");
    json!({"/etc/mongo": {"name": keyfile, "mode": "0400"}, "/tmp": {"name": "scratch"}})
}

/// A server that answers is alive, and one that has not joined its set yet is ready: the Job that joins it must reach it.
fn probes(port: u16) -> Value {
    let ping = format!("mongosh --quiet --norc --port {port} --eval 'quit(db.hello().ok ? 0 : 1)'");
    json!({
        "startup": {"tcp": "mongodb", "period": 10, "failures": 60},
        "liveness": {"tcp": "mongodb", "period": 20, "timeout": 5, "failures": 3},
        "readiness": {"exec": ["/bin/sh", "-c", ping], "period": 20, "timeout": 10, "failures": 3},
    })
}

fn replica_set(instance: &Instance<'_>, (suffix, role): (&str, &str), port: u16, members: i32) -> Value {
    let set = part(instance.name(), suffix);
    let command = json!([
        "mongod",
        role,
        "--replSet",
        set,
        "--port",
        port.to_string(),
        "--bind_ip_all",
        "--dbpath",
        "/data/db",
        "--keyFile",
        "/etc/mongo/keyfile",
    ]);
    let several = members > 1;
    let mut workload = instance.workload(
        suffix,
        &json!({
            "command": command,
            "ports": {"mongodb": {"container": port}},
            "replicas": members,
            "env": {"HOME": {"value": "/tmp"}},
            "probes": probes(port),
            "mounts": mounts(instance),
        }),
    );
    if several {
        workload["disruption"] = json!({"max-unavailable": 1});
    }
    workload
}

/// Config servers know which shard holds what, and no document.
fn config_servers(instance: &Instance<'_>, spec: &spec::MongoDb, shards: &[Shard<'_>]) -> Value {
    let members = spec.members.unwrap_or(3);
    let mut workload = replica_set(instance, ("config", "--configsvr"), CONFIG_PORT, members);
    workload["storage"] = instance.storage(spec.config_storage.as_ref(), None, "/data/db");
    workload["data"] = json!("public");
    if let Some(resources) = &spec.config_resources {
        workload["resources"] = json!(resources);
    }
    let own = part(instance.key, "config");
    let peers = shards.iter().map(|shard| part(instance.key, &shard.suffix()));
    workload["joins"] = json!(std::iter::once(own).chain(peers).collect::<Vec<_>>());
    workload
}

/// A shard talks to its own members and to the config servers. The home of what is not sharded coordinates changes of
/// the schema, for which it calls the other shards; they never call one another.
fn shard_set(instance: &Instance<'_>, members: i32, shard: &Shard<'_>, all: &[Shard<'_>]) -> Value {
    let mut workload = replica_set(instance, (&shard.suffix(), "--shardsvr"), SHARD_PORT, members);
    workload["storage"] = instance.storage(shard.storage, shard.region, "/data/db");
    workload["data"] = json!(shard.data);
    workload["region"] = json!(shard.region);
    workload["joins"] = json!([part(instance.key, &shard.suffix())]);
    if shard.region.is_none() && home(all).is_some_and(|home| home.name == shard.name) {
        let others = all.iter().filter(|other| other.name != shard.name);
        let others: Vec<Value> =
            others.map(|other| json!({"name": part(instance.key, &other.suffix())})).collect();
        workload["uses"] = json!(others);
    }
    workload
}

/// The shard of what is not sharded.
fn home<'a, 'b>(shards: &'a [Shard<'b>]) -> Option<&'a Shard<'b>> {
    shards.iter().find(|shard| shard.region.is_none()).or_else(|| shards.first())
}

fn router(instance: &Instance<'_>, spec: &spec::MongoDb, shards: &[Shard<'_>]) -> Value {
    let members = spec.members.unwrap_or(3);
    let hosts = with_port(&instance.hosts("config", members), CONFIG_PORT).join(",");
    let set = part(instance.name(), "config");
    let port = instance.database.port.unwrap_or(ROUTER_PORT);
    let routers = spec.routers.unwrap_or(2);
    let targets = std::iter::once("config".to_owned()).chain(shards.iter().map(Shard::suffix));
    let uses: Vec<Value> = targets.map(|suffix| json!({"name": part(instance.key, &suffix)})).collect();
    let mut workload = instance.workload(
        "",
        &json!({
            "kind": "deployment",
            "command": [
                "mongos", "--configdb", format!("{set}/{hosts}"), "--port", port.to_string(),
                "--bind_ip_all", "--keyFile", "/etc/mongo/keyfile",
            ],
            "ports": {"mongodb": {"container": port}},
            "replicas": routers,
            "data": "none",
            "env": {"HOME": {"value": "/tmp"}},
            "probes": probes(port),
            "mounts": mounts(instance),
            "uses": uses,
        }),
    );
    if let Some(resources) = &spec.router_resources {
        workload["resources"] = json!(resources);
    }
    if routers > 1 {
        workload["disruption"] = json!({"max-unavailable": 1});
    }
    workload
}

fn with_port(hosts: &[String], port: u16) -> Vec<String> {
    hosts.iter().map(|host| format!("{host}:{port}")).collect()
}

/// What the Job makes true, as data: its script holds no name.
fn plan(instance: &Instance<'_>, spec: &spec::MongoDb, shards: &[Shard<'_>]) -> Value {
    let members = spec.members.unwrap_or(3);
    let set = |suffix: &str, port| {
        json!({
            "set": part(instance.name(), suffix),
            "hosts": with_port(&instance.hosts(suffix, members), port),
        })
    };
    let of_shards: Vec<Value> = shards
        .iter()
        .map(|shard| {
            let mut value = set(&shard.suffix(), SHARD_PORT);
            value["name"] = json!(shard.name);
            if let Some(region) = shard.region {
                value["zone"] = json!(region);
            }
            value
        })
        .collect();
    let port = instance.database.port.unwrap_or(ROUTER_PORT);
    let router = format!("{}.{}.svc.cluster.local:{port}", instance.name(), instance.namespace);
    json!({
        "keyFile": "/etc/mongo/keyfile",
        "config": set("config", CONFIG_PORT),
        "shards": of_shards,
        "router": router,
        "database": instance.database.database,
        "home": home(shards).map(|home| home.name),
        "zones": zones(instance, shards),
        "collections": collections(spec),
        "users": users(instance, spec),
    })
}

/// The countries of each region, which its shards hold.
fn zones(instance: &Instance<'_>, shards: &[Shard<'_>]) -> Value {
    let of = |shard: &Shard<'_>| {
        let region = shard.region?;
        let countries = instance.region(region)?.countries.clone().unwrap_or_default();
        Some((region.to_owned(), json!(countries)))
    };
    Value::Object(shards.iter().filter_map(of).collect())
}

fn collections(spec: &spec::MongoDb) -> Value {
    let all = spec.collections.iter().flatten();
    let one = |(name, collection): (&String, &spec::MongoCollection)| {
        json!({
            "name": name,
            "shardKey": collection.shard_key.clone().unwrap_or_default(),
            "zoneBy": collection.zone_by.clone().unwrap_or_default(),
            "schema": collection.schema.clone().unwrap_or_else(|| json!({})),
            "unique": collection.unique.clone().unwrap_or_default(),
            "indexes": collection.indexes.clone().unwrap_or_default(),
        })
    };
    Value::Array(all.map(one).collect())
}

fn users(instance: &Instance<'_>, spec: &spec::MongoDb) -> Value {
    let main = instance.database.database.as_deref().unwrap_or_default();
    let one = |(name, user): (&String, &spec::MongoUser)| {
        let own = json!({"role": user.role.as_deref().unwrap_or("readWrite"), "db": main});
        let others = user.roles.iter().flatten().map(|(db, role)| json!({"role": role, "db": db}));
        json!({
            "name": name,
            "password": password_variable(name),
            "roles": std::iter::once(own).chain(others).collect::<Vec<_>>(),
        })
    };
    Value::Array(spec.users.iter().flatten().map(one).collect())
}

fn init_job(instance: &Instance<'_>, spec: &spec::MongoDb, shards: &[Shard<'_>]) -> Value {
    let script = part(instance.key, "init");
    let targets = ["", "config"].into_iter().map(str::to_owned).chain(shards.iter().map(Shard::suffix));
    let uses: Vec<Value> = targets.map(|suffix| json!({"name": part(instance.key, &suffix)})).collect();
    let users = spec.users.iter().flatten().map(|(name, _)| name);
    let mut env = password_env(&part(instance.key, "users"), users);
    env.insert("HOME".to_owned(), json!({"value": "/tmp"}));
    env.insert("ROOT_USER".to_owned(), json!({"value": instance.database.user}));
    env.insert("ROOT_PASSWORD".to_owned(), json!({"secret": instance.key}));
    let mut mounts = mounts(instance);
    mounts["/plan"] = json!({"name": script});
    instance.job(
        "init",
        &json!({
            "command": ["mongosh", "--quiet", "--norc", "--nodb", "--file", "/plan/init.js"],
            "env": env,
            "mounts": mounts,
            "uses": uses,
            "data": "none",
        }),
    )
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

//! What the Jobs run: the shell and the JavaScript are read by their own programs, and a second run changes nothing.

use std::process::Command;

use super::{ENVIRONMENTS, REGIONS, config};

/// The program, if this machine has it.
fn program(name: &str) -> Option<Command> {
    let there = Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: there is no {name} here");
    }
    there.then(|| Command::new(name))
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("bayplan-commerce-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

fn run(mut command: Command) -> String {
    let output = command.output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn the_shell_reads_the_registration() {
    let Some(mut bash) = program("bash") else { return };
    let folder = folder("syntax");
    let script = folder.join("register.sh");
    std::fs::write(&script, config("staging", "ledger-eu-register", "register.sh"))
        .expect("it can be written");
    bash.arg("-n").arg(&script);
    run(bash);
    std::fs::remove_dir_all(folder).expect("it can be removed");
}

/// `psql` and `pg_isready` are stood in for by a script that writes down what they are asked.
#[test]
fn the_registration_reaches_every_node_in_order() {
    if program("bash").is_none() {
        return;
    }
    for region in REGIONS {
        let folder = folder(region);
        for (name, keys) in [(
            "plan",
            [
                "register.sh",
                "coordinator",
                "workers",
                "roles",
                "10-schema.sql",
                "20-tables.sql",
                "30-tenants.sql",
                "40-publication.sql",
            ]
            .as_slice(),
        )] {
            std::fs::create_dir_all(folder.join(name)).expect("a folder");
            for key in keys {
                let text = config("staging", &format!("ledger-{region}-register"), key);
                std::fs::write(folder.join(name).join(key), text).expect("it can be written");
            }
        }
        let bin = folder.join("bin");
        std::fs::create_dir_all(&bin).expect("a folder");
        let log = folder.join("log");
        let stand_in = format!(
            "#!/bin/bash\nprintf '%s ' \"$@\" >> {0}\nif [[ $* != *-f* ]]; then timeout 5 cat >> {0}; fi\n",
            log.display()
        );
        std::fs::write(bin.join("psql"), stand_in).expect("it can be written");
        std::fs::write(bin.join("pg_isready"), "#!/bin/bash\nexit 0\n").expect("it can be written");
        for name in ["psql", "pg_isready"] {
            run_chmod(&bin.join(name));
        }
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command.arg(folder.join("plan/register.sh")).env("PLAN", folder.join("plan")).env("PATH", path);
        command
            .env("PGUSER", "postgres")
            .env("PGPASSWORD", "x")
            .env("PASSWORD_ORDER", "x")
            .env("PASSWORD_DEBEZIUM", "x");
        let said = run(command);
        assert!(said.ends_with("the cluster is as planned\n"), "{said}");
        let asked = std::fs::read_to_string(&log).expect("it was asked something");
        let place = |text: &str| asked.find(text).unwrap_or_else(|| panic!("S4-51: nobody asked {text}"));
        assert!(place("citus_set_coordinator_host") < place("citus_add_node"), "S4-51");
        assert!(place("citus_add_node") < place("20-tables.sql"), "S4-51, S4-52");
        assert_eq!(asked.matches("SELECT citus_add_node").count(), 2, "S4-51: each worker once");
        assert!(asked.contains("INSERT INTO pg_dist_authinfo"), "S4-50");
        assert!(!asked.contains("password=x"), "a password is never on a command line");
        std::fs::remove_dir_all(folder).expect("it can be removed");
    }
}

fn run_chmod(path: &std::path::Path) {
    let mut chmod = Command::new("chmod");
    chmod.arg("+x").arg(path);
    run(chmod);
}

/// A cluster in memory that answers as MongoDB does, and counts what changes it.
const CLUSTER: &str = r#"
let changes = 0;
const sets = {}, shards = [], users = {}, made = {}, sharded = {}, zones = {}, log = [];
globalThis.print = () => {};
globalThis.sleep = () => {};
globalThis.MinKey = () => "min";
globalThis.MaxKey = () => "max";
const fail = (codeName) => { const error = new Error(codeName); error.codeName = codeName; throw error; };
const changed = (what) => { changes++; log.push(what); };
globalThis.Mongo = class {
  constructor(uri) {
    if (!uri.includes("__system:")) throw new Error("unauthenticated");
    this.hosts = uri.split("@")[1].split("/")[0];
  }
  getDB(name) { return database(this.hosts, name); }
};
function database(hosts, name) {
  const own = {
    runCommand(command) {
      const key = hosts.split(",")[0];
      if (command.hello) return { ok: 1, isWritablePrimary: Boolean(sets[key]) };
      if (command.replSetGetStatus) { if (!sets[key]) fail("NotYetInitialized"); return { ok: 1 }; }
      if (command.replSetInitiate) { sets[key] = { members: command.replSetInitiate.members, version: 1 }; changed("initiate"); return { ok: 1 }; }
      if (command.replSetGetConfig) return { config: sets[key] };
      if (command.listShards) return { shards: shards.map((_id) => ({ _id })) };
      if (command.addShard) { shards.push(command.name); changed("addShard"); return { ok: 1 }; }
      if (command.addShardToZone) { zones[command.addShardToZone] = command.zone; return { ok: 1 }; }
      if (command.updateZoneKeyRange) {
        if (Object.keys(command.min)[0] !== "country_code") throw new Error("the zone is no range");
        const range = command.min.country_code + command.zone;
        if (!zones[range]) { if (sharded[command.updateZoneKeyRange]) throw new Error("zones after sharding"); zones[range] = 1; changed("zone"); }
        return { ok: 1 };
      }
      if (command.enableSharding) { if (command.primaryShard !== "global") throw new Error("wrong home"); return { ok: 1 }; }
      if (command.shardCollection) { sharded[command.shardCollection] = 1; changed("shard"); return { ok: 1 }; }
      if (command.collMod) return { ok: 1 };
      throw new Error("unknown command " + JSON.stringify(command));
    },
    getCollectionInfos: ({ name }) => (made[name] ? [made[name]] : []),
    createCollection(name) { made[name] = { name }; changed("collection"); },
    getUser: (user) => users[user],
    createUser({ user, pwd }) { if (!pwd) throw new Error("no password"); users[user] = 1; changed("user"); },
    updateUser() {},
    collections: { findOne: ({ _id }) => sharded[_id] },
  };
  return new Proxy(own, { get: (target, key) => target[key] ?? { createIndex() {} } });
}
globalThis.require = require;
const { readFileSync } = require("fs");
const script = readFileSync(process.env.SCRIPT, "utf8");
const once = () => new Function("require", "process", script)(require, process);
once();
const first = changes;
once();
console.log(JSON.stringify({ first, second: changes - first, shards, sharded: Object.keys(sharded), users: Object.keys(users), zones: zones["DEeu"] }));
"#;

#[test]
fn a_second_run_changes_nothing_in_a_sharded_cluster() {
    for environment in ENVIRONMENTS {
        let Some(mut node) = program("node") else { return };
        let folder = folder(environment);
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).expect("it can be written");
            folder.join(name)
        };
        let plan = config(environment, "catalog-init", "plan.json");
        let key = write("key", "c2Vj\ncmV0");
        let plan = write("plan.json", &plan.replace("/etc/mongo/keyfile", &key.display().to_string()));
        let script = write("init.js", config(environment, "catalog-init", "init.js"));
        let cluster = write("cluster.js", CLUSTER);
        let mut check = Command::new("node");
        check.arg("--check").arg(&script);
        run(check);
        node.arg(cluster).env("PLAN", plan).env("SCRIPT", script).env("TRIES", "2");
        for name in ["ROOT_PASSWORD", "PASSWORD_PRODUCT", "PASSWORD_DEBEZIUM"] {
            node.env(name, "x");
        }
        node.env("ROOT_USER", "root");
        let said: bayplan::value::Value = serde_json::from_str(&run(node)).expect("JSON");
        assert_eq!(said["second"], 0, "S4-35: {said}");
        assert!(said["first"].as_u64().is_some_and(|first| first > 30), "S4-35, S4-36: {said}");
        assert_eq!(said["shards"], bayplan::value::json!(["eu", "global", "in", "us"]), "S4-35");
        assert_eq!(said["sharded"], bayplan::value::json!(["shop.customers"]), "S4-37, S4-40");
        assert_eq!(said["zones"], 1, "S4-36");
        std::fs::remove_dir_all(folder).expect("it can be removed");
    }
}

//! Redis with an append-only file, as the official image runs it
//! (<https://github.com/docker-library/docs/blob/master/redis/README.md>).

use super::{Engine, Instance, Shape};
use crate::model::EnvSource;
use crate::value::{Value, json};

pub(super) const ENGINE: Engine = Engine {
    name: "redis",
    scheme: "redis",
    preset,
    shape,
    generate: "openssl rand -hex 24",
    least_memory: 0,
};

fn preset() -> Value {
    json!({
        "kind": "statefulset",
        "port": 6379,
        "user": "default",
        "database": "0",
        // The redis user of the Alpine images.
        "security": {"user": 999, "group": 1000, "volume-group": 1000, "read-only-root": true},
        "probes": {
            "liveness": {"initial-delay": 10, "period": 10, "timeout": 5, "failures": 3},
            "readiness": {"initial-delay": 2, "period": 5, "timeout": 3, "failures": 2},
        },
    })
}

fn shape(instance: &Instance<'_>) -> Shape {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let mut args = words(&["--appendonly", "yes"]);
    if instance.port != 6379 {
        args.extend(words(&["--port", &instance.port.to_string()]));
    }
    let mut env = Vec::new();
    if let Some((name, key)) = instance.password {
        // `redis-cli` reads this variable, so that probes need no password on their command line.
        env.push(("REDISCLI_AUTH", EnvSource::Secret { name: name.to_string(), key: key.clone() }));
        args.extend(words(&["--requirepass", "$(REDISCLI_AUTH)"]));
    }
    Shape {
        port_name: "redis",
        args,
        env,
        data: "/data",
        scratch: &["/tmp"],
        ping: if instance.port == 6379 {
            words(&["redis-cli", "ping"])
        } else {
            words(&["redis-cli", "-p", &instance.port.to_string(), "ping"])
        },
        // Redis answers that it is loading, and `redis-cli` calls any answer a success.
        silent_in_recovery: false,
        smoke: words(&["redis-cli", "ping"]),
        job: None,
    }
}

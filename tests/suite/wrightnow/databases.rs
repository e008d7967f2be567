//! B to E: the two PostgreSQL and the two Redis (S1-13 to S1-45).

use bayplan::value::json;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Service, ServiceAccount};

use super::{Cluster, base, clusters, is};

/// A PostgreSQL: name, user, database, Secret, key, size, rows.
const POSTGRES: [(&str, [&str; 5], &str); 2] = [
    ("postgres", ["postgres", "wrightnow", "postgres-credentials", "password", "10Gi"], "S1-13 to S1-26"),
    (
        "authentik-postgres",
        ["authentik", "authentik", "authentik-secrets", "AUTHENTIK_POSTGRES_PASSWORD", "5Gi"],
        "S1-36 to S1-41",
    ),
];

/// A Redis: name, size, rows.
const REDIS: [(&str, &str, &str); 2] =
    [("redis", "2Gi", "S1-27 to S1-35"), ("authentik-redis", "1Gi", "S1-42 to S1-45")];

#[test]
fn a_postgres_is_a_stateful_set_with_names_that_stay() {
    for cluster in clusters() {
        for (name, _, row) in POSTGRES {
            let spec = cluster.infra::<StatefulSet>(name).spec.expect("it has a spec");
            assert_eq!(spec.replicas, Some(1), "{row}");
            assert_eq!(spec.pod_management_policy.as_deref(), Some("OrderedReady"), "S1-22 {row}");
            let headless = spec.service_name.expect("S1-23");
            let governing: Service = cluster.infra(&headless);
            is(&governing.spec.and_then(|spec| spec.cluster_ip), json!("None"), "S1-23, S1-39");
            assert!(cluster.find::<Deployment>(&cluster.namespace("infra"), name).is_none(), "{row}");
        }
    }
}

#[test]
fn a_postgres_runs_a_pinned_image_and_finds_its_data() {
    for cluster in clusters() {
        for (name, [user, database, secret, key, _], row) in POSTGRES {
            let container = cluster.container(name);
            let image = container.image.clone().unwrap_or_default();
            assert!(image.starts_with("docker.io/library/postgres:16-alpine@sha256:"), "S1-14: {image}");
            let ports = json!([{ "containerPort": 5432, "name": "postgres", "protocol": "TCP" }]);
            is(&container.ports, ports, "S1-14");
            let env = json!([
                { "name": "PGDATA", "value": "/var/lib/postgresql/data/pgdata" },
                { "name": "POSTGRES_DB", "value": database },
                { "name": "POSTGRES_PASSWORD", "valueFrom": { "secretKeyRef": { "key": key, "name": secret } } },
                { "name": "POSTGRES_USER", "value": user },
            ]);
            is(&container.env, env, &format!("S1-25, S1-41 {row}"));
            let data = container.volume_mounts.unwrap_or_default();
            let data = data.iter().find(|mount| mount.name == format!("{name}-data"));
            assert_eq!(
                data.map(|mount| mount.mount_path.as_str()),
                Some("/var/lib/postgresql/data"),
                "S1-20, S1-25"
            );
        }
    }
}

#[test]
fn a_postgres_is_probed_as_its_own_user_and_has_no_startup_probe() {
    for cluster in clusters() {
        for (name, [user, ..], row) in POSTGRES {
            let container = cluster.container(name);
            let command = json!({ "command": ["pg_isready", "-U", user] });
            let liveness = json!({
                "exec": command, "initialDelaySeconds": 30, "periodSeconds": 10, "timeoutSeconds": 5,
                "failureThreshold": 3, "successThreshold": 1,
            });
            is(&container.liveness_probe, liveness, &format!("S1-16, S1-40 {row}"));
            let readiness = json!({
                "exec": command, "initialDelaySeconds": 5, "periodSeconds": 5, "timeoutSeconds": 3,
                "failureThreshold": 2, "successThreshold": 1,
            });
            is(&container.readiness_probe, readiness, &format!("S1-17, S1-40 {row}"));
            assert_eq!(container.startup_probe, None, "S1-18 {row}");
        }
    }
}

#[test]
fn a_postgres_claims_its_volume_by_template() {
    for cluster in clusters() {
        for (name, [.., size], row) in POSTGRES {
            let spec = cluster.infra::<StatefulSet>(name).spec.expect("it has a spec");
            let claims = spec.volume_claim_templates.unwrap_or_default();
            let [claim] = claims.as_slice() else { panic!("{row}: one claim") };
            assert_eq!(claim.metadata.name, Some(format!("{name}-data")), "S1-20 {row}");
            let spec = claim.spec.clone().expect("a claim has a spec");
            is(&spec.access_modes, json!(["ReadWriteOnce"]), "S1-19");
            is(&spec.resources, json!({ "requests": { "storage": size } }), "S1-19, S1-38");
            let alone = cluster.names::<PersistentVolumeClaim>();
            assert!(!alone.contains(&format!("infra/{name}-data")), "contradiction 7: no second claim");
        }
    }
}

#[test]
fn databases_are_reached_by_name_inside_the_cluster_alone() {
    let ports =
        [("postgres", 5432), ("authentik-postgres", 5432), ("redis", 6379), ("authentik-redis", 6379)];
    for cluster in clusters() {
        for (name, port) in ports {
            let spec = cluster.infra::<Service>(name).spec.expect("it has a spec");
            assert_eq!(spec.type_.as_deref(), Some("ClusterIP"), "S1-21, S1-35, S1-39, S1-45");
            assert_eq!(spec.cluster_ip, None, "S1-21, S1-35");
            let ports: Vec<i32> = spec.ports.iter().flatten().map(|port| port.port).collect();
            assert_eq!(ports, [port], "S1-21, S1-35, S1-39, S1-45");
            is(&spec.selector, json!({ "app.kubernetes.io/name": name }), "S1-24");
        }
    }
    // A Service's DNS name is <name>.<namespace>.svc.cluster.local.
    assert!(super::cluster("staging").find::<Service>("staging-infra", "postgres").is_some(), "S1-24");
}

#[test]
fn a_redis_is_one_pod_that_writes_every_change_down() {
    for cluster in clusters() {
        for (name, size, row) in REDIS {
            let namespace = cluster.namespace("infra");
            assert!(cluster.find::<StatefulSet>(&namespace, name).is_none(), "S1-27 {row}");
            let spec = cluster.infra::<Deployment>(name).spec.expect("it has a spec");
            assert_eq!(spec.replicas, Some(1), "S1-29, S1-45");
            is(&spec.strategy, json!({ "type": "Recreate" }), "S1-29, S1-45");
            let container = cluster.container(name);
            let args = container.args.clone().unwrap_or_default();
            assert_eq!(args[..2], ["--appendonly", "yes"], "S1-28, S1-42");
            let data = container.volume_mounts.unwrap_or_default();
            assert!(
                data.iter().any(|mount| mount.mount_path == "/data" && mount.name == format!("{name}-data")),
                "S1-29"
            );
            let claim: PersistentVolumeClaim = cluster.infra(&format!("{name}-data"));
            let claim = claim.spec.expect("a claim has a spec");
            is(&claim.resources, json!({ "requests": { "storage": size } }), "S1-34, S1-44");
            is(&claim.access_modes, json!(["ReadWriteOnce"]), "S1-34, S1-44");
        }
    }
}

#[test]
fn a_redis_is_asked_whether_it_answers() {
    for cluster in clusters() {
        for (name, _, row) in REDIS {
            let container = cluster.container(name);
            for (probe, id) in [(&container.liveness_probe, "S1-31"), (&container.readiness_probe, "S1-32")] {
                let exec = probe.as_ref().and_then(|probe| probe.exec.as_ref());
                is(&exec, json!({ "command": ["redis-cli", "ping"] }), &format!("{id} {row}"));
            }
            assert_eq!(container.startup_probe, None, "S1-33 {row}");
            // `redis-cli` takes the password from here, so the command of the rows needs none.
            let names: Vec<String> =
                container.env.into_iter().flatten().map(|variable| variable.name).collect();
            assert_eq!(names, ["REDISCLI_AUTH"], "S1-31, S1-32");
        }
    }
}

#[test]
fn the_base_has_the_amounts_of_the_table() {
    let stateful = json!({
        "requests": { "cpu": "250m", "memory": "256Mi" }, "limits": { "cpu": "500m", "memory": "512Mi" },
    });
    let small = json!({
        "requests": { "cpu": "100m", "memory": "128Mi" }, "limits": { "cpu": "250m", "memory": "256Mi" },
    });
    for (name, amounts, row) in [
        ("postgres", &stateful, "S1-15"),
        ("redis", &small, "S1-30"),
        ("authentik-postgres", &stateful, "S1-37"),
        ("authentik-redis", &small, "S1-43"),
        ("authentik-server", &stateful, "S1-47"),
        ("authentik-worker", &small, "S1-55"),
    ] {
        is(&base().container(name).resources, amounts.clone(), row);
    }
}

#[test]
fn every_workload_has_an_account_and_only_the_controller_a_token() {
    for cluster in clusters() {
        for name in super::WORKLOADS {
            let account: ServiceAccount = cluster.infra(name);
            assert_eq!(account.automount_service_account_token, Some(false), "S1-26: {name}");
            let pod = cluster.pod(&cluster.namespace("infra"), name);
            assert_eq!(pod.service_account_name.as_deref(), Some(name), "S1-26");
            assert_eq!(pod.automount_service_account_token, Some(false), "S1-26: {name}");
        }
        assert_eq!(with_token(&cluster), ["ingress-nginx-controller"], "S1-26 in {}", cluster.name);
    }
}

fn with_token(cluster: &Cluster<'_>) -> Vec<String> {
    let accounts = cluster.of_kind::<ServiceAccount>();
    let with = accounts.filter(|account| account.value["automountServiceAccountToken"] != json!(false));
    with.map(|account| account.id.name.clone()).collect()
}

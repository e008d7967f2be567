//! F and G: Authentik's server, its worker, and what they share (S1-46 to S1-59).

use std::collections::BTreeMap;

use bayplan::value::{Value, json};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{PersistentVolumeClaim, Service};

use super::{Cluster, clusters, is};

fn environment(cluster: &Cluster<'_>, workload: &str) -> BTreeMap<String, Value> {
    let variables = cluster.container(workload).env.into_iter().flatten();
    variables
        .map(|variable| {
            let value = bayplan::value::to_value(&variable).expect("a typed object has a manifest");
            let source =
                if value["value"].is_null() { &value["valueFrom"]["secretKeyRef"] } else { &value["value"] };
            (variable.name, source.clone())
        })
        .collect()
}

#[test]
fn server_and_worker_are_one_image_with_two_commands() {
    for cluster in clusters() {
        let (server, worker) = (cluster.container("authentik-server"), cluster.container("authentik-worker"));
        is(&server.args, json!(["server"]), "S1-46");
        is(&worker.args, json!(["worker"]), "S1-54");
        assert_eq!(
            (&server.command, &worker.command),
            (&None, &None),
            "S1-46, S1-54: the image's own entry point"
        );
        assert_eq!(server.image, worker.image, "S1-54");
        let spec = cluster.infra::<Deployment>("authentik-server").spec.expect("it has a spec");
        let strategy =
            json!({ "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": 0 }, "type": "RollingUpdate" });
        is(&spec.strategy, strategy, "S1-46: it scales, so it rolls");
        // 2025.10 was the first release without Redis.
        let image = server.image.unwrap_or_default();
        assert!(image.starts_with("ghcr.io/goauthentik/server:2025.8.4@sha256:"), "S1-52: {image}");
    }
}

#[test]
fn the_server_is_probed_below_its_path() {
    let probe = |failures: i32| {
        json!({
            "httpGet": { "path": "/auth/api/v3/", "port": "http" },
            "periodSeconds": 10, "timeoutSeconds": 5, "successThreshold": 1, "failureThreshold": failures,
        })
    };
    for cluster in clusters() {
        let server = cluster.container("authentik-server");
        is(&server.liveness_probe, probe(6), "S1-48: a pod is taken out of the Service before it is killed");
        is(&server.readiness_probe, probe(3), "S1-49");
        is(&server.startup_probe, probe(60), "S1-50: ten minutes");
        assert_eq!(environment(&cluster, "authentik-server")["AUTHENTIK_WEB__PATH"], "/auth/", "S1-53");
    }
}

#[test]
fn the_worker_has_no_probe_and_no_service() {
    for cluster in clusters() {
        let worker = cluster.container("authentik-worker");
        assert_eq!(
            (worker.liveness_probe, worker.readiness_probe, worker.startup_probe),
            (None, None, None),
            "S1-56"
        );
        for service in cluster.of_kind::<Service>() {
            assert_ne!(
                service.value["spec"]["selector"]["app.kubernetes.io/name"], "authentik-worker",
                "S1-57: {}",
                service.id
            );
        }
    }
}

#[test]
fn the_server_is_reached_on_port_80() {
    for cluster in clusters() {
        let spec = cluster.infra::<Service>("authentik-server").spec.expect("it has a spec");
        assert_eq!(spec.type_.as_deref(), Some("ClusterIP"), "S1-51");
        is(
            &spec.ports,
            json!([{ "name": "http", "port": 80, "protocol": "TCP", "targetPort": "http" }]),
            "S1-51",
        );
        let ports = cluster.container("authentik-server").ports;
        is(&ports, json!([{ "containerPort": 9000, "name": "http", "protocol": "TCP" }]), "S1-51");
    }
}

#[test]
fn server_and_worker_are_wired_to_their_own_stores() {
    for cluster in clusters() {
        let host = |name: &str| json!(format!("{name}.{}.svc.cluster.local", cluster.namespace("infra")));
        let key = |name: &str, key: &str| json!({ "name": name, "key": key });
        let expected: [(&str, Value); 7] = [
            ("AUTHENTIK_SECRET_KEY", key("authentik-secrets", "AUTHENTIK_SECRET_KEY")),
            ("AUTHENTIK_POSTGRESQL__HOST", host("authentik-postgres")),
            ("AUTHENTIK_POSTGRESQL__USER", json!("authentik")),
            ("AUTHENTIK_POSTGRESQL__NAME", json!("authentik")),
            ("AUTHENTIK_POSTGRESQL__PASSWORD", key("authentik-secrets", "AUTHENTIK_POSTGRES_PASSWORD")),
            ("AUTHENTIK_REDIS__HOST", host("authentik-redis")),
            ("AUTHENTIK_REDIS__PASSWORD", key("authentik-redis-credentials", "password")),
        ];
        for workload in ["authentik-server", "authentik-worker"] {
            let found = environment(&cluster, workload);
            for (name, value) in &expected {
                assert_eq!(found.get(*name), Some(value), "S1-52: {name} of {workload} in {}", cluster.name);
            }
        }
        // The worker writes links into mails, so it has to know the path as well.
        assert_eq!(environment(&cluster, "authentik-worker")["AUTHENTIK_WEB__PATH"], "/auth/", "S1-53");
    }
}

#[test]
fn what_they_share_can_be_mounted_where_they_run() {
    for cluster in clusters() {
        let claim: PersistentVolumeClaim = cluster.infra("authentik-media");
        let spec = claim.spec.expect("a claim has a spec");
        is(&spec.resources, json!({ "requests": { "storage": "2Gi" } }), "S1-58");
        let mode = if cluster.name == "local" { "ReadWriteOnce" } else { "ReadWriteMany" };
        is(&spec.access_modes, json!([mode]), &format!("S1-59 in {}", cluster.name));
        for workload in ["authentik-server", "authentik-worker"] {
            let pod = cluster.pod(&cluster.namespace("infra"), workload);
            let volume = pod.volumes.into_iter().flatten().find(|volume| volume.name == "authentik-media");
            let claim = volume.and_then(|volume| volume.persistent_volume_claim);
            is(&claim, json!({ "claimName": "authentik-media" }), "S1-58");
            let mounts = cluster.container(workload).volume_mounts.unwrap_or_default();
            assert!(
                mounts.iter().any(|m| m.name == "authentik-media" && m.mount_path == "/media"),
                "S1-58: {workload}"
            );
        }
    }
}

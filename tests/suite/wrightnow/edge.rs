//! I: the way in (S1-69, S1-73 to S1-77; S1-70 to S1-72 and S1-76 are in `services`).

use bayplan::value::json;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, IngressClass};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};

use super::{clusters, is};

const NAMESPACE: &str = "ingress-nginx";
const CONTROLLER: &str = "ingress-nginx-controller";

#[test]
fn one_path_leads_to_authentik_and_no_other_is_there_yet() {
    for cluster in clusters() {
        assert_eq!(cluster.names::<Ingress>(), ["infra/auth"], "S1-69, S1-70, S1-71, S1-72, S1-73");
        let ingress: Ingress = cluster.infra("auth");
        assert_eq!(ingress.metadata.annotations, None, "S1-69: no rewrite (contradiction 11)");
        let (host, tls) = match cluster.name {
            "local" => ("localhost", None),
            "staging" => ("staging.wrightnow.example", Some("wrightnow-tls")),
            _ => ("wrightnow.example", Some("wrightnow-tls")),
        };
        let backend = json!({ "service": { "name": "authentik-server", "port": { "name": "http" } } });
        let mut spec = json!({
            "ingressClassName": "nginx",
            "rules": [{
                "host": host,
                "http": { "paths": [{ "path": "/auth/", "pathType": "Prefix", "backend": backend }] },
            }],
        });
        if let Some(secret) = tls {
            spec["tls"] = json!([{ "hosts": [host], "secretName": secret }]);
        }
        is(&ingress.spec, spec, "S1-69, S1-77");
    }
}

#[test]
fn the_controller_is_the_only_thing_that_can_be_reached_from_outside() {
    for cluster in clusters() {
        for object in cluster.of_kind::<Service>() {
            let expected = if object.id.name == CONTROLLER { "LoadBalancer" } else { "ClusterIP" };
            assert_eq!(object.value["spec"]["type"], expected, "S1-74, S1-75: {}", object.id);
        }
        let service: Service = cluster.get(NAMESPACE, CONTROLLER);
        let ports: Vec<i32> =
            service.spec.iter().flat_map(|spec| spec.ports.iter().flatten()).map(|port| port.port).collect();
        assert_eq!(ports, [80, 443], "S1-74");
        let class: IngressClass = cluster.get("", "nginx");
        is(&class.spec, json!({ "controller": "k8s.io/ingress-nginx" }), "S1-77");
    }
}

/// The flags, the probes and the security context are those of the project's release manifest.
#[test]
fn the_controller_is_installed_as_its_project_installs_it() {
    for cluster in clusters() {
        let deployment: Deployment = cluster.get(NAMESPACE, CONTROLLER);
        let replicas = if cluster.name == "local" { 1 } else { 2 };
        assert_eq!(deployment.spec.and_then(|spec| spec.replicas), Some(replicas), "S1-74, S1-116");
        let pod = cluster.pod(NAMESPACE, CONTROLLER);
        let published = match cluster.name {
            "local" => "--publish-status-address=localhost",
            _ => "--publish-service=$(POD_NAMESPACE)/ingress-nginx-controller",
        };
        let args = json!([
            "/nginx-ingress-controller",
            "--election-id=ingress-nginx-leader",
            "--controller-class=k8s.io/ingress-nginx",
            "--ingress-class=nginx",
            "--configmap=$(POD_NAMESPACE)/ingress-nginx-controller",
            published,
        ]);
        let [container] = pod.containers.as_slice() else { panic!("one container") };
        is(&container.args, args, "S1-74");
        let stop = json!({ "preStop": { "exec": { "command": ["/wait-shutdown"] } } });
        is(&container.lifecycle, stop, "S1-74");
        assert_eq!(pod.termination_grace_period_seconds, Some(300), "S1-74");
        let on_host: Vec<Option<i32>> = container.ports.iter().flatten().map(|port| port.host_port).collect();
        let expected = if cluster.name == "local" { [Some(80), Some(443), None] } else { [None; 3] };
        assert_eq!(on_host, expected, "S1-79: the ports of the node are localhost's");
        assert!(cluster.find::<ConfigMap>(NAMESPACE, CONTROLLER).is_some(), "S1-74: `--configmap` names it");
    }
}

#[test]
fn the_controller_may_do_what_its_project_lets_it_do() {
    for cluster in clusters() {
        let bound: ClusterRoleBinding = cluster.get("", "ingress-nginx");
        let within: RoleBinding = cluster.get(NAMESPACE, "ingress-nginx");
        let account = json!([{ "kind": "ServiceAccount", "name": CONTROLLER, "namespace": NAMESPACE }]);
        is(&bound.subjects, account.clone(), "S1-74");
        is(&within.subjects, account, "S1-74");
        assert!(cluster.find::<ServiceAccount>(NAMESPACE, CONTROLLER).is_some(), "S1-74");
        let everywhere: ClusterRole = cluster.get("", "ingress-nginx");
        let here: Role = cluster.get(NAMESPACE, "ingress-nginx");
        let writes = everywhere.rules.into_iter().flatten().chain(here.rules.into_iter().flatten());
        let writes = writes
            .filter(|rule| rule.verbs.iter().any(|verb| !["get", "list", "watch"].contains(&verb.as_str())));
        let written: std::collections::BTreeSet<String> =
            writes.flat_map(|rule| rule.resources.unwrap_or_default()).collect();
        assert!(written.iter().eq(["events", "ingresses/status", "leases"]), "S1-74: {written:?}");
    }
}

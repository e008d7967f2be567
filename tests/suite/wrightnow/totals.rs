//! M and O: what all of it asks for, what it may do to its node, and what several nodes are for (S1-101, S1-106, S1-107,
//! S1-116, S1-123, S1-131).

use bayplan::value::json;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Container, PodSpec};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;

use super::{Cluster, WORKLOADS, amount, base, cluster, clusters, is};

const MIB: i128 = 1024 * 1024 * 1000;

/// One container of each of the six: CPU in millicores and memory in mebibytes.
fn total(cluster: &Cluster<'_>, side: &str) -> (i128, i128) {
    let containers: Vec<Container> = WORKLOADS.iter().map(|name| cluster.container(name)).collect();
    let sum = |resource| containers.iter().map(|container| amount(container, side, resource)).sum::<i128>();
    (sum("cpu"), sum("memory") / MIB)
}

#[test]
fn the_totals_are_those_of_the_requirements() {
    assert_eq!(total(&base(), "requests"), (1050, 1152), "S1-106");
    assert_eq!(total(&base(), "limits"), (2250, 2304), "S1-106");
    assert_eq!(total(&cluster("local"), "requests"), (1050, 1152), "S1-106");
    assert_eq!(total(&cluster("local"), "limits"), (2250, 3072), "S1-106");
    assert_eq!(total(&cluster("staging"), "limits"), (2250, 5120), "S1-86");
}

#[test]
fn the_laptop_has_room_for_everything() {
    let local = cluster("local");
    let mut limits = total(&local, "limits");
    let controller = local.pod("ingress-nginx", "ingress-nginx-controller").containers.remove(0);
    limits.0 += amount(&controller, "limits", "cpu");
    limits.1 += amount(&controller, "limits", "memory") / MIB;
    assert!(limits.0 <= 4000 && limits.1 <= 8 * 1024, "S1-106: {limits:?}");
    for deployment in local.of_kind::<Deployment>() {
        assert_eq!(deployment.value["spec"]["replicas"], 1, "S1-106: {}", deployment.id);
    }
}

#[test]
fn every_container_says_what_it_needs_and_what_it_may_have() {
    for cluster in clusters().into_iter().chain([base()]) {
        let pods = cluster.objects.iter().filter_map(|object| object.pointer("/spec/template/spec"));
        let mut count = 0;
        for pod in pods {
            for list in ["initContainers", "containers"] {
                let containers = pod.get(list).cloned().unwrap_or_else(|| json!([]));
                let containers: Vec<Container> = containers.typed().expect("the list is of containers");
                for container in containers {
                    for resource in ["cpu", "memory"] {
                        let (request, limit) = (
                            amount(&container, "requests", resource),
                            amount(&container, "limits", resource),
                        );
                        assert!(0 < request && request <= limit, "S1-107, S1-131: {}", container.name);
                    }
                    count += 1;
                }
            }
        }
        assert_eq!(count, 7, "S1-107: six and the controller");
    }
}

/// What the level `restricted` of the Pod Security Standards asks for, which is most of what kubesec scores.
#[test]
fn every_pod_is_restricted() {
    for cluster in clusters().into_iter().chain([base()]) {
        for pod in cluster.objects.iter().filter_map(|object| object.pointer("/spec/template/spec")) {
            let pod: PodSpec = pod.typed().expect("a template has a pod");
            let security = pod.security_context.expect("S1-101");
            assert_eq!(security.run_as_non_root, Some(true), "S1-101");
            assert!(security.run_as_user.is_some_and(|user| user > 0), "S1-101");
            is(&security.seccomp_profile, json!({ "type": "RuntimeDefault" }), "S1-101");
            assert_eq!((pod.host_network, pod.host_pid, pod.host_ipc), (None, None, None), "S1-101");
            for container in pod.containers {
                let security = container.security_context.expect("S1-101");
                assert_eq!(security.allow_privilege_escalation, Some(false), "S1-101");
                assert_eq!(security.privileged, None, "S1-101");
                let capabilities = security.capabilities.unwrap_or_default();
                assert_eq!(capabilities.drop, Some(vec!["ALL".to_owned()]), "S1-101");
                let kept = (container.name == "controller").then(|| vec!["NET_BIND_SERVICE".to_owned()]);
                assert_eq!(capabilities.add, kept, "S1-101: {}", container.name);
            }
        }
    }
}

#[test]
fn what_scales_is_more_than_one_and_spread_where_there_are_nodes() {
    for name in ["staging", "production"] {
        let cluster = cluster(name);
        for workload in ["authentik-server", "authentik-worker"] {
            let spec = cluster.infra::<Deployment>(workload).spec.expect("it has a spec");
            let autoscaled = name == "production" && workload == "authentik-server";
            assert_eq!(spec.replicas, if autoscaled { None } else { Some(2) }, "S1-116, S1-121: {workload}");
            let pod = cluster.pod(&cluster.namespace("infra"), workload);
            let keys: Vec<String> = pod
                .topology_spread_constraints
                .into_iter()
                .flatten()
                .map(|spread| spread.topology_key)
                .collect();
            assert_eq!(keys, ["kubernetes.io/hostname", "topology.kubernetes.io/zone"], "S1-116");
        }
        let budgets =
            ["infra/authentik-server", "infra/authentik-worker", "ingress-nginx/ingress-nginx-controller"];
        let mut names = cluster.names::<PodDisruptionBudget>();
        names.sort();
        assert_eq!(names, budgets, "S1-116, S1-123");
        let budget: PodDisruptionBudget = cluster.infra("authentik-server");
        is(&budget.spec.and_then(|spec| spec.max_unavailable), json!(1), "S1-123");
    }
    assert_eq!(cluster("local").names::<PodDisruptionBudget>(), Vec::<String>::new(), "S1-116");
}

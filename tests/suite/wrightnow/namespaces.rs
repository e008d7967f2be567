//! A: namespaces, who may do what in them, quotas; and the labels of everything (S1-1 to S1-12, S1-134).

use std::collections::BTreeSet;

use bayplan::value::json;
use k8s_openapi::api::core::v1::{LimitRange, Namespace, ResourceQuota};
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};

use super::{Cluster, base, cluster, clusters, file, is};

/// A placeholder by its word, its `service` label, and what its annotations say.
const PLACEHOLDERS: [(&str, &str, &str, &str); 3] = [
    ("core", "core-backend", "Core Backend service (Nest.js) - Sprint 0 Task 3.1", "S1-2, S1-3"),
    ("ai", "ai-service", "AI Service (FastAPI) - Sprint 0 Task 3.2", "S1-4, S1-5"),
    ("web", "web-client", "Web Client (React) - Sprint 0 Task 3.3", "S1-6, S1-7"),
];

fn namespace(cluster: &Cluster<'_>, word: &str) -> Namespace {
    cluster.get("", &cluster.namespace(word))
}

#[test]
fn the_namespace_of_the_infrastructure_is_no_placeholder() {
    for cluster in clusters() {
        let labels = namespace(&cluster, "infra").metadata.labels.unwrap_or_default();
        assert_eq!(labels.get("status"), None, "S1-1 in {}", cluster.name);
        assert_eq!(labels["environment"], cluster.stage, "S1-1 in {}", cluster.name);
    }
}

#[test]
fn the_placeholders_say_what_they_wait_for() {
    for cluster in clusters() {
        for (word, service, description, row) in PLACEHOLDERS {
            let metadata = namespace(&cluster, word).metadata;
            let (labels, annotations) =
                (metadata.labels.unwrap_or_default(), metadata.annotations.unwrap_or_default());
            assert_eq!(labels["environment"], cluster.stage, "{row}");
            assert_eq!(labels["service"], service, "{row}");
            assert_eq!(labels["status"], "placeholder", "{row}");
            let guide = format!("See k8s/README.md#deploying-{service}");
            is(&annotations, json!({ "description": description, "deployment-guide": guide }), row);
        }
    }
}

#[test]
fn nothing_runs_in_a_placeholder() {
    for cluster in clusters() {
        for (word, ..) in PLACEHOLDERS {
            let name = cluster.namespace(word);
            let inside =
                cluster.objects.iter().filter(|object| object.id.namespace.as_deref() == Some(&name));
            let kinds: BTreeSet<&str> = inside.map(|object| object.id.gvk.kind.as_str()).collect();
            let mut allowed = BTreeSet::from(["Role", "RoleBinding"]);
            if cluster.name == "production" {
                allowed.insert("NetworkPolicy");
            }
            assert_eq!(kinds, allowed, "S1-8: {name} in {}", cluster.name);
        }
    }
}

#[test]
fn each_namespace_has_a_team_and_what_it_may_do() {
    let teams = [
        ("infra", "operator", "platform"),
        ("core", "developer", "core"),
        ("ai", "developer", "ai"),
        ("web", "developer", "web"),
    ];
    for cluster in clusters() {
        for (word, role, team) in teams {
            let namespace = cluster.namespace(word);
            let rules = cluster.get::<Role>(&namespace, role).rules.unwrap_or_default();
            let all = rules.iter().flat_map(|rule| rule.verbs.iter().chain(rule.resources.iter().flatten()));
            assert!(all.clone().count() > 0 && all.clone().all(|word| word != "*"), "S1-9");
            assert!(all.clone().all(|word| word != "secrets"), "S1-9: teams read no Secrets");
            let binding: RoleBinding = cluster.get(&namespace, role);
            let group = format!("wrightnow:{team}-team");
            is(
                &binding.subjects,
                json!([{ "apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group }]),
                "S1-9",
            );
        }
    }
}

/// Requests of 2150m and limits of 4500m of CPU with all pods there (the server has 5 at most), a second of them for
/// each roll-out (2 of the server, 1 of the worker), and half of it all on top.
#[test]
fn a_quota_is_there_where_it_is_asked_for_with_defaults_beside_it() {
    assert_eq!(cluster("local").names::<ResourceQuota>(), Vec::<String>::new(), "S1-10: off by default");
    assert_eq!(cluster("staging").names::<LimitRange>(), Vec::<String>::new(), "S1-11");
    let production = cluster("production");
    let quota: ResourceQuota = production.infra("quota");
    let hard = json!({
        "limits.cpu": "8625m", "limits.memory": "19968Mi", "requests.cpu": "4125m", "requests.memory": "4416Mi",
    });
    is(&quota.spec.and_then(|spec| spec.hard), hard, "S1-10");
    let range: LimitRange = production.infra("defaults");
    let limits = json!([{
        "default": { "cpu": "100m", "memory": "128Mi" },
        "defaultRequest": { "cpu": "50m", "memory": "64Mi" },
        "type": "Container",
    }]);
    is(&range.spec.map(|spec| spec.limits), limits, "S1-11");
}

#[test]
fn the_page_of_the_tree_tells_how_to_fill_a_placeholder() {
    let page = file("README.md");
    assert!(page.contains("### Placeholder namespaces\n"), "S1-12");
    for (word, service, ..) in PLACEHOLDERS {
        let (_, section) =
            page.split_once(&format!("### Deploying {service}\n")).expect("S1-12: the anchor is there");
        assert!(section.contains(&format!("[workloads.{service}]\nnamespace = \"{word}\"\n")), "S1-12");
    }
}

#[test]
fn everything_can_be_counted_by_namespace_and_service() {
    for cluster in clusters().into_iter().chain([base()]) {
        for object in cluster.objects {
            let label =
                |key: &str| object.value["metadata"]["labels"][format!("app.kubernetes.io/{key}")].as_str();
            assert_eq!(label("part-of"), Some("wrightnow"), "S1-134: {}", object.id);
            assert_eq!(label("managed-by"), Some("bayplan"), "S1-134: {}", object.id);
            if object.id.gvk.kind == "Deployment" || object.id.gvk.kind == "StatefulSet" {
                let pods = &object.value["spec"]["template"]["metadata"]["labels"];
                assert_eq!(pods, &object.value["metadata"]["labels"], "S1-134: {}", object.id);
                assert_eq!(label("name"), Some(object.id.name.as_str()), "S1-134: {}", object.id);
                assert_eq!(label("component"), Some(object.component.as_str()), "S1-134: {}", object.id);
            }
        }
    }
}

//! Sections G, I and J of the requirements: policies and what passes them, tenants that Kyverno makes, metrics, identities, and
//! the definitions that are kept beside the platform.

use std::collections::BTreeMap;

use bayplan::compile::Compilation;
use bayplan::object::Object;
use bayplan::value::{Value, json};

use super::{
    ENVIRONMENTS, at, compilation, compile_text, edit, folder, object, objects, of_kind, output, text,
};

/// The policy that makes what a tenant has.
fn maker(compilation: &Compilation, environment: &str) -> Vec<Value> {
    let all = &compilation.environments[environment].objects;
    let policy = object(all, "ClusterPolicy", "", "agent-ready-tenants");
    at(policy, "/spec/rules").as_array().expect("rules").clone()
}

/// An object that a rule makes for the tenant `acme`, as Kyverno would fill it in.
fn made(rule: &Value) -> Value {
    let generate = &rule["generate"];
    let mut object = generate["data"].clone();
    for key in ["apiVersion", "kind"] {
        object[key] = generate[key].clone();
    }
    object["metadata"]["name"] = generate["name"].clone();
    object["metadata"]["namespace"] = generate["namespace"].clone();
    let text = object
        .to_string()
        .replace("{{request.object.metadata.name}}", "org-acme")
        .replace("{{request.object.metadata.labels.tenant}}", "acme")
        .replace(r#"{{request.object.metadata.annotations.\"bayplan.dev/owner\"}}"#, "owner@acme.example");
    serde_json::from_str(&text).expect("variables stand in texts")
}

#[test]
fn kyverno_makes_the_very_objects_that_a_tenant_of_the_file_has() {
    for environment in ENVIRONMENTS {
        let own = objects(environment).iter().filter(|one| one.id.namespace.as_deref() == Some("org-acme"));
        let own: BTreeMap<String, Value> = own
            .map(|one| {
                let mut value = Value::clone(&one.value);
                value["metadata"].as_object_mut().expect("metadata").remove("annotations");
                (format!("{} {}", one.id.gvk.kind, one.id.name), value)
            })
            .collect();
        let rules = maker(compilation(), environment);
        let (rules, changes): (Vec<Value>, Vec<Value>) =
            rules.into_iter().partition(|rule| rule.get("generate").is_some());
        // The Namespace itself is its maker's, and gets the labels that a tenant's has.
        let labels = &changes[0]["mutate"]["patchStrategicMerge"]["metadata"]["labels"];
        let namespace = object(objects(environment), "Namespace", "", "org-acme");
        let mut wanted = at(namespace, "/metadata/labels").clone();
        for own in ["tenant", "app.kubernetes.io/managed-by"] {
            wanted.as_object_mut().expect("labels").remove(own);
        }
        assert_eq!((changes.len(), labels), (1, &wanted), "S2-15, S2-19 in {environment}");
        assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
        let made = rules.iter().map(|rule| {
            let object = made(rule);
            let name = format!(
                "{} {}",
                object["kind"].as_str().unwrap(),
                object["metadata"]["name"].as_str().unwrap()
            );
            (name, object)
        });
        assert_eq!(made.collect::<BTreeMap<_, _>>(), own, "S2-19 in {environment}");
        for rule in &rules {
            assert_eq!(rule["generate"]["synchronize"], true);
            let matched = &rule["match"]["any"][0]["resources"];
            assert_eq!(matched["names"], json!(["org-*"]));
            assert_eq!(
                matched["selector"],
                json!({"matchExpressions": [{"key": "tenant", "operator": "Exists"}]})
            );
            // What bayplan writes is nobody else's to make.
            let excluded = &rule["exclude"]["any"][0]["resources"]["selector"]["matchLabels"];
            assert_eq!(excluded, &json!({"app.kubernetes.io/managed-by": "bayplan"}));
        }
    }
}

#[test]
fn kyverno_may_make_what_it_is_told_to_and_give_away_one_role() {
    let all = objects("aks");
    let role = object(all, "ClusterRole", "", "agent-ready-tenants");
    assert_eq!(at(role, "/metadata/labels/rbac.kyverno.io~1aggregate-to-background-controller"), "true");
    let rules = at(role, "/rules").as_array().expect("rules");
    let resources: Vec<&str> = rules
        .iter()
        .filter(|rule| rule["verbs"] != json!(["bind"]))
        .filter_map(|rule| rule["resources"][0].as_str())
        .collect();
    assert_eq!(resources, ["limitranges", "resourcequotas", "networkpolicies", "rolebindings"]);
    let bind = rules.iter().find(|rule| rule["verbs"] == json!(["bind"])).expect("a rule that binds");
    assert_eq!(bind["resourceNames"], json!(["tenant-owner"]));
}

#[test]
fn a_change_of_the_shape_changes_what_kyverno_makes() {
    let changed = compile_text(&edit(&text(), "internal-traffic = true", "internal-traffic = false"));
    let names = |rules: &[Value]| -> Vec<String> {
        rules.iter().filter_map(|rule| rule["name"].as_str().map(str::to_owned)).collect()
    };
    let (before, after) = (names(&maker(compilation(), "aks")), names(&maker(&changed, "aks")));
    assert!(before.contains(&"networkpolicy-allow-internal".to_owned()), "{before:?}");
    assert!(!after.contains(&"networkpolicy-allow-internal".to_owned()), "{after:?}");
}

#[test]
fn the_platform_passes_the_policies_that_it_brings() {
    // S2-76: nothing is found as it is; an image without a tag, a container without a limit and a pod that is privileged are.
    let found = |text: &str, code: &str| {
        let found = output(text).diagnostics.into_iter().filter(|found| found.code.name == code);
        found.map(|found| found.object.unwrap_or_default()).collect::<Vec<_>>()
    };
    let whole = text();
    for code in ["policy-refused", "policy-reported", "policy-not-judged"] {
        assert_eq!(found(&whole, code), Vec::<String>::new(), "{code}");
    }
    let latest = edit(&whole, "/webhook:{{ vars.release }}", "/webhook:latest");
    assert_eq!(found(&latest, "policy-refused"), ["Deployment platform-app/webhook"]);
    assert_eq!(
        found(&latest, "policy-reported"),
        ["Deployment platform-app/webhook"],
        "it is audited on kind"
    );
    let unlimited = edit(
        &whole,
        "/email:{{ vars.release }}\"",
        "/email:{{ vars.release }}\"\nresources.memory = \"128Mi..none\"",
    );
    assert_eq!(found(&unlimited, "policy-refused"), ["Deployment platform-app/email"]);
}

#[test]
fn prometheus_reads_every_service_of_the_product() {
    // S2-91: a monitor for each, and a way through the deny-all to the port that it names.
    for environment in ENVIRONMENTS {
        let all = objects(environment);
        let services = ["ai", "api", "backend", "email", "provisioner", "webhook"];
        let monitors: Vec<&str> = of_kind(all, "ServiceMonitor").map(|one| one.id.name.as_str()).collect();
        assert_eq!(monitors, services, "{environment}");
        for name in services {
            let monitor = object(all, "ServiceMonitor", "platform-app", name);
            let port = at(monitor, "/spec/endpoints/0/port");
            let ports =
                at(object(all, "Service", "platform-app", name), "/spec/ports").as_array().expect("ports");
            assert!(ports.iter().any(|one| one["name"] == *port), "{name}");
            let policy = object(all, "NetworkPolicy", "platform-app", name);
            let opened = at(policy, "/spec/ingress").as_array().expect("rules").iter().any(|rule| {
                let from = rule["from"].as_array().into_iter().flatten();
                let is_prometheus = |peer: &Value| {
                    peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] == "monitoring"
                        && peer["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "prometheus"
                };
                from.into_iter().any(is_prometheus) && rule["ports"][0]["port"] == 8080
            });
            assert!(opened, "{name} in {environment}");
        }
    }
}

#[test]
fn each_cloud_has_its_own_identity_storage_and_store() {
    // S2-94
    let account = |environment: &str| {
        object(objects(environment), "ServiceAccount", "external-secrets", "secret-store")
    };
    let annotations =
        |account: &Object| at(account, "/metadata/annotations").as_object().expect("a map").clone();
    for (environment, key) in [
        ("aks", "azure.workload.identity/client-id"),
        ("eks", "eks.amazonaws.com/role-arn"),
        ("gke", "iam.gke.io/gcp-service-account"),
    ] {
        assert!(annotations(account(environment)).contains_key(key), "{environment}");
        let store = of_kind(objects(environment), "ClusterSecretStore").next().expect("a store");
        assert!(store.value.to_string().contains(r#""name":"secret-store""#), "{environment}");
    }
    let local: Vec<&str> =
        of_kind(objects("local"), "ServiceAccount").map(|one| one.id.name.as_str()).collect();
    assert!(!local.contains(&"secret-store"), "a laptop gives no identity");
    let provisioners: Vec<String> = ["aks", "eks", "gke"]
        .iter()
        .flat_map(|environment| of_kind(objects(environment), "StorageClass"))
        .map(|class| at(class, "/provisioner").as_str().unwrap_or_default().to_owned())
        .collect();
    let expected = ["disk.csi.azure.com", "ebs.csi.aws.com", "pd.csi.storage.gke.io"];
    assert!(expected.iter().all(|one| provisioners.iter().any(|class| class == one)), "{provisioners:?}");
}

#[test]
fn what_is_kept_of_definitions_judges_what_the_platform_writes() {
    let kept = &compilation().base.definitions;
    let kinds: Vec<&str> = kept.iter().filter_map(|one| one["spec"]["names"]["kind"].as_str()).collect();
    assert_eq!(kinds, ["ExternalSecret", "Probe", "PrometheusRule", "ServiceMonitor"]);
    // The operator knows fields that bayplan's own narrower types have not, and a patch may set them; others it may not.
    let definition = "schemas/crds/servicemonitors.monitoring.coreos.com.yaml";
    let kept = std::fs::read_to_string(folder().join(definition)).expect("it is in the repository");
    let whole = text();
    let patched = |field: &str| {
        let patch = format!("[workloads.webhook.patch.ServiceMonitor.spec]\n{field}\n\n[externals.identity]");
        let host =
            super::host(&edit(&whole, "[externals.identity]", &patch)).with_file(definition, kept.as_str());
        let found = bayplan::compile::compile(&host, &bayplan::compile::Request::default()).diagnostics;
        found
            .into_iter()
            .filter(bayplan::diag::Diagnostic::is_error)
            .map(|found| found.code.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(patched("sampleLimit = 10"), Vec::<&str>::new());
    assert_eq!(patched("sampleLimits = 10"), ["schema-unknown-field"]);
    assert_eq!(patched("sampleLimit = \"ten\""), ["schema-type"]);
}

//! Sections A and B of the requirements: what a tenant gets, and what makes tenants.

use std::collections::BTreeSet;

use bayplan::compile::Compilation;
use bayplan::object::{Object, ObjectSet};
use bayplan::value::{Value, json};

use super::{ENVIRONMENTS, at, compilation, compile_text, edit, object, objects, of_kind, output, text};

/// The objects of a tenant, by kind and name.
fn of_tenant<'a>(objects: &'a ObjectSet, tenant: &str) -> Vec<&'a Object> {
    let component = format!("tenants/{tenant}");
    objects.iter().filter(|object| object.component == component).collect()
}

#[test]
fn a_tenant_is_the_whole_bundle_in_every_environment() {
    for environment in ENVIRONMENTS {
        let all = objects(environment);
        let names: Vec<String> =
            of_tenant(all, "acme").iter().map(|one| format!("{} {}", one.id.gvk.kind, one.id.name)).collect();
        let expected = [
            "LimitRange defaults",
            "Namespace org-acme",
            "NetworkPolicy allow-callers",
            "NetworkPolicy allow-dns",
            "NetworkPolicy allow-internal",
            "NetworkPolicy allow-uses",
            "NetworkPolicy default-deny",
            "ResourceQuota quota",
            "RoleBinding tenant-owner",
        ];
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(names, expected.into(), "S2-1, S2-18 in {environment}");
        // S2-15
        let namespace = object(all, "Namespace", "", "org-acme");
        assert_eq!(at(namespace, "/metadata/labels/tenant"), "acme");
        let enforced = namespace.value.pointer("/metadata/labels/pod-security.kubernetes.io~1enforce");
        assert_eq!(enforced, Some(&json!("restricted")));
        // S2-3, S2-4, S2-5
        let hard = at(object(all, "ResourceQuota", "org-acme", "quota"), "/spec/hard");
        let expected = json!({
            "limits.cpu": "10", "limits.memory": "20Gi", "requests.cpu": "10", "requests.memory": "20Gi",
            "requests.storage": "10Gi",
        });
        assert_eq!(*hard, expected, "S2-3..5");
        // S2-6
        let deny = at(object(all, "NetworkPolicy", "org-acme", "default-deny"), "/spec");
        assert_eq!(*deny, json!({"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}), "S2-6");
        // S2-13
        let range = object(all, "LimitRange", "org-acme", "defaults");
        assert_eq!(at(range, "/spec/limits/0/defaultRequest"), &json!({"cpu": "100m", "memory": "128Mi"}));
    }
}

#[test]
fn the_edges_of_a_tenant_are_open_at_both_ends() {
    let all = objects("aks");
    let ports = |policy: &Object, side: &str| -> BTreeSet<u64> {
        let rules = at(policy, side).as_array().expect("rules");
        let ports = rules.iter().flat_map(|rule| rule["ports"].as_array().expect("ports"));
        ports.filter_map(|port| port["port"].as_u64()).collect()
    };
    // S2-7, S2-9, S2-10: from the tenant's side.
    let policy = |name: &str| object(all, "NetworkPolicy", "org-acme", name);
    assert_eq!(ports(policy("allow-dns"), "/spec/egress"), [53].into());
    assert_eq!(ports(policy("allow-uses"), "/spec/egress"), [5432, 6379].into());
    assert_eq!(ports(policy("allow-callers"), "/spec/ingress"), [8080].into());
    // From the platform's side, once for all tenants: no tenant is named.
    for name in ["postgres", "redis"] {
        let policy = object(all, "NetworkPolicy", "platform-data", name);
        let text = policy.value.to_string();
        assert!(
            text.contains(
                r#""namespaceSelector":{"matchExpressions":[{"key":"tenant","operator":"Exists"}]}"#
            )
        );
        assert!(!text.contains("acme"), "{text}");
    }
    // S2-8
    let closed = compile_text(&edit(&text(), "internal-traffic = true", "internal-traffic = false"));
    let names: Vec<&str> =
        of_tenant(&closed.base.objects, "acme").iter().map(|one| one.id.name.as_str()).collect();
    assert!(!names.contains(&"allow-internal"), "S2-8: {names:?}");
}

#[test]
fn an_owner_cannot_undo_the_isolation() {
    let all = objects("gke");
    let binding = object(all, "RoleBinding", "org-acme", "tenant-owner");
    // S2-2
    let owner =
        json!([{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "owner@acme.example"}]);
    assert_eq!(*at(binding, "/subjects"), owner);
    assert_eq!(at(binding, "/roleRef/kind"), "ClusterRole");
    // S2-14
    let role = object(all, "ClusterRole", "", "tenant-owner");
    let guards =
        ["networkpolicies", "resourcequotas", "limitranges", "rolebindings", "roles", "namespaces", "*"];
    for rule in at(role, "/rules").as_array().expect("rules") {
        let has = |key: &str, words: &[&str]| {
            rule[key]
                .as_array()
                .into_iter()
                .flatten()
                .any(|word| words.contains(&word.as_str().unwrap_or("")))
        };
        let writes = has(
            "verbs",
            &["create", "update", "patch", "delete", "deletecollection", "*", "bind", "escalate"],
        );
        assert!(!(writes && has("resources", &guards)), "S2-14: {rule}");
    }
    // S2-78: tenants' people hold nothing in the whole cluster.
    for binding in of_kind(all, "ClusterRoleBinding") {
        assert!(!binding.value.to_string().contains("acme"), "S2-78: {}", binding.id);
    }
}

#[test]
fn the_provisioner_can_make_tenants_and_nothing_else_gets_a_token() {
    let all = objects("eks");
    // S2-23
    let rules = at(object(all, "ClusterRole", "", "tenant-provisioner"), "/rules").as_array().expect("rules");
    let bind = rules.iter().find(|rule| rule["verbs"] == json!(["bind"])).expect("a rule that binds");
    assert_eq!(bind["resourceNames"], json!(["tenant-owner"]));
    let kinds: BTreeSet<&str> = rules
        .iter()
        .flat_map(|rule| rule["resources"].as_array().expect("resources"))
        .filter_map(Value::as_str)
        .collect();
    for kind in ["namespaces", "rolebindings", "resourcequotas", "networkpolicies", "limitranges"] {
        assert!(kinds.contains(kind), "S2-23: {kind}");
    }
    let binding = object(all, "ClusterRoleBinding", "", "tenant-provisioner");
    assert_eq!(at(binding, "/subjects/0/name"), "provisioner", "S2-25");
    // S2-24: one token in the whole platform.
    let with_token = |kind: &'static str| -> Vec<&str> {
        let pods = of_kind(all, kind).filter(|one| {
            let spec = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
            let spec = spec.iter().find_map(|pointer| one.pointer(pointer)).expect("a pod");
            spec["automountServiceAccountToken"] != json!(false)
        });
        pods.map(|one| one.id.name.as_str()).collect()
    };
    assert_eq!(with_token("Deployment"), ["provisioner"], "S2-24");
    for kind in ["StatefulSet", "Job", "CronJob"] {
        assert_eq!(with_token(kind), Vec::<&str>::new(), "S2-24");
    }
}

/// The objects that differ between two compilations, in `local`.
fn changed(before: &Compilation, after: &Compilation) -> Vec<String> {
    let (before, after) = (&before.environments["local"].objects, &after.environments["local"].objects);
    let differs = |object: &&Object| before.get(&object.id).is_none_or(|old| old.value != object.value);
    after.iter().filter(differs).map(|object| object.id.to_string()).collect()
}

#[test]
fn what_one_tenant_overrides_changes_that_tenant_alone() {
    let line = "owner = \"owner@acme.example\"\n";
    let two = edit(&text(), line, &format!("{line}\n[tenants.globex]\nowner.group = \"globex-admins\"\n"));
    let before = compile_text(&two);
    let of_shape = at(object(objects("local"), "ResourceQuota", "org-acme", "quota"), "/spec/hard");
    for (override_, keys, figure) in [
        ("quota.storage = \"50Gi\"\n", &["requests.storage"][..], "50Gi"),
        ("quota.cpu = \"20\"\n", &["limits.cpu", "requests.cpu"], "20"),
    ] {
        let after = compile_text(&edit(&two, line, &format!("{line}{override_}")));
        assert_eq!(changed(&before, &after), ["ResourceQuota org-acme/quota"], "S2-16, S2-17");
        let quota = object(&after.environments["local"].objects, "ResourceQuota", "org-acme", "quota");
        let mut hard = at(quota, "/spec/hard").clone();
        for key in keys {
            assert_eq!(hard[key], figure);
            hard[*key] = of_shape[*key].clone();
        }
        assert_eq!(hard, *of_shape, "S2-16, S2-17");
    }
    // S2-18: removing the entry removes the bundle, and adding it again changes nothing else.
    let (one, two) = (compilation(), &before);
    let added: Vec<&Object> = two.environments["local"]
        .objects
        .iter()
        .filter(|object| objects("local").get(&object.id).is_none())
        .collect();
    assert!(added.iter().all(|object| object.component == "tenants/globex"));
    assert_eq!(changed(one, two).len(), added.len());
}

/// The same tenant, from the file and from the library; where Argo CD delivers, those of the file say when.
#[test]
fn a_program_gets_the_objects_that_the_file_gives() {
    let platform = &compilation().environments["local"];
    let bundle = platform
        .tenants()
        .bundle_from_json("acme", &json!({"title": "ACME Corp", "owner": "owner@acme.example"}))
        .expect("the tenant is sound");
    let from_file = of_tenant(&platform.objects, "acme");
    assert_eq!(bundle.objects.iter().collect::<Vec<_>>(), from_file);
    assert_eq!(bundle.namespace, "org-acme");
}

#[test]
fn a_program_gets_every_mistake_of_a_tenant() {
    let tenants = compilation().environments["aks"].tenants();
    let codes = |name: &str, table: Value| -> Vec<&str> {
        let found = tenants.bundle_from_json(name, &table).err().unwrap_or_default();
        found.iter().map(|one| one.code.name).collect()
    };
    assert_eq!(codes("acme", json!({"owner": "a", "qouta": {}})), ["unknown-key"]);
    assert_eq!(codes("acme", json!({"owner": "a", "quota": {"cpu": "ten"}})), ["bad-value"]);
    assert_eq!(codes("ACME", json!({"owner": "a"})), ["bad-value"]);
    assert_eq!(codes("acme", json!({})), ["missing-key"]);
    assert_eq!(codes("acme", json!({"owner": "a", "role": "admin"})), ["tenant-undoes-isolation"]);
    assert_eq!(codes("acme", json!({"owner": "a", "namespace": "platform-data"})), ["namespace-taken"]);
    assert_eq!(codes("acme", json!({"owner": "a", "uses": ["postgre"]})), ["unknown-reference"]);
    assert_eq!(codes("acme", json!({"owner": "a"})), Vec::<&str>::new());
}

/// S2-32: a database of its own lies in the tenant's namespace and folder.
#[test]
fn a_tenant_may_have_a_database_of_its_own() {
    let own = "[tenants.acme.database]\nengine = \"postgres\"\nversion = \"16\"\nstorage = \"5Gi\"\nprobes.startup = { failures = 360 }\n\
               image = \"docker.io/library/postgres:16-alpine@sha256:57c72fd2a128e416c7fcc499958864df5301e940bca0a56f58fddf30ffc07777\"\n\
               resources = { cpu = \"100m..500m\", memory = \"256Mi..512Mi\" }\n";
    let text = edit(
        &text(),
        "# ---------------------------------------------------------------------------------------------- who may",
        &format!("{own}\n# --- who may"),
    );
    let compilation = compile_text(&text);
    let all = &compilation.environments["gke"].objects;
    let set = object(all, "StatefulSet", "org-acme", "acme-postgres");
    assert_eq!(set.component, "tenants/acme");
    let table = json!({
        "title": "ACME Corp", "owner": "owner@acme.example",
        "database": {
            "engine": "postgres", "version": "16", "storage": "5Gi", "probes": {"startup": {"failures": 360}},
            "image": "docker.io/library/postgres:16-alpine@sha256:57c72fd2a128e416c7fcc499958864df5301e940bca0a56f58fddf30ffc07777",
            "resources": {"cpu": "100m..500m", "memory": "256Mi..512Mi"},
        },
    });
    let platform = &super::compilation().environments["gke"];
    let bundle =
        platform.tenants().bundle_from_json("acme", &table).unwrap_or_else(|found| panic!("{found:#?}"));
    let from_file: Vec<String> = of_tenant(all, "acme").iter().map(|one| one.id.to_string()).collect();
    let from_program: Vec<String> = bundle.objects.iter().map(|one| one.id.to_string()).collect();
    assert_eq!(from_program, from_file);
}

/// S2-98: a name that people use is no name of a namespace, and the report says which one would be.
#[test]
fn a_tenant_that_is_no_label_is_offered_one() {
    let text = edit(&text(), "[tenants.acme]", "[tenants.\"ACME Corp\"]");
    let output = output(&text);
    let found = output.diagnostics.iter().find(|found| found.message.contains("ACME Corp"));
    let hints = found.map(|found| found.hints.clone()).unwrap_or_default();
    assert_eq!(hints, ["did you mean `acme-corp`?"]);
}

//! Random environments against a random base, many objects to a build, since processes are slow.
//!
//! Objects are realistic and their changes are not: values are changed, removed, copied to other places, emptied and
//! reordered at random. A failing seed fails again.

use bayplan::object::{Object, ObjectSet};
use bayplan::source::KeyPath;
use bayplan::value::{Value, json};

use super::{block, oracle};

#[test]
fn changed_objects_in_the_same_namespaces() {
    builds(&[1, 2], Namespaces::Same, block::document);
}

#[test]
fn changed_objects_in_renamed_namespaces() {
    builds(&[3, 4], Namespaces::Renamed, block::document);
}

/// JSON is YAML, and puts every string in quotes.
#[test]
fn changed_objects_written_as_json() {
    builds(&[5], Namespaces::Renamed, Value::to_string);
}

#[derive(Clone, Copy)]
pub(crate) enum Namespaces {
    Same,
    Renamed,
}

const COMPONENTS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const OBJECTS: usize = 180;

fn builds(seeds: &[u64], namespaces: Namespaces, write: fn(&Value) -> String) {
    let Some(tool) = oracle::Tool::find() else { return };
    for &seed in seeds {
        let (base, environment) = platform(seed, namespaces);
        if let Err(failure) = oracle::compare(&tool, &base, &environment, write) {
            panic!("seed {seed}: {failure}");
        }
    }
}

pub(crate) fn platform(seed: u64, namespaces: Namespaces) -> (ObjectSet, ObjectSet) {
    let mut random = Random(seed);
    let stage = match namespaces {
        Namespaces::Same => "staging",
        Namespaces::Renamed => "production",
    };
    let mut base = vec![namespace("staging", "core"), namespace("staging", "infra")];
    let mut environment = vec![namespace(stage, "core"), namespace(stage, "infra")];
    for at in 0..OBJECTS {
        let component = COMPONENTS[at % COMPONENTS.len()];
        let namespace = ["core", "infra"][random.below(2)];
        let name = format!("object-{}", at / 40);
        let mut value = template(random.below(VOCABULARY));
        identify(&mut value, &name, &format!("staging-{namespace}"));
        let mut changed = value.clone();
        // Most objects of an environment are those of the base.
        for _ in 0..[0, 0, 1, 1, 2, 4][random.below(6)] {
            mutate(&mut changed, &mut random);
        }
        identify(&mut changed, &name, &format!("{stage}-{namespace}"));
        let fate = random.below(12);
        if fate != 0 {
            base.push(object(value, component));
        }
        if fate != 1 {
            environment.push(object(changed, component));
        }
    }
    (ObjectSet::collect(base).0, ObjectSet::collect(environment).0)
}

fn namespace(stage: &str, name: &str) -> Object {
    let value =
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": format!("{stage}-{name}")}});
    Object::from_value(value, "namespaces", KeyPath::of(["namespaces", name]))
}

fn object(value: Value, component: &str) -> Object {
    Object::from_value(value, component, KeyPath::root())
}

fn identify(value: &mut Value, name: &str, namespace: &str) {
    let metadata = &mut value["metadata"];
    metadata["name"] = name.into();
    metadata["namespace"] = namespace.into();
    // Kustomize drops an empty `annotations`, with or without a patch.
    if metadata["annotations"].as_object().is_none_or(bayplan::value::Map::is_empty) {
        metadata.as_object_mut().unwrap().remove("annotations");
    }
}

/// Changes one place under `data`, `rules`, `spec`, or the labels and annotations.
fn mutate(object: &mut Value, random: &mut Random) {
    let roots = ["/spec", "/data", "/rules", "/metadata/labels", "/metadata/annotations"];
    let present: Vec<&str> = roots.into_iter().filter(|root| object.pointer(root).is_some()).collect();
    let root = present[random.below(present.len())];
    let strings_only = root.starts_with("/metadata") || root == "/data";
    if let Some(value) = object.pointer_mut(root) {
        mutate_value(value, random, strings_only);
    }
}

fn mutate_value(value: &mut Value, random: &mut Random, strings_only: bool) {
    match value {
        Value::Object(map) if !map.is_empty() && random.below(4) > 0 => {
            let at = random.below(map.len());
            mutate_value(map.values_mut().nth(at).unwrap(), random, strings_only);
        }
        Value::Object(map) => mutate_map(map, random, strings_only),
        Value::Array(items) if !items.is_empty() && random.below(2) > 0 => {
            let at = random.below(items.len());
            mutate_value(&mut items[at], random, strings_only);
        }
        Value::Array(items) => mutate_list(items, random),
        scalar if strings_only => *scalar = string(random),
        scalar => *scalar = like(scalar, random),
    }
}

fn mutate_map(map: &mut bayplan::value::Map, random: &mut Random, strings_only: bool) {
    // A list element without its name is no object that kustomize reads.
    let removable: Vec<String> = map.keys().filter(|key| *key != "name").map(ToString::to_string).collect();
    match random.below(3) {
        0 if !removable.is_empty() => {
            map.remove(&removable[random.below(removable.len())]);
        }
        1 if !strings_only && map.values().all(|value| !value.is_string()) => {
            map.retain(|key, _| key == "name");
        }
        _ => {
            let key = ["added", "example.com/x~y", "zone", "on"][random.below(4)];
            map.insert(key.to_owned(), if strings_only { string(random) } else { any(random) });
        }
    }
}

fn mutate_list(items: &mut Vec<Value>, random: &mut Random) {
    let at = random.below(items.len() + 1);
    match random.below(6) {
        0 if !items.is_empty() => {
            items.remove(at % items.len());
        }
        1 => items.reverse(),
        2 => items.clear(),
        _ => {
            let Some(mut copy) = items.get(random.below(items.len().max(1))).cloned() else { return };
            rename(&mut copy, random);
            items.insert(at, copy);
        }
    }
}

/// Gives a copied element keys of its own, most of the time.
fn rename(element: &mut Value, random: &mut Random) {
    let number = random.below(1000);
    if element.is_string() {
        *element = format!("item{number}").into();
    }
    for key in ["name", "mountPath", "topologyKey", "host", "path"] {
        if element.get(key).is_some() && random.below(20) > 0 {
            element[key] = format!("/item{number}")
                .trim_start_matches(if key.ends_with("ath") { "" } else { "/" })
                .into();
        }
    }
    for key in ["port", "containerPort"] {
        if element.get(key).is_some_and(Value::is_number) {
            element[key] = (1000 + number).into();
        }
    }
}

/// A scalar of the same sort, or sometimes of another where Kubernetes takes a number or a name.
fn like(scalar: &Value, random: &mut Random) -> Value {
    match scalar {
        Value::Bool(value) => (!value).into(),
        Value::Number(_) if random.below(4) > 0 => random.below(70000).into(),
        Value::String(_) if random.below(12) == 0 => random.below(70000).into(),
        _ => string(random),
    }
}

fn string(random: &mut Random) -> Value {
    let words = [
        "plain",
        "on",
        "No",
        "y",
        "~",
        "null",
        "true",
        "1e3",
        "0o14",
        "014",
        "0x1F",
        "1_000",
        "12:30:45",
        "2001-01-01",
        ".inf",
        "=",
        "",
        " led",
        "trailed ",
        "50%",
        "8080",
        "a: b",
        "a #b",
        "'",
        "\"",
        "[",
        "one\ntwo\n",
        "one\n two",
        "\n",
        "tab\there",
        "gr\u{fc}n \u{1f6a2}",
        "*",
        "&a",
        "!x",
        "| ",
        "$(DB)",
        "{{ x }}",
        "-",
        "- a",
        "? b",
        "@c",
        "`",
    ];
    words[random.below(words.len())].into()
}

fn any(random: &mut Random) -> Value {
    let value = string(random);
    match random.below(6) {
        0 => json!({}),
        1 => json!([]),
        2 => json!({"nested": {"deep": value}, "list": [1, "two"]}),
        3 => json!([{"name": "x", "value": value}, {"name": "y"}]),
        4 => json!(random.below(100)),
        _ => value,
    }
}

const VOCABULARY: usize = 8;

fn template(which: usize) -> Value {
    match which {
        0 => {
            json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"labels": {"app": "x", "tier": "y"}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "x"}}, "template": pod()}})
        }
        1 => {
            json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"annotations": {"a/b": "c"}},
            "spec": {"serviceName": "x", "replicas": 1, "template": pod(), "volumeClaimTemplates": [
                {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "10Gi"}}}}]}})
        }
        2 => json!({"apiVersion": "v1", "kind": "Service", "metadata": {}, "spec": {"type": "ClusterIP",
            "selector": {"app": "x"}, "ports": [
                {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"},
                {"name": "metrics", "port": 9090, "protocol": "TCP", "targetPort": 9090}]}}),
        3 => json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"labels": {"app": "x"}},
            "data": {"A": "1", "on": "off", "config.yaml": "a: 1\nb:\n  - c\n", "empty": ""}}),
        4 => json!({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {},
            "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "egress": [],
                "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "x"}}}],
                    "ports": [{"port": 80, "protocol": "TCP"}]}]}}),
        5 => {
            json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"annotations": {"a/b": "c"}},
            "spec": {"ingressClassName": "nginx", "rules": [{"host": "a.example.com", "http": {"paths": [
                {"path": "/", "pathType": "Prefix",
                    "backend": {"service": {"name": "x", "port": {"name": "http"}}}}]}}]}})
        }
        6 => json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {}, "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
            {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get"]}]}),
        _ => {
            json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {}, "spec": {"size": 1, "ratio": 0.5,
            "containers": [{"name": "a", "image": "b"}, {"name": "c", "image": "d"}],
            "ports": [{"port": 1, "protocol": "TCP"}], "nested": {"a": {"b": {"c": "d"}}, "list": [1, 2, 3]}}})
        }
    }
}

fn pod() -> Value {
    json!({"metadata": {"labels": {"app": "x"}}, "spec": {
        "containers": [
            {"name": "main", "image": "main:1", "args": ["serve", "--port", "80"],
                "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "on"}, {"name": "C", "value": "three"},
                    {"name": "D", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
                "ports": [{"name": "http", "containerPort": 80, "protocol": "TCP"},
                    {"name": "metrics", "containerPort": 9090, "protocol": "TCP"}],
                "resources": {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "100m"}},
                "livenessProbe": {"httpGet": {"path": "/health", "port": "http"}, "periodSeconds": 10},
                "securityContext": {"capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true},
                "volumeMounts": [{"name": "cache", "mountPath": "/cache"}, {"name": "tmp", "mountPath": "/tmp"}]},
            {"name": "proxy", "image": "proxy:1", "ports": [{"containerPort": 8080}]}],
        "initContainers": [{"name": "wait", "image": "wait:1", "command": ["wait"]}],
        "imagePullSecrets": [{"name": "registry"}],
        "tolerations": [{"key": "a", "operator": "Exists"}],
        "topologySpreadConstraints": [
            {"topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway", "maxSkew": 1},
            {"topologyKey": "host", "whenUnsatisfiable": "DoNotSchedule", "maxSkew": 1}],
        "volumes": [{"name": "cache", "emptyDir": {}}, {"name": "tmp", "emptyDir": {"medium": "Memory"}}]}})
}

/// `SplitMix64`, which is all the randomness that a test needs.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).unwrap_or(0)
    }
}

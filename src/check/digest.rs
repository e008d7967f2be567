//! What is kept of an object once it has been checked by itself: what the rules that look from one object to another read.
//!
//! Takes an object and gives it back without the rest, which is most of the memory that a large tree would take: security
//! settings, mounts, plain variables, commands, the contents of `ConfigMaps`. What stands in a list keeps its index, so that
//! paths lead where they led before. Some rules ask of every text whether it names something: a text with an in-cluster
//! name in it stays where it was, and one that may be the name of an object is kept beside the fields. The tests of all
//! rules hold that an object and its digest give the same findings. Policies that are objects themselves may ask for any field:
//! where there are some, digests are not enough, and [`is_policy`](super::is_policy) says so.

use std::collections::BTreeSet;

use crate::object::Object;
use crate::value::{Map, Text, Value};

/// The key of the texts that may name another object and whose place is gone. No field has it.
const MENTIONS: &str = "";

/// Fields of a pod and of a container that no rule reads that looks across.
const OF_ONE_POD: [&str; 13] = [
    "args",
    "command",
    "dnsConfig",
    "image",
    "imagePullPolicy",
    "resizePolicy",
    "securityContext",
    "terminationGracePeriodSeconds",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "volumeDevices",
    "volumeMounts",
    "workingDir",
];

/// Fields of a probe or of a volume's source that no such rule reads.
const OF_ONE_PROBE: [&str; 6] = [
    "failureThreshold",
    "initialDelaySeconds",
    "periodSeconds",
    "successThreshold",
    "terminationGracePeriodSeconds",
    "timeoutSeconds",
];

/// What asks something of a container, maybe at one of its named ports.
const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

/// Kinds whose own labels others select by.
const SELECTED: [&str; 3] = ["Namespace", "Pod", "Service"];

/// The object without what no rule reads that looks from one object to another.
#[must_use]
pub fn digest(mut object: Object) -> Object {
    let mut digest = Digest::default();
    let kind = object.id.gvk.kind.as_str();
    let Some(fields) = object.value.as_object_mut() else { return object };
    fields.remove("status");
    // What an object is called stands beside its value.
    fields.remove("apiVersion");
    fields.remove("kind");
    if let Some(metadata) = map(fields.get_mut("metadata")) {
        of_metadata(metadata, SELECTED.contains(&kind));
    }
    match kind {
        "ConfigMap" | "Secret" => {
            for key in ["data", "stringData", "binaryData"] {
                map(fields.get_mut(key)).into_iter().for_each(|data| digest.blank_all(data));
            }
        }
        "NetworkPolicy" => fields.get_mut("spec").into_iter().for_each(of_policy),
        "CustomResourceDefinition" => without_schemas(fields.get_mut("spec")),
        "Pod" => map(fields.get_mut("spec")).into_iter().for_each(|spec| digest.pod(spec)),
        _ => {
            if let Some(spec) = fields.get_mut("spec").and_then(pod_of) {
                digest.pod(spec);
            }
        }
    }
    if !digest.mentions.is_empty() {
        let mentions = digest.mentions.into_iter().map(Value::String).collect::<Vec<_>>();
        fields.insert(MENTIONS, Value::Array(mentions));
    }
    object.value.shrink();
    object
}

fn map(value: Option<&mut Value>) -> Option<&mut Map> {
    value.and_then(Value::as_object_mut)
}

fn of_metadata(metadata: &mut Map, selected: bool) {
    for key in ["creationTimestamp", "generation", "managedFields", "name", "namespace", "uid"] {
        metadata.remove(key);
    }
    if !selected {
        metadata.remove("labels");
    }
    if let Some(annotations) = map(metadata.get_mut("annotations")) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
}

/// Of peers, it matters which pods of the own namespace are meant, and of ports, which ones lead to names.
fn of_policy(spec: &mut Value) {
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        let rules = spec.get_mut(rules).and_then(Value::as_array_mut).into_iter().flatten();
        for rule in rules.filter_map(Value::as_object_mut) {
            let all = rule.get_mut(peers).and_then(Value::as_array_mut).into_iter().flatten();
            for peer in all.filter(|peer| peer.is_object()) {
                let is_foreign = peer.get("namespaceSelector").is_some_and(|selector| !selector.is_null());
                if is_foreign || peer.get("podSelector").is_none() {
                    *peer = Value::Null;
                }
            }
            if peers == "from" {
                rule.remove("ports");
            }
        }
    }
}

fn without_schemas(spec: Option<&mut Value>) {
    let versions = spec.and_then(|spec| spec.get_mut("versions")).and_then(Value::as_array_mut);
    for version in versions.into_iter().flatten().filter_map(Value::as_object_mut) {
        version.remove("schema");
    }
}

/// The pod in a workload's spec, that of a `CronJob` included.
fn pod_of(spec: &mut Value) -> Option<&mut Map> {
    let spec = match spec.get("jobTemplate") {
        Some(_) => spec.get_mut("jobTemplate")?.get_mut("spec")?,
        None => spec,
    };
    spec.get_mut("template")?.get_mut("spec")?.as_object_mut()
}

/// What was left out and may still be the name of an object.
#[derive(Default)]
struct Digest {
    mentions: BTreeSet<Text>,
}

impl Digest {
    fn pod(&mut self, spec: &mut Map) {
        self.leave_out(spec, &OF_ONE_POD);
        for list in ["containers", "initContainers", "ephemeralContainers"] {
            let containers = spec.get_mut(list).and_then(Value::as_array_mut);
            for container in containers.into_iter().flatten().filter_map(Value::as_object_mut) {
                self.container(container);
            }
        }
    }

    fn container(&mut self, container: &mut Map) {
        self.leave_out(container, &OF_ONE_POD);
        for probe in PROBES {
            container.get_mut(probe).into_iter().for_each(|probe| self.action(probe));
        }
        let hooks = map(container.get_mut("lifecycle"));
        for hook in hooks.into_iter().flat_map(Map::values_mut) {
            self.action(hook);
        }
        let variables = container.get_mut("env").and_then(Value::as_array_mut);
        for variable in variables.into_iter().flatten() {
            if variable.get("valueFrom").is_none() {
                self.blank(variable);
            }
        }
    }

    /// A probe or a hook: that it is there, and the name of its port.
    fn action(&mut self, action: &mut Value) {
        let has_name =
            |way: &str| action.get(way).and_then(|it| it.get("port")).is_some_and(Value::is_string);
        if has_name("httpGet") || has_name("tcpSocket") {
            map(Some(action)).into_iter().for_each(|fields| self.leave_out(fields, &OF_ONE_PROBE));
        } else if action.is_object() && self.blank(action) {
            *action = Value::Object(Map::new());
        }
    }

    fn leave_out(&mut self, fields: &mut Map, keys: &[&str]) {
        for key in keys {
            let Some(value) = fields.get_mut(key) else { continue };
            if self.blank(value) {
                fields.remove(key);
            }
        }
    }

    /// Keeps the keys.
    fn blank_all(&mut self, fields: &mut Map) {
        for value in fields.values_mut().filter(|value| !value.is_null()) {
            if self.blank(value) {
                *value = Value::String(Text::default());
            }
        }
    }

    /// Makes a value null unless an in-cluster name stands in it; gives whether it did.
    fn blank(&mut self, value: &mut Value) -> bool {
        if speaks_of_services(value) {
            return false;
        }
        self.gather(value.take());
        true
    }

    fn gather(&mut self, value: Value) {
        match value {
            Value::String(text) if may_be_name(&text) => drop(self.mentions.insert(text)),
            Value::Array(items) => items.into_iter().for_each(|item| self.gather(item)),
            Value::Object(fields) => fields.into_iter().for_each(|(_, value)| self.gather(value)),
            _ => {}
        }
    }
}

fn speaks_of_services(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(".svc"),
        Value::Array(items) => items.iter().any(speaks_of_services),
        Value::Object(fields) => fields.values().any(speaks_of_services),
        _ => false,
    }
}

/// Whether an object may be called that: a DNS name, or one of RBAC, which may have capitals and colons. What has no small
/// letter and no digit in it is the name of a variable.
fn may_be_name(text: &str) -> bool {
    let is_part = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b':' | b'_');
    let (first, any) = (text.bytes().next(), text.bytes().any(|c| !matches!(c, b'A'..=b'Z' | b'_')));
    any && first.is_some_and(|c| c.is_ascii_alphanumeric()) && text.len() <= 253 && text.bytes().all(is_part)
}

//! One object under check, and the pods that it makes: the one place that knows where a kind keeps its pod template.

use std::collections::BTreeMap;

use super::KubernetesVersion;
use super::context::Context;
use super::schema::Kind;
use super::values::Fields;
use crate::object::Object;
use crate::value::Value;

/// One object under check.
pub(crate) struct Subject<'a> {
    pub index: usize,
    pub object: &'a Object,
    pub value: &'a Value,
    /// The kind with its schema, if it is known.
    pub known: Option<&'a Kind>,
    /// The kind, if it is built in; empty for custom resources and unknown kinds, which may bear the same names.
    pub kind: &'a str,
    pub namespaced: bool,
    pub context: &'a Context<'a>,
    pub pod: Option<PodTemplate<'a>>,
    metadata: Option<&'a Value>,
    spec: Option<&'a Value>,
}

impl<'a> Subject<'a> {
    pub fn new(index: usize, object: &'a Object, context: &'a Context<'a>) -> Self {
        let gvk = &object.id.gvk;
        let known = context.schemas.kind(&gvk.api_version, &gvk.kind);
        let kind = if known.is_some_and(|kind| !kind.is_custom()) { gvk.kind.as_str() } else { "" };
        Self {
            index,
            object,
            value: &object.value,
            known,
            kind,
            // An unknown kind that names a namespace lives in it, and routes and monitors do without naming one.
            namespaced: known.map_or(object.id.namespace.is_some() || is_namespaced_anyway(object), |kind| {
                kind.namespaced
            }),
            context,
            pod: PodTemplate::of(kind, &object.value),
            metadata: object.value.child("metadata"),
            spec: object.value.child("spec"),
        }
    }

    /// The Kubernetes version that the object is for.
    pub fn version(&self) -> KubernetesVersion {
        self.context.schemas.version()
    }

    /// The namespace; `default` where a namespaced object names none.
    pub fn namespace(&self) -> &'a str {
        looked();
        self.object.id.namespace.as_deref().unwrap_or(if self.namespaced { "default" } else { "" })
    }

    pub fn name(&self) -> &'a str {
        looked();
        &self.object.id.name
    }

    /// The `spec`, if there is one.
    pub fn spec(&self) -> Option<&'a Value> {
        looked();
        self.spec
    }

    /// The `spec`, if the object is of that built-in kind.
    pub fn spec_of(&self, kind: &str) -> Option<&'a Value> {
        if self.kind == kind { self.spec() } else { None }
    }

    pub fn metadata(&self) -> Option<&'a Value> {
        looked();
        self.metadata
    }
}

/// Whether an object is a route of the Gateway API or of Traefik, or of Prometheus' operator, which all live in namespaces.
fn is_namespaced_anyway(object: &Object) -> bool {
    let gvk = &object.id.gvk;
    let groups = ["gateway.networking.k8s.io", "monitoring.coreos.com", "traefik.io"];
    groups.contains(&gvk.group()) && gvk.kind != "GatewayClass"
}

/// Notes, while tests of the crate run, that a rule looked at an object: how often it does tells whether its work is in
/// proportion to the tree.
#[inline]
pub(crate) fn looked() {
    #[cfg(test)]
    super::linear::LOOKS.with(|looks| looks.set(looks.get() + 1));
}

/// The pods that an object makes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PodTemplate<'a> {
    /// The template, or the Pod itself: `metadata` and `spec` are below it.
    pub template: &'a Value,
    pub spec: &'a Value,
    /// The kind that owns the template.
    pub owner: &'a str,
    owner_spec: &'a Value,
}

/// Which list of a pod a container stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Container,
    Init,
    Ephemeral,
}

impl<'a> PodTemplate<'a> {
    /// The template of an object of that built-in kind, if it has one.
    pub fn of(kind: &'a str, value: &'a Value) -> Option<Self> {
        let owner_spec = match kind {
            "Pod" | "PodTemplate" => value,
            "CronJob" => value.below(&["spec", "jobTemplate", "spec"])?,
            "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
                value.child("spec")?
            }
            _ => return None,
        };
        let template = if kind == "Pod" { value } else { owner_spec.child("template")? };
        Some(Self { template, spec: template.child("spec")?, owner: kind, owner_spec })
    }

    /// All containers, with the list that each stands in.
    pub fn all_containers(&self) -> impl Iterator<Item = (Role, &'a Value)> + use<'a> {
        let lists = [
            (Role::Init, "initContainers"),
            (Role::Container, "containers"),
            (Role::Ephemeral, "ephemeralContainers"),
        ];
        let spec = self.spec;
        lists.into_iter().flat_map(move |(role, key)| spec.items(key).iter().map(move |item| (role, item)))
    }

    /// All containers.
    pub fn containers(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.all_containers().map(|(_, container)| container)
    }

    /// The volumes of the template itself.
    pub fn volumes(&self) -> &'a [Value] {
        self.spec.items("volumes")
    }

    /// The volumes by name; of several with one name the first.
    pub fn volumes_by_name(&self) -> BTreeMap<&'a str, &'a Value> {
        let named = self.volumes().iter().filter_map(|volume| Some((volume.text("name")?, volume)));
        // Later entries replace earlier ones.
        named.rev().collect()
    }

    /// The claims that a `StatefulSet` makes for each pod: they are volumes too.
    pub fn claim_templates(&self) -> &'a [Value] {
        if self.owner == "StatefulSet" { self.owner_spec.items("volumeClaimTemplates") } else { &[] }
    }

    /// The names of the claims that the owner makes for each pod.
    pub fn claim_template_names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.claim_templates().iter().filter_map(|claim| claim.child("metadata")?.text("name"))
    }

    /// The labels of the pods.
    pub fn labels(&self) -> Option<&'a Value> {
        self.template.below(&["metadata", "labels"])
    }

    /// Whether the pods run on the network of their node.
    pub fn is_on_host_network(&self) -> bool {
        self.spec.is_true("hostNetwork")
    }

    /// The security settings of the pod as a whole.
    pub fn security(&self) -> Option<&'a Value> {
        self.spec.child("securityContext")
    }

    /// Whether the pods run on Windows, where the controls of Linux say nothing.
    pub fn is_windows(&self) -> bool {
        self.spec.below(&["os", "name"]).and_then(Value::as_str) == Some("windows")
    }

    /// Whether the users of the pod are none of the node.
    pub fn has_own_users(&self) -> bool {
        self.spec.get("hostUsers").and_then(Value::as_bool) == Some(false)
    }

    /// Whether the pods run until they are told to stop, and do not end by themselves.
    pub fn is_long_running(&self) -> bool {
        !matches!(self.owner, "Job" | "CronJob")
            && self.spec.text("restartPolicy").is_none_or(|it| it == "Always")
    }

    /// The declared container ports, those of sidecars included, each with its number and protocol.
    pub fn ports(&self) -> impl Iterator<Item = PodPort<'a>> + use<'a> {
        self.all_containers().flat_map(|(_, container)| container.items("ports").iter().map(PodPort::of))
    }

    /// Whether a container is an init container that keeps running.
    pub fn is_sidecar(role: Role, container: &Value) -> bool {
        role == Role::Init && container.text("restartPolicy") == Some("Always")
    }
}

/// One declared port of a container.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PodPort<'a> {
    pub name: &'a str,
    pub number: i64,
    pub protocol: &'a str,
}

impl<'a> PodPort<'a> {
    fn of(port: &'a Value) -> Self {
        Self {
            name: port.text_or_empty("name"),
            number: port.integer("containerPort").unwrap_or(0),
            protocol: protocol(port),
        }
    }
}

/// The protocol of a port, TCP where it is left out.
pub(crate) fn protocol(port: &Value) -> &str {
    port.text("protocol").filter(|it| !it.is_empty()).unwrap_or("TCP")
}

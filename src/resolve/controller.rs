//! The ingress controller that the platform runs: ingress-nginx, in the form of its own release manifests
//! (<https://github.com/kubernetes/ingress-nginx/tree/main/deploy/static/provider>), without the admission webhook,
//! whose checks `bayplan` makes before anything is written.

use std::collections::BTreeMap;

use super::container;
use super::scope::Scope;
use crate::model::{
    Access, AccessRule, Budget, Cluster, Config, Container, ContainerPort, Controller, EnvSource, EnvVar,
    Handler, IngressClass, Peer, Probe, Probes, Protocol, Replicas, Scope as Reach, Security, Service,
    ServicePort, ServiceType, Strategy, Subject, Workload,
};
use crate::names::{
    ConfigKey, DnsLabel, DnsSubdomain, EnvName, ImageRef, NameError, PortName, PortNumber, ServiceName,
};
use crate::source::KeyPath;
use crate::spec;

/// The one way in: where requests come from, and what runs it.
#[derive(Debug, Default)]
pub(super) struct Gateway {
    /// Where requests come from, for network policies.
    pub peer: Option<Peer>,
    /// The namespace of the controller.
    pub namespace: Option<DnsLabel>,
    /// The controller.
    pub workload: Option<Workload>,
    /// What it may do.
    pub access: Vec<Access>,
    /// Its settings.
    pub config: Option<Config>,
    /// Its class.
    pub class: Option<IngressClass>,
}

const NAME: &str = "ingress-nginx-controller";

/// The gateway that `[ingress]` describes; nothing where there is none.
pub(super) fn build(scope: &mut Scope<'_>, cluster: Option<&Cluster>) -> Gateway {
    let Some(spec) = scope.spec.ingress.as_ref().filter(|ingress| ingress.enabled != Some(false)) else {
        return Gateway::default();
    };
    let path = KeyPath::of(["ingress"]);
    let namespace = scope.namespace(&path, spec.namespace.as_deref());
    if spec.controller != Some(spec::Controller::IngressNginx) || spec.provided == Some(true) {
        let peer = namespace.clone().map(|namespace| of_others(spec, namespace));
        return Gateway { peer, namespace, ..Gateway::default() };
    }
    let class = scope.parse_required(&path, "class", spec.class.as_deref(), DnsSubdomain::parse);
    let image = scope.parse_required(&path, "image", spec.image.as_deref(), ImageRef::parse);
    let (Some(namespace), Some(class), Some(image), Some(cluster)) = (namespace, class, image, cluster)
    else {
        return Gateway::default();
    };
    assemble(scope, spec, Parts { path, namespace, class, image, cluster }).unwrap_or_default()
}

/// The pods of a controller that this platform does not run: by their labels where those are known, which for Traefik
/// are the ones of its chart (<https://github.com/traefik/traefik-helm-chart>), else every pod of the namespace.
fn of_others(spec: &spec::Ingress, namespace: DnsLabel) -> Peer {
    let chart = || {
        let labels = [("app.kubernetes.io/name".to_owned(), "traefik".to_owned())];
        (spec.controller == Some(spec::Controller::Traefik)).then(|| labels.into())
    };
    match spec.labels.clone().or_else(chart) {
        Some(labels) => Peer::Pods { namespace, labels },
        None => Peer::Namespace(namespace),
    }
}

struct Parts<'a> {
    path: KeyPath,
    namespace: DnsLabel,
    class: DnsSubdomain,
    image: ImageRef,
    cluster: &'a Cluster,
}

/// Every literal here is a legal name, so the error never comes; it saves a panic.
fn assemble(scope: &mut Scope<'_>, spec: &spec::Ingress, parts: Parts<'_>) -> Result<Gateway, NameError> {
    let component = DnsLabel::parse("ingress-nginx")?;
    let name = DnsLabel::parse(NAME)?;
    let resources = container::resources(scope, &parts.path, spec.resources.as_ref());
    let subject = Subject::ServiceAccount { namespace: parts.namespace.clone(), name: name.clone() };
    let access = |scope, rules| Access {
        source: parts.path.clone(),
        name: "ingress-nginx".to_owned(),
        component: component.clone(),
        scope,
        rules,
        subjects: vec![subject.clone()],
    };
    let config = Config {
        source: parts.path.clone(),
        name: DnsSubdomain::parse(NAME)?,
        namespace: parts.namespace.clone(),
        component: component.clone(),
        data: settings(spec)?,
    };
    let class = IngressClass {
        source: parts.path.clone(),
        name: parts.class.clone(),
        component: component.clone(),
        controller: "k8s.io/ingress-nginx".to_owned(),
    };
    Ok(Gateway {
        peer: Some(Peer::Workload { namespace: parts.namespace.clone(), name: name.clone() }),
        namespace: Some(parts.namespace.clone()),
        access: vec![
            access(Reach::Cluster, cluster_rules()),
            access(Reach::Namespace(parts.namespace.clone()), namespace_rules()),
        ],
        config: Some(config),
        class: Some(class),
        workload: Some(workload(spec, parts, (name, component), resources)?),
    })
}

fn settings(spec: &spec::Ingress) -> Result<BTreeMap<ConfigKey, String>, NameError> {
    let settings = spec.config.iter().flatten();
    settings.map(|(key, value)| Ok((ConfigKey::parse(key)?, value.clone()))).collect()
}

fn workload(
    spec: &spec::Ingress,
    parts: Parts<'_>,
    (name, component): (DnsLabel, DnsLabel),
    resources: crate::model::Resources,
) -> Result<Workload, NameError> {
    let replicas = spec.replicas.unwrap_or(1);
    let local = parts.cluster.host_ports;
    let node_selector = if local { [("ingress-ready", "true")].as_slice() } else { &[] };
    let node_selector =
        node_selector.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let toleration = local.then(|| "node-role.kubernetes.io/control-plane".to_owned());
    let strategy = if local { Strategy::Recreate } else { Strategy::Rolling };
    Ok(Workload {
        services: vec![service()?],
        containers: vec![main_container(&parts, resources)?],
        source: parts.path,
        name,
        namespace: parts.namespace,
        component,
        labels: BTreeMap::new(),
        selector: BTreeMap::new(),
        annotations: BTreeMap::new(),
        pod_annotations: BTreeMap::new(),
        // A port of the node can be had by one pod at a time.
        controller: Controller::Deployment { replicas: Replicas::Fixed(replicas), strategy },
        init: Vec::new(),
        volumes: Vec::new(),
        security: Security { user: Some(101), group: Some(82), volume_group: None },
        identity: None,
        api_access: true,
        budget: (replicas > 1).then(|| Budget::MaxUnavailable("1".to_owned())),
        autoscaler: None,
        spread: replicas > 1 && parts.cluster.nodes > 1,
        node_selector,
        tolerations: toleration.into_iter().collect(),
        grace_period: 300,
        smoke: Vec::new(),
    })
}

fn main_container(parts: &Parts<'_>, resources: crate::model::Resources) -> Result<Container, NameError> {
    let port = |name: &str, number: &str, on_host| {
        Ok::<_, NameError>(ContainerPort {
            name: PortName::parse(name)?,
            number: PortNumber::parse(number)?,
            protocol: Protocol::Tcp,
            on_host,
        })
    };
    let on_host = parts.cluster.host_ports;
    let probe = |failures| {
        Ok::<_, NameError>(Probe {
            handler: Handler::Http { path: "/healthz".to_owned(), port: PortName::parse("health")? },
            initial_delay: 10,
            period: 10,
            timeout: 1,
            failures,
            successes: 1,
        })
    };
    Ok(Container {
        name: DnsLabel::parse("controller")?,
        image: parts.image.clone(),
        command: Vec::new(),
        args: args(parts),
        ports: vec![
            port("http", "80", on_host)?,
            port("https", "443", on_host)?,
            port("health", "10254", false)?,
        ],
        env: vec![
            variable("POD_NAME", EnvSource::Field("metadata.name".to_owned()))?,
            variable("POD_NAMESPACE", EnvSource::Field("metadata.namespace".to_owned()))?,
            variable("LD_PRELOAD", EnvSource::Value("/usr/local/lib/libmimalloc.so".to_owned()))?,
        ],
        env_from: Vec::new(),
        resources,
        probes: Probes { liveness: Some(probe(5)?), readiness: Some(probe(3)?), startup: None },
        // Ends when nginx has answered what it had begun to, for which the pod has its grace period.
        pre_stop: vec!["/wait-shutdown".to_owned()],
        mounts: Vec::new(),
        read_only_root: false,
        capabilities: vec!["NET_BIND_SERVICE".to_owned()],
    })
}

fn args(parts: &Parts<'_>) -> Vec<String> {
    let published = if parts.cluster.host_ports {
        "--publish-status-address=localhost".to_owned()
    } else {
        format!("--publish-service=$(POD_NAMESPACE)/{NAME}")
    };
    vec![
        "/nginx-ingress-controller".to_owned(),
        "--election-id=ingress-nginx-leader".to_owned(),
        "--controller-class=k8s.io/ingress-nginx".to_owned(),
        format!("--ingress-class={}", parts.class),
        format!("--configmap=$(POD_NAMESPACE)/{NAME}"),
        published,
    ]
}

fn variable(name: &str, source: EnvSource) -> Result<EnvVar, NameError> {
    Ok(EnvVar { name: EnvName::parse(name)?, source })
}

fn service() -> Result<Service, NameError> {
    let port = |name: &str, number: &str| {
        Ok::<_, NameError>(ServicePort {
            name: PortName::parse(name)?,
            number: PortNumber::parse(number)?,
            protocol: Protocol::Tcp,
        })
    };
    Ok(Service {
        name: ServiceName::parse(NAME)?,
        r#type: ServiceType::LoadBalancer,
        ports: vec![port("http", "80")?, port("https", "443")?],
        annotations: BTreeMap::new(),
    })
}

fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> AccessRule {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    AccessRule {
        groups: vec![group.to_owned()],
        resources: words(resources),
        verbs: words(verbs),
        names: Vec::new(),
    }
}

/// What the controller reads everywhere. It reads Secrets for TLS, which is why its image is pinned.
fn cluster_rules() -> Vec<AccessRule> {
    vec![
        rule("", &["configmaps", "endpoints", "nodes", "pods", "secrets", "namespaces"], &["list", "watch"]),
        rule("coordination.k8s.io", &["leases"], &["list", "watch"]),
        rule("", &["nodes"], &["get"]),
        rule("", &["services"], &["get", "list", "watch"]),
        rule("networking.k8s.io", &["ingresses"], &["get", "list", "watch"]),
        rule("", &["events"], &["create", "patch"]),
        rule("networking.k8s.io", &["ingresses/status"], &["update"]),
        rule("networking.k8s.io", &["ingressclasses"], &["get", "list", "watch"]),
        rule("discovery.k8s.io", &["endpointslices"], &["list", "watch", "get"]),
    ]
}

/// What the controller does in its own namespace: its settings, and the lease by which one of several leads.
fn namespace_rules() -> Vec<AccessRule> {
    let lease = AccessRule {
        names: vec!["ingress-nginx-leader".to_owned()],
        ..rule("coordination.k8s.io", &["leases"], &["get", "update"])
    };
    vec![
        rule("", &["namespaces"], &["get"]),
        rule("", &["configmaps", "pods", "secrets", "endpoints"], &["get", "list", "watch"]),
        rule("", &["services"], &["get", "list", "watch"]),
        rule("networking.k8s.io", &["ingresses", "ingressclasses"], &["get", "list", "watch"]),
        rule("networking.k8s.io", &["ingresses/status"], &["update"]),
        lease,
        rule("coordination.k8s.io", &["leases"], &["create"]),
        rule("", &["events"], &["create", "patch"]),
        rule("discovery.k8s.io", &["endpointslices"], &["list", "watch", "get"]),
    ]
}

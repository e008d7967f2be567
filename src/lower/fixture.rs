//! A small platform for the tests of this folder: a shop with a database, an API, a gateway, and jobs.
//!
//! Every branch of the lowering is taken by some part of it; a test changes what it is about.

use std::collections::BTreeMap;

use crate::model::{
    Access, AccessMode, AccessRule, Autoscaler, Backend, Budget, Claim, Cluster, ClusterKind, Config,
    Container, ContainerPort, Controller, Decision, Edge, EdgePort, EnvSource, EnvVar, ExternalService,
    Handler, IngressClass, MetalLb, Mount, Namespace, Pairs, Peer, Platform, PodSecurity, Probe, Probes,
    Protocol, Quota, Raw, Replicas, Resources, Route, RouteForm, RouteHost, RoutePath, RouteTls, Scope,
    Secret, SecretKey, SecretStore, Security, Service, ServicePort, ServiceType, StorageClass, Strategy,
    Subject, Volume, VolumeSource, Workload,
};
use crate::names::{
    Cidr, ConfigKey, CronSchedule, DnsLabel, DnsSubdomain, EnvName, HostName, ImageRef, KubernetesVersion,
    NameError, PortName, PortNumber, Quantity, ServiceName,
};
use crate::source::KeyPath;
use crate::value::json;

/// A name that the test knows to be legal.
pub(super) fn legal<T: std::str::FromStr<Err = NameError>>(text: &str) -> T {
    text.parse().expect("the test writes legal names")
}

pub(super) fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Pairs {
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn path(table: &str, key: &str) -> KeyPath {
    KeyPath::of([table, key])
}

/// The shop on a developer's machine.
pub(super) fn shop() -> Platform {
    Platform {
        description: "Sells things.".to_owned(),
        environment: Some(legal("local")),
        namespaces: namespaces(),
        workloads: vec![api(), gateway(), migration(), postgres(), report()],
        external_services: vec![mail()],
        claims: vec![claim("uploads", "volumes", "1Gi")],
        storage_classes: vec![storage_class()],
        provided_storage_classes: vec!["standard".to_owned()],
        configs: vec![config()],
        secrets: vec![
            secret("data", "databases", "postgres"),
            secret("web", "databases", "postgres"),
            token(),
        ],
        routes: vec![route()],
        ingress_class: Some(IngressClass {
            source: path("ingress", "nginx"),
            name: legal("nginx"),
            component: legal("gateway"),
            controller: "k8s.io/ingress-nginx".to_owned(),
        }),
        access: access(),
        edges: edges(),
        raw: vec![raw()],
        decisions: decisions(),
        ..Platform::bare(legal("shop"), KubernetesVersion::V1_35, cluster(), SecretStore::Kubernetes)
    }
}

fn cluster() -> Cluster {
    Cluster {
        kind: ClusterKind::Kind,
        name: "shop-local".to_owned(),
        nodes: 1,
        provided: false,
        node_millicores: Some(4000),
        node_memory: Some(8 << 30),
        node_pods: 110,
        existing: crate::model::Existing::default(),
        region: String::new(),
        zone: String::new(),
        resource_group: String::new(),
        metallb: Some(MetalLb {
            version: "v0.15.2".to_owned(),
            addresses: words(["172.18.255.200-172.18.255.250"]),
        }),
        load_balancer_annotations: pairs([("example.com/pool", "public")]),
        host_ports: true,
        encrypt_secrets: false,
        data_folder: "./data".to_owned(),
    }
}

/// The cluster of that kind, with the fields that clouds ask for.
pub(super) fn cloud(kind: ClusterKind) -> Cluster {
    Cluster {
        kind,
        name: "shop-staging".to_owned(),
        nodes: 3,
        region: "us-west-2".to_owned(),
        zone: "us-central1-a".to_owned(),
        resource_group: "shop".to_owned(),
        metallb: None,
        host_ports: false,
        data_folder: String::new(),
        ..cluster()
    }
}

fn namespace(key: &str) -> Namespace {
    Namespace {
        source: path("namespaces", key),
        key: key.to_owned(),
        name: legal(&format!("dev-{key}")),
        external: false,
        labels: Pairs::new(),
        annotations: Pairs::new(),
        pod_security: PodSecurity::Restricted,
        placeholder: false,
        isolated: false,
        quota: None,
        tenancy: None,
    }
}

fn namespaces() -> Vec<Namespace> {
    let quota = Quota {
        hard: vec![("limits.memory".to_owned(), legal("4Gi")), ("pods".to_owned(), legal("20"))],
        default: resources(),
    };
    let labels = pairs([("environment", "dev"), ("service", "core-backend")]);
    let annotations = pairs([("description", "Core Backend service (Nest.js) - Sprint 0 Task 3.1")]);
    vec![
        Namespace { placeholder: true, isolated: true, labels, annotations, ..namespace("core") },
        Namespace { isolated: true, quota: Some(quota), ..namespace("data") },
        Namespace { pod_security: PodSecurity::Privileged, ..namespace("gateway") },
        Namespace { external: true, isolated: true, ..namespace("other") },
        Namespace { isolated: true, ..namespace("web") },
    ]
}

fn resources() -> Resources {
    let amounts = |cpu, memory| vec![("cpu", legal::<Quantity>(cpu)), ("memory", legal(memory))];
    Resources { requests: amounts("100m", "128Mi"), limits: amounts("250m", "256Mi") }
}

pub(super) fn container(name: &str) -> Container {
    Container {
        name: legal(name),
        image: legal::<ImageRef>(&format!("registry.example/{name}:1.0.0")),
        command: Vec::new(),
        args: Vec::new(),
        ports: Vec::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        resources: resources(),
        probes: Probes::default(),
        pre_stop: Vec::new(),
        mounts: Vec::new(),
        read_only_root: true,
        capabilities: Vec::new(),
    }
}

/// A workload of one replica and nothing else.
pub(super) fn workload(name: &str, namespace: &str) -> Workload {
    Workload {
        source: path("workloads", name),
        name: legal(name),
        namespace: legal(&format!("dev-{namespace}")),
        component: legal(name),
        labels: Pairs::new(),
        selector: Pairs::new(),
        annotations: Pairs::new(),
        pod_annotations: Pairs::new(),
        controller: Controller::Deployment { replicas: Replicas::Fixed(1), strategy: Strategy::Rolling },
        init: Vec::new(),
        containers: vec![container(name)],
        volumes: Vec::new(),
        security: Security::default(),
        identity: None,
        api_access: false,
        services: Vec::new(),
        budget: None,
        autoscaler: None,
        spread: false,
        node_selector: Pairs::new(),
        tolerations: Vec::new(),
        grace_period: 30,
        smoke: Vec::new(),
    }
}

fn port(name: &str, number: i64, on_host: bool) -> ContainerPort {
    let number = PortNumber::new(number).expect("the test writes legal ports");
    ContainerPort { name: legal(name), number, protocol: Protocol::Tcp, on_host }
}

pub(super) fn service(name: &str, r#type: ServiceType, port_name: &str, number: i64) -> Service {
    let number = PortNumber::new(number).expect("the test writes legal ports");
    let port = ServicePort { name: legal(port_name), number, protocol: Protocol::Tcp };
    Service { name: legal(name), r#type, ports: vec![port], annotations: Pairs::new() }
}

fn probe(handler: Handler) -> Probe {
    Probe { handler, initial_delay: 0, period: 10, timeout: 1, failures: 3, successes: 1 }
}

fn variable(name: &str, source: EnvSource) -> EnvVar {
    EnvVar { name: legal::<EnvName>(name), source }
}

fn password() -> EnvSource {
    EnvSource::Secret { name: "postgres-credentials".to_owned(), key: legal("password") }
}

fn api() -> Workload {
    let http = |path: &str| Handler::Http { path: path.to_owned(), port: legal("http") };
    let main = Container {
        ports: vec![port("http", 3000, false)],
        env: vec![
            variable("DB_PASSWORD", password()),
            variable("DATABASE_URL", EnvSource::Value("postgres://app:$(DB_PASSWORD)@postgres".to_owned())),
            variable("POD_IP", EnvSource::Field("status.podIP".to_owned())),
        ],
        env_from: vec![crate::model::EnvFrom::Config("settings".to_owned())],
        probes: Probes {
            liveness: Some(probe(http("/health"))),
            readiness: Some(probe(http("/shop/ready"))),
            startup: Some(Probe { failures: 30, ..probe(Handler::Tcp(legal::<PortName>("http"))) }),
        },
        pre_stop: words(["sleep", "5"]),
        mounts: vec![
            mount("/media", "uploads", false),
            mount("/tmp", "tmp", false),
            Mount { sub_path: "motd".to_owned(), ..mount("/etc/motd", "settings", true) },
        ],
        ..container("api")
    };
    Workload {
        containers: vec![main, container("metrics")],
        init: vec![container("prepare")],
        volumes: vec![
            volume("uploads", VolumeSource::Claim("uploads".to_owned())),
            volume("settings", VolumeSource::Config("settings".to_owned())),
            volume("tmp", VolumeSource::Scratch { size: Some(legal("64Mi")) }),
        ],
        controller: Controller::Deployment { replicas: Replicas::Autoscaled, strategy: Strategy::Rolling },
        labels: pairs([("team", "shop"), ("app.kubernetes.io/name", "stolen")]),
        annotations: pairs([("owner", "shop@example.com")]),
        pod_annotations: pairs([("sidecar", "off")]),
        services: vec![service("api", ServiceType::ClusterIp, "http", 80)],
        budget: Some(Budget::MaxUnavailable("25%".to_owned())),
        autoscaler: Some(Autoscaler { min: 2, max: 6, targets: vec![("cpu", 70)] }),
        spread: true,
        ..workload("api", "web")
    }
}

fn mount(path: &str, volume: &str, read_only: bool) -> Mount {
    Mount { path: path.to_owned(), volume: legal(volume), sub_path: String::new(), read_only }
}

fn volume(name: &str, source: VolumeSource) -> Volume {
    Volume { name: legal(name), source }
}

fn gateway() -> Workload {
    let main = Container {
        ports: vec![port("https", 443, true)],
        capabilities: words(["NET_BIND_SERVICE"]),
        read_only_root: false,
        ..container("gateway")
    };
    Workload {
        containers: vec![main],
        controller: Controller::DaemonSet,
        identity: None,
        api_access: true,
        security: Security { user: Some(101), group: Some(82), volume_group: None },
        services: vec![service("gateway", ServiceType::LoadBalancer, "https", 443)],
        node_selector: pairs([("ingress-ready", "true")]),
        tolerations: words(["node-role.kubernetes.io/control-plane"]),
        ..workload("gateway", "gateway")
    }
}

fn migration() -> Workload {
    Workload { controller: Controller::Job, ..workload("migration", "web") }
}

fn report() -> Workload {
    let schedule = CronSchedule::parse("0 3 * * *").expect("the test writes legal schedules");
    Workload { controller: Controller::CronJob { schedule }, ..workload("report", "web") }
}

fn postgres() -> Workload {
    let ready = Handler::Exec(words(["pg_isready", "-U", "postgres"]));
    let main = Container {
        ports: vec![port("postgres", 5432, false)],
        env: vec![variable("POSTGRES_PASSWORD", password())],
        probes: Probes { readiness: Some(Probe { initial_delay: 5, ..probe(ready) }), ..Probes::default() },
        mounts: vec![mount("/var/lib/postgresql/data", "postgres-data", false)],
        ..container("postgres")
    };
    Workload {
        source: path("databases", "postgres"),
        containers: vec![main],
        controller: Controller::StatefulSet {
            replicas: Replicas::Fixed(1),
            service: legal::<ServiceName>("postgres-pods"),
            claims: vec![claim("postgres-data", "databases", "10Gi")],
        },
        security: Security { user: Some(70), group: Some(70), volume_group: Some(70) },
        services: vec![
            service("postgres", ServiceType::ClusterIp, "postgres", 5432),
            service("postgres-pods", ServiceType::Headless, "postgres", 5432),
        ],
        budget: Some(Budget::MinAvailable("1".to_owned())),
        smoke: vec![words(["psql", "-U", "postgres", "-c", "\\l"])],
        ..workload("postgres", "data")
    }
}

fn claim(name: &str, table: &str, size: &str) -> Claim {
    Claim {
        source: path(table, name),
        name: legal(name),
        namespace: legal("dev-web"),
        component: legal("api"),
        access: AccessMode::ReadWriteOnce,
        class: Some("standard".to_owned()),
        size: legal(size),
    }
}

fn storage_class() -> StorageClass {
    StorageClass {
        source: path("storage-classes", "kept"),
        name: legal::<DnsSubdomain>("kept"),
        provisioner: "pd.csi.storage.gke.io".to_owned(),
        parameters: pairs([("type", "pd-balanced")]),
        retain: true,
    }
}

fn mail() -> ExternalService {
    ExternalService {
        source: path("databases", "mail"),
        name: legal("mail"),
        namespace: legal("dev-web"),
        component: legal("mail"),
        host: legal::<HostName>("smtp.example.com"),
        port: PortNumber::new(587).expect("the test writes legal ports"),
        cidrs: vec![legal::<Cidr>("192.0.2.7/32")],
    }
}

fn config() -> Config {
    Config {
        source: path("configs", "settings"),
        name: legal("settings"),
        namespace: legal("dev-web"),
        component: legal("api"),
        data: BTreeMap::from([(legal::<ConfigKey>("motd"), "on\n".to_owned())]),
    }
}

fn secret(namespace: &str, table: &str, owner: &str) -> Secret {
    let key = SecretKey {
        name: legal("password"),
        description: "The password of the user `postgres`".to_owned(),
        generate: "openssl rand -hex 24".to_owned(),
        remote: "shop/local/postgres-credentials".to_owned(),
    };
    Secret {
        source: path(table, owner),
        name: legal("postgres-credentials"),
        namespace: legal(&format!("dev-{namespace}")),
        component: legal(owner),
        r#type: "Opaque".to_owned(),
        keys: vec![key],
        provided: false,
        readers: words(["databases.postgres", "workloads.api"]),
    }
}

fn token() -> Secret {
    Secret {
        name: legal("issued-tls"),
        r#type: "kubernetes.io/tls".to_owned(),
        provided: true,
        source: path("secrets", "issued-tls"),
        ..secret("web", "secrets", "api")
    }
}

fn route() -> Route {
    let backend = Backend { service: legal("api"), port: legal("http"), number: legal("80") };
    let path = RoutePath { path: "/shop/".to_owned(), exact: false, backend, steps: Vec::new() };
    Route {
        source: path_of_route(),
        name: legal("shop"),
        namespace: legal("dev-web"),
        component: legal("api"),
        form: RouteForm::Ingress { class: legal("nginx") },
        hosts: vec![RouteHost { host: legal("shop.localhost"), paths: vec![path] }],
        tls: Some(RouteTls {
            secret: Some(legal("issued-tls")),
            issuer: Some("letsencrypt".to_owned()),
            resolver: None,
        }),
        annotations: pairs([("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600")]),
    }
}

fn path_of_route() -> KeyPath {
    path("routes", "shop")
}

fn access() -> Vec<Access> {
    let rule = AccessRule {
        groups: words([""]),
        resources: words(["pods"]),
        verbs: words(["get", "list"]),
        names: Vec::new(),
    };
    let account = Subject::ServiceAccount { namespace: legal("dev-gateway"), name: legal("gateway") };
    let reader = Access {
        source: path("namespaces", "web"),
        name: "reader".to_owned(),
        component: legal("namespaces"),
        scope: Scope::Namespace(legal("dev-web")),
        rules: vec![rule.clone()],
        subjects: vec![Subject::Group("developers".to_owned())],
    };
    let all = Access {
        scope: Scope::Cluster,
        subjects: vec![account],
        name: "gateway".to_owned(),
        ..reader.clone()
    };
    vec![all, reader]
}

/// A pod of the workload `name` in the namespace of key `namespace`.
pub(super) fn pods(namespace: &str, name: &str) -> Peer {
    Peer::Workload { namespace: legal(&format!("dev-{namespace}")), name: legal(name) }
}

pub(super) fn edge(from: Peer, to: Peer, number: i64) -> Edge {
    let number = PortNumber::new(number).expect("the test writes legal ports");
    Edge {
        source: path("workloads", "api"),
        from,
        to,
        ports: vec![EdgePort { number, protocol: Protocol::Tcp }],
    }
}

fn edges() -> Vec<Edge> {
    let everyone = Peer::Namespace(legal("dev-core"));
    vec![
        edge(pods("web", "api"), pods("data", "postgres"), 5432),
        edge(pods("gateway", "gateway"), pods("web", "api"), 3000),
        edge(pods("web", "api"), Peer::Addresses(mail().cidrs), 587),
        edge(everyone, pods("data", "postgres"), 5432),
        edge(pods("web", "migration"), pods("web", "api"), 3000),
    ]
}

fn raw() -> Raw {
    let object = json!({
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": "urgent"},
        "value": 1000,
    });
    Raw { source: KeyPath::of(["resources"]).index(0), component: legal::<DnsLabel>("priority"), object }
}

fn decisions() -> Vec<Decision> {
    vec![Decision {
        title: "Use kind over Minikube".to_owned(),
        rationale: "Faster | Docker-native".to_owned(),
        date: "2025-11-11".to_owned(),
        status: "approved".to_owned(),
    }]
}

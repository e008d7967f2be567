//! What operators in the cluster are asked for: certificates, backups, monitoring, policies and secret stores.

use super::{Identity, LokiStack, Pairs, Platform, Resources, Server};
use crate::names::{CronSchedule, DnsLabel, Duration, HostName, ImageRef, PortName};
use crate::source::KeyPath;

/// Everything that operators are asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Operators {
    /// The store that this platform declares itself; `None` where somebody else does.
    pub store: Option<Store>,
    /// Who signs certificates.
    pub issuers: Vec<Issuer>,
    /// Certificates that are kept valid.
    pub certificates: Vec<IssuedCertificate>,
    /// Where Velero keeps copies, and when it makes them.
    pub velero: Option<Velero>,
    /// How snapshots of volumes are made.
    pub snapshot_classes: Vec<SnapshotClass>,
    /// What watches the platform.
    pub monitoring: Option<Monitoring>,
    /// Collectors of telemetry.
    pub collectors: Vec<Collector>,
    /// What the cluster refuses at its door.
    pub policies: Option<Policies>,
    /// What Kyverno makes in namespaces of tenants that no file knows.
    pub tenants: Option<TenantTemplate>,
}

/// A tenant with names that stand for any.
#[derive(Debug, Clone, PartialEq)]
pub struct TenantTemplate {
    /// Where it is asked for.
    pub source: KeyPath,
    /// A platform that holds that tenant alone.
    pub platform: Box<Platform>,
    /// The name of its namespace.
    pub namespace: DnsLabel,
    /// What it is called.
    pub name: DnsLabel,
    /// Who owns it; `None` where all tenants have the same owner.
    pub owner: Option<String>,
}

/// A secret store, as the External Secrets Operator reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// What kind of store it is.
    pub provider: Provider,
    /// The service account that is used for it: name and namespace.
    pub account: (String, String),
    /// Who that account is to the cloud, where this platform writes it; `None` where somebody else does.
    pub identity: Option<Identity>,
    /// Whether each namespace has a store of its own.
    pub per_namespace: bool,
}

/// A kind of secret store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Provider {
    /// Azure Key Vault.
    Azure {
        /// Its URL.
        vault_url: String,
        /// The tenant, where it is not that of the identity.
        tenant_id: Option<String>,
    },
    /// AWS Secrets Manager.
    Aws {
        /// The region.
        region: String,
        /// A role that is assumed.
        role: Option<String>,
    },
    /// A Vault.
    Vault {
        /// Its URL.
        server: String,
        /// Where the key-value store is mounted.
        path: String,
        /// Where the Kubernetes auth method is mounted.
        auth_mount: String,
        /// The role.
        role: String,
    },
    /// Google Secret Manager.
    Gcp {
        /// The project.
        project: String,
        /// The cluster whose identity is used.
        cluster: String,
        /// Where that cluster is.
        location: String,
    },
    /// Secrets of another namespace.
    Kubernetes {
        /// The namespace.
        namespace: String,
    },
    /// The same text for everything.
    Fake,
}

/// Who signs certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsLabel,
    /// The one namespace that it signs for; `None` for all.
    pub namespace: Option<DnsLabel>,
    /// How it signs.
    pub authority: Authority,
}

/// How an issuer signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// A public authority that asks for proof of the host.
    Acme {
        /// Whom it writes to.
        email: String,
        /// Its directory.
        server: String,
        /// The ingress class that answers its challenges.
        class: String,
    },
    /// The certificate and key of this Secret.
    Ca(String),
    /// Each certificate signs itself.
    SelfSigned,
}

/// A certificate that is kept valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCertificate {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name in the cluster.
    pub name: DnsLabel,
    /// The namespace.
    pub namespace: DnsLabel,
    /// The Secret.
    pub secret: String,
    /// The hosts.
    pub hosts: Vec<HostName>,
    /// The issuer: kind and name.
    pub issuer: (&'static str, String),
    /// How long it is valid; `None` for what the issuer gives.
    pub duration: Option<Duration>,
    /// How long before its end it is renewed; `None` for cert-manager's choice.
    pub renew_before: Option<Duration>,
}

/// Velero, as far as this platform is concerned.
#[derive(Debug, Clone, PartialEq)]
pub struct Velero {
    /// The namespace that it runs in.
    pub namespace: DnsLabel,
    /// Where copies go.
    pub storage: Vec<BackupStorage>,
    /// When they are made.
    pub schedules: Vec<BackupSchedule>,
}

/// A bucket for copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupStorage {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// The plugin.
    pub provider: String,
    /// The bucket.
    pub bucket: String,
    /// A folder of the bucket.
    pub prefix: Option<String>,
    /// What the plugin needs to know.
    pub config: Pairs,
    /// The Secret with the credentials and the key of it.
    pub credential: Option<(String, String)>,
    /// Whether it is the one for schedules that name none.
    pub default: bool,
}

/// Copies by the clock.
#[derive(Debug, Clone, PartialEq)]
pub struct BackupSchedule {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// When, in UTC.
    pub schedule: CronSchedule,
    /// How long a copy is kept.
    pub ttl: Duration,
    /// The namespaces, by their names in the cluster.
    pub namespaces: Vec<String>,
    /// Where it goes.
    pub storage: String,
    /// Whether volumes are copied as snapshots.
    pub snapshots: bool,
    /// Whether volumes are copied file by file.
    pub files: bool,
}

/// How snapshots of volumes are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotClass {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// The driver.
    pub driver: String,
    /// Whether a snapshot outlives its object.
    pub retain: bool,
    /// Whether Velero uses it.
    pub velero: bool,
    /// Parameters of the driver.
    pub parameters: Pairs,
}

/// What watches the platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Monitoring {
    /// The namespace that Prometheus runs in.
    pub namespace: DnsLabel,
    /// The labels by which it finds what it is to watch.
    pub labels: Pairs,
    /// The label by which Grafana finds dashboards.
    pub dashboard_label: String,
    /// The blackbox exporter: host and port.
    pub prober: String,
    /// What is read.
    pub monitors: Vec<Monitor>,
    /// Objectives.
    pub slos: Vec<Slo>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// How many seconds before its end a certificate raises an alert.
    pub certificate_expiry: Option<u64>,
    /// URLs that are asked from outside.
    pub probes: Vec<ExternalProbe>,
    /// Pages of Grafana.
    pub dashboards: Vec<Dashboard>,
    /// Where alerts go.
    pub receivers: Vec<Receiver>,
    /// The Prometheus that the operator runs for the platform.
    pub prometheus: Option<Server>,
    /// The Alertmanager that it runs.
    pub alertmanager: Option<Server>,
    /// The Loki that its operator runs.
    pub loki: Option<LokiStack>,
}

/// Metrics that a workload offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitor {
    /// Where it is written.
    pub source: KeyPath,
    /// The workload.
    pub workload: DnsLabel,
    /// Its namespace.
    pub namespace: DnsLabel,
    /// Its component.
    pub component: DnsLabel,
    /// The port.
    pub port: PortName,
    /// Whether a Service leads to that port; else the pods are asked by themselves.
    pub by_service: bool,
    /// The path.
    pub path: String,
    /// How often.
    pub interval: String,
}

/// An objective.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slo {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// What is promised; may be empty.
    pub description: String,
    /// Which share of events is good, in percent: `99.9`.
    pub objective: String,
    /// The days over which it holds.
    pub days: u32,
    /// The rate of bad events, with `$window`.
    pub errors: String,
    /// The rate of all events, with `$window`.
    pub total: String,
    /// Where the runbook is; may be empty.
    pub runbook: String,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// When it is raised.
    pub expr: String,
    /// For how long that must hold.
    pub holds: String,
    /// How urgent it is.
    pub severity: String,
    /// What is wrong.
    pub summary: String,
    /// Where the runbook is; may be empty.
    pub runbook: String,
}

/// URLs that are asked from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalProbe {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// The URLs.
    pub targets: Vec<String>,
    /// The module of the blackbox exporter.
    pub module: String,
    /// How often they are asked.
    pub interval: String,
}

/// A page of Grafana.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// What stands on it.
    pub content: DashboardContent,
}

/// What stands on a page of Grafana.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardContent {
    /// How fast each objective's error budget burns, under this title.
    SloBurnRate(String),
    /// How long each certificate is still valid.
    CertificateExpiry(String),
    /// Whether each external probe succeeds.
    ExternalProbeHealth(String),
    /// A page in JSON.
    Json(String),
}

/// Where alerts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: String,
    /// How it is reached.
    pub kind: ReceiverKind,
    /// The Secret and the key of it.
    pub secret: (String, String),
    /// The severities that it gets; empty for what no other takes.
    pub severities: Vec<String>,
}

/// How a receiver is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiverKind {
    /// A channel of Slack.
    Slack(String),
    /// A service of `PagerDuty`.
    PagerDuty,
    /// A URL.
    Webhook,
}

/// A collector of telemetry.
#[derive(Debug, Clone, PartialEq)]
pub struct Collector {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// The namespace.
    pub namespace: DnsLabel,
    /// The image; `None` for the operator's own.
    pub image: Option<ImageRef>,
    /// How many.
    pub replicas: u32,
    /// Where traces go.
    pub traces_to: Option<String>,
    /// Where logs go.
    pub logs_to: Option<String>,
    /// CPU and memory.
    pub resources: Resources,
}

/// What the cluster refuses at its door.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a policy of its own, and on or off")]
pub struct Policies {
    /// Whether OPA Gatekeeper judges; else Kyverno.
    pub gatekeeper: bool,
    /// Whether what breaks a policy is refused; else it is reported.
    pub enforce: bool,
    /// Whether containers must have limits.
    pub limits: bool,
    /// Whether images must have a tag that is not `latest`.
    pub no_latest: bool,
    /// Whether containers may not be privileged.
    pub no_privileged: bool,
    /// The labels that pods must have.
    pub required_labels: Vec<String>,
    /// Images that must be signed.
    pub signatures: Vec<Signature>,
}

/// Images that must be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Where it is written.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// The images.
    pub images: Vec<String>,
    /// Who must have signed them.
    pub attestor: Attestor,
    /// Whether an image without is refused.
    pub enforce: bool,
}

/// Who signs images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attestor {
    /// An identity, as the transparency log has it.
    Keyless {
        /// Who vouches for it.
        issuer: String,
        /// Who it is.
        subject: String,
        /// The transparency log.
        rekor: String,
    },
    /// A key of a service.
    Kms(String),
    /// The holder of the key that belongs to this one.
    PublicKey(String),
}

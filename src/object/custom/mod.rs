//! Typed custom resources: objects whose kinds operators bring along, in the same shape as those of k8s-openapi.
//!
//! A kind is a spec struct and a [`CustomSpec`] that says what the API server calls it. [`Custom`] does the rest, so
//! `Object::from_typed` and `Object::typed` work for custom resources as they do for Deployments. Fields that bayplan
//! never sets are left out of the structs; a `patch` can still set them.

use crate::value::{Value, json};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{ClusterResourceScope, Metadata, NamespaceResourceScope, Resource, ResourceScope};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

pub use argo::{
    AppProject, AppProjectSpec, Application, ApplicationSet, ApplicationSetSpec, ApplicationSource,
    ApplicationSpec, ApplicationTemplate, Automated, Backoff, ClusterElement, Destination, DirectorySource,
    Generator, GroupKind, HelmSource, ListGenerator, ResourceIgnoreDifferences, Retry, SyncPolicy,
};
pub use cert_manager::{
    AcmeIssuer, AcmeSolver, CaIssuer, Certificate, CertificateSpec, ClusterIssuer, ClusterIssuerSpec,
    Http01Ingress, Http01Solver, Issuer, IssuerRef, IssuerSpec, SecretName, SelfSignedIssuer,
};
pub use external_secrets::{
    ExternalSecret, ExternalSecretData, ExternalSecretSpec, RemoteRef, SecretStoreRef, SecretTarget,
    SecretTemplate,
};
pub use gatekeeper::{
    ConstraintCrd, ConstraintCrdSpec, ConstraintKinds, ConstraintMatch, ConstraintNames, ConstraintTarget,
    ConstraintTemplate, ConstraintTemplateSpec, ConstraintValidation, PodBaseline, PodBaselineParameters,
    PodBaselineSpec,
};
pub use kyverno::{
    AttestorEntry, Attestors, ClusterPolicy, ClusterPolicySpec, Generation, ImageVerification, KeyAttestor,
    KeylessAttestor, Mutation, PolicyCondition, PolicyConditions, PolicyFilter, PolicyMatch, PolicyResources,
    PolicyRule, PolicyValidation, Rekor,
};
pub use loki::{
    LokiGlobalLimits, LokiLimits, LokiRetention, LokiSchema, LokiSecret, LokiStack, LokiStackSpec,
    LokiStorage,
};
pub use metallb::{IpAddressPool, IpAddressPoolSpec, L2Advertisement, L2AdvertisementSpec};
pub use monitoring::{
    AlertMatcher, AlertReceiver, AlertRoute, AlertSubRoute, AlertmanagerConfig, AlertmanagerConfigSpec,
    MetricsEndpoint, PagerDutyReceiver, PodMonitor, PodMonitorSpec, Probe, ProbeSpec, ProbeTargets,
    ProbeUrls, Prober, PrometheusRule, PrometheusRuleSpec, Rule, RuleGroup, ServiceMonitor,
    ServiceMonitorSpec, SlackReceiver, WebhookReceiver,
};
pub use opentelemetry::{
    CollectorConfig, CollectorService, OpenTelemetryCollector, OpenTelemetryCollectorSpec,
};
pub use prometheus::{
    Alerting, Alertmanager, AlertmanagerEndpoint, AlertmanagerSpec, ConfigurationName, Prometheus,
    PrometheusSpec, SeccompChoice, ServerClaim, ServerClaimSpec, ServerSecurity, ServerStorage,
};
pub use secret_store::{
    AwsAuth, AwsSecrets, AzureKeyVault, CaProvider, ClusterSecretStore, ClusterSecretStoreSpec, FakeSecret,
    FakeSecrets, GcpAuth, GcpSecrets, GcpWorkloadIdentity, KubernetesAuth, KubernetesSecrets,
    KubernetesServer, SecretProvider, SecretStore, SecretStoreSpec, ServiceAccountRef, StoreCondition,
    TokenAuth, VaultAuth, VaultKubernetesAuth, VaultSecrets,
};
pub use snapshot::VolumeSnapshotClass;
pub use velero::{
    BackupStorageLocation, BackupStorageLocationSpec, BackupTemplate, ObjectStorage, Schedule, ScheduleSpec,
    SecretKeyRef,
};

/// Declares the kind of a spec: `kind!(FooSpec: Namespaced, "example.com", "v1", "Foo", "foos")`, or `Cluster`.
macro_rules! kind {
    ($spec:ty: Namespaced, $($rest:literal),+ $(,)?) => {
        kind!(@ $spec, ::k8s_openapi::NamespaceResourceScope, $($rest),+);
    };
    ($spec:ty: Cluster, $($rest:literal),+ $(,)?) => {
        kind!(@ $spec, ::k8s_openapi::ClusterResourceScope, $($rest),+);
    };
    (@ $spec:ty, $scope:ty, $group:literal, $version:literal, $kind:literal, $plural:literal) => {
        impl $crate::object::custom::CustomSpec for $spec {
            const API_VERSION: &'static str = concat!($group, "/", $version);
            const GROUP: &'static str = $group;
            const VERSION: &'static str = $version;
            const KIND: &'static str = $kind;
            const PLURAL: &'static str = $plural;
            type Scope = $scope;
        }
    };
}

mod argo;
mod cert_manager;
mod external_secrets;
mod gatekeeper;
pub mod gateway;
mod kyverno;
mod loki;
mod metallb;
mod monitoring;
mod opentelemetry;
mod prometheus;
mod secret_store;
mod snapshot;
pub mod strimzi;
pub mod traefik;
mod velero;

/// Whether objects of a kind lie in a namespace, in the words of a CustomResourceDefinition.
pub trait CustomScope: ResourceScope {
    /// `Namespaced` or `Cluster`.
    const WORD: &'static str;
}

impl CustomScope for NamespaceResourceScope {
    const WORD: &'static str = "Namespaced";
}

impl CustomScope for ClusterResourceScope {
    const WORD: &'static str = "Cluster";
}

/// The spec of a custom resource, and what the API server calls the kind. `kind!` declares one.
pub trait CustomSpec {
    /// The group and the version, joined by `/`.
    const API_VERSION: &'static str;
    /// The group.
    const GROUP: &'static str;
    /// The version.
    const VERSION: &'static str;
    /// The kind.
    const KIND: &'static str;
    /// The kind in the plural and in lower case, as it stands in URLs and names the definition.
    const PLURAL: &'static str;
    /// Whether its objects lie in a namespace.
    type Scope: CustomScope;
}

/// A custom resource with the spec `S`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Custom<S> {
    api_version: String,
    kind: String,
    /// Its name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// What is wanted.
    pub spec: S,
}

impl<S: CustomSpec> Custom<S> {
    /// The resource of that name and that spec.
    #[must_use]
    pub fn new(metadata: ObjectMeta, spec: S) -> Self {
        Self { api_version: S::API_VERSION.to_owned(), kind: S::KIND.to_owned(), metadata, spec }
    }
}

/// The CustomResourceDefinitions of every typed custom resource, made from the Rust types.
///
/// They say what bayplan writes, which is less than what the operators read: enough to refuse an unknown field or a
/// wrong type. The tests hold the types against the definitions of the operators' own releases.
#[must_use]
pub fn definitions() -> Vec<Value> {
    vec![
        definition::<CertificateSpec>(),
        definition::<ApplicationSpec>(),
        definition::<ApplicationSetSpec>(),
        definition::<AppProjectSpec>(),
        definition::<IssuerSpec>(),
        definition::<ClusterIssuerSpec>(),
        definition::<CertificateSpec>(),
        definition::<ConstraintTemplateSpec>(),
        definition::<PodBaselineSpec>(),
        definition::<ClusterPolicySpec>(),
        definition::<ServiceMonitorSpec>(),
        definition::<PodMonitorSpec>(),
        definition::<PrometheusRuleSpec>(),
        definition::<ProbeSpec>(),
        definition::<AlertmanagerConfigSpec>(),
        definition::<PrometheusSpec>(),
        definition::<AlertmanagerSpec>(),
        definition::<LokiStackSpec>(),
        definition::<OpenTelemetryCollectorSpec>(),
        definition::<SecretStoreSpec>(),
        definition::<ClusterSecretStoreSpec>(),
        definition::<BackupStorageLocationSpec>(),
        definition::<ScheduleSpec>(),
        snapshot::definition(),
        definition::<ExternalSecretSpec>(),
        definition::<gateway::GatewaySpec>(),
        definition::<gateway::HttpRouteSpec>(),
        definition::<IpAddressPoolSpec>(),
        definition::<L2AdvertisementSpec>(),
        definition::<strimzi::KafkaSpec>(),
        definition::<strimzi::KafkaNodePoolSpec>(),
        definition::<strimzi::KafkaTopicSpec>(),
        definition::<strimzi::KafkaUserSpec>(),
        definition::<strimzi::KafkaConnectSpec>(),
        definition::<strimzi::KafkaConnectorSpec>(),
        definition::<traefik::IngressRouteSpec>(),
        definition::<traefik::MiddlewareSpec>(),
        definition::<traefik::TlsOptionSpec>(),
    ]
}

fn definition<S: CustomSpec + JsonSchema>() -> Value {
    let settings = SchemaSettings::openapi3().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let spec = settings.into_generator().into_root_schema_for::<S>().to_value();
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{}.{}", S::PLURAL, S::GROUP)},
        "spec": {
            "group": S::GROUP,
            "names": {"kind": S::KIND, "plural": S::PLURAL},
            "scope": S::Scope::WORD,
            "versions": [{
                "name": S::VERSION,
                "served": true,
                "storage": true,
                "schema": {"openAPIV3Schema": {"type": "object", "required": ["spec"], "properties": {"spec": spec}}},
            }],
        },
    })
}

impl<S: CustomSpec> Resource for Custom<S> {
    const API_VERSION: &'static str = S::API_VERSION;
    const GROUP: &'static str = S::GROUP;
    const KIND: &'static str = S::KIND;
    const VERSION: &'static str = S::VERSION;
    const URL_PATH_SEGMENT: &'static str = S::PLURAL;
    type Scope = S::Scope;
}

impl<S: CustomSpec> Metadata for Custom<S> {
    type Ty = ObjectMeta;

    fn metadata(&self) -> &ObjectMeta {
        &self.metadata
    }

    fn metadata_mut(&mut self) -> &mut ObjectMeta {
        &mut self.metadata
    }
}

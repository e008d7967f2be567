//! What holds for the whole platform: the ingress controller, the secret store, raw resources and exceptions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Resources;

/// Which controller implements Ingress objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    /// The Kubernetes project's controller on nginx, run by this platform.
    IngressNginx,
    /// Somebody else runs one; only its class and its namespace matter here.
    Provided,
}

/// `[ingress]`: the one way in from outside.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ingress {
    /// Whether there is one.
    pub enabled: Option<bool>,
    /// The name of the IngressClass: `nginx`.
    pub class: Option<String>,
    /// Who implements it; `provided` unless given.
    pub controller: Option<Controller>,
    /// The namespace that the controller runs in, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// The image of the controller, pinned.
    pub image: Option<String>,
    /// How many pods of the controller; 1 unless given.
    pub replicas: Option<i32>,
    /// CPU and memory of the controller, as `request..limit`.
    pub resources: Option<Resources>,
    /// Settings of the controller (the ConfigMap of ingress-nginx).
    pub config: Option<BTreeMap<String, String>>,
}

/// `[secret-store]`: where secret values live.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecretStore {
    /// `kubernetes`: Secrets that people create from an `.example`. `external-secrets`: the External Secrets Operator copies them. `vault-agent`: Vault writes them into the pods.
    pub kind: Option<StoreKind>,
    /// The ClusterSecretStore that the operator reads.
    pub name: Option<String>,
    /// How often the operator looks for a new value: `"1h"`.
    pub refresh: Option<String>,
    /// The store itself, where this platform declares it to the operator.
    pub provider: Option<super::StoreProvider>,
    /// The Vault that agents read, for `vault-agent`.
    pub vault: Option<VaultAgent>,
}

/// A Vault whose injector writes secrets into the pods that read them.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VaultAgent {
    /// The Vault, by its key in `[externals]`.
    pub external: Option<String>,
    /// Where the Kubernetes auth method is mounted; `auth/kubernetes` unless given.
    pub auth_path: Option<String>,
    /// The role of a workload, in which `<namespace>` and `<workload>` stand for its own; `<namespace>-<workload>` unless given.
    pub role: Option<String>,
    /// Where the key-value store (version 2) is mounted; `secret` unless given.
    pub mount: Option<String>,
    /// CPU and memory of the agent, as `request..limit`; `"25m..100m"` and `"64Mi..128Mi"` unless given.
    pub resources: Option<Resources>,
    /// `true` reads secrets once when a pod starts and leaves no agent beside it; Jobs always do.
    pub pre_populate_only: Option<bool>,
}

/// Who turns a secret's contract into a Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StoreKind {
    /// A person, from an `.example` file.
    Kubernetes,
    /// The External Secrets Operator.
    ExternalSecrets,
    /// The agent that Vault's injector puts into a pod: no Secret exists.
    VaultAgent,
}

/// `[[resources]]`: an object that no noun describes, or a template of some.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RawResource {
    /// The component that it belongs to.
    pub component: Option<String>,
    /// The object itself, as Kubernetes spells it.
    #[schemars(with = "Option<Map<String, Value>>")]
    pub object: Option<Value>,
    /// A file below the platform's folder with objects in YAML; a file ending in `.j2` is a template.
    pub template: Option<String>,
}

/// `[[allow]]`: a finding that is meant, and why.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Allow {
    /// The code of the finding, as `bayplan explain` knows it.
    pub rule: String,
    /// The entity or object that it concerns: `databases.redis`, or `Deployment/redis`; everything unless given.
    pub on: Option<String>,
    /// Why it is right here, in one sentence.
    pub because: String,
}

//! What holds for the whole platform: the secret store, raw resources and exceptions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Resources;
use crate::value::{Map, Value};

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
    /// Whose injector it is: `vault` unless given. OpenBao has annotations and a folder of its own.
    pub injector: Option<Injector>,
    /// The Vault, by its key in `[externals]`.
    pub external: Option<String>,
    /// The Vault or OpenBao that this platform runs itself, by its key in `[workloads]`. This takes the place of `external`.
    pub workload: Option<String>,
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

/// Whose injector writes secrets into the pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Injector {
    /// HashiCorp's, with annotations `vault.hashicorp.com/…` and files below `/vault/secrets`.
    Vault,
    /// OpenBao's, with annotations `openbao.openbao.org/…` and files below `/openbao/secrets`.
    Openbao,
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
    #[schemars(with = "Option<Map>")]
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
    /// The last day on which it holds, as `2026-12-31`; for ever unless given.
    pub until: Option<String>,
}

/// `[[rule]]`: a rule of the house, asked of every object that is emitted.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OwnRule {
    /// What findings and exceptions call it, as `custom-rule/ID`: a-z, 0-9 and `-`.
    pub id: String,
    /// The kinds of objects that it is asked of: `Deployment`, `apps/v1/Deployment`, or `*` for all.
    pub kinds: Vec<String>,
    /// What must be true of such an object, in CEL: `'team' in object.metadata.labels`.
    pub expression: String,
    /// What to do where it is not, in one sentence.
    pub message: String,
    /// How much a finding weighs; `warning` unless given. An error keeps the platform from being written.
    pub severity: Option<RuleSeverity>,
}

/// How much a finding of a rule of the house weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RuleSeverity {
    /// The platform is not written, and no exception excuses it.
    Error,
    /// It is told on every run.
    Warning,
    /// It is told to who asks for notes.
    Note,
}

//! `templates.gatekeeper.sh/v1` and the constraint that bayplan's own template makes.
//!
//! Source: <https://open-policy-agent.github.io/gatekeeper/website/docs/constrainttemplates/>. A template makes a kind of
//! constraint; bayplan has one template, whose constraint says which parts of the baseline are asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Custom;
use crate::value::{Map, Value};

/// Code that judges objects, and the kind of constraint that asks for it.
pub type ConstraintTemplate = Custom<ConstraintTemplateSpec>;
/// Asks for parts of the baseline.
pub type PodBaseline = Custom<PodBaselineSpec>;

kind!(
    ConstraintTemplateSpec: Cluster,
    "templates.gatekeeper.sh",
    "v1",
    "ConstraintTemplate",
    "constrainttemplates"
);
kind!(PodBaselineSpec: Cluster, "constraints.gatekeeper.sh", "v1beta1", "PodBaseline", "podbaseline");

/// A kind of constraint, and its code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintTemplateSpec {
    /// The kind.
    pub crd: ConstraintCrd,
    /// The code.
    pub targets: Vec<ConstraintTarget>,
}

/// A kind of constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintCrd {
    /// Its names and parameters.
    pub spec: ConstraintCrdSpec,
}

/// Names and parameters of a kind of constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintCrdSpec {
    /// Its names.
    pub names: ConstraintNames,
    /// Its parameters.
    pub validation: ConstraintValidation,
}

/// Names of a kind of constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintNames {
    /// The kind.
    pub kind: String,
}

/// Parameters of a kind of constraint.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintValidation {
    /// As an OpenAPI schema.
    #[serde(rename = "openAPIV3Schema")]
    #[schemars(with = "Map")]
    pub schema: Value,
}

/// Code for one kind of review.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintTarget {
    /// `admission.k8s.gatekeeper.sh`.
    pub target: String,
    /// The code, in Rego.
    pub rego: String,
}

/// Which pods are held to which parts of the baseline.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodBaselineSpec {
    /// `deny` or `dryrun`.
    pub enforcement_action: String,
    /// Which objects.
    #[serde(rename = "match")]
    pub matched: ConstraintMatch,
    /// Which parts.
    pub parameters: PodBaselineParameters,
}

/// Which objects a constraint judges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConstraintMatch {
    /// Their kinds.
    pub kinds: Vec<ConstraintKinds>,
    /// Their namespaces.
    pub namespaces: Vec<String>,
}

/// Kinds of API groups.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConstraintKinds {
    /// The groups; empty for the core group.
    pub api_groups: Vec<String>,
    /// The kinds.
    pub kinds: Vec<String>,
}

/// Which parts of the baseline are asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PodBaselineParameters {
    /// Limits of containers.
    pub limits: bool,
    /// Tags of images.
    pub no_latest: bool,
    /// No privileged containers.
    pub no_privileged: bool,
    /// Labels of pods.
    pub required_labels: Vec<String>,
}

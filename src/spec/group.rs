//! `[groups.<name>]`, `[shapes.<name>]` and `[instances.<name>]`: products, and what there are several alike of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;
use super::{
    Config, Database, Defaults, Namespace, Neighbour, OidcClient, Route, Scalar, Secret, Volume, Workload,
};

/// A product: entities that stand together, and what they are unless they say otherwise. An entity is a member by
/// `group = "<name>"`, or by the file that it stands in, where that says so.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Group {
    /// `false` removes every member.
    pub enabled: Option<bool>,
    /// What it is, in one sentence.
    pub description: Option<String>,
    /// The namespace of its members, by its key in `[namespaces]`.
    pub namespace: Option<String>,
    /// Labels of its databases and workloads.
    pub labels: Option<BTreeMap<String, String>>,
    /// The phase of a migration that brings it: `render --phase 2` renders what phases 0, 1 and 2 bring.
    pub phase: Option<u32>,
    /// What its members are unless they say otherwise: stronger than `[defaults]`, weaker than the members.
    pub defaults: Option<Box<Defaults>>,
}

/// What there are several alike of. Every text in it, and every key of an entity, may use `{{ instance.name }}` and
/// `{{ instance.<parameter> }}`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct InstanceShape {
    /// What an instance must or may say. A text is the value of an instance that says nothing.
    pub parameters: Option<BTreeMap<String, Parameter>>,
    /// Namespaces of an instance.
    pub namespaces: Option<BTreeMap<String, Namespace>>,
    /// Databases of an instance; a key without an expression adds to a database that all of them share.
    pub databases: Option<BTreeMap<String, Database>>,
    /// Workloads of an instance.
    pub workloads: Option<BTreeMap<String, Workload>>,
    /// Services that others run for an instance.
    pub externals: Option<BTreeMap<String, Neighbour>>,
    /// Clients of an identity provider of an instance.
    pub oidc_clients: Option<BTreeMap<String, OidcClient>>,
    /// Shared volumes of an instance.
    pub volumes: Option<BTreeMap<String, Volume>>,
    /// ConfigMaps of an instance.
    pub configs: Option<BTreeMap<String, Config>>,
    /// Secrets of an instance.
    pub secrets: Option<BTreeMap<String, Secret>>,
    /// Routes of an instance.
    pub routes: Option<BTreeMap<String, Route>>,
}

/// A parameter of a shape. A text is its default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "default"), ("integer", "default"), ("number", "default"), ("boolean", "default")]))]
pub struct Parameter {
    /// The value of an instance that says nothing; without one, every instance must say it.
    pub default: Option<Scalar>,
    /// What it is for, in one sentence.
    pub description: Option<String>,
}

/// One of several alike.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Instance {
    /// Whether it exists at all.
    pub enabled: Option<bool>,
    /// The shape, by its key in `[shapes]`.
    pub shape: Option<String>,
    /// The group of its entities, where the shape names none.
    pub group: Option<String>,
    /// The values of the shape's parameters.
    pub with: Option<BTreeMap<String, Scalar>>,
}

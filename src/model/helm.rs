//! Charts: parts of the platform that are written for Helm too.

use std::collections::BTreeMap;

use crate::names::{DnsLabel, SemanticVersion};
use crate::source::KeyPath;

/// A chart, and which objects are in it.
#[derive(Debug, Clone, PartialEq)]
pub struct HelmChart {
    /// Where it is declared.
    pub source: KeyPath,
    /// Its name.
    pub name: DnsLabel,
    /// What it is; may be empty.
    pub description: String,
    /// Its version.
    pub version: SemanticVersion,
    /// The version of what it installs; may be empty.
    pub app_version: String,
    /// What is in it.
    pub contents: Contents,
    /// The workload whose values stand at the top; `None` for the one that is called like the chart.
    pub main: Option<String>,
    /// Charts within it.
    pub subcharts: Vec<Subchart>,
    /// Names of values, each with the fields that it sets.
    pub values: BTreeMap<String, Vec<String>>,
}

/// Which objects are in a chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Contents {
    /// All of them.
    Everything,
    /// Those that any of these takes.
    Any {
        /// Components.
        components: Vec<String>,
        /// Keys of namespaces.
        namespaces: Vec<String>,
        /// Entities, by where they are declared.
        sources: Vec<KeyPath>,
    },
}

/// A chart within a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Subchart {
    /// Its name.
    pub name: DnsLabel,
    /// The key of its values.
    pub alias: DnsLabel,
    /// The components in it.
    pub components: Vec<String>,
}

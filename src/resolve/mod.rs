//! What was written to what it means: layers, presets, expressions and references, for one environment at a time.
//!
//! Takes the document of a platform, its short forms written out, and the name of an environment (or none, for the
//! base). Gives a [`model::Platform`](crate::model::Platform) and the merged document that explains it. This is the last
//! stage that may reject what the user meant; it reports everything that it finds, not the first thing.
//!
//! The order of work is that of the files: `layers` merges documents, `expressions` evaluates the strings in them,
//! and a file per noun builds the model through a `scope::Scope`, which knows where every value was written.

mod access;
pub mod border;
mod caches;
mod charts;
mod cluster;
pub mod codes;
mod configs;
mod container;
mod controller;
mod databases;
mod delivery;
mod delivery_codes;
mod development;
mod edges;
mod engine;
mod env;
mod examples;
mod expand;
mod expressions;
mod externals;
mod generated_tenants;
mod graph;
mod groups;
mod helm_charts;
mod hot_settings;
mod identity;
mod instances;
mod kafkas;
mod keycloaks;
mod layers;
mod mentions;
mod monitoring;
mod namespaces;
mod node_access;
mod oauth2_proxy;
mod oidc;
mod operators;
mod platform;
mod probes;
mod raw;
mod rbac;
pub mod regions;
mod rollout;
mod routes;
mod scope;
mod secrets;
mod self_service;
mod servers;
mod settings;
mod sql;
mod storage;
mod strays;
mod template_error;
pub mod tenant_codes;
mod tenants;
#[cfg(test)]
mod testing;
mod unused;
mod variables;
mod vault;
mod waits;
mod workloads;

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Warned};
use crate::model::{Elsewhere, Platform};
use crate::source::{Damage, FileId, Node, Sources};
use crate::spec;

pub use codes::CODES;
pub use engine::ENGINES;
pub use engine::topology::TOPOLOGIES;
pub use routes::codes::CODES as ROUTE_CODES;
pub use self_service::SelfService;
pub use unused::unused;

/// What the stage works on.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The document of `platform.toml`, checked for shape.
    pub document: &'a Node,
    /// The texts that were read.
    pub sources: &'a Sources,
    /// The files below the platform's folder that configs and resources name, by their path.
    pub files: &'a BTreeMap<String, FileId>,
    /// The environment; `None` for the base.
    pub environment: Option<&'a str>,
    /// What is missing from the document because it was wrong, and was reported.
    pub damage: &'a Damage,
}

/// A platform in one environment, and what explains it.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// What it means.
    pub platform: Platform,
    /// The merged document: every value with its origin, expressions evaluated.
    pub document: Node,
}

/// Resolves one environment. A document with damage gives every further mistake in it and never a platform.
#[must_use]
pub fn resolve(input: Input<'_>) -> Warned<Result<Resolved, Vec<Diagnostic>>> {
    let mut damage = input.damage.clone();
    let (mut document, mut problems) = match layers::merge(input.document, input.environment, &mut damage) {
        Ok(layers::Merged { document, problems }) => (document, problems),
        Err(unknown) => return Warned { value: Err(vec![unknown]), warnings: Vec::new() },
    };
    let (fanned, mut lost) = regions::fan_out(&mut document);
    problems.append(&mut lost);
    problems.extend(expressions::evaluate(&mut document, (input, &fanned), &mut damage));
    problems.extend(expand::expand(&mut document, &damage));
    tenants::expand(&mut document);
    let sound = damage.is_empty();
    let platform = build(&document, damage, &mut problems);
    let (errors, warnings): (Vec<_>, Vec<_>) = problems.into_iter().partition(Diagnostic::is_error);
    let value = match platform {
        Some(platform) if errors.is_empty() && sound => Ok(Resolved { platform, document }),
        _ => Err(errors),
    };
    Warned { value, warnings }
}

fn build(document: &Node, damage: Damage, problems: &mut Vec<Diagnostic>) -> Option<Platform> {
    match spec::read::<spec::Platform>(document) {
        Ok(spec) => {
            let mut scope = scope::Scope::new(document, &spec, damage);
            let mut platform = platform::build(&mut scope);
            if let Some(platform) = &mut platform {
                platform.operators.tenants = generated_tenants::build(&mut scope, document, platform);
            }
            problems.append(&mut scope.problems);
            platform
        }
        Err(message) => {
            problems.push(Diagnostic::new(&spec::codes::WRONG_TYPE, message));
            None
        }
    }
}

/// The names of the environments of a document that run on Kubernetes, in order.
#[must_use]
pub fn environments(document: &Node) -> Vec<String> {
    let environments = document.get("environments").and_then(Node::as_table).into_iter().flatten();
    environments.filter(|(_, node)| !is_elsewhere(node)).map(|(name, _)| name.clone()).collect()
}

/// The environments of a document that do not run on Kubernetes: nothing is compiled for them.
#[must_use]
pub fn environments_elsewhere(document: &Node) -> Vec<Elsewhere> {
    let environments = document.get("environments").and_then(Node::as_table).into_iter().flatten();
    let elsewhere = environments.filter(|(_, node)| is_elsewhere(node));
    elsewhere.map(|(name, node)| rollout::elsewhere(name, node)).collect()
}

fn is_elsewhere(environment: &Node) -> bool {
    environment.get("target").and_then(Node::as_str) == Some("compose")
}

/// The files below the platform's folder that a document names, with where each is named: the driver reads them.
#[must_use]
pub fn named_files(document: &Node) -> Vec<(String, Option<crate::source::Span>)> {
    let mut named = Vec::new();
    collect_files(document, &mut named);
    if document.get("instances").is_none() {
        return named;
    }
    let environments = document.get("environments").and_then(Node::as_table).into_iter().flatten();
    for over in std::iter::once(None).chain(environments.map(|(_, environment)| Some(environment))) {
        let mut written = document.clone();
        over.into_iter().for_each(|over| written.overlay(over));
        // What is wrong with the instances is reported where layers merge.
        written.as_table_mut().into_iter().for_each(|fields| drop(instances::write_out(fields)));
        collect_files(&written, &mut named);
    }
    named
}

fn collect_files(node: &Node, named: &mut Vec<(String, Option<crate::source::Span>)>) {
    let Some(table) = node.as_table() else { return };
    let environments = table.get("environments").and_then(Node::as_table).into_iter().flatten();
    environments.for_each(|(_, environment)| collect_files(environment, named));
    let of = |noun: &str| table.get(noun).and_then(Node::as_table).into_iter().flatten();
    let bootstraps = of("databases").filter_map(|(_, database)| database.get("bootstrap"));
    let files = of("configs").map(|(_, config)| config).chain(bootstraps);
    let files = files.filter_map(|owner| owner.get("files")?.as_table()).flatten().map(|(_, file)| file);
    let resources = match table.get("resources").map(|node| &node.value) {
        Some(crate::source::NodeValue::Array(items)) => items.as_slice(),
        _ => &[],
    };
    let templates = resources.iter().filter_map(|resource| resource.get("template"));
    let pages = table.get("dashboards").and_then(Node::as_table).into_iter().flatten();
    let pages = pages.filter_map(|(_, page)| page.get("file"));
    let charts = table.get("charts").and_then(Node::as_table).into_iter().flatten();
    let values = charts.filter_map(|(_, chart)| chart.get("values-file"));
    let paths = files
        .chain(templates)
        .chain(values)
        .chain(pages)
        .filter_map(|node| Some((node.as_str()?.to_owned(), node.origin.span)));
    named.extend(paths);
}

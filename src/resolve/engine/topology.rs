//! Databases that are clusters of their own: engines whose parts are workloads, configs and secrets of the language.
//!
//! A topology takes a database with all its layers merged and its expressions evaluated, and gives a document: what a
//! user would have to write to get the same by hand. Nothing past this file knows that a topology was there, so its
//! parts have probes, policies, claims and budgets as everything else has.

use std::collections::BTreeMap;

use super::{citus, mongodb};
use crate::diag::Code;
use crate::source::KeyPath;
use crate::spec;
use crate::value::{Map, Value, json};

/// An engine that runs as several workloads.
pub struct Topology {
    /// The word for `engine = "…"`.
    pub name: &'static str,
    /// The scheme of its URLs, for expressions.
    pub scheme: &'static str,
    /// What a database of it is unless the user says otherwise, as `[databases.<name>]` with short forms written out.
    pub preset: fn() -> Value,
    /// The parts of an instance.
    pub(in crate::resolve) parts: fn(&Instance<'_>) -> Parts,
}

/// What a topology is made from.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Instance<'a> {
    /// The key of the database.
    pub key: &'a str,
    /// What was written.
    pub database: &'a spec::Database,
    /// The name of its namespace in the cluster.
    pub namespace: &'a str,
    /// The regions that are there.
    pub regions: &'a BTreeMap<String, spec::Region>,
}

/// What an entity becomes: entities by noun and key, and what is wrong with it.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Parts {
    /// The entities.
    pub nouns: BTreeMap<&'static str, Map>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Something that is wrong with an entity that becomes others.
#[derive(Debug)]
pub(in crate::resolve) struct Problem {
    /// The kind of the trouble.
    pub code: &'static Code,
    /// One line.
    pub message: String,
    /// Where to look.
    pub path: KeyPath,
    /// What to do.
    pub hint: String,
}

/// Every topology, by name.
pub static TOPOLOGIES: &[Topology] = &[citus::TOPOLOGY, mongodb::TOPOLOGY];

/// The topology of that name.
#[must_use]
pub(in crate::resolve) fn find(name: &str) -> Option<&'static Topology> {
    TOPOLOGIES.iter().find(|topology| topology.name == name)
}

impl Parts {
    /// Adds an entity.
    pub fn add(&mut self, noun: &'static str, key: impl Into<String>, entity: Value) {
        self.nouns.entry(noun).or_default().insert(key.into(), entity);
    }

    /// Reports that something is wrong.
    pub fn problem(
        &mut self,
        code: &'static Code,
        path: &KeyPath,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.problems.push(Problem { code, path: path.clone(), message: message.into(), hint: hint.into() });
    }
}

impl Instance<'_> {
    /// Where it is written.
    pub fn path(&self) -> KeyPath {
        KeyPath::of(["databases", self.key])
    }

    /// Its name in the cluster.
    pub fn name(&self) -> &str {
        self.database.name.as_deref().unwrap_or(self.key)
    }

    /// The region of that key, if it is there.
    pub fn region(&self, key: &str) -> Option<&spec::Region> {
        self.regions.get(key).filter(|region| region.enabled != Some(false))
    }

    /// What all its workloads have in common.
    pub fn workload(&self, suffix: &str, more: &Value) -> Value {
        let database = self.database;
        let mut workload = json!({
            "namespace": database.namespace,
            "component": database.component.as_deref().unwrap_or(self.key),
            "name": part(self.name(), suffix),
            "image": database.image,
            "security": database.security,
            "labels": database.labels,
            "annotations": database.annotations,
            "region": database.region,
            "resources": database.resources,
            "api-access": false,
            "grace-period": 60,
            "kind": "statefulset",
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            workload[key] = value.clone();
        }
        workload
    }

    /// What all its configs and secrets have in common.
    pub fn named(&self, suffix: &str, more: &Value) -> Value {
        let mut entity = json!({
            "namespace": self.database.namespace,
            "component": self.database.component.as_deref().unwrap_or(self.key),
            "name": part(self.name(), suffix),
        });
        for (key, value) in more.as_object().into_iter().flatten() {
            entity[key] = value.clone();
        }
        entity
    }

    /// A one-shot workload. The controller of a Job refuses a changed template, so a GitOps tool must make it anew.
    pub fn job(&self, suffix: &str, more: &Value) -> Value {
        let mut job = self.workload(suffix, more);
        job["kind"] = json!("job");
        job["resources"] = json!({"cpu": "50m..500m", "memory": "128Mi..512Mi"});
        job["grace-period"] = json!(30);
        job["annotations"]["argocd.argoproj.io/sync-options"] = json!("Force=true,Replace=true");
        job
    }

    /// The volume of a part: its own size and the region's class where they are given.
    pub fn storage(&self, size: Option<&String>, region: Option<&str>, mount: &str) -> Value {
        let own = self.database.storage.as_ref();
        let of_region = region.and_then(|key| self.region(key)?.storage_class.clone());
        json!({
            "enabled": own.and_then(|storage| storage.enabled),
            "size": size.or_else(|| own?.size.as_ref()),
            "class": own.and_then(|storage| storage.class.clone()).or(of_region),
            "mount": mount,
        })
    }

    /// The names of the pods of a part, each of which has an address of its own.
    pub fn hosts(&self, suffix: &str, count: i32) -> Vec<String> {
        let name = part(self.name(), suffix);
        (0..count)
            .map(|at| format!("{name}-{at}.{name}-headless.{}.svc.cluster.local", self.namespace))
            .collect()
    }
}

/// A key or name of a part: that of the database, and what the part is.
pub(super) fn part(of: &str, suffix: &str) -> String {
    if suffix.is_empty() { of.to_owned() } else { format!("{of}-{suffix}") }
}

/// An environment variable for the password of a user: `PASSWORD_ORDER_SERVICE`.
pub(in crate::resolve) fn password_variable(user: &str) -> String {
    let upper = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    format!("PASSWORD_{}", user.chars().map(upper).collect::<String>())
}

/// The keys of a secret with a password for each user.
pub(in crate::resolve) fn passwords<'a>(users: impl Iterator<Item = &'a String>) -> Value {
    let key = |user: &String| {
        let generated = json!({
            "description": format!("The password of the user `{user}`"),
            "generate": "openssl rand -hex 24",
        });
        (user.clone(), generated)
    };
    Value::Object(users.map(key).collect())
}

/// The variables of a Job that holds those passwords.
pub(in crate::resolve) fn password_env<'a>(secret: &str, users: impl Iterator<Item = &'a String>) -> Map {
    users.map(|user| (password_variable(user), json!({"secret": secret, "key": user}))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Layer, Node};

    #[test]
    fn topologies_are_sorted_and_their_presets_are_databases() {
        assert!(TOPOLOGIES.is_sorted_by_key(|topology| topology.name));
        for topology in TOPOLOGIES {
            let preset = Node::from_json(&(topology.preset)(), &Layer::Engine(topology.name.to_owned()));
            let read = spec::read::<spec::Database>(&preset);
            assert!(read.is_ok(), "the preset of {}: {read:?}", topology.name);
            assert!(super::super::find(topology.name).is_none(), "{} is one or the other", topology.name);
        }
    }

    #[test]
    fn a_user_has_a_variable() {
        assert_eq!(password_variable("order-service"), "PASSWORD_ORDER_SERVICE");
    }
}

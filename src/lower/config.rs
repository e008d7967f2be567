//! ConfigMaps, and the checksum that makes pods follow a change of one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use k8s_openapi::api::core::v1::ConfigMap;
use sha2::{Digest, Sha256};

use super::{absent, labels, metadata};
use crate::model::{Config, Container, EnvFrom, EnvSource, Platform, VolumeSource, Workload};
use crate::object::Object;

/// The ConfigMaps of a platform by namespace and name.
pub(super) struct Configs<'a>(BTreeMap<(&'a str, &'a str), &'a Config>);

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object = |config: &Config| {
        Object::from_typed(&config_map(platform, config), config.component.as_str(), config.source.clone())
    };
    platform.configs.iter().map(object).collect()
}

fn config_map(platform: &Platform, config: &Config) -> ConfigMap {
    let labels = labels::of_component(platform, &config.component);
    let data = config.data.iter().map(|(key, text)| (key.to_string(), text.clone()));
    ConfigMap {
        metadata: metadata::of(config.name.as_str(), &config.namespace, labels),
        data: absent::map(data),
        ..ConfigMap::default()
    }
}

impl<'a> Configs<'a> {
    pub(super) fn of(platform: &'a Platform) -> Self {
        let keyed = |config: &'a Config| ((config.namespace.as_str(), config.name.as_str()), config);
        Self(platform.configs.iter().map(keyed).collect())
    }

    /// A checksum of the ConfigMaps that the pods of `workload` read; `None` where they read none.
    ///
    /// Nothing restarts a pod when a ConfigMap changes, and a variable or a file below a `subPath` never follows. As an
    /// annotation of the pods, the checksum makes a changed setting a roll-out like any other: seen in the diff, gradual,
    /// and taken back by a revert.
    pub(super) fn checksum(&self, workload: &Workload) -> Option<String> {
        let names = names(workload);
        let read = names.iter().filter_map(|name| self.0.get(&(workload.namespace.as_str(), *name)));
        let mut read = read.peekable();
        read.peek()?;
        let mut hash = Sha256::new();
        for config in read {
            add(&mut hash, config.name.as_str());
            for (key, text) in &config.data {
                add(&mut hash, key.as_str());
                add(&mut hash, text);
            }
        }
        Some(hexadecimal(&hash.finalize()))
    }
}

/// The names of the ConfigMaps that the pods of `workload` read.
fn names(workload: &Workload) -> BTreeSet<&str> {
    let containers = workload.init.iter().chain(&workload.containers);
    let of_volumes = workload.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Config(name) => Some(name.as_str()),
        _ => None,
    });
    containers.flat_map(of_container).chain(of_volumes).collect()
}

fn of_container(container: &Container) -> impl Iterator<Item = &str> {
    let of_variables = container.env.iter().filter_map(|variable| match &variable.source {
        EnvSource::Config { name, .. } => Some(name.as_str()),
        _ => None,
    });
    let whole = container.env_from.iter().filter_map(|source| match source {
        EnvFrom::Config(name) => Some(name.as_str()),
        EnvFrom::Secret(_) => None,
    });
    whole.chain(of_variables)
}

/// Adds a text and its length, so that two lists of texts never add up to the same bytes.
fn add(hash: &mut Sha256, text: &str) {
    hash.update(text.len().to_le_bytes());
    hash.update(text);
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! ConfigMaps: texts from the file itself and from files beside it.

use std::collections::BTreeMap;

use super::container::{Place, same_namespace};
use super::scope::{Scope, enabled};
use crate::model::Config;
use crate::names::{ConfigKey, DnsSubdomain};
use crate::source::KeyPath;
use crate::spec;

/// Every config of the platform.
pub(super) fn build(scope: &mut Scope<'_>) -> Vec<Config> {
    let configs = enabled(scope.spec.configs.as_ref(), |config| config.enabled);
    configs.into_iter().filter_map(|(key, config)| one(scope, key, config)).collect()
}

fn one(scope: &mut Scope<'_>, key: &str, config: &spec::Config) -> Option<Config> {
    let path = KeyPath::of(["configs", key]);
    let name = scope.name(&path, config.name.as_deref(), DnsSubdomain::parse);
    let component = scope.component(&path, config.component.as_deref());
    let namespace = scope.namespace(&path, config.namespace.as_deref());
    let mut data = BTreeMap::new();
    // The texts of `files` stand in the document by now: `expressions` put them there.
    for (noun, entries) in [("data", &config.data), ("files", &config.files)] {
        for (key, text) in entries.iter().flatten() {
            if let Some(key) = scope.parse_key(&path.key(noun).key(key), ConfigKey::parse) {
                data.insert(key, text.clone());
            }
        }
    }
    Some(Config { source: path, name: name?, namespace: namespace?, component: component?, data })
}

/// The name in the cluster of a config that a pod uses.
pub(super) fn name_of(scope: &mut Scope<'_>, path: &KeyPath, place: &Place, key: &str) -> Option<String> {
    let configs = scope.spec.configs.as_ref();
    let Some(config) =
        configs.and_then(|configs| configs.get(key)).filter(|config| config.enabled != Some(false))
    else {
        let known: Vec<String> = configs.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        scope.unknown(path, &format!("config `{key}`"), key, &known);
        return None;
    };
    let namespace = scope.namespace(&KeyPath::of(["configs", key]), config.namespace.as_deref())?;
    same_namespace(scope, path, place, (key, &namespace))?;
    Some(config.name.clone().unwrap_or_else(|| key.to_owned()))
}

//! The files of an environment that are no cluster objects: cluster configuration, scripts, examples of Secrets, pages.
//!
//! Takes platforms; gives [`Artefact`]s. Like all of `lower/` it is total and pure. No artefact holds a secret value, a
//! time or a path of a machine.

mod charts;
mod cluster_config;
mod encryption;
mod environment;
mod gates;
mod k3d;
mod local;
mod markdown;
mod oidc;
mod order;
mod peers;
mod readme;
mod scripts;
mod secrets;
mod skaffold;
mod template;
#[cfg(test)]
mod tests;
mod vault;

use super::tenants;
use crate::model::{Elsewhere, Platform, SecretStore};
use crate::value::Value;

/// A file that belongs to the output and is no cluster object.
#[derive(Debug, Clone, PartialEq)]
pub struct Artefact {
    /// Where it lies, with `/` between parts.
    pub path: String,
    /// What stands in it.
    pub content: ArtefactContent,
    /// Whether it may be executed.
    pub executable: bool,
}

/// What stands in an [`Artefact`].
#[derive(Debug, Clone, PartialEq)]
pub enum ArtefactContent {
    /// Text that is finished, ending in a newline.
    Text(String),
    /// One YAML document.
    Yaml(Value),
}

impl Artefact {
    fn text(path: impl Into<String>, text: String) -> Self {
        Self { path: path.into(), content: ArtefactContent::Text(text), executable: false }
    }

    fn script(path: impl Into<String>, text: String) -> Self {
        Self { executable: true, ..Self::text(path, text) }
    }

    fn yaml(path: impl Into<String>, value: Value) -> Self {
        Self { path: path.into(), content: ArtefactContent::Yaml(value), executable: false }
    }
}

/// The files beside the kustomization of one environment, their paths relative to `overlays/<environment>/`.
///
/// The base has none: it is no environment, and nothing is ever deployed from it.
#[must_use]
pub fn artefacts(platform: &Platform) -> Vec<Artefact> {
    let Some(environment) = &platform.environment else { return Vec::new() };
    // What people read and run is of the platform as a whole: it is the same for one tenant and for ten thousand.
    let own = tenants::without(platform);
    let own = own.as_ref();
    let mut artefacts = vec![environment::page(own, environment.as_str())];
    if platform.secret_store == SecretStore::Kubernetes {
        artefacts.extend(secrets::examples(platform));
    }
    if let Some(tool) = local::Tool::of(platform.cluster.kind) {
        artefacts.push(cluster_config::config(&platform.cluster, &platform.development, tool));
        artefacts.extend(skaffold::file(platform, tool));
        artefacts.extend(scripts::scripts(own, tool, scripts::Tenants::of(platform)));
    }
    artefacts.extend(charts::files(own));
    artefacts.extend(peers::files(own));
    artefacts.extend(vault::files(own));
    artefacts.extend(oidc::files(own));
    artefacts
}

/// The files that all environments share, `elsewhere` those that run on no cluster; their paths relative to the root of the output.
#[must_use]
pub fn shared_artefacts(
    base: &Platform,
    environments: &[&Platform],
    elsewhere: &[Elsewhere],
) -> Vec<Artefact> {
    let base = tenants::without(base);
    let all: Vec<_> = environments.iter().map(|platform| tenants::without(platform)).collect();
    let environments: Vec<&Platform> = all.iter().map(std::convert::AsRef::as_ref).collect();
    let (base, environments) = (base.as_ref(), environments.as_slice());
    let mut artefacts = vec![
        Artefact::text(".gitignore", git_ignore(environments)),
        Artefact::text("README.md", readme::page(base, environments, elsewhere)),
    ];
    artefacts.extend(gates::files(base, environments));
    artefacts
}

fn git_ignore(environments: &[&Platform]) -> String {
    let mut lines = vec![
        "# Real secret values. Their examples end in `.yaml.example` and are committed.".to_owned(),
        "/overlays/*/secrets/*.yaml".to_owned(),
    ];
    let folders: Vec<String> = environments.iter().filter_map(|platform| data_folder(platform)).collect();
    if !folders.is_empty() {
        lines.push("# Volumes of local clusters.".to_owned());
        lines.extend(folders);
    }
    let keys = environments.iter().filter(|platform| platform.cluster.encrypt_secrets);
    let keys: Vec<String> = keys
        .filter_map(|platform| {
            Some(format!("/overlays/{}/{}/", platform.environment.as_ref()?, encryption::FOLDER))
        })
        .collect();
    if !keys.is_empty() {
        lines.push("# The keys that local clusters encrypt Secrets with.".to_owned());
        lines.extend(keys);
    }
    lines.join("\n") + "\n"
}

/// The folder that keeps the volumes of a local cluster, where it lies beside the kustomization.
fn data_folder(platform: &Platform) -> Option<String> {
    let environment = platform.environment.as_ref()?;
    let folder = platform.cluster.data_folder.trim_start_matches("./").trim_end_matches('/');
    let inside =
        !folder.is_empty() && !folder.starts_with(['/', '~']) && !folder.split('/').any(|part| part == "..");
    let plain = !folder.contains(['\n', '*', '?', '[', '\\']);
    (inside && plain).then(|| format!("/overlays/{environment}/{folder}/"))
}

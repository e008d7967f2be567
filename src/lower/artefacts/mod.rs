//! The files of an environment that are no cluster objects: cluster configuration, scripts, examples of Secrets, pages.
//!
//! Takes platforms; gives [`Artefact`]s. Like all of `lower/` it is total and pure. No artefact holds a secret value, a
//! time or a path of a machine.

mod cluster_config;
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

use serde_json::Value;

use crate::model::{Elsewhere, Platform, SecretStore};

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
    let mut artefacts = vec![environment::page(platform, environment.as_str())];
    if platform.secret_store == SecretStore::Kubernetes {
        artefacts.extend(secrets::examples(platform));
    }
    if let Some(tool) = local::Tool::of(platform.cluster.kind) {
        artefacts.push(cluster_config::config(&platform.cluster, &platform.development, tool));
        artefacts.extend(skaffold::file(platform, tool));
        artefacts.extend(scripts::scripts(platform, tool));
    }
    artefacts.extend(peers::files(platform));
    artefacts.extend(vault::files(platform));
    artefacts.extend(oidc::files(platform));
    artefacts
}

/// The files that all environments share, `elsewhere` those that run on no cluster; their paths relative to the root of the output.
#[must_use]
pub fn shared_artefacts(
    base: &Platform,
    environments: &[&Platform],
    elsewhere: &[Elsewhere],
) -> Vec<Artefact> {
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

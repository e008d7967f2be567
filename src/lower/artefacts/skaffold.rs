//! The configuration of Skaffold: `skaffold/v4beta13` (<https://skaffold.dev/docs/references/yaml/>).
//!
//! It lies beside the kustomization of the environment, builds an image for each folder of sources, brings changed files
//! into running containers, and applies the overlay. Paths are relative to it: the platform's folder is three above.

use serde::Serialize;

use super::Artefact;
use super::local::Tool;
use crate::model::{Build, FileSync, Platform};
use crate::value::Value;

/// The way from `out/overlays/<environment>/` to the platform's folder.
const UP: &str = "../../..";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    build: BuildConfig,
    manifests: Manifests,
    deploy: Deploy,
}

#[derive(Serialize)]
struct Metadata {
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildConfig {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    insecure_registries: Vec<String>,
    artifacts: Vec<ArtifactConfig>,
    tag_policy: TagPolicy,
    local: Local,
}

#[derive(Serialize)]
struct ArtifactConfig {
    image: String,
    context: String,
    docker: Docker,
    #[serde(skip_serializing_if = "Option::is_none")]
    sync: Option<SyncConfig>,
}

#[derive(Serialize)]
struct Docker {
    dockerfile: String,
}

#[derive(Serialize)]
struct SyncConfig {
    manual: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    src: String,
    dest: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    strip: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TagPolicy {
    input_digest: Empty,
}

#[derive(Serialize)]
struct Empty {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Local {
    push: bool,
    use_buildkit: bool,
}

#[derive(Serialize)]
struct Manifests {
    kustomize: Kustomize,
}

#[derive(Serialize)]
struct Kustomize {
    paths: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deploy {
    kube_context: String,
    kubectl: Empty,
}

/// The file, where developers work with Skaffold.
pub(super) fn file(platform: &Platform, tool: Tool) -> Option<Artefact> {
    let development = &platform.development;
    if !development.skaffold {
        return None;
    }
    let registry = development.registry.as_ref().map(|(name, port)| format!("{name}:{port}"));
    let config = Config {
        api_version: "skaffold/v4beta13",
        kind: "Config",
        metadata: Metadata { name: platform.name.to_string() },
        build: BuildConfig {
            insecure_registries: registry.into_iter().collect(),
            artifacts: development.builds.iter().map(artifact).collect(),
            // The same sources give the same tag, so nothing that did not change is rolled out.
            tag_policy: TagPolicy { input_digest: Empty {} },
            local: Local { push: development.registry.is_some(), use_buildkit: true },
        },
        manifests: Manifests { kustomize: Kustomize { paths: ["."] } },
        deploy: Deploy { kube_context: tool.context(&platform.cluster), kubectl: Empty {} },
    };
    Some(Artefact::yaml("skaffold.yaml", crate::value::to_value(&config).unwrap_or(Value::Null)))
}

/// The image is called as in the Deployments: Skaffold puts what it built in the place of that name.
fn artifact(build: &Build) -> ArtifactConfig {
    let sync: Vec<Rule> = build.sync.iter().map(rule).collect();
    ArtifactConfig {
        image: build.image.clone(),
        context: format!("{UP}/{}", build.context.trim_start_matches("./")),
        docker: Docker { dockerfile: build.dockerfile.clone() },
        sync: (!sync.is_empty()).then_some(SyncConfig { manual: sync }),
    }
}

fn rule(sync: &FileSync) -> Rule {
    Rule { src: sync.from.clone(), dest: sync.to.clone(), strip: sync.strip.clone() }
}

//! What developers work with: the registry, the tool that follows the sources, and the gates.
//!
//! Refuses an inner loop where it would do nothing, or apply to a cluster that others deliver to.

use std::collections::BTreeMap;

use super::regions::codes::INNER_LOOP;
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::{Build, Cluster, Development, FileSync, Quality};
use crate::names::{ImageRef, PortNumber};
use crate::source::KeyPath;
use crate::spec;

pub(super) fn build(scope: &mut Scope<'_>, cluster: Option<&Cluster>) -> Development {
    let environment = scope.spec.environment.as_ref();
    let skaffold = environment.is_some_and(|environment| environment.inner_loop.is_some());
    let spec = environment.and_then(|environment| environment.cluster.as_ref());
    let registry = spec.and_then(|cluster| cluster.registry.as_ref());
    let load_balancer = spec.and_then(|cluster| cluster.load_balancer).unwrap_or(false);
    let path = KeyPath::of(["environment", "cluster", "registry"]);
    let registry = registry.and_then(|registry| {
        let name = scope.required(&path, "name", registry.name.clone());
        let port = registry.port.unwrap_or(5000).to_string();
        Some((name?, scope.parse(&path.key("port"), &port, PortNumber::parse)?))
    });
    if skaffold && cluster.is_some_and(|cluster| !cluster.kind.is_local()) {
        let path = KeyPath::of(["environment", "inner-loop"]);
        let kind = cluster.map_or("", |cluster| cluster.kind.as_str());
        let message = format!(
            "an inner loop applies to the cluster directly, and `{kind}` is not on the developer's machine"
        );
        let problem = Diagnostic::new(&INNER_LOOP, message).at(scope.span(&path), "");
        scope.report(problem.hint("remove `inner-loop`, or give the environment `cluster = \"k3d\"`"));
    }
    let regions = enabled(scope.spec.regions.as_ref(), |region| region.enabled);
    let regions =
        regions.into_iter().map(|(key, region)| region.label.clone().unwrap_or_else(|| key.to_owned()));
    Development {
        regions: regions.collect(),
        registry,
        load_balancer,
        skaffold,
        builds: builds(scope, skaffold),
        quality: scope.spec.quality.as_ref().map(quality),
    }
}

/// An image for each of the sources; versions of one workload that are built from the same ones share it.
fn builds(scope: &mut Scope<'_>, skaffold: bool) -> Vec<Build> {
    let mut builds: BTreeMap<String, Build> = BTreeMap::new();
    for (key, workload) in enabled(scope.spec.workloads.as_ref(), |workload| workload.enabled) {
        let Some(spec) = &workload.build else { continue };
        let path = KeyPath::of(["workloads", key]);
        let context = scope.required(&path.key("build"), "context", spec.context.clone());
        let image = workload.image.as_deref().and_then(|image| ImageRef::parse(image).ok());
        let (Some(context), Some(image)) = (context, image) else { continue };
        if skaffold {
            check(scope, &path, workload, &image);
        }
        let sync = spec.sync.iter().flatten().map(|sync| FileSync {
            from: sync.from.clone().unwrap_or_else(|| "**".to_owned()),
            to: sync.to.clone().unwrap_or_else(|| ".".to_owned()),
            strip: sync.strip.clone().unwrap_or_default(),
        });
        let build = Build {
            image: image.name(),
            context,
            dockerfile: spec.dockerfile.clone().unwrap_or_else(|| "Dockerfile".to_owned()),
            sync: sync.collect(),
        };
        builds.entry(build.image.clone()).or_insert(build);
    }
    builds.into_values().collect()
}

fn check(scope: &mut Scope<'_>, path: &KeyPath, workload: &spec::Workload, image: &ImageRef) {
    if image.digest().is_some() {
        let message = format!("`{path}.image` has a digest, and Skaffold replaces images by tag alone");
        let problem = Diagnostic::new(&INNER_LOOP, message).at(scope.span(&path.key("image")), "");
        scope.report(problem.hint("give it an image without a digest in this environment"));
    }
    let follows = workload.build.as_ref().is_some_and(|build| build.sync.is_some());
    let read_only = workload.security.as_ref().and_then(|security| security.read_only_root).unwrap_or(false);
    if follows && read_only {
        let message = format!("`{path}` is followed file by file, and its root file system is read-only");
        let problem = Diagnostic::new(&INNER_LOOP, message).at(scope.key_span(&path.key("build")), "");
        let problem = problem.at(scope.span(&path.key("security").key("read-only-root")), "read-only here");
        scope.report(problem.hint("set `security.read-only-root = false` in this environment"));
    }
}

fn quality(spec: &spec::Quality) -> Quality {
    let sources = spec.sources.iter().flatten().map(|(folder, language)| {
        let word = match language {
            spec::Language::Go => "go",
            spec::Language::Node => "node",
            spec::Language::Python => "python",
        };
        (folder.clone(), word)
    });
    let severities = || vec!["HIGH".to_owned(), "CRITICAL".to_owned()];
    Quality {
        platform_file: spec.platform_file.clone().unwrap_or_else(|| "platform.toml".to_owned()),
        output: spec.output.clone().unwrap_or_else(|| "out".to_owned()),
        sources: sources.collect(),
        secrets: match spec.secrets {
            Some(spec::SecretScanner::Trufflehog) => "trufflehog",
            Some(spec::SecretScanner::Gitleaks) | None => "gitleaks",
        },
        code: match spec.code {
            Some(spec::CodeScanner::Sonarqube) => "sonarqube",
            Some(spec::CodeScanner::Semgrep) | None => "semgrep",
        },
        dependencies: match spec.dependencies {
            Some(spec::DependencyScanner::Snyk) => "snyk",
            Some(spec::DependencyScanner::Dependabot) | None => "dependabot",
        },
        image_severities: spec.image_severities.clone().unwrap_or_else(severities),
    }
}

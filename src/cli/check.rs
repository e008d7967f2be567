//! `bayplan check`: judge the platform or a tree of manifests, and write nothing.

use super::End;
use super::arguments::{Check, Weight};
use super::session::{Session, print, say};
use super::tree;
use crate::compile::Compilation;
use crate::diag::render::summary;
use crate::diag::{Diagnostic, Severity};
use crate::emit;
use crate::lower::peer_policies;
use crate::names::KubernetesVersion;

pub(super) fn run(session: &Session, verb: &Check) -> End {
    let kubernetes = match verb.kubernetes.as_deref().map(KubernetesVersion::parse).transpose() {
        Ok(version) => version,
        Err(error) => {
            say(&format!("error: {}\n", error.message()));
            return End::Failure;
        }
    };
    if !verb.targets.is_empty() && (verb.targets.iter().any(|it| is_path(it)) || !session.has_platform()) {
        return tree::run(session, verb, kubernetes);
    }
    let output =
        session.compile_with_advice(kubernetes, verb.tree.profile.map(tree::profile).unwrap_or_default());
    if let Some(Err(unknown)) = output.compilation.as_ref().map(|found| found.select(&verb.targets)) {
        return session.fail(&unknown);
    }
    let concerns = |diagnostic: &&Diagnostic| {
        verb.targets.is_empty()
            || diagnostic.environments.is_empty()
            || diagnostic.environments.iter().any(|name| verb.targets.contains(name))
    };
    let found: Vec<Diagnostic> = output.diagnostics.iter().filter(concerns).cloned().collect();
    session.show_or_count(&found, &output.sources, verb);
    if let Some(compilation) = output.compilation.as_ref().filter(|_| verb.peers) {
        print(&peers(compilation, &verb.targets));
    }
    session.tell(&verdict(output.compilation.as_ref(), &found));
    let fail_on = verb.fail_on.map_or(Severity::Warning, Weight::severity);
    match (output.compilation.is_some(), found.iter().any(|diagnostic| diagnostic.severity <= fail_on)) {
        (false, _) => End::Failure,
        (true, true) => End::Findings,
        (true, false) => End::Fine,
    }
}

/// Whether a target can be no environment: those are labels, without a slash or a dot.
pub(super) fn is_path(target: &str) -> bool {
    target == "-" || target.contains(['/', '\\', '.'])
}

/// The policies for the owners of other namespaces, as one stream of YAML.
fn peers(compilation: &Compilation, environments: &[String]) -> String {
    let wanted = |name: &String| environments.is_empty() || environments.contains(name);
    let models = compilation.environments.iter().filter(|(name, _)| wanted(name));
    let policies: Vec<crate::value::Value> = models
        .flat_map(|(_, compiled)| peer_policies(&compiled.model))
        .flat_map(|(_, policies)| policies)
        .collect();
    emit::documents(&policies)
}

/// `checked 171 objects in 3 environments: 2 warnings`.
fn verdict(compilation: Option<&Compilation>, found: &[Diagnostic]) -> String {
    let summary = match summary(found) {
        none if none.is_empty() => "nothing to mend".to_owned(),
        summary => summary,
    };
    let Some(compilation) = compilation else { return format!("the platform does not compile: {summary}") };
    if compilation.environments.is_empty() {
        let objects = compilation.base.objects.len();
        return format!(
            "checked {objects} objects of the base, which no `[environments.NAME]` uses yet: {summary}"
        );
    }
    let objects: usize = compilation.environments.values().map(|compiled| compiled.objects.len()).sum();
    let environments = compilation.environments.len();
    format!("checked {objects} objects in {environments} environments: {summary}")
}

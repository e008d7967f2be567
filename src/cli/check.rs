//! `bayplan check`: judge the platform, and write nothing.

use super::End;
use super::arguments::{Check, Format};
use super::session::{Session, Show, print, say};
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
    let output = session.compile(kubernetes);
    if let Some(Err(unknown)) = output.compilation.as_ref().map(|found| found.select(&verb.environments)) {
        return session.fail(&unknown);
    }
    let concerns = |diagnostic: &&Diagnostic| {
        verb.environments.is_empty()
            || diagnostic.environments.is_empty()
            || diagnostic.environments.iter().any(|name| verb.environments.contains(name))
    };
    let found: Vec<Diagnostic> = output.diagnostics.iter().filter(concerns).cloned().collect();
    session.show(&found, &output.sources, if verb.notes { Show::Notes } else { Show::Warnings });
    if let Some(compilation) = output.compilation.as_ref().filter(|_| verb.peers) {
        print(&peers(compilation, &verb.environments));
    }
    if session.format() == Format::Text {
        let objects = output.compilation.as_ref().map_or(0, |compilation| {
            compilation.environments.values().map(|compiled| compiled.objects.len()).sum::<usize>()
        });
        let judged = output.compilation.as_ref().map_or_else(
            || "the platform does not compile".to_owned(),
            |compilation| format!("{objects} objects in {} environments", compilation.environments.len()),
        );
        session.tell(&format!("checked {judged}: {}", summary(&found)));
    }
    match (output.compilation.is_some(), found.iter().any(|diagnostic| diagnostic.severity != Severity::Note))
    {
        (false, _) => End::Failure,
        (true, true) => End::Findings,
        (true, false) => End::Fine,
    }
}

/// The policies for the owners of other namespaces, as one stream of YAML.
fn peers(compilation: &Compilation, environments: &[String]) -> String {
    let wanted = |name: &String| environments.is_empty() || environments.contains(name);
    let models = compilation.environments.iter().filter(|(name, _)| wanted(name));
    let policies: Vec<serde_json::Value> = models
        .flat_map(|(_, compiled)| peer_policies(&compiled.model))
        .flat_map(|(_, policies)| policies)
        .collect();
    emit::documents(&policies)
}

//! `bayplan check PATH…`: judge manifests that any tool has written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::End;
use super::arguments::{Check, Profile, Weight};
use super::session::{Session, say};
use crate::check;
use crate::definitions::FOLDER;
use crate::diag::render::summary;
use crate::host::OsHost;
use crate::judge::{CONFIG, Request, Verdict, judge};
use crate::manifest::Reason;
use crate::names::KubernetesVersion;

pub(super) fn run(session: &Session, verb: &Check, kubernetes: Option<KubernetesVersion>) -> End {
    let host = OsHost::new(".");
    let request = Request {
        paths: verb.targets.iter().map(PathBuf::from).collect(),
        kubernetes,
        profile: verb.tree.profile.map(profile),
        config: verb.tree.config.clone().or_else(|| beside(verb)),
        crds: definitions(session, verb),
        against: verb.tree.against.clone(),
        fail_on: verb.fail_on.map(Weight::severity),
        threads: verb.tree.threads,
    };
    let verdict = judge(&host, &request);
    session.show_or_count(&verdict.diagnostics, &verdict.sources, verb);
    if verb.tree.verbose {
        say(&passed_over(&verdict));
    }
    session.tell(&line(&verdict));
    let is_clean = verdict.diagnostics.iter().all(|diagnostic| diagnostic.severity > verdict.fail_on);
    match (verdict.complete, is_clean) {
        (false, _) => End::Failure,
        (true, false) => End::Findings,
        (true, true) => End::Fine,
    }
}

pub(super) const fn profile(profile: Profile) -> check::Profile {
    match profile {
        Profile::Api => check::Profile::Api,
        Profile::Default => check::Profile::Default,
        Profile::Strict => check::Profile::Strict,
    }
}

/// The configuration in the folder that is checked, if there is one and it is the only one.
fn beside(verb: &Check) -> Option<PathBuf> {
    let [only] = verb.targets.as_slice() else { return None };
    let path = Path::new(only).join(CONFIG);
    path.is_file().then_some(path)
}

/// The definitions that were named, and those that are kept beside the platform.
fn definitions(session: &Session, verb: &Check) -> Vec<PathBuf> {
    let kept = session.folder().join(FOLDER);
    verb.tree.crd.iter().cloned().chain(kept.is_dir().then_some(kept)).collect()
}

fn passed_over(verdict: &Verdict) -> String {
    let mut text = String::new();
    for (name, reason) in &verdict.passed {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "passed over {name}: {reason}");
    }
    text
}

/// `checked 74 objects in 60 files against Kubernetes 1.35: 2 errors; passed over 1 kustomization`.
fn line(verdict: &Verdict) -> String {
    let found = match summary(&verdict.diagnostics) {
        none if none.is_empty() => "nothing to mend".to_owned(),
        summary => summary,
    };
    let counted = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let mut line = format!(
        "checked {} in {} against Kubernetes {} (profile {}): {found}",
        counted(verdict.objects, "object"),
        counted(verdict.files, "file"),
        verdict.kubernetes,
        verdict.profile
    );
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (_, reason) in &verdict.passed {
        *reasons.entry(family(reason)).or_default() += 1;
    }
    if !reasons.is_empty() {
        let parts: Vec<String> =
            reasons.iter().map(|(reason, count)| format!("{count} × {reason}")).collect();
        // Writing to a string cannot fail.
        let _ = write!(line, "\npassed over: {}", parts.join(", "));
    }
    line
}

/// Configurations of all tools count as one sort.
fn family(reason: &Reason) -> String {
    match reason {
        Reason::ToolConfig(_) => "configuration of a tool".to_owned(),
        other => other.to_string(),
    }
}

//! Public manifests of well-known projects (`tests/cases/public/README.md`): a cluster takes them, so the profile `api` finds
//! nothing to refuse in them, and what the profile `default` finds is counted, so that a new false alarm is seen.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bayplan::check::Profile;
use bayplan::diag::Severity;
use bayplan::host::OsHost;
use bayplan::judge::{Request, Verdict, judge};
use bayplan::names::KubernetesVersion;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders of the projects, by name.
fn projects() -> BTreeMap<String, PathBuf> {
    let entries = fs::read_dir(root().join("tests/cases/public")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.is_dir());
    folders.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path)).collect()
}

fn verdict(project: &Path, profile: Profile, kubernetes: KubernetesVersion) -> Verdict {
    let paths = vec![PathBuf::from(".")];
    let request =
        Request { paths, profile: Some(profile), kubernetes: Some(kubernetes), ..Request::default() };
    let verdict = judge(&OsHost::new(project), &request);
    assert!(verdict.complete && verdict.objects > 1, "{}: {:?}", project.display(), verdict.diagnostics);
    verdict
}

#[test]
fn a_cluster_takes_them() {
    let mut refused = Vec::new();
    for (name, project) in projects() {
        for version in KubernetesVersion::ALL {
            let errors = verdict(&project, Profile::Api, version).diagnostics;
            let errors = errors.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
            refused.extend(errors.map(|error| {
                format!(
                    "{name} on {version:?}: [{}] {} at {:?}",
                    error.code.name, error.message, error.object
                )
            }));
        }
    }
    assert!(
        refused.is_empty(),
        "false alarms, or the manifests are not what they were:\n{}",
        refused.join("\n")
    );
}

#[test]
fn nothing_new_is_said_of_them() {
    let mut text = String::new();
    for (name, project) in projects() {
        let found = verdict(&project, Profile::Default, KubernetesVersion::V1_37);
        let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
        for diagnostic in &found.diagnostics {
            *counts.entry((diagnostic.severity, diagnostic.code.name)).or_default() += 1;
        }
        let _ = writeln!(text, "{name}: {} objects", found.objects);
        for ((severity, code), count) in counts {
            let _ = writeln!(text, "  {count:3} {severity:?} {code}");
        }
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/public"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("public", text));
}

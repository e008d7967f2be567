//! Docker Compose: files become platforms that compile, nothing secret is passed on, and what is lost is said.
//!
//! Each folder below `tests/cases/compose/` has a `compose.yaml`; the platform that it becomes and what is said of it are
//! snapshots. A folder whose name begins with `bad-` is refused.

use std::path::{Path, PathBuf};

use bayplan::compile::{ImportRequest, Request, compile, import_compose};
use bayplan::diag::render::{Color, Style, text};
use bayplan::host::OsHost;
use bayplan::source::Sources;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> Vec<(String, PathBuf)> {
    let folder = root().join("tests/cases/compose");
    let entries = std::fs::read_dir(folder).expect("the cases are part of the checkout");
    let folders = entries.map(|entry| entry.expect("the cases can be read").path());
    let mut cases: Vec<(String, PathBuf)> = folders
        .map(|folder| (folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), folder))
        .collect();
    cases.sort();
    cases
}

fn request(group: Option<&str>) -> ImportRequest {
    ImportRequest {
        files: vec!["compose.yaml".to_owned()],
        group: group.map(str::to_owned),
        name: "imported".to_owned(),
        renamed: false,
    }
}

fn said(diagnostics: &[bayplan::diag::Diagnostic], sources: &Sources) -> String {
    text(diagnostics, sources, Style { color: Color::Never, width: 120 })
}

/// A copy of a case in which a platform can be put beside the Compose file.
fn copy(case: &Path) -> tempfile::TempDir {
    let target = tempfile::tempdir().expect("a folder can be made");
    for entry in walkdir::WalkDir::new(case).min_depth(1) {
        let entry = entry.expect("the case can be read");
        let path = target.path().join(entry.path().strip_prefix(case).expect("the walk stays below"));
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(path).expect("a folder can be made");
        } else {
            std::fs::copy(entry.path(), path).expect("a file can be copied");
        }
    }
    target
}

#[test]
fn every_case_becomes_the_platform_of_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/compose"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, folder) in cases() {
        let imported = import_compose(&OsHost::new(&folder), &request(None));
        assert_eq!(
            imported.file.is_none(),
            name.starts_with("bad-"),
            "{name}: {}",
            said(&imported.diagnostics, &imported.sources)
        );
        let platform = imported.text().unwrap_or_else(|| "refused\n".to_owned());
        let report = format!("{platform}\n# ---- said\n\n{}", said(&imported.diagnostics, &imported.sources));
        settings.bind(|| insta::assert_snapshot!(name.as_str(), report));
    }
}

#[test]
fn what_is_imported_compiles_without_an_error_or_a_warning() {
    for (name, folder) in cases().into_iter().filter(|(name, _)| !name.starts_with("bad-")) {
        let imported = import_compose(&OsHost::new(&folder), &request(None));
        let beside = copy(&folder);
        std::fs::write(beside.path().join("platform.toml"), imported.text().expect("it is a Compose file"))
            .expect("a platform can be written");
        let output = compile(&OsHost::new(beside.path()), &Request::default());
        assert!(output.compilation.is_some(), "{name}:\n{}", said(&output.diagnostics, &output.sources));
        assert!(output.diagnostics.is_empty(), "{name}:\n{}", said(&output.diagnostics, &output.sources));
    }
}

#[test]
fn a_group_is_a_file_that_a_platform_includes() {
    let folder = root().join("tests/cases/compose/shop");
    let imported = import_compose(&OsHost::new(&folder), &request(Some("shop")));
    let beside = copy(&folder);
    let whole = "include = [\"shop.toml\"]\n[platform]\nname = \"all\"\nkubernetes = \"1.35\"\n\
        [namespaces.ingress]\nexternal = true\n\
        [ingress]\ncontroller = \"traefik\"\nnamespace = \"ingress\"\nclass = \"traefik\"\n";
    std::fs::write(beside.path().join("platform.toml"), whole).expect("a platform can be written");
    std::fs::write(beside.path().join("shop.toml"), imported.text().expect("it is a Compose file"))
        .expect("a file can be written");
    let output = compile(&OsHost::new(beside.path()), &Request::default());
    let compiled =
        output.compilation.unwrap_or_else(|| panic!("{}", said(&output.diagnostics, &output.sources)));
    let namespaces = compiled.base.model.workloads.iter().map(|it| it.namespace.as_str());
    assert!(namespaces.clone().count() > 5 && namespaces.into_iter().all(|it| it == "shop"));
}

/// Every value that is secret in the cases: they are written nowhere else, so that they are easily looked for.
const VALUES: [&str; 8] = [
    "correct-horse-battery-staple",
    "hunter2-the-second",
    "a8f5f167f44f4964e6c998dee827110c",
    "sk_live_abcdefghijklmnop1234",
    "Correct-Horse-9",
    "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "rabbit-of-caerbannog",
    "swordfish-4711",
];

#[test]
fn no_secret_value_is_passed_on_or_shown() {
    let mut seen = 0;
    for (name, folder) in cases() {
        for file in ["compose.yaml", ".env", "api.env"] {
            let text = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
            seen += VALUES.iter().filter(|value| text.contains(**value)).count();
        }
        let imported = import_compose(&OsHost::new(&folder), &request(None));
        let shown = said(&imported.diagnostics, &imported.sources);
        let whole = imported.text().unwrap_or_default() + &shown;
        for value in VALUES {
            assert!(!whole.contains(value), "{name}: {value}");
        }
    }
    assert!(seen >= VALUES.len(), "the cases hold the values that are looked for");
}

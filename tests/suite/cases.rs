//! What bad input gets: each folder below `tests/cases/platform/` is a platform, and `snapshots/diagnostics/` holds what
//! is said of it.
//!
//! Adding a case is dropping a folder with a `platform.toml`, whose first line says what the mistake is and what should
//! happen. A folder called `ok-…` compiles without a word, one called `warn-…` with findings that are no errors; every
//! other has at least one error. A file `environment` in the folder names the environment that somebody asks for, a file `profile` the
//! rules that they want advice from.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use bayplan::check::{self, Profile};
use bayplan::compile::{Output, Request, compile};
use bayplan::diag::render::{Color, Style, text};
use bayplan::diag::{Diagnostic, Severity};
use bayplan::host::OsHost;
use bayplan::resolve::{self, Input};
use bayplan::source::{Damage, Sources};
use bayplan::spec;

/// Codes whose findings have no place in a file: what is wrong is on the command line, or the file is not there.
const PLACELESS: [&str; 2] = ["file-unreadable", "unknown-environment"];

/// Cases whose mistake is found by a rule over objects that is still to come.
const AWAITING_A_RULE: [&str; 1] = ["two-entities-one-object"];

/// One folder.
struct Case {
    name: String,
    folder: PathBuf,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> Vec<Case> {
    let folder = root().join("tests/cases/platform");
    let entries = std::fs::read_dir(folder).expect("the cases are part of the checkout");
    let folders = entries.map(|entry| entry.expect("the cases can be read").path());
    let mut cases: Vec<Case> = folders.map(|folder| Case { name: file_name(&folder), folder }).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Compiles a case, and looks for the environment that somebody asks for where the case names one.
fn judge(case: &Case) -> Output {
    let host = OsHost::new(&case.folder);
    let asked = std::fs::read_to_string(case.folder.join("profile")).unwrap_or_default();
    let advice = Profile::ALL.into_iter().find(|profile| profile.as_str() == asked.trim());
    let mut output = compile(&host, &Request { advice, ..Request::default() });
    if let Ok(name) = std::fs::read_to_string(case.folder.join("environment")) {
        output.diagnostics.extend(ask_for(&case.folder, name.trim()));
    }
    output
}

/// What is said to somebody who asks for the environment `name`.
fn ask_for(folder: &Path, name: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let text =
        std::fs::read_to_string(folder.join("platform.toml")).expect("a case that asks has a platform");
    let file = sources.add("platform.toml", text);
    let mut document = spec::parse(&sources, file).expect("a case that asks is valid TOML");
    let mut damage = Damage::default();
    drop(spec::Shape::default().check(&mut document, &mut damage));
    let input = Input {
        document: &document,
        sources: &sources,
        files: &std::collections::BTreeMap::new(),
        environment: Some(name),
        damage: &damage,
    };
    resolve::resolve(input).value.expect_err("a case that asks is refused")
}

fn render(output: &Output) -> String {
    text(&output.diagnostics, &output.sources, Style { color: Color::Never, width: 120 })
}

/// The complaints of `check` about every case, all of them, not the first alone.
fn complain(check: impl Fn(&Case, Output) -> Vec<String>) {
    let complaints: Vec<String> = cases()
        .iter()
        .flat_map(|case| {
            let said = check(case, judge(case));
            said.into_iter().map(|complaint| format!("{}: {complaint}", case.name))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_case_says_what_its_snapshot_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/diagnostics"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let agrees = |case: &Case| {
        settings.bind(|| {
            let check = || insta::assert_snapshot!(case.name.as_str(), render(&judge(case)));
            catch_unwind(AssertUnwindSafe(check)).is_ok()
        })
    };
    let changed: Vec<String> =
        cases().into_iter().filter(|case| !agrees(case)).map(|case| case.name).collect();
    assert!(
        changed.is_empty(),
        "these cases say something else than snapshots/diagnostics: {}\nrun `just snapshots` and review the difference",
        changed.join(", ")
    );
}

#[test]
fn every_case_ends_as_its_name_says() {
    complain(|case, output| {
        let worst = output.diagnostics.iter().map(|diagnostic| diagnostic.severity).min();
        let ends_well = match case.name.split_once('-') {
            Some(("ok", _)) => worst.is_none(),
            Some(("warn", _)) => worst > Some(Severity::Error),
            _ => worst == Some(Severity::Error) || AWAITING_A_RULE.contains(&case.name.as_str()),
        };
        let sound = worst != Some(Severity::Error) || case.folder.join("environment").exists();
        let mut complaints = Vec::new();
        if !ends_well {
            complaints.push(format!("it ends with {worst:?}:\n{}", render(&output)));
        }
        if output.compilation.is_some() != sound {
            complaints.push("an invalid platform is compiled, or a sound one is not".to_owned());
        }
        complaints
    });
}

#[test]
fn every_case_gets_the_same_answer_twice() {
    complain(|case, output| {
        let again = render(&judge(case));
        if render(&output) == again {
            Vec::new()
        } else {
            vec![format!("it differs the second time:\n{again}")]
        }
    });
}

#[test]
fn every_finding_has_a_place_and_a_remedy() {
    complain(|_, output| {
        let lacking = output.diagnostics.iter().filter(|diagnostic| {
            let placed = !diagnostic.labels.is_empty() || PLACELESS.contains(&diagnostic.code.name);
            // What advice there is on practice is long, and `bayplan explain` has it.
            let is_advice = check::rule(diagnostic.code.name)
                .is_some_and(|rule| rule.family.is_practice() && rule.code.name != "custom-rule");
            let mended = !diagnostic.hints.is_empty() || diagnostic.severity == Severity::Note || is_advice;
            !placed || !mended
        });
        lacking.map(|diagnostic| format!("no place or no remedy: {}", diagnostic.message)).collect()
    });
}

#[test]
fn no_mistake_is_reported_twice() {
    complain(|_, output| {
        let mut seen = BTreeSet::new();
        let twice = output.diagnostics.iter().filter(|diagnostic| {
            let place = diagnostic.labels.first().map(|label| label.span);
            !seen.insert((diagnostic.code.name, &diagnostic.message, place))
        });
        twice.map(|diagnostic| format!("reported twice: {}", diagnostic.message)).collect()
    });
}

#[test]
fn every_case_says_in_its_first_line_what_it_is() {
    let silent = |case: &Case| {
        let Ok(bytes) = std::fs::read(case.folder.join("platform.toml")) else { return false };
        !bytes.is_empty() && !bytes.starts_with(b"# ")
    };
    let silent: Vec<String> = cases().into_iter().filter(silent).map(|case| case.name).collect();
    assert!(silent.is_empty(), "the first line of these is no comment: {}", silent.join(", "));
}

#[test]
fn every_code_of_the_language_has_a_case() {
    let shown: BTreeSet<&str> = cases()
        .iter()
        .flat_map(|case| judge(case).diagnostics)
        .map(|diagnostic| diagnostic.code.name)
        .collect();
    let codes = spec::CODES.iter().chain(resolve::CODES).chain(resolve::ROUTE_CODES).map(|code| code.name);
    let bare: Vec<&str> = codes.filter(|code| !shown.contains(code)).collect();
    assert!(bare.is_empty(), "these codes have no case below tests/cases/platform: {}", bare.join(", "));
}

#[test]
fn every_snapshot_has_a_case() {
    let names: BTreeSet<String> = cases().into_iter().map(|case| format!("{}.snap", case.name)).collect();
    let folder = root().join("snapshots/diagnostics");
    let entries = std::fs::read_dir(folder).expect("the snapshots are part of the checkout");
    let found = entries.map(|entry| file_name(&entry.expect("the snapshots can be read").path()));
    let stale: Vec<String> = found.filter(|name| !names.contains(name)).collect();
    assert!(stale.is_empty(), "these snapshots belong to no case; remove them: {}", stale.join(", "));
}

//! Small trees of the kinds that people publish: what is said of them is true, and nothing else is said.
//!
//! A folder below `tests/cases/tree` is a tree; its `findings.txt` lists what the default profile finds from one object to another
//! and what a cluster would refuse, a line each: the code, the file, the object and the field.

use std::fs;
use std::path::{Path, PathBuf};

use bayplan::check::{self, Family};
use bayplan::host::OsHost;
use bayplan::judge::{Request, judge};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tree");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// What is found in a tree, sorted.
fn found(tree: &Path) -> Vec<String> {
    let request = Request { paths: vec![PathBuf::from(".")], ..Request::default() };
    let verdict = judge(&OsHost::new(tree), &request);
    assert!(verdict.complete, "{}: {:?}", tree.display(), verdict.diagnostics);
    let asked = [Family::Schema, Family::Api, Family::References, Family::Reachability];
    let of_rules = verdict.diagnostics.iter().filter(|diagnostic| {
        let rule = check::rule(diagnostic.code.name);
        let is_asked_for = diagnostic.code.name == "key-order";
        is_asked_for
            || rule.is_some_and(|rule| {
                asked.contains(&rule.family) && rule.code.name != "unknown-custom-resource"
            })
    });
    let line = |diagnostic: &bayplan::diag::Diagnostic| {
        let place = diagnostic.labels.first().map(|label| verdict.sources.name(label.span.file).to_owned());
        let (object, field) = (diagnostic.object.as_deref(), diagnostic.field.as_deref());
        let parts = [place.as_deref(), object, field].map(|part| part.unwrap_or("-").to_owned());
        format!("{} {}", diagnostic.code.name, parts.join(" "))
    };
    let mut lines: Vec<String> = of_rules.map(line).collect();
    lines.sort();
    lines
}

#[test]
fn only_what_is_true_is_said_of_a_tree() {
    let mut wrong = Vec::new();
    for case in cases() {
        let expected = fs::read_to_string(case.join("findings.txt")).unwrap_or_default();
        let actual = found(&case);
        if actual.iter().map(String::as_str).ne(expected.lines()) {
            wrong.push(format!("{}:\n{}", case.display(), actual.join("\n")));
        }
    }
    assert!(
        wrong.is_empty(),
        "these trees are found otherwise than their findings.txt says:\n{}",
        wrong.join("\n")
    );
}

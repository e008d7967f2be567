//! `docs/wrightnow.md`: every row once, and nothing claimed that is not there.

use std::collections::BTreeSet;
use std::path::Path;

use super::tree;

fn page() -> String {
    read("docs/wrightnow.md")
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The first cells of the tables.
fn ids(page: &str) -> Vec<String> {
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" |"));
    cells.map(|(id, _)| id.to_owned()).collect()
}

#[test]
fn every_row_and_every_contradiction_stands_on_the_page_once() {
    let ids = ids(&page());
    let rows: Vec<&String> = ids.iter().filter(|id| id.starts_with("S1-")).collect();
    let expected: Vec<String> = (1..=135).map(|row| format!("S1-{row}")).collect();
    assert_eq!(rows, expected.iter().collect::<Vec<_>>());
    let numbers: Vec<usize> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    assert!(numbers.iter().copied().eq(1..=28), "{numbers:?}");
}

/// What stands between backticks on the page.
fn quoted(page: &str) -> BTreeSet<&str> {
    page.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_file_that_the_page_names_is_there() {
    let page = page();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in quoted(&page) {
        if let Some(emitted) = path.strip_prefix("out/") {
            let folder = emitted.is_empty()
                || tree().iter().any(|(known, _)| known.starts_with(emitted) && emitted.ends_with('/'));
            assert!(folder || tree().get(emitted).is_some(), "the tree has no `{path}`");
        } else if path.starts_with("src/") || path.starts_with("tests/") {
            assert!(root.join(path).exists(), "the repository has no `{path}`");
        }
    }
}

#[test]
fn every_test_that_the_page_names_is_there() {
    let page = page();
    let tests: Vec<(&str, &str)> =
        quoted(&page).into_iter().filter_map(|name| name.split_once("::")).collect();
    assert!(tests.len() > 40, "the page names its tests");
    for (module, test) in tests {
        let source = read(&format!("tests/suite/wrightnow/{module}.rs"));
        assert!(source.contains(&format!("\nfn {test}() {{\n")), "there is no test `{module}::{test}`");
    }
}

//! The house rules of the source, as tests: who may import whom, how long things may be, where a file may be read.
//!
//! A failure names each file and line and says why the rule is there. `ARCHITECTURE.md` explains the stages.

mod functions;
mod imports;
mod scan;
mod words;

use std::fmt;
use std::path::Path;

use scan::SourceFile;

/// One line that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    file: String,
    line: usize,
    why: String,
}

impl Breach {
    fn new(file: &SourceFile, line: usize, why: impl Into<String>) -> Self {
        Self { file: file.path.clone(), line, why: why.into() }
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.why)
    }
}

/// Every rule that looks at one file of `src/`.
const RULES: [fn(&SourceFile) -> Vec<Breach>; 11] = [
    imports::stages,
    imports::climbing,
    functions::lengths,
    functions::parameters,
    words::printing,
    words::panics,
    words::host_only,
    words::unordered,
    words::blurred_spans,
    words::drawers,
    words::head_and_length,
];

#[test]
fn the_source_keeps_the_house_rules() {
    let files = read_tree("src");
    let breaches = files.iter().flat_map(|file| RULES.iter().flat_map(|rule| rule(file))).collect();
    report(breaches);
}

#[test]
fn the_tests_are_named_and_headed_as_the_source_is() {
    let files = read_tree("tests");
    report(
        files.iter().flat_map(|file| [words::drawers(file), words::head_and_length(file)].concat()).collect(),
    );
}

#[test]
fn every_folder_of_the_source_is_a_stage_of_the_table() {
    let files = read_tree("src");
    let strangers = files.iter().filter(|file| imports::stage_of(file).is_none());
    let why = "this folder is no stage of the table in tests/suite/tidy/imports.rs";
    report(strangers.map(|file| Breach::new(file, 1, why)).collect());
}

#[test]
fn unwrap_and_expect_are_rare() {
    report(words::unwraps(&read_tree("src")));
}

#[test]
fn most_functions_are_short() {
    let mut lengths: Vec<usize> = read_tree("src").iter().flat_map(functions::all_lengths).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    let long = lengths[lengths.len() * 95 / 100];
    assert!(median <= 10, "half of the functions have more than {median} lines; aim at 10");
    assert!(long <= 40, "one function in twenty has more than {long} lines; aim at 40");
}

/// The Rust files below `folder`, in order of their paths.
fn read_tree(folder: &str) -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = walkdir::WalkDir::new(root.join(folder)).sort_by_file_name();
    let entries = walk.into_iter().map(|entry| entry.expect("the checkout can be read"));
    let rust = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    let texts = rust.map(|entry| {
        let path = entry.path().strip_prefix(root).expect("the walk stays below its root");
        let text = std::fs::read_to_string(entry.path()).expect("source is UTF-8");
        (path.to_string_lossy().replace('\\', "/"), text)
    });
    scan::read(texts.collect())
}

fn report(mut breaches: Vec<Breach>) {
    breaches.sort();
    let lines: Vec<String> = breaches.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "the house rules are broken in {} places:\n{}", lines.len(), lines.join("\n"));
}

/// The lines of one file, given as text, that a rule objects to.
fn lines_of(rule: fn(&SourceFile) -> Vec<Breach>, path: &str, text: &str) -> Vec<usize> {
    let files = scan::read(vec![(path.to_owned(), text.to_owned())]);
    rule(&files[0]).iter().map(|breach| breach.line).collect()
}

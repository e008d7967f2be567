//! Words that may stand in some places only, and what a file must start with.

use super::Breach;
use super::imports::roots;
use super::scan::{SourceFile, word_at};

const FILE_LINES_MOST: usize = 700;

/// Printing is the business of the command line; everything else returns.
pub(super) fn printing(file: &SourceFile) -> Vec<Breach> {
    if is_in(file, &["cli/", "cli.rs", "main.rs"]) {
        return Vec::new();
    }
    let words = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "stdout()", "stderr()"];
    refuse(file, &words, "prints; only `cli/` does")
}

/// The library never panics.
pub(super) fn panics(file: &SourceFile) -> Vec<Breach> {
    let words = ["panic!", "unreachable!", "todo!", "unimplemented!"];
    let found = file.shipped().flat_map(|(line, code)| hits(code, &words).map(move |word| (line, word)));
    found.map(|(line, word)| Breach::new(file, line, format!("`{word}`: the library never panics"))).collect()
}

/// The core is pure.
pub(super) fn host_only(file: &SourceFile) -> Vec<Breach> {
    if is_in(file, &["host/", "host.rs", "cli/", "cli.rs", "main.rs"]) {
        return Vec::new();
    }
    let why = "only `host/` touches the file system, the environment and the clock";
    let paths =
        roots(&file.code.join("\n"), "std").into_iter().filter(|(_, name)| name == "fs" || name == "env");
    let paths = paths.map(|(line, name)| Breach::new(file, line, format!("`std::{name}`: {why}")));
    paths.chain(refuse(file, &["SystemTime", "Instant"], why)).collect()
}

/// The order of a hash map is random, and sooner or later it reaches the output.
pub(super) fn unordered(file: &SourceFile) -> Vec<Breach> {
    refuse(file, &["HashMap", "HashSet"], "has no order; take `BTreeMap` or `BTreeSet`")
}

/// Attributes of serde that lose the place where a value was written.
pub(super) fn blurred_spans(file: &SourceFile) -> Vec<Breach> {
    if !is_in(file, &["spec/"]) {
        return Vec::new();
    }
    let attributes = file.numbered().filter(|(_, code)| {
        let bare = |word: &str| {
            word_at(code, word).any(|at| {
                let call = code[at + word.len()..].starts_with('(') || code[..at].ends_with('.');
                !call
            })
        };
        bare("flatten") || bare("untagged")
    });
    let why = "`flatten` and `untagged` blur the place of a value; spell the type out";
    attributes.map(|(line, _)| Breach::new(file, line, why)).collect()
}

/// A module called after nothing collects everything.
pub(super) fn drawers(file: &SourceFile) -> Vec<Breach> {
    let drawers = ["util", "utils", "helper", "helpers", "common", "misc"];
    let parts = file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let named: Vec<Breach> = parts
        .filter(|part| drawers.contains(part))
        .map(|part| Breach::new(file, 1, format!("a module called `{part}` says nothing of what is in it")))
        .collect();
    let inline = file.numbered().filter(|(_, code)| {
        let name = code.trim().trim_start_matches("pub ").strip_prefix("mod ");
        name.is_some_and(|name| drawers.contains(&name.trim_end_matches([' ', '{', ';'])))
    });
    let inline =
        inline.map(|(line, _)| Breach::new(file, line, "this module's name says nothing of what is in it"));
    named.into_iter().chain(inline).collect()
}

/// Each file says at its head what it takes, gives and refuses, and ends before it holds two subjects.
pub(super) fn head_and_length(file: &SourceFile) -> Vec<Breach> {
    let mut breaches = Vec::new();
    if !file.lines.first().is_some_and(|line| line.starts_with("//!")) {
        breaches.push(Breach::new(
            file,
            1,
            "the file must start with `//!` and say what it takes, gives and refuses",
        ));
    }
    let lines = file.lines.len();
    if lines >= FILE_LINES_MOST {
        breaches.push(Breach::new(
            file,
            lines,
            format!("{lines} lines; a file has fewer than {FILE_LINES_MOST}"),
        ));
    }
    breaches
}

/// All calls of `unwrap` and `expect` in shipped code, where they are more than one in a thousand lines.
pub(super) fn unwraps(files: &[SourceFile]) -> Vec<Breach> {
    let lines: usize = files.iter().map(|file| file.shipped().count()).sum();
    let calls = files.iter().flat_map(|file| {
        let calls =
            |code: &str| hits(code, &[".unwrap()", ".expect(", ".unwrap_err()", ".expect_err("]).count();
        let found = file.shipped().filter(move |(_, code)| calls(code) > 0);
        found.map(|(line, _)| Breach::new(file, line, "`unwrap` and `expect` are for one line in a thousand"))
    });
    let calls: Vec<Breach> = calls.collect();
    if calls.len() * 1000 > lines { calls } else { Vec::new() }
}

fn is_in(file: &SourceFile, places: &[&str]) -> bool {
    places.iter().any(|place| file.below_src().starts_with(place))
}

fn hits<'a>(code: &'a str, words: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    words.iter().copied().filter(|word| word_at(code, word).next().is_some())
}

fn refuse(file: &SourceFile, words: &[&str], why: &str) -> Vec<Breach> {
    let found = file.numbered().flat_map(|(line, code)| hits(code, words).map(move |word| (line, word)));
    found.map(|(line, word)| Breach::new(file, line, format!("`{word}`: {why}"))).collect()
}

/// Lines that a rule must object to, each in its own file: the rule, the path, the line.
#[test]
fn each_rule_catches_its_breach() {
    type Rule = fn(&SourceFile) -> Vec<Breach>;
    let cases: [(Rule, &str, &str); 16] = [
        (printing, "src/check/a.rs", "println!()"),
        (printing, "src/check/a.rs", "eprint!()"),
        (printing, "src/compile.rs", "let out = std::io::stdout();"),
        (panics, "src/check/a.rs", "panic!()"),
        (panics, "src/cli/a.rs", "unreachable!()"),
        (host_only, "src/check/a.rs", "use std::fs;"),
        (host_only, "src/check/a.rs", "use std::{collections::BTreeMap, env};"),
        (host_only, "src/compile.rs", "let now = SystemTime::now();"),
        (host_only, "src/report/a.rs", "std::time::Instant::now()"),
        (unordered, "src/cli/a.rs", "use std::collections::HashMap;"),
        (blurred_spans, "src/spec/a.rs", "#[serde(flatten)]"),
        (blurred_spans, "src/spec/a.rs", "#[serde(untagged, rename_all = \"kebab-case\")]"),
        (drawers, "src/check/util.rs", ""),
        (drawers, "src/helpers/a.rs", ""),
        (drawers, "src/check/a.rs", "mod common {"),
        (head_and_length, "src/check/a.rs", "fn f() {}"),
    ];
    for (rule, path, line) in cases {
        assert_eq!(super::lines_of(rule, path, line), [1], "{path}: {line}");
    }
}

#[test]
fn what_is_allowed_is_let_through() {
    type Rule = fn(&SourceFile) -> Vec<Breach>;
    let cases: [(Rule, &str, &str); 10] = [
        (printing, "src/cli/render.rs", "println!()"),
        (printing, "src/check/a.rs", "writeln!(out) // println!()"),
        (panics, "src/check/a.rs", "#[cfg(test)]\nmod tests {\n    panic!();\n}\n"),
        (host_only, "src/host/disk.rs", "use std::fs;"),
        (host_only, "src/check/a.rs", "let root = env!();"),
        (unordered, "src/cli/a.rs", "use std::collections::BTreeMap; // not HashMap"),
        (blurred_spans, "src/spec/a.rs", "let all = lists.flatten(); iter.flatten();"),
        (blurred_spans, "src/diag/a.rs", "#[serde(flatten)]"),
        (drawers, "src/check/commonly.rs", "mod utility;"),
        (head_and_length, "src/check/a.rs", "//! What it takes.\nfn f() {}"),
    ];
    for (rule, path, text) in cases {
        assert_eq!(super::lines_of(rule, path, text), Vec::<usize>::new(), "{path}: {text}");
    }
}

#[test]
fn a_file_of_700_lines_is_too_long() {
    let of = |lines: usize| format!("//! Head.\n{}", "\n".repeat(lines - 1));
    assert_eq!(super::lines_of(head_and_length, "src/check/a.rs", &of(699)), Vec::<usize>::new());
    assert_eq!(super::lines_of(head_and_length, "src/check/a.rs", &of(700)), [700]);
}

#[test]
fn one_unwrap_in_a_thousand_lines_is_let_through_and_two_are_not() {
    let of = |text: &str| {
        let file = ("src/check/a.rs".to_owned(), format!("{text}{}", "\n".repeat(1000)));
        unwraps(&super::scan::read(vec![file])).len()
    };
    assert_eq!(of("a.unwrap();\n"), 0);
    assert_eq!(of("a.unwrap();\nb.expect(c);\n"), 2);
    assert_eq!(of("a.unwrap();\nb.unwrap_or(c);\n"), 0);
}

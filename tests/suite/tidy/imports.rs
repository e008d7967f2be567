//! Who may import whom: the table of the stages.

use super::Breach;
use super::scan::SourceFile;

/// Each stage, and the stages that it may import beside itself. Each line follows those that it may name.
const STAGES: [(&str, &[&str]); 17] = [
    ("value", &[]),
    ("source", &["value"]),
    ("names", &["value"]),
    ("diag", &["source", "value"]),
    ("spec", &["source", "names", "diag", "value"]),
    ("model", &["source", "names", "value"]),
    ("object", &["source", "names", "value"]),
    ("resolve", &["spec", "model", "names", "source", "diag", "value"]),
    ("lower", &["model", "object", "names", "source", "value"]),
    ("manifest", &["object", "source", "diag", "value"]),
    ("check", &["object", "model", "names", "source", "diag", "value"]),
    ("layout", &["object", "names", "source", "value"]),
    ("emit", &["layout", "object", "source", "value"]),
    ("report", &["model", "object", "layout", "emit", "names", "source", "diag", "value"]),
    ("import", &["spec", "manifest", "object", "names", "source", "diag", "value"]),
    ("host", &["source", "diag", "value"]),
    ("definitions", &["host", "manifest", "check", "emit", "object", "source", "diag", "value"]),
];

/// What drives the stages may import all of them, and `cli` may import the drivers too.
const DRIVERS: [&str; 5] = ["lib", "main", "compile", "judge", "cli"];

/// The stage or driver that a file belongs to; `None` for a folder that nobody has named.
pub(super) fn stage_of(file: &SourceFile) -> Option<&str> {
    let below = file.below_src();
    let first = below.split('/').next().unwrap_or(below);
    let name = first.strip_suffix(".rs").unwrap_or(first);
    let known = STAGES.iter().any(|(stage, _)| *stage == name) || DRIVERS.contains(&name);
    known.then_some(name)
}

/// Refuses a path into a stage that the table does not allow, in a `use` or written out.
pub(super) fn stages(file: &SourceFile) -> Vec<Breach> {
    let Some(own) = stage_of(file) else { return Vec::new() };
    let used = roots(&file.code.join("\n"), "crate");
    let refused = used.into_iter().filter(|(_, target)| !may_import(own, target));
    refused
        .map(|(line, target)| {
            let why = format!("`{own}` may not import `{target}`: {}", allowed_text(own));
            Breach::new(file, line, why)
        })
        .collect()
}

fn may_import(own: &str, target: &str) -> bool {
    match own {
        _ if own == target => true,
        "lib" | "main" | "cli" => true,
        "compile" => !matches!(target, "cli" | "judge"),
        "judge" => target != "cli",
        _ => STAGES.iter().any(|(stage, allowed)| *stage == own && allowed.contains(&target)),
    }
}

fn allowed_text(own: &str) -> String {
    let allowed =
        STAGES.iter().find(|(stage, _)| *stage == own).map_or(&[] as &[&str], |(_, allowed)| allowed);
    match allowed {
        [] if own == "compile" => "it may import everything but `cli`".to_owned(),
        [] => "it may import no other stage".to_owned(),
        _ => format!("it may import {}", allowed.join(", ")),
    }
}

/// Refuses a chain of `super` that climbs to the root of the crate, from where every stage could be reached unseen.
pub(super) fn climbing(file: &SourceFile) -> Vec<Breach> {
    let parts: Vec<&str> =
        file.below_src().trim_end_matches(".rs").split('/').filter(|part| *part != "mod").collect();
    if stage_of(file).is_none_or(|stage| DRIVERS.contains(&stage)) {
        return Vec::new();
    }
    let whole_file_is_test = file.test.first().copied().unwrap_or(false);
    let climbs = file.numbered().filter(|(line, code)| {
        let inline = !whole_file_is_test && file.test[line - 1];
        longest_climb(code) >= parts.len() + usize::from(inline)
    });
    let why = "`super` climbs out of the stage; write `crate::<stage>`, which the table can judge";
    climbs.map(|(line, _)| Breach::new(file, line, why)).collect()
}

fn longest_climb(code: &str) -> usize {
    (1..8).take_while(|count| code.contains(&"super::".repeat(*count))).count()
}

/// The first part of every path that starts at `root`, groups taken apart, with its line.
pub(super) fn roots(code: &str, root: &str) -> Vec<(usize, String)> {
    let start = format!("{root}::");
    let mut found = Vec::new();
    for at in super::scan::word_at(code, &start) {
        let after = &code[at + start.len()..];
        let line = code[..at].matches('\n').count() + 1;
        match after.strip_prefix('{') {
            Some(group) => {
                found.extend(group_heads(group).into_iter().map(|(down, name)| (line + down, name)));
            }
            None => found.push((line, identifier(after))),
        }
    }
    found
}

/// The first identifier of each entry of a `{…}` group, with the line breaks before it.
fn group_heads(group: &str) -> Vec<(usize, String)> {
    let (mut depth, mut fresh, mut heads) = (0_usize, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && (c.is_alphabetic() || c == '_') => {
                heads.push((group[..at].matches('\n').count(), identifier(&group[at..])));
                fresh = false;
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn the_table_goes_downwards() {
    for (index, (stage, allowed)) in STAGES.iter().enumerate() {
        let below: Vec<&str> = STAGES[..index].iter().map(|(name, _)| *name).collect();
        for target in *allowed {
            assert!(
                below.contains(target),
                "`{stage}` may import `{target}`, which does not stand before it"
            );
        }
    }
}

#[test]
fn an_import_upwards_is_caught_however_it_is_written() {
    for (path, text, lines) in [
        ("src/source/span.rs", "use crate::diag::Code;\n", vec![1]),
        ("src/names/dns.rs", "fn f() {\n    crate::source::g();\n}\n", vec![2]),
        (
            "src/lower/mod.rs",
            "use crate::{\n    model::M,\n    spec::{self, A},\n    diag,\n};\n",
            vec![3, 4],
        ),
        ("src/model/mod.rs", "#[cfg(test)]\nmod tests {\n    use crate::resolve::resolve;\n}\n", vec![3]),
        ("src/check/mod.rs", "use crate::Compilation;\n", vec![1]),
        ("src/compile.rs", "use crate::cli::run;\n", vec![1]),
        ("src/lower/mod.rs", "use crate::{model::M, object::Object};\nuse crate::lower::x;\n", vec![]),
        ("src/names/text.rs", "// crate::source is out of reach\nlet a = \"crate::source\";\n", vec![]),
        ("src/cli/render.rs", "use crate::compile::compile;\nuse crate::spec::S;\n", vec![]),
    ] {
        assert_eq!(super::lines_of(stages, path, text), lines, "{path}: {text}");
    }
}

#[test]
fn a_climb_to_the_root_is_caught() {
    for (path, text, lines) in [
        ("src/diag/code.rs", "use super::super::spec::A;\n", vec![1]),
        ("src/diag/mod.rs", "use super::spec::A;\n", vec![1]),
        (
            "src/diag/code.rs",
            "use super::Code;\n#[cfg(test)]\nmod tests {\n    use super::super::Code;\n}\n",
            vec![],
        ),
        (
            "src/diag/code.rs",
            "#[cfg(test)]\nmod tests {\n    use super::super::super::spec::A;\n}\n",
            vec![3],
        ),
        ("src/diag/render/text.rs", "use super::super::Code;\n", vec![]),
    ] {
        assert_eq!(super::lines_of(climbing, path, text), lines, "{path}: {text}");
    }
}

#[test]
fn a_folder_outside_the_table_has_no_stage() {
    let stage = |path: &str| {
        let files = super::scan::read(vec![(path.to_owned(), String::new())]);
        stage_of(&files[0]).map(str::to_owned)
    };
    assert_eq!(stage("src/diag/render/text.rs").as_deref(), Some("diag"));
    assert_eq!(stage("src/lib.rs").as_deref(), Some("lib"));
    assert_eq!(stage("src/engine/mod.rs"), None);
}

//! Truth 8: the library never panics on any input. (That it touches no file, clock or environment outside `host/` is
//! held by `tidy.rs` and by clippy.)
//!
//! Inputs are torn and spliced versions of real platforms, platforms whose every text is arbitrary, and the inputs that
//! break parsers: deep, long, endless.

use std::collections::BTreeMap;

use bayplan::host::MemoryHost;
use bayplan::source::{Layer, Node};
use bayplan::value::Value;
use bayplan::{Output, Request, Selection, compile, compile_spec, diag, spec};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::generated::Generated;

const STARTER: &str = include_str!("../../../src/cli/starter.toml");
const WRIGHTNOW: &str = include_str!("../../../platform.toml");

/// Everything that can be asked of an input, whatever comes of it.
fn exercise(output: &Output) {
    let style = diag::render::Style { color: diag::render::Color::Always, width: 60 };
    let text = diag::render::text(&output.diagnostics, &output.sources, style);
    let json = diag::render::json(&output.diagnostics, &output.sources);
    let failed = output.compilation.is_none();
    assert!(!failed || text.contains("error") && json.contains("error"), "a failure says why");
    if let Some(compilation) = &output.compilation {
        assert!(!compilation.plan(&Selection::Everything).files.is_empty());
    }
}

fn compile_text(text: impl Into<Vec<u8>>) -> Output {
    compile(&MemoryHost::default().with_file("platform.toml", text), &Request::default())
}

/// Pieces that mean something to one of the parsers on the way.
const PIECES: [&str; 32] = [
    "",
    "\n",
    "\"",
    "'",
    "\"\"\"",
    "=",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "{{",
    "}}",
    "{% for x in",
    "{#",
    ".",
    "..",
    ",",
    "#",
    "\\u",
    "\u{0}",
    "\u{85}",
    "\u{FEFF}",
    "\u{202E}",
    "é",
    "🚢",
    "-1",
    "99999999999999999999",
    "1e999",
    "true",
    "inf",
];

/// `text` with a part of it gone, doubled, or replaced by a piece, a few times over.
fn torn(text: &'static str) -> impl Strategy<Value = String> {
    let tear = (any::<prop::sample::Index>(), 0_usize..40, any::<prop::sample::Index>(), 0_u8..3);
    prop::collection::vec(tear, 1..4).prop_map(move |tears| {
        let mut text: Vec<char> = text.chars().collect();
        for (start, length, piece, kind) in tears {
            let start = start.index(text.len() + 1);
            let end = (start + length).min(text.len());
            let part: Vec<char> = text[start..end].to_vec();
            let piece: Vec<char> = PIECES[piece.index(PIECES.len())].chars().collect();
            match kind {
                0 => drop(text.splice(start..end, [])),
                1 => drop(text.splice(start..start, part)),
                _ => drop(text.splice(start..end.min(start + 4), piece)),
            }
        }
        text.into_iter().collect()
    })
}

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_torn_platform_is_survived(text in torn(STARTER)) {
        exercise(&compile_text(text));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        exercise(&compile_text(bytes));
    }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn a_torn_reference_platform_is_survived(text in torn(WRIGHTNOW)) {
        exercise(&compile_text(text));
    }
}

proptest! {
    #![proptest_config(config(200))]

    /// A program may hand over anything that the types allow.
    #[test]
    fn any_text_in_any_field_is_survived(
        choices in prop::collection::vec(any::<u16>(), 0..200),
        spoils in prop::collection::vec((any::<prop::sample::Index>(), spoilt()), 1..4),
    ) {
        let mut document = Generated::of(choices).document();
        for (at, value) in spoils {
            let mut leaves = Vec::new();
            collect(&mut document, &mut leaves);
            if !leaves.is_empty() {
                let at = at.index(leaves.len());
                *leaves.swap_remove(at) = value;
            }
        }
        // Not everything fits the types any more; what does not is no input of this function.
        if let Ok(file) = document.typed::<spec::File>() {
            exercise(&compile_spec(&MemoryHost::default(), &Request::default(), &file));
        }
    }
}

fn spoilt() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => any::<String>().prop_map(Value::from),
        6 => prop::sample::select(PIECES.to_vec()).prop_map(Value::from),
        2 => any::<i32>().prop_map(Value::from),
        1 => Just(Value::from(i64::from(i32::MAX))),
        1 => any::<bool>().prop_map(Value::from),
        2 => (1_usize..400).prop_map(|length| Value::from("a".repeat(length))),
    ]
}

/// Every text and number of a document.
fn collect<'a>(value: &'a mut Value, leaves: &mut Vec<&'a mut Value>) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|value| collect(value, leaves)),
        Value::Array(items) => items.iter_mut().for_each(|value| collect(value, leaves)),
        leaf => leaves.push(leaf),
    }
}

const HEAD: &str = "platform = { name = \"shop\", kubernetes = \"1.35\" }\nnamespaces.core = {}\n";

/// What makes parsers run out of stack, memory or time.
#[test]
fn what_is_deep_or_long_or_endless_is_survived() {
    let deep = 200_000;
    let inputs = BTreeMap::from([
        ("arrays", format!("{HEAD}vars.a = {}{}", "[".repeat(deep), "]".repeat(deep))),
        ("tables", format!("{HEAD}vars.a = {}{}", "{a=".repeat(deep), "}".repeat(deep))),
        ("a dotted key", format!("{HEAD}vars{} = 1", ".a".repeat(deep))),
        ("a dotted header", format!("{HEAD}[vars{}]", ".a".repeat(deep))),
        ("a header that is never closed", format!("{HEAD}{}", "[".repeat(deep))),
        (
            "brackets in an expression",
            format!("{HEAD}vars.a = \"{{{{ {}1{} }}}}\"", "(".repeat(deep), ")".repeat(deep)),
        ),
        ("a loop in a loop", format!("{HEAD}vars.a = \"{}x\"", "{% for i in range(9) %}".repeat(deep))),
        (
            "an endless loop",
            format!(
                "{HEAD}vars.a = \"{{% for i in range(99999) %}}{{% for j in range(99999) %}}x{{% endfor %}}{{% endfor %}}\""
            ),
        ),
        (
            "a text that doubles itself",
            format!("{HEAD}vars.a = \"{{% set a = 'x' %}}{{{{ a * 999999999999 }}}}\""),
        ),
        (
            "one that grows in steps",
            format!(
                "{HEAD}vars.a = \"{{{{ 'x' * 999 }}}}\"\nvars.b = \"{{{{ vars.a * 999 }}}}\"\nvars.c = \"{{{{ vars.b * 9999 }}}}\""
            ),
        ),
        ("a range without an end", format!("{HEAD}vars.a = \"{{{{ range(9999999999) | list | length }}}}\"")),
        (
            "a macro that calls itself",
            format!("{HEAD}vars.a = \"{{% macro m() %}}{{{{ m() }}}}{{% endmacro %}}{{{{ m() }}}}\""),
        ),
        (
            "variables in a circle",
            format!("{HEAD}vars.a = \"{{{{ vars.b }}}}\"\nvars.b = \"{{{{ vars.a }}}}\""),
        ),
        (
            "a name of a megabyte",
            format!("{HEAD}[workloads.{}]\nimage = \"{}\"", "a".repeat(1 << 20), "b".repeat(1 << 20)),
        ),
        (
            "two hundred environments",
            HEAD.to_owned()
                + &(0..200).map(|at| format!("[environments.e{at}]")).collect::<Vec<_>>().join("\n"),
        ),
    ]);
    for (what, text) in inputs {
        println!("{what}");
        exercise(&compile_text(text));
    }
}

#[test]
fn templates_that_are_no_platform_are_survived() {
    let deep = 100_000;
    let templates = [
        ("[".repeat(deep)),
        ("- ".repeat(deep)),
        "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e]\n".to_owned(),
        "just a text".to_owned(),
        "- a\n- b\n".to_owned(),
        "apiVersion: 1\nkind: [x]\nmetadata: 7\n".to_owned(),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {a: b}}\n".to_owned(),
    ];
    for template in templates {
        let text = format!("{HEAD}[[resources]]\ntemplate = \"a.yaml\"\n[environments.a]\n");
        let host = MemoryHost::default().with_file("platform.toml", text).with_file("a.yaml", template);
        exercise(&compile(&host, &Request::default()));
    }
}

/// As deep as `serde_json` reads a value.
#[test]
fn a_deep_patch_is_survived() {
    let nested = (0..120).fold(Value::from(1), |inner, _| bayplan::value::json!({ "a": inner }));
    let mut document = bayplan::value::json!({
        "platform": {"name": "shop", "kubernetes": "1.35"},
        "namespaces": {"core": {}},
        "workloads": {"api": {"namespace": "core", "image": "registry.example/api:1"}},
    });
    document = Node::from_json(&document, &Layer::Entity).to_json();
    let mut file: spec::File = document.typed().expect("a small platform");
    let workloads = file.workloads.as_mut().expect("there is one");
    let api = workloads.get_mut("api").expect("there is one");
    api.patch = Some(BTreeMap::from([("Deployment".to_owned(), nested)]));
    exercise(&compile_spec(&MemoryHost::default(), &Request::default(), &file));
}

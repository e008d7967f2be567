//! What `emit` writes is read as the same value by every reader that a manifest meets: YAML 1.2 (serde-saphyr),
//! Go's (kubectl), YAML 1.1 (`PyYAML`), and kustomize for the strings that it does not damage.
//!
//! A reader that is not on the machine is skipped with a line that says so; with `BAYPLAN_REQUIRE_TOOLS=1` that is
//! a failure. Each reader gets all values in one process.

use std::path::Path;
use std::process::Command;

use bayplan::emit;
use bayplan::value::{Value, json};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

const PYTHON: &str = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1], 'rb'))))";

#[test]
fn kubectl_reads_every_awkward_string_as_itself() {
    assert_read_back("kubectl", &awkward_values(), kubectl);
}

#[test]
fn pyyaml_reads_every_awkward_string_as_itself() {
    assert_read_back("python3 with PyYAML", &awkward_values(), pyyaml);
}

#[test]
fn kubectl_reads_arbitrary_values_as_themselves() {
    assert_read_back("kubectl", &arbitrary_values(600), kubectl);
}

#[test]
fn pyyaml_reads_arbitrary_values_as_themselves() {
    assert_read_back("python3 with PyYAML", &arbitrary_values(600), pyyaml);
}

#[test]
fn kustomize_carries_every_string_that_it_is_said_to_carry() {
    // Kubernetes refuses a key of more than 253 characters; kustomize stumbles over one of more than 1024.
    let carried = |text: &&String| emit::survives_kustomize(text) && text.len() < 1000;
    let payload: Value = awkward_strings().iter().filter(carried).map(everywhere).collect();
    let object =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "payload": payload});
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    write(&folder.path().join("objects.yaml"), &emit::to_yaml(&object));
    write(&folder.path().join("kustomization.yaml"), &emit::to_yaml(&json!({"resources": ["objects.yaml"]})));
    let Some(built) = run("kubectl", Command::new("kubectl").arg("kustomize").arg(folder.path())) else {
        return;
    };
    // Only Go reads what kustomize writes: it leaves `1e400` and `=` bare.
    let file = folder.path().join("built.yaml");
    write(&file, &built);
    let Some(read) = kubectl(&file) else { return };
    assert_payload("kustomize", &payload, &read);
}

proptest! {
    #![proptest_config(Config { cases: 2000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_reader_of_yaml_1_2_gets_arbitrary_values_back(value in json_value()) {
        let yaml = emit::to_yaml(&value);
        let read: Value = serde_saphyr::from_str(&yaml).map_err(|e| TestCaseError::fail(format!("{e}\n{yaml}")))?;
        prop_assert!(same(&value, &read), "{}\n{}\n{}", value, read, yaml);
    }

    #[test]
    fn the_bytes_do_not_depend_on_how_a_value_was_built(value in json_value()) {
        prop_assert_eq!(emit::to_yaml(&value), emit::to_yaml(&backwards(&value)));
    }
}

/// The value with the entries of every mapping inserted in the opposite order.
fn backwards(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(backwards).collect(),
        Value::Object(map) => {
            let entries: Vec<_> = map.iter().map(|(key, value)| (key.clone(), backwards(value))).collect();
            Value::Object(entries.into_iter().rev().collect())
        }
        other => other.clone(),
    }
}

fn awkward_strings() -> Vec<String> {
    serde_json::from_str(include_str!("awkward_strings.json")).expect("the list is JSON")
}

fn awkward_values() -> Value {
    awkward_strings().iter().map(everywhere).collect()
}

/// `text` as a key, a value, an item of a list, and nested.
fn everywhere(text: &String) -> Value {
    json!({
        "value": text,
        "list": [text, [text], {"name": text, "after": 1}],
        "key": {text: text, "z": {text: [{text: text}]}},
    })
}

fn arbitrary_values(count: usize) -> Value {
    let mut runner = TestRunner::deterministic();
    let mut value = || json_value().new_tree(&mut runner).expect("the strategy rejects nothing").current();
    (0..count).map(|_| value()).collect()
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_filter("JSON has no infinity", |f| f.is_finite()).prop_map(Value::from),
        6 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Strings made of the fragments that mean something in YAML, and any other strings.
fn text() -> impl Strategy<Value = String> {
    let fragment = prop::sample::select(vec![
        "a", "on", "null", "~", "0", "1", "7", "e", "x", "_", ".", "-", "+", ":", " ", "  ", "\n", "\n",
        "\t", "\r", "#", "'", "\"", "\\", "|", ">", "?", ",", "[", "]", "{", "}", "&", "*", "!", "%", "@",
        "`", "=", "<<", "---", "...", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{7F}",
        "\u{0}", "é", "🚢",
    ]);
    prop_oneof![
        3 => prop::sample::select(awkward_strings()),
        6 => prop::collection::vec(fragment, 0..8).prop_map(|fragments| fragments.concat()),
        1 => any::<String>(),
    ]
}

/// Writes `values` as one manifest, has `reader` read it, and compares each.
fn assert_read_back(name: &str, values: &Value, reader: fn(&Path) -> Option<String>) {
    let manifest =
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "payload": values});
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = folder.path().join("manifest.yaml");
    write(&file, &emit::to_yaml(&manifest));
    let Some(output) = reader(&file) else { return };
    assert_payload(name, values, &output);
}

/// Compares each of `values` with what stands under `payload` in the manifest that a reader gave back as JSON.
fn assert_payload(reader: &str, values: &Value, output: &str) {
    let read: Value = serde_json::from_str(output).expect("the reader answers in JSON");
    let wanted = values.as_array().expect("the values are a list");
    let got = read["payload"].as_array().expect("the reader gives a list back");
    assert_eq!(wanted.len(), got.len(), "{reader} lost a value");
    for (wanted, got) in wanted.iter().zip(got) {
        let yaml = emit::to_yaml(wanted);
        assert!(same(wanted, got), "{reader} misreads\n{yaml}\nwanted {wanted}\ngot    {got}");
    }
}

/// Equality of JSON values in which `1.0` and `1` are one number, as they are in JSON.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, value)| right.get(key).is_some_and(|other| same(value, other)))
        }
        (left, right) => left == right,
    }
}

/// The manifest as kubectl reads it: a patch that changes nothing, applied without a server.
fn kubectl(file: &Path) -> Option<String> {
    let arguments = ["patch", "--local", "--type=merge", "-p", "{}", "-o", "json", "-f"];
    run("kubectl", Command::new("kubectl").args(arguments).arg(file))
}

fn pyyaml(file: &Path) -> Option<String> {
    let available =
        Command::new("python3").args(["-c", "import yaml"]).output().is_ok_and(|out| out.status.success());
    if !available {
        return skip("python3 with PyYAML");
    }
    run("python3", Command::new("python3").args(["-c", PYTHON]).arg(file))
}

/// What `command` prints; `None` where the tool is not on the machine and need not be.
fn run(tool: &str, command: &mut Command) -> Option<String> {
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => skip(tool),
        Err(error) => panic!("{tool}: {error}"),
        Ok(output) => {
            assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
            Some(String::from_utf8(output.stdout).expect("the tool prints UTF-8"))
        }
    }
}

fn skip(tool: &str) -> Option<String> {
    assert!(std::env::var_os("BAYPLAN_REQUIRE_TOOLS").is_none(), "{tool} is not on this machine");
    println!("skipped: {tool} is not on this machine");
    None
}

fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a temporary file can be written");
}

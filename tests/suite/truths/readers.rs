//! Truth 2: every YAML scalar that we write is read as the same value by YAML 1.1 and YAML 1.2 readers.
//!
//! The whole output goes through each reader: serde-saphyr (1.2) in the process, `PyYAML` (1.1) and Go's, which is what
//! kubectl and most controllers read with, in one process each. `yaml.rs` does the same for arbitrary values.

use std::collections::BTreeMap;
use std::process::Command;

use bayplan::layout::Content;
use bayplan::value::Value;
use bayplan::{Selection, emit};

use super::SUBJECTS;
use crate::kustomize::oracle::{same, skip};

/// Every YAML file of every subject: a name, the value that it stands for, and its text.
fn files() -> Vec<(String, Value, String)> {
    let mut all = Vec::new();
    for subject in &*SUBJECTS {
        let tree = subject.compilation.tree(&Selection::Everything);
        let files = emit::files(&tree);
        for (path, content) in tree.iter() {
            if let Content::Yaml(value) = content {
                let text = String::from_utf8(files[path].bytes.clone()).expect("YAML is UTF-8");
                all.push((format!("{}: {path}", subject.name), Value::clone(value), text));
            }
        }
    }
    all
}

#[test]
fn a_reader_of_yaml_1_2_reads_what_was_meant() {
    for (name, value, text) in files() {
        let read: Value =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        assert!(same(&read, &value), "{name}\n{text}");
    }
}

#[test]
fn a_reader_of_yaml_1_1_reads_what_was_meant() {
    let available = Command::new("python3").args(["-c", "import yaml"]).output();
    if !available.is_ok_and(|output| output.status.success()) {
        return skip("python3 with PyYAML");
    }
    // A date or a set is no JSON, so a scalar that is read as one fails in `dumps`.
    let script = "import json, sys, yaml\nfor document in yaml.load_all(open(sys.argv[1], 'rb'), yaml.CSafeLoader):\n    print(json.dumps(document))";
    let files = files();
    compare(&files, |path| Command::new("python3").args(["-c", script]).arg(path).output());
}

#[test]
fn kubectl_reads_what_was_meant() {
    if Command::new("kubectl").arg("options").output().is_err() {
        return skip("kubectl");
    }
    // Kubectl reads objects alone: neither patches, which lack fields, nor files of other tools.
    let files: Vec<_> = files().into_iter().filter(|(name, ..)| name.contains(": rendered/")).collect();
    let arguments = ["patch", "--local", "--type=merge", "-p", "{}", "-o", "json", "-f"];
    compare(&files, |path| Command::new("kubectl").args(arguments).arg(path).output());
}

/// Has a reader read all files as one stream; it answers with a JSON value for each document.
fn compare(
    files: &[(String, Value, String)],
    reader: impl Fn(&std::path::Path) -> std::io::Result<std::process::Output>,
) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("stream.yaml");
    // A file that several environments share is read once.
    let texts: BTreeMap<&str, (&str, &Value)> =
        files.iter().map(|(name, value, text)| (text.as_str(), (name.as_str(), value))).collect();
    let stream: Vec<&str> = texts.keys().copied().collect();
    std::fs::write(&path, stream.join("---\n")).expect("the temporary folder can be written");
    let output = reader(&path).expect("the reader is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Vec<Value> = serde_json::Deserializer::from_slice(&output.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("the reader answers in JSON");
    assert_eq!(read.len(), texts.len(), "a document was lost");
    for (read, (text, (name, value))) in read.iter().zip(texts) {
        assert!(same(read, value), "{name}\n{text}\nis read as\n{read:#}");
    }
}

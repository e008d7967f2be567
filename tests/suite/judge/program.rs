//! `bayplan check PATH…` as a CI job meets it: the built program in folders of its own.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(folder)
    }

    fn bayplan(&self, line: &str, input: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bayplan"));
        command.current_dir(self.0.path()).args(line.split_whitespace()).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }
}

#[test]
fn exit_codes_are_0_1_and_2() {
    let folder = Folder::with(&[("k8s/n.yaml", super::NAMESPACE), ("bad/d.yaml", super::DEPLOYMENT)]);
    let (code, out, err) = folder.bayplan("check ./k8s --profile api", "");
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("checked 1 object in 1 file against Kubernetes"), "{err}");
    assert_eq!(folder.bayplan("check ./bad --profile api", "").0, 1);
    assert_eq!(folder.bayplan("check ./missing", "").0, 2);
    assert_eq!(folder.bayplan("check ./k8s --kubernetes 9.9", "").0, 2);
    assert_eq!(folder.bayplan("check ./k8s --profile lax", "").0, 2);
}

#[test]
fn without_a_platform_a_bare_word_is_a_folder() {
    let folder = Folder::with(&[("k8s/n.yaml", super::NAMESPACE)]);
    assert_eq!(folder.bayplan("check k8s --profile api", "").0, 0);
}

#[test]
fn the_standard_input_is_a_path_too() {
    let folder = Folder::with(&[]);
    let (code, out, _) = folder.bayplan("check - --profile api --format json", super::DEPLOYMENT);
    let found: bayplan::value::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, found[0]["line"].as_u64(), found[0]["file"].as_str()), (1, Some(7), Some("<stdin>")));
}

#[test]
fn the_source_is_underlined_and_what_was_passed_over_is_named() {
    let folder = Folder::with(&[("k8s/d.yaml", super::DEPLOYMENT), ("k8s/compose.yaml", "services: {}\n")]);
    let (_, _, err) = folder.bayplan("check ./k8s --profile api --verbose --kubernetes 1.35", "");
    assert_eq!(
        err,
        "error[schema-type]: `spec.replicas` must be an integer, and is a string
 --> k8s/d.yaml:7:13
  |
7 |   replicas: \"2\"   # a text
  |             ^^^
  |
  = note: Deployment shop/api, field `spec.replicas`
passed over k8s/compose.yaml: no Kubernetes object
checked 1 object in 2 files against Kubernetes 1.35 (profile api): 1 error
passed over: 1 × no Kubernetes object
"
    );
    let (_, _, err) = folder.bayplan("check ./k8s --profile api --summary", "");
    assert!(err.starts_with("      1  error    schema-type\n"), "{err}");
}

#[test]
fn definitions_beside_the_platform_and_a_configuration_in_the_folder_are_read() {
    let folder = Folder::with(&[
        ("schemas/crds/boat.yaml", super::DEFINITION),
        ("k8s/b.yaml", super::BOAT),
        (
            "k8s/bayplan-check.toml",
            "profile = \"api\"\n[[allow]]\nrule = \"schema-type\"\nbecause = \"a test\"\n",
        ),
    ]);
    let (code, _, err) = folder.bayplan("check ./k8s", "");
    assert_eq!(code, 0, "{err}");
}

#[test]
fn rules_are_listed_for_people_and_for_programs() {
    let folder = Folder::with(&[]);
    let (_, table, _) = folder.bayplan("rules", "");
    let (_, json, _) = folder.bayplan("rules --format json", "");
    let rules: bayplan::value::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(table.lines().count(), rules.as_array().unwrap().len() + 1);
    assert!(rules.as_array().unwrap().iter().all(|rule| !rule["summary"].as_str().unwrap().is_empty()));
}

#[test]
fn every_code_of_a_tree_is_explained() {
    let folder = Folder::with(&[]);
    for code in bayplan::judge::all_codes() {
        assert!(bayplan::diag::explain(&bayplan::cli::all_codes(), code.name).is_ok(), "{}", code.name);
    }
    assert_eq!(folder.bayplan("explain yaml-parse", "").0, 0);
}

/// The reference platforms' own output is a tree of manifests too.
#[test]
fn the_output_of_the_reference_platform_passes_the_profile_of_the_api_server() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for environment in ["local", "staging", "production"] {
        let folder = root.join("out/rendered").join(environment);
        let output = Command::new(env!("CARGO_BIN_EXE_bayplan"))
            .args(["check", "--profile", "api", "--kubernetes", "1.35", "--summary"])
            .arg(&folder)
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(!err.contains("  error  "), "{environment}: {err}");
    }
}

//! `bayplan schema add`, `list` and `remove`.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use super::{Shell, files};

const BOAT: &str = r"
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: boats.sea.example }
spec:
  group: sea.example
  scope: Namespaced
  names: { kind: Boat, plural: boats, shortNames: [bt] }
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        description: A boat
        properties: { spec: { type: object, properties: { crew: { type: integer, description: How many } } } }
";

const OTHER: &str =
    "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 80 }] }\n";

const RAW: &str = r#"
[[resources]]
object = { apiVersion = "sea.example/v1", kind = "Boat", metadata = { name = "argo", namespace = "core" }, spec = { crews = 3 } }
"#;

#[test]
fn a_definition_is_kept_and_judges_from_then_on() {
    let shell = Shell::with(format!("{}{RAW}", super::PLATFORM));
    let before = shell.run("check");
    assert!(
        before.err.contains("unknown-custom-resource") && before.err.contains("bayplan schema add"),
        "{before:?}"
    );
    shell.must("render");

    fs::write(shell.path("operator.yaml"), format!("{OTHER}---\n{BOAT}")).unwrap();
    let added = shell.must("schema add operator.yaml");
    assert!(
        added.err.contains("added schemas/crds/boats.sea.example.yaml (Boat in sea.example/v1)"),
        "{added:?}"
    );
    assert!(added.err.contains("1 added, passed over 1 object that is no definition"), "{added:?}");
    let kept = shell.read("schemas/crds/boats.sea.example.yaml");
    assert!(kept.contains("crew:") && !kept.contains("How many") && !kept.contains("shortNames"), "{kept}");

    for verb in ["check", "render"] {
        let said = shell.run(verb);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(
            said.err.contains("schema-unknown-field") && said.err.contains("platform.toml:22:"),
            "{said:?}"
        );
    }
    fs::write(
        shell.path("boat.yaml"),
        "apiVersion: sea.example/v1\nkind: Boat\nmetadata: { name: a }\nspec: { crew: x }\n",
    )
    .unwrap();
    assert!(shell.run("check ./boat.yaml").err.contains("schema-type"), "a tree is judged by the same");
    shell.must("schema remove boats.sea.example");
    assert_eq!(shell.run("schema list").out, "");
    shell.must("render");
}

#[test]
fn what_is_kept_already_is_changed_or_left_alone() {
    let shell = Shell::new();
    fs::write(shell.path("boat.yaml"), BOAT).unwrap();
    shell.must("schema add boat.yaml");
    let again = shell.must("schema add boat.yaml");
    assert!(again.err.contains("unchanged schemas/crds/boats.sea.example.yaml"), "{again:?}");
    // A text for people is no difference; a type is.
    fs::write(shell.path("boat.yaml"), BOAT.replace("How many", "How many sail it")).unwrap();
    assert!(shell.must("schema add boat.yaml").err.contains("1 unchanged"));
    fs::write(shell.path("boat.yaml"), BOAT.replace("integer", "string")).unwrap();
    let changed = shell.must("schema add boat.yaml");
    assert!(changed.err.contains("changed schemas/crds/boats.sea.example.yaml"), "{changed:?}");
    let kept = shell.read("schemas/crds/boats.sea.example.yaml");
    shell.must("schema add schemas/crds");
    assert_eq!(
        shell.read("schemas/crds/boats.sea.example.yaml"),
        kept,
        "what is kept is in its form already"
    );
    assert_eq!(shell.must("schema list").out, "boats.sea.example\tBoat\tsea.example/v1\n");
}

#[test]
fn definitions_come_from_a_pipe_and_from_folders() {
    let shell = Shell::new();
    let mut child = shell
        .command()
        .args(["schema", "add", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(BOAT.as_bytes()).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
    assert!(shell.path("schemas/crds/boats.sea.example.yaml").is_file());

    fs::create_dir_all(shell.path("operator/crds")).unwrap();
    fs::write(shell.path("operator/service.yaml"), OTHER).unwrap();
    fs::write(shell.path("operator/notes.txt"), "nothing").unwrap();
    fs::write(shell.path("operator/crds/boat.yaml"), BOAT.replace("boats", "ships").replace("Boat", "Ship"))
        .unwrap();
    let added = shell.must("schema add operator");
    assert!(added.err.contains("added schemas/crds/ships.sea.example.yaml"), "{added:?}");
}

#[test]
fn what_is_no_definition_is_refused_and_nothing_is_written() {
    let shell = Shell::new();
    fs::write(shell.path("good.yaml"), BOAT).unwrap();
    fs::create_dir(shell.path("empty")).unwrap();
    for (name, text, code) in [
        ("service.yaml", OTHER.to_owned(), "no-definition"),
        ("nothing.yaml", String::new(), "no-definition"),
        ("broken.yaml", "kind: [".to_owned(), "yaml-parse"),
        ("old.yaml", BOAT.replace("apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1beta1"), "unknown-kind"),
        ("loose.yaml", BOAT.replace("spec: { type: object,", "spec: {"), "crd-structural"),
        ("nameless.yaml", BOAT.replace("boats.sea.example", "boats"), "crd-structural"),
        ("twice.yaml", format!("{BOAT}---\n{}", BOAT.replace("integer", "string")), "definition-twice"),
    ] {
        fs::write(shell.path(name), text).unwrap();
        let said = shell.run(&format!("schema add good.yaml {name}"));
        assert_eq!(said.code, Some(2), "{name}: {said:?}");
        assert!(said.err.contains(code) && said.err.contains("nothing was written"), "{name}: {said:?}");
        assert!(!shell.path("schemas").exists() || files(&shell.path("schemas")).is_empty(), "{name}");
    }
    assert_eq!(shell.run("schema add not-there.yaml").code, Some(2));
    assert_eq!(shell.run("schema add empty").code, Some(2));
    assert_eq!(shell.run("schema add").code, Some(2));
    assert_eq!(shell.run("schema --write add good.yaml").code, Some(2));
}

#[test]
fn a_name_that_is_not_kept_is_not_removed() {
    let shell = Shell::new();
    fs::write(shell.path("boat.yaml"), BOAT).unwrap();
    shell.must("schema add boat.yaml");
    let said = shell.run("schema remove boats");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("did you mean `boats.sea.example`?"), "{said:?}");
    assert!(shell.path("schemas/crds/boats.sea.example.yaml").is_file());
}

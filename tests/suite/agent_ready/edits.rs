//! `bayplan tenant`: the platform's own file, changed in place.

use std::path::Path;
use std::process::{Command, Output};

use super::{folder, text};

/// A copy of the platform in a folder of its own.
fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(copy.path().join("sql")).expect("a folder");
    for file in ["platform.toml", "sql/schema.sql.j2"] {
        std::fs::copy(folder().join(file), copy.path().join(file)).expect("it is in the repository");
    }
    copy
}

fn tenant(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bayplan"));
    command.current_dir(folder).arg("tenant").args(arguments).output().expect("it runs")
}

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("platform.toml")).expect("it is there")
}

#[test]
fn tenants_come_change_and_go_and_the_rest_of_the_file_stays() {
    let copy = copy();
    let run = |arguments: &[&str]| {
        let said = tenant(copy.path(), arguments);
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(0), "{arguments:?}: {talk}");
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    run(&["add", "Globex Inc.", "--group", "globex-admins", "quota.storage=50Gi"]);
    let added = "\n[tenants.globex-inc]\ntitle = \"Globex Inc.\"\nowner.group = \"globex-admins\"\nquota.storage = \"50Gi\"\n";
    let expected = text()
        .replace("owner = \"owner@acme.example\"\n", &format!("owner = \"owner@acme.example\"\n{added}"));
    assert_eq!(read(copy.path()), expected);
    run(&["set", "acme", "quota.cpu=20"]);
    let listed = run(&["list", "aks"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines[0].starts_with("acme\torg-acme\towner@acme.example\tlimits.cpu=20,"), "{listed}");
    assert!(lines[1].starts_with("globex-inc\torg-globex-inc\tglobex-admins\t"), "{listed}");
    assert!(lines[1].ends_with("requests.storage=50Gi"), "{listed}");
    run(&["remove", "globex-inc"]);
    assert_eq!(
        read(copy.path()),
        text().replace(
            "owner = \"owner@acme.example\"\n",
            "owner = \"owner@acme.example\"\nquota.cpu = \"20\"\n"
        )
    );
}

#[test]
fn what_would_not_compile_is_never_written() {
    let copy = copy();
    for (arguments, why) in [
        (&["add", "acme", "--owner", "bob"][..], "error[namespace-taken]: there is a tenant `acme` already"),
        (&["add", "globex", "--owner", "bob", "quota.cpu=ten"], "error[bad-value]"),
        (&["add", "globex", "--owner", "bob", "qouta.cpu=10"], "did you mean `quota`?"),
        (&["add", "globex", "--owner", "bob", "role=admin"], "error[tenant-undoes-isolation]"),
        (&["set", "acne", "quota.cpu=20"], "did you mean `acme`?"),
        (&["remove", "globex"], "error[unknown-reference]: there is no tenant `globex`"),
        (&["add", "globex"], "--owner"),
        (&["set", "acme", "quota"], "write key=value"),
    ] {
        let said = tenant(copy.path(), arguments);
        let talk = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(2), "{arguments:?}: {talk}");
        assert!(talk.contains(why), "{arguments:?}: {talk}");
        assert_eq!(read(copy.path()), text(), "{arguments:?}");
    }
}

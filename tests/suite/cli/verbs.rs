//! The other verbs, and what all of them share.

use std::fs;
use std::process::Command;

use bayplan::value::Value;

use super::{PLATFORM, Shell};

#[test]
fn a_sound_platform_checks_and_nothing_is_written() {
    let shell = Shell::new();
    let said = shell.must("check");
    assert_eq!(said.out, "");
    assert!(
        said.err.starts_with("checked ") && said.err.contains(" objects in 2 environments: "),
        "{said:?}"
    );
    assert!(!shell.path("out").exists());
    assert_eq!(shell.must("check -q").err, "");
    assert_eq!(shell.must("check --format json").out.trim(), "[]");
}

#[test]
fn a_warning_is_a_finding_and_an_error_a_failure() {
    let shell = Shell::with(PLATFORM.replace("replicas = 3", "image = \"registry.example/api:1.4.2\""));
    let said = shell.run("check");
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.contains("warning[override-without-effect]"), "{said:?}");
    assert_eq!(shell.run("check staging").code, Some(0), "the finding is one of production");
    assert_eq!(shell.run("check production").code, Some(1));
    assert_eq!(shell.run("render").code, Some(0), "a warning does not keep anything from being written");

    let findings: Value = serde_json::from_str(&shell.run("check --format json").out).unwrap();
    assert_eq!(findings[0]["code"], "override-without-effect");

    let shell = Shell::with(PLATFORM.replace("replicas = 3", "replicas = \"three\""));
    let said = shell.run("check");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("wrong-type") && said.err.contains("platform.toml:19:26"), "{said:?}");
    let said = shell.run("check --format json");
    assert_eq!((said.code, said.err.as_str()), (Some(2), ""));
    assert!(serde_json::from_str::<Value>(&said.out).is_ok());
}

#[test]
fn an_upgrade_is_rehearsed() {
    let shell = Shell::new();
    shell.must("check --kubernetes 1.37");
    let said = shell.run("check --kubernetes 1.99");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("1.33, 1.34, 1.35, 1.36, 1.37"), "{said:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let said = Shell::empty().run("check");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("file-unreadable") && said.err.contains("`platform.toml`"), "{said:?}");

    let said = Shell::with([PLATFORM.as_bytes(), b"# \xFF\n"].concat()).run("render");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("file-not-utf8") && said.err.contains("platform.toml:20:3"), "{said:?}");

    let shell = Shell::new();
    fs::create_dir(shell.path("folder.toml")).unwrap();
    assert_eq!(shell.run("check -f folder.toml").code, Some(2));
    assert_eq!(shell.run("check -f no/such/folder/platform.toml").code, Some(2));
}

#[test]
fn the_schema_is_printed_or_written() {
    let shell = Shell::new();
    let printed = shell.must("schema").out;
    let schema: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(schema["title"], "platform.toml");
    shell.must("schema --write");
    assert_eq!(shell.read("schemas/platform.schema.json"), printed);
}

#[test]
fn every_code_is_explained() {
    let shell = Shell::empty();
    let list = shell.must("explain").out;
    assert!(list.lines().count() > 30, "{list}");
    for line in list.lines() {
        let (severity, code) = line.split_once(char::is_whitespace).unwrap();
        assert!(["error", "warning", "note"].contains(&severity), "{line}");
        let text = shell.must(&format!("explain {}", code.trim())).out;
        assert!(text.contains("What it means") && text.contains("Instead"), "{text}");
    }
    let said = shell.run("explain shared-volme");
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""));
    assert!(said.err.contains("shared-volume"), "{said:?}");
}

#[test]
fn a_start_renders_and_checks_without_a_finding() {
    let shell = Shell::empty();
    let said = shell.must("init --name corner-shop");
    assert!(said.err.contains("wrote platform.toml") && said.err.contains("bayplan render"), "{said:?}");
    assert!(shell.read("platform.toml").contains("name = \"corner-shop\""));
    shell.must("render");
    shell.must("render --check");
    let said = shell.must("check").err;
    assert!(
        !said.contains("warning") && said.contains("notes"),
        "what could be done better is a note: {said}"
    );
    let advice = shell.must("check --profile strict");
    assert!(!advice.err.contains("warning["), "{advice:?}");
    assert_eq!(shell.run("check --profile strict --fail-on note").code, Some(1));
    // An example in a comment is worth nothing if it does not hold; a database on a laptop has its warnings.
    let text = shell.read("platform.toml");
    let all: String = text.lines().map(|line| uncommented(line) + "\n").collect();
    fs::write(shell.path("platform.toml"), all).unwrap();
    let said = shell.run("check");
    assert!(said.code == Some(1) && said.err.contains("databases.postgres"), "{said:?}");

    let said = shell.run("init --name corner-shop");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("platform.toml is there already"), "{said:?}");
    assert!(shell.read("platform.toml").contains("postgres"), "it is left as it was");
}

/// A line of an example that is commented out, put to use.
fn uncommented(line: &str) -> String {
    let code = line.strip_prefix("# ").filter(|code| code.starts_with('[') || code.contains(" = "));
    code.filter(|code| !code.contains('`')).unwrap_or(line).to_owned()
}

#[test]
fn a_start_takes_its_name_from_its_folder() {
    let shell = Shell::empty();
    fs::create_dir(shell.path("Market")).unwrap();
    shell.must("init -f Market/platform.toml");
    assert!(shell.read("Market/platform.toml").contains("name = \"market\""));
    fs::create_dir(shell.path("my shop")).unwrap();
    let mut command = shell.command();
    let output = command.args(["init", "-f", "my shop/platform.toml"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--name"));
    assert!(!shell.path("my shop/platform.toml").exists());
}

#[test]
fn every_shell_is_completed() {
    let shell = Shell::empty();
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = shell.must(&format!("completions {name}")).out;
        assert!(script.contains("bayplan") && script.contains("render"), "{name}");
    }
    fs::write(shell.path("bayplan.bash"), shell.must("completions bash").out).unwrap();
    if let Ok(status) = Command::new("bash").arg("-n").arg(shell.path("bayplan.bash")).status() {
        assert!(status.success());
    }
}

#[test]
fn bad_usage_is_a_failure() {
    let shell = Shell::new();
    for line in
        ["", "rendr", "render --chekc", "render --check --stdout", "check --format yaml", "explain a b"]
    {
        let said = shell.run(line);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{line}");
        assert!(said.err.contains("--help"), "{line}: {said:?}");
    }
}

#[test]
fn colour_is_asked_for_or_left_out() {
    let shell = Shell::with("platform = 1\n");
    let is_coloured = |line: &str| shell.run(line).err.contains('\u{1b}');
    assert!(!is_coloured("check"), "a pipe is no terminal");
    assert!(is_coloured("check --color always"));
    assert!(!is_coloured("check --color never"));
}

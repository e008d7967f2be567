//! `bayplan render`: writing, comparing and streaming.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use bayplan::value::Value;

use super::{PLATFORM, Shell, files};

const DEPLOYMENT: &str = "out/rendered/production/core/api/deployment-api.yaml";

#[test]
fn a_render_writes_every_environment_and_says_so() {
    let shell = Shell::new();
    let said = shell.must("render");
    assert_eq!(said.out, "");
    let lines: Vec<&str> = said.err.lines().collect();
    assert_eq!(lines.len(), 2, "{said:?}");
    assert!(lines[0].starts_with("rendered production: ") && lines[1].starts_with("rendered staging: "));
    assert!(lines[0].contains(" objects, ") && lines[0].contains(" changed, 0 removed in "), "{said:?}");
    assert!(shell.read(DEPLOYMENT).contains("replicas: 3"));
    assert!(shell.must("render").err.contains(" 0 changed, 0 removed in "));
}

#[test]
fn a_render_of_one_environment_leaves_the_others_alone() {
    let shell = Shell::new();
    let said = shell.must("render staging");
    assert_eq!(said.err.lines().count(), 1, "{said:?}");
    assert!(shell.path("out/rendered/staging").is_dir() && !shell.path("out/rendered/production").exists());
    shell.must("render");
    let before = shell.read(DEPLOYMENT);
    fs::write(shell.path("platform.toml"), PLATFORM.replace("replicas = 3", "replicas = 4")).unwrap();
    shell.must("render staging");
    assert_eq!(shell.read(DEPLOYMENT), before);
}

#[test]
fn a_removed_environment_goes_from_the_output() {
    let shell = Shell::new();
    shell.must("render");
    let (without, _) = PLATFORM.split_once("[environments.production]").unwrap();
    fs::write(shell.path("platform.toml"), without).unwrap();
    shell.must("render");
    assert!(
        !shell.path("out/rendered/production").exists() && !shell.path("out/overlays/production").exists()
    );
    shell.must("render --check");
}

#[test]
fn a_fresh_output_is_up_to_date() {
    let shell = Shell::new();
    shell.must("render");
    let said = shell.must("render --check");
    assert_eq!(said.out, "");
    assert_eq!(said.err, "the output is up to date\n");
    shell.must("render --check production");
}

#[test]
fn a_check_names_every_file_and_the_command_that_mends_it() {
    let shell = Shell::new();
    shell.must("render");
    fs::write(shell.path("platform.toml"), PLATFORM.replace("replicas = 3", "replicas = 4")).unwrap();
    fs::remove_file(shell.path("out/base/api/service-api.yaml")).unwrap();
    let edited = shell.read("out/rendered/staging/core/api/service-api.yaml") + "# mine\n";
    fs::write(shell.path("out/rendered/staging/core/api/service-api.yaml"), edited).unwrap();
    let left_over = shell.path("out/base/api/deployment-old.yaml");
    fs::copy(shell.path("out/base/api/deployment-api.yaml"), &left_over).unwrap();
    fs::write(shell.path("out/notes.txt"), "mine\n").unwrap();
    let before: Vec<_> = files(shell.folder.path());

    let said = shell.run("render --check");
    assert_eq!(said.code, Some(1));
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(
        lines,
        [
            "left over: base/api/deployment-old.yaml",
            "missing: base/api/service-api.yaml",
            "stale: overlays/production/api/patch-deployment-api.yaml",
            "stale: rendered/production/core/api/deployment-api.yaml",
            "edited by hand: rendered/staging/core/api/service-api.yaml",
        ]
    );
    assert!(said.err.contains("5 files are not up to date; mend with: bayplan render\n"), "{said:?}");
    assert!(said.err.contains("--force"), "{said:?}");
    assert_eq!(files(shell.folder.path()), before, "a check writes nothing");

    let json: Value = serde_json::from_str(&shell.run("render --check --format json").out).unwrap();
    assert_eq!(
        json[0],
        bayplan::value::json!({"path": "base/api/deployment-old.yaml", "state": "left over"})
    );
    assert_eq!(json.as_array().map(Vec::len), Some(5));

    let said = shell.run("render --check staging");
    assert!(said.err.contains("mend with: bayplan render staging\n"), "{said:?}");
    assert!(!said.out.contains("production"), "{said:?}");

    let said = shell.run("render");
    assert_eq!(said.code, Some(2), "an edit is not overwritten");
    assert!(said.err.contains("output-edited") && left_over.exists(), "{said:?}");
    let said = shell.must("render --force");
    assert!(said.err.contains("kept notes.txt"), "{said:?}");
    shell.must("render --check");
    assert_eq!(shell.read("out/notes.txt"), "mine\n");
}

#[test]
fn the_mending_command_is_one_that_can_be_typed() {
    let shell = Shell::new();
    let platform = shell.path("platform.toml");
    fs::create_dir(shell.path("deep")).unwrap();
    fs::rename(platform, shell.path("deep/shop.toml")).unwrap();
    let said = shell.run("render --check staging --file deep/shop.toml --output-dir elsewhere");
    let (_, command) = said.err.trim_end().split_once("mend with: bayplan ").expect("it is named");
    assert_eq!(command, "render staging --file deep/shop.toml --output-dir elsewhere");
    shell.must(command);
    shell.must(&format!("{command} --check"));
    assert!(shell.path("elsewhere/rendered/staging").is_dir());
}

#[test]
fn the_output_lies_beside_the_platform_wherever_one_stands() {
    let shell = Shell::new();
    fs::create_dir(shell.path("sub")).unwrap();
    let mut command = shell.command();
    let status =
        command.current_dir(shell.path("sub")).args(["render", "-q", "-f", "../platform.toml"]).status();
    assert!(status.unwrap().success());
    assert!(shell.path("out/base").is_dir() && !shell.path("sub/out").exists());
}

#[test]
fn one_environment_is_streamed() {
    let shell = Shell::new();
    let said = shell.must("render production --stdout");
    let documents: Vec<Value> = serde_saphyr::from_multiple(&said.out).unwrap();
    let deployment = documents.iter().find(|document| document["kind"] == "Deployment").unwrap();
    assert_eq!(deployment["spec"]["replicas"], 3);
    assert_eq!(said.err, "");
    assert!(!shell.path("out").exists(), "nothing is written");

    let list: Value =
        serde_json::from_str(&shell.must("render production --stdout --format json").out).unwrap();
    assert_eq!(list["kind"], "List");
    assert_eq!(list["items"].as_array().unwrap(), &documents);

    for line in ["render --stdout", "render staging production --stdout"] {
        let said = shell.run(line);
        assert_eq!(said.code, Some(2));
        assert!(said.err.contains("production, staging"), "{said:?}");
    }
}

/// `bayplan render production --stdout | head -1`
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let shell = Shell::new();
    let mut command = shell.command();
    command.args(["render", "production", "--stdout"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(said, "");
}

#[test]
fn an_unsound_platform_writes_nothing() {
    let shell = Shell::new();
    shell.must("render");
    let before: Vec<_> = files(shell.folder.path()).iter().map(|path| fs::read(path).unwrap()).collect();
    fs::write(shell.path("platform.toml"), PLATFORM.replace("replicas = 3", "replicsa = 4\nimage = 5"))
        .unwrap();
    let said = shell.run("render");
    assert_eq!(said.code, Some(2));
    assert!(said.err.contains("did you mean `replicas`?"), "{said:?}");
    assert!(said.err.contains("nothing was written: "), "{said:?}");
    let after: Vec<_> = files(&shell.path("out")).iter().map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(after, before[..after.len()]);
}

#[test]
fn an_environment_that_is_not_there_is_an_error() {
    let shell = Shell::new();
    for verb in ["render", "render --check", "render --stdout", "check"] {
        let said = shell.run(&format!("{verb} prodution"));
        assert_eq!(said.code, Some(2), "{verb}");
        assert!(said.err.contains("unknown-environment") && said.err.contains("did you mean `production`?"));
    }
    assert!(!shell.path("out").exists());
}

#[test]
fn a_quiet_run_says_nothing_but_errors() {
    let shell = Shell::new();
    let said = shell.must("render --quiet");
    assert_eq!((said.out.as_str(), said.err.as_str()), ("", ""));
    fs::remove_file(shell.path(DEPLOYMENT)).unwrap();
    let said = shell.run("render --check -q");
    assert_eq!(said.code, Some(1));
    assert_eq!(said.out.lines().count(), 1, "the data stays");
    assert_eq!(said.err, "");
}

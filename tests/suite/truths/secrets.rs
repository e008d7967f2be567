//! Truth 7: no secret value reaches stdout, a diagnostic or the tree.
//!
//! Bayplan never reads a value: a Secret is a contract. The marker stands wherever a value may lie when bayplan runs (in
//! the real files beside the `.example` ones, and in the environment), and must come out nowhere.

use std::path::Path;
use std::process::Command;

use walkdir::WalkDir;

const MARKER: &str = "correct-horse-battery-staple";

/// The verbs that look at a platform, and those that write.
const RUNS: [&[&str]; 8] = [
    &["render"],
    &["render", "--check"],
    &["render", "--check", "--format", "json"],
    &["render", "--force"],
    &["render", "local", "--stdout"],
    &["render", "production", "--stdout", "--format", "json"],
    &["check", "--notes"],
    &["check", "--notes", "--format", "json"],
];

#[test]
fn a_value_is_neither_shown_nor_written() {
    let folder = platform("");
    assert!(run(folder.path(), &["render"]).contains("rendered local"));
    let values = hide_values(folder.path());
    assert!(!values.is_empty(), "WrightNow describes secrets");
    for arguments in RUNS {
        let said = run(folder.path(), arguments);
        assert!(!said.contains(MARKER), "{arguments:?} says:\n{said}");
    }
    for file in WalkDir::new(folder.path()).into_iter().flatten().filter(|entry| entry.file_type().is_file())
    {
        let text = std::fs::read(file.path()).expect("it can be read");
        let holds = String::from_utf8_lossy(&text).contains(MARKER);
        assert_eq!(holds, values.iter().any(|path| path == file.path()), "{}", file.path().display());
    }
}

/// What is wrong is shown with its surroundings, and those are never a value.
#[test]
fn a_diagnostic_shows_no_value() {
    let folder = platform("\n[workloads.authentik-serve]\nimage = \"no such: image\"\nreplicas = \"two\"\n");
    let values = hide_values(folder.path());
    for arguments in RUNS {
        let said = run(folder.path(), arguments);
        assert!(said.contains("authentik-serve"), "{arguments:?} says:\n{said}");
        assert!(!said.contains(MARKER), "{arguments:?} says:\n{said}");
    }
    drop(values);
}

/// WrightNow in a folder of its own, with `more` at the end of its file.
fn platform(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("platform.toml"));
    let text = text.expect("the reference platform is there") + more;
    std::fs::write(folder.path().join("platform.toml"), text).expect("the folder can be written");
    folder
}

/// Puts the real file beside each example, as a person does who creates the Secrets; and one more, in no place.
fn hide_values(folder: &Path) -> Vec<std::path::PathBuf> {
    let files = WalkDir::new(folder).into_iter().flatten().map(walkdir::DirEntry::into_path);
    let examples = files.filter(|path| path.extension().is_some_and(|extension| extension == "example"));
    let mut real: Vec<_> = examples.map(|path| path.with_extension("")).collect();
    real.push(folder.join("values.yaml"));
    for path in &real {
        let text = format!("apiVersion: v1\nkind: Secret\nstringData:\n  password: {MARKER}\n");
        std::fs::write(path, text).expect("the folder can be written");
    }
    real
}

/// Everything that a run says, to stdout and stderr.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bayplan"))
        .args(arguments)
        .current_dir(folder)
        .envs(["AUTHENTIK_SECRET_KEY", "DB_PASSWORD", "POSTGRES_PASSWORD"].map(|name| (name, MARKER)))
        .output()
        .expect("the program is there");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

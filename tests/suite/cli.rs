//! The command line as a person or a CI job meets it: the built program, in folders of its own.

mod definitions;
mod help;
mod live;
mod render;
mod verbs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder with a platform, and the program.
struct Shell {
    folder: tempfile::TempDir,
}

/// What came of a run.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

const PLATFORM: &str = r#"
[platform]
name = "shop"
kubernetes = "1.35"

[namespaces.core]

[workloads.api]
namespace = "core"
image = "registry.example/api:1.4.2"
ports = { http = 3000 }
resources = { cpu = "100m..500m", memory = "128Mi..256Mi" }
probes = { liveness = "/health", readiness = "/ready" }
security = { user = 1000 }

[environments.staging]

[environments.production]
workloads.api.replicas = 3
"#;

impl Shell {
    /// With the platform of this file.
    fn new() -> Self {
        Self::with(PLATFORM)
    }

    /// With another platform.
    fn with(platform: impl AsRef<[u8]>) -> Self {
        let shell = Self::empty();
        fs::write(shell.path("platform.toml"), platform).unwrap();
        shell
    }

    /// Without a platform.
    fn empty() -> Self {
        Self { folder: tempfile::Builder::new().prefix("shop-").tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bayplan"));
        command
            .current_dir(self.folder.path())
            .env_remove("NO_COLOR")
            .env_remove("COLUMNS")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program with the words of `line`.
    fn run(&self, line: &str) -> Said {
        let output = self.command().args(line.split_whitespace()).output().unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs what must succeed.
    fn must(&self, line: &str) -> Said {
        let said = self.run(line);
        assert_eq!(said.code, Some(0), "{line}: {said:?}");
        said
    }
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let files = entries.map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files.map(walkdir::DirEntry::into_path).collect()
}

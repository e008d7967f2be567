//! The reference platforms: the one at the root of the repository, and each folder below `platforms/`.

use std::path::{Path, PathBuf};

use bayplan::host::OsHost;
use bayplan::{Output, Request, compile};

/// A platform of this repository.
pub struct Reference {
    /// What its snapshots are called after.
    pub name: String,
    /// Where its `platform.toml` lies.
    pub folder: PathBuf,
    /// What to add to `cargo run --` for it.
    pub arguments: String,
}

/// Every reference platform. The root's is called after itself, the others after their folders.
pub fn all() -> Vec<Reference> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all =
        vec![Reference { name: "wrightnow".to_owned(), folder: root.to_owned(), arguments: String::new() }];
    let entries = std::fs::read_dir(root.join("platforms")).into_iter().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| root.join("platforms").join(name).join("platform.toml").is_file())
        .collect();
    names.sort();
    all.extend(names.into_iter().map(|name| Reference {
        folder: root.join("platforms").join(&name),
        arguments: format!("--file platforms/{name}/platform.toml "),
        name,
    }));
    all
}

impl Reference {
    /// The host of its folder.
    pub fn host(&self) -> OsHost {
        OsHost::new(&self.folder)
    }

    /// What comes of compiling it.
    pub fn output(&self) -> Output {
        compile(&self.host(), &Request::default())
    }

    /// It, compiled. A reference platform that is not sound fails the test with the whole report.
    pub fn compile(&self) -> bayplan::Compilation {
        self.output().into_result().unwrap_or_else(|unsound| panic!("{}:\n{unsound}", self.name))
    }
}

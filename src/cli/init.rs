//! `bayplan init`: a `platform.toml` to start from, and the schema that editors read.

use std::path::Path;

use super::End;
use super::arguments::{Init, Shared};
use super::schema;
use super::session::say;
use crate::names::DnsLabel;

const STARTER: &str = include_str!("starter.toml");

pub(super) fn run(shared: &Shared, verb: &Init) -> End {
    let folder = match shared.file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = verb.name.clone().unwrap_or_else(|| folder_name(folder));
    let name = match DnsLabel::parse(&name) {
        Ok(name) => name,
        Err(error) => {
            say(&format!("error: {}; name the platform with --name\n", error.message()));
            return End::Failure;
        }
    };
    let schema_path = folder.join(schema::PATH);
    let files = [
        (shared.file.as_path(), STARTER.replace("NAME", name.as_str())),
        (schema_path.as_path(), schema::text()),
    ];
    for (path, text) in files {
        if let Err(error) = write_new(path, &text) {
            say(&format!("error: {}: {error}\n", path.display()));
            return End::Failure;
        }
        say(&format!("wrote {}\n", path.display()));
    }
    say("next: edit platform.toml, then run `bayplan render`\n");
    End::Fine
}

fn folder_name(folder: &Path) -> String {
    let absolute = std::path::absolute(folder).unwrap_or_default();
    absolute.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
}

/// Writes a file that is not there yet; one that is there is somebody's work.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

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
    let schema = folder.join(schema::PATH);
    // The schema is generated: one that is there is as good, or `bayplan schema --write` brings it up to date.
    let schema = (!schema.exists()).then(|| (schema, schema::text()));
    let platform = (shared.file.clone(), STARTER.replace("NAME", name.as_str()));
    for (path, text) in std::iter::once(platform).chain(schema) {
        if let Err(error) = write_new(&path, &text) {
            say(&refusal(&path, &error));
            return End::Failure;
        }
        say(&format!("wrote {}\n", path.display()));
    }
    say("next: edit platform.toml, then run `bayplan render`\n");
    End::Fine
}

fn refusal(path: &Path, error: &std::io::Error) -> String {
    let path = path.display();
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("error: {path} is there already, and is left as it is; name another file with --file\n")
        }
        _ => format!("error: cannot write {path}: {error}\n"),
    }
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

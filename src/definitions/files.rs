//! The files that a path names: itself, those below it, or the standard input.

use std::path::Path;

use crate::host::{Cause, Entry, Host, HostError, Kind};
use crate::manifest::LARGEST;

/// A file, and what is in it.
pub(super) struct Bytes {
    /// What findings call it.
    pub name: String,
    /// The bytes, or why there are none.
    pub bytes: Result<Vec<u8>, HostError>,
}

/// The files that `path` names, in the order of their names. A path that leads nowhere is one file that cannot be read.
pub(super) fn of(host: &dyn Host, path: &Path) -> Vec<Bytes> {
    if path.as_os_str() == "-" {
        return vec![Bytes { name: "<stdin>".to_owned(), bytes: host.input(LARGEST) }];
    }
    match host.list(path) {
        Ok(entries) if !entries.is_empty() => below(host, path, &entries),
        Ok(_) | Err(HostError { cause: Cause::NotAFolder(_), .. }) => vec![one(host, path)],
        Err(error) => vec![Bytes { name: shown(path), bytes: Err(error) }],
    }
}

fn below(host: &dyn Host, folder: &Path, entries: &[Entry]) -> Vec<Bytes> {
    let files = entries.iter().filter(|entry| matches!(entry.kind, Kind::File | Kind::Link));
    let files =
        files.filter(|entry| is_manifest(&entry.path) && !entry.path.split('/').any(|part| part == ".git"));
    let files = files.map(|entry| {
        let name = shown(&folder.join(&entry.path));
        Bytes { name, bytes: host.read_at_most(folder, &entry.path, LARGEST) }
    });
    files.collect()
}

fn one(host: &dyn Host, path: &Path) -> Bytes {
    let folder = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Bytes { name: shown(path), bytes: host.read_at_most(folder, &name, LARGEST) }
}

fn is_manifest(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "json"].iter().any(|it| extension.eq_ignore_ascii_case(it))
}

/// A path as findings show it: with `/`, and without a `./` in front.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.trim_start_matches("./").trim_end_matches('/').to_owned()
}

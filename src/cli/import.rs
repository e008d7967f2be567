//! `bayplan import`: an existing system as a `platform.toml`, on stdout.

use std::path::{Path, PathBuf};

use super::End;
use super::arguments::{Import, ImportFrom};
use super::session::{Session, Show, print, say};
use crate::compile::{ImportRequest, import_compose};
use crate::host::OsHost;
use crate::names::DnsLabel;

pub(super) fn run(session: &Session, verb: &Import) -> End {
    let ImportFrom::Compose { files, group, name } = &verb.from;
    for name in group.iter().chain(name) {
        if let Err(error) = DnsLabel::parse(name) {
            say(&format!("error: {}\n", error.message()));
            return End::Failure;
        }
    }
    let folder = folder(&files[0]);
    let request = ImportRequest {
        files: files.iter().map(|file| relative(folder, file)).collect(),
        group: group.clone(),
        name: name.clone().unwrap_or_else(|| folder_name(folder)),
        renamed: name.is_some(),
    };
    let imported = import_compose(&OsHost::new(folder), &request);
    session.show(&imported.diagnostics, &imported.sources, Show::Notes);
    match imported.text() {
        Some(text) => {
            print(&text);
            End::Fine
        }
        None => End::Failure,
    }
}

/// The folder of the first file: what it names lies there.
fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn relative(folder: &Path, file: &Path) -> String {
    let inner = file.strip_prefix(folder).map_or_else(|_| file.to_owned(), PathBuf::from);
    inner.to_string_lossy().replace('\\', "/")
}

fn folder_name(folder: &Path) -> String {
    let absolute = std::path::absolute(folder).unwrap_or_default();
    absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

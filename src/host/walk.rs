//! Everything below a folder of the disk, its folders walked by several threads at once.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Entry, Kind, parallel};

/// What could not be walked, below the folder, and why.
type Refused = (PathBuf, io::Error);

/// With fewer folders than that to walk, to ask others for help takes longer than the walk.
const MANY: usize = 8;

/// Everything below `folder`, sorted by path. Links are not followed.
pub(super) fn entries(folder: &Path) -> Result<Vec<Entry>, Refused> {
    let mut entries = Vec::new();
    let mut folders = Vec::new();
    for entry in WalkDir::new(folder).min_depth(1).max_depth(1) {
        let entry = entry.map_err(|error| refused(folder, error))?;
        if entry.file_type().is_dir() {
            folders.push(entry.path().to_owned());
        }
        entries.push(listed(folder, &entry));
    }
    let threads = if folders.len() < MANY { 1 } else { parallel::threads(None) };
    for below in parallel::map(&folders, threads, |below| walked(folder, below)) {
        entries.append(&mut below?);
    }
    entries.sort();
    Ok(entries)
}

fn walked(folder: &Path, below: &Path) -> Result<Vec<Entry>, Refused> {
    let all = WalkDir::new(below).min_depth(1).into_iter();
    all.map(|entry| entry.map(|entry| listed(folder, &entry)).map_err(|error| refused(folder, error)))
        .collect()
}

/// A walked entry, as a listing has it: with `/` between the parts of its path on every system.
fn listed(folder: &Path, entry: &DirEntry) -> Entry {
    let relative = entry.path().strip_prefix(folder).unwrap_or(entry.path());
    let kind = match entry.file_type() {
        kind if kind.is_symlink() => Kind::Link,
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_file() => Kind::File,
        _ => Kind::Special,
    };
    let parts =
        || relative.iter().map(OsStr::to_str).collect::<Option<Vec<_>>>().map(|parts| parts.join("/"));
    let path = if cfg!(unix) { relative.to_str().map(str::to_owned) } else { parts() };
    match path {
        Some(path) => Entry { path, kind },
        None => Entry { path: relative.display().to_string(), kind: Kind::Nameless },
    }
}

fn refused(folder: &Path, error: walkdir::Error) -> Refused {
    let below = error.path().and_then(|path| path.strip_prefix(folder).ok()).unwrap_or(Path::new(""));
    (below.to_owned(), error.into())
}

//! Files that are on the disk, and not only on their way to it, before anybody relies on them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use crate::host::File;

/// Above so many paths one call that brings down the whole file system is cheaper than one for each.
#[cfg(any(target_os = "linux", target_os = "android"))]
const MANY: usize = 32;

/// Folders that have been made, so that none is made twice.
#[derive(Debug, Default)]
pub(super) struct Folders(BTreeSet<PathBuf>);

impl Folders {
    /// Makes `folder` and those that it lies in, where they do not exist.
    pub(super) fn make(&mut self, folder: &Path) -> Result<(), Failure> {
        if self.0.contains(folder) {
            return Ok(());
        }
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make(folder.parent().unwrap_or(folder))?;
                fs::create_dir(folder).map_err(Failure::at(folder))?;
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            made => made.map_err(Failure::at(folder))?,
        }
        self.0.insert(folder.to_owned());
        Ok(())
    }

    /// The folders, outer ones first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &PathBuf> {
        self.0.iter()
    }
}

/// Writes a file that must not exist yet, in a folder that must. It is not on the disk before [`sync`].
pub(super) fn write(path: &Path, file: &File) -> Result<(), Failure> {
    open_new(path, file.executable)
        .and_then(|mut handle| handle.write_all(&file.bytes))
        .map_err(Failure::at(path))
}

/// Brings files and folders down to the disk: what is in the files, and the names that are in the folders.
pub(super) fn sync<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<(), Failure> {
    let paths: Vec<&PathBuf> = paths.into_iter().collect();
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(first) = paths.first().filter(|_| paths.len() > MANY) {
        let synced = fs::File::open(first).and_then(|file| Ok(rustix::fs::syncfs(file)?));
        return synced.map_err(Failure::at(first));
    }
    paths.into_iter().try_for_each(|path| sync_one(path).map_err(Failure::at(path)))
}

/// Brings one file or folder down to the disk. Unlike the standard library's `sync_all`, this does not make macOS
/// empty the cache of the drive each time, which takes milliseconds.
#[cfg(unix)]
pub(super) fn sync_one(path: &Path) -> io::Result<()> {
    Ok(rustix::fs::fsync(fs::File::open(path)?)?)
}

/// Elsewhere a folder cannot be opened as a file is, and a file only for writing.
#[cfg(not(unix))]
pub(super) fn sync_one(path: &Path) -> io::Result<()> {
    if path.is_dir() { Ok(()) } else { fs::OpenOptions::new().append(true).open(path)?.sync_all() }
}

/// Gives what is at `path` to the owner of what it replaces. It matters to root in a container, which would otherwise
/// take the tree away from the user who mounted it; anybody else owns both, so a failure means nothing.
#[cfg(unix)]
pub(super) fn give_to_owner_of(old: &fs::Metadata, path: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    let differs = |new: &fs::Metadata| (new.uid(), new.gid()) != (old.uid(), old.gid());
    if fs::symlink_metadata(path).is_ok_and(|new| differs(&new)) {
        let _ = chown(path, Some(old.uid()), Some(old.gid()));
    }
}

/// Elsewhere a file belongs to whoever makes it.
#[cfg(not(unix))]
pub(super) fn give_to_owner_of(_: &fs::Metadata, _: &Path) {}

/// Creates a file. The user's umask applies.
fn open_new(path: &Path, executable: bool) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if executable { 0o777 } else { 0o666 });
    #[cfg(not(unix))]
    let _ = executable;
    options.open(path)
}

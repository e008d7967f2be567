//! Files that are on the disk, and not only on their way to it, before anybody relies on them.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::failure::Failure;
use crate::host::File;

/// Writes a file that must not exist yet, and the folders that it lies in.
pub(super) fn write(path: &Path, file: &File) -> Result<(), Failure> {
    let write = || {
        fs::create_dir_all(path.parent().unwrap_or(path))?;
        let mut handle = open_new(path, file.executable)?;
        handle.write_all(&file.bytes)?;
        handle.sync_all()
    };
    write().map_err(Failure::at(path))
}

/// Brings the names in every folder below `root` down to the disk.
#[cfg(unix)]
pub(super) fn sync_folders(root: &Path) -> Result<(), Failure> {
    for entry in walkdir::WalkDir::new(root) {
        let entry = entry.map_err(|error| Failure::walking(root, error))?;
        if entry.file_type().is_dir() {
            sync_folder(entry.path()).map_err(Failure::at(entry.path()))?;
        }
    }
    Ok(())
}

/// Elsewhere a folder cannot be opened as a file is.
#[cfg(not(unix))]
pub(super) fn sync_folders(_: &Path) -> Result<(), Failure> {
    Ok(())
}

/// Brings the names in one folder down to the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
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

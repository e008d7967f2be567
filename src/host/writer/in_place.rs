//! The way for a folder that cannot be swapped: a mount point, a volume of a container, a lower layer of an overlay.
//!
//! Every new file is first written beside its place, down to the disk; only when all are there are they renamed into
//! place one by one. What can fail for want of space or rights fails before anything has changed. A kill within the
//! renames leaves some files new and some old, each of them whole; the next render completes it. One before them
//! leaves temporary files, which carry our stamp and are removed as left over.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Changes;
use super::durable::{self, Folders};
use super::failure::Failure;
use super::target::Target;
use crate::host::{HostError, path};

/// Carries out `changes` file by file.
pub(super) fn write(target: &Target, changes: &Changes<'_>) -> Result<(), HostError> {
    let prepared = Prepared::write(target, changes).map_err(|failure| failure.into_error(target))?;
    let removed = changes.remove.iter().try_for_each(|path| remove(target, path));
    removed.and_then(|()| prepared.put_in_place()).map_err(|failure| failure.into_error(target))
}

/// New files beside the places that they are for. Dropped, those that are not in place yet are removed.
#[derive(Debug, Default)]
struct Prepared {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Prepared {
    fn write(target: &Target, changes: &Changes<'_>) -> Result<Self, Failure> {
        let mut prepared = Self::default();
        let mut folders = Folders::default();
        for (path, file) in &changes.write {
            let place = target.path().join(path);
            let beside = beside(&place);
            folders.make(place.parent().unwrap_or(&place))?;
            prepared.files.push((beside.clone(), place.clone()));
            durable::write(&beside, file)?;
            if let Ok(old) = fs::symlink_metadata(&place) {
                durable::give_to_owner_of(&old, &beside);
            }
        }
        durable::sync(prepared.files.iter().map(|(beside, _)| beside).chain(folders.iter()))?;
        Ok(prepared)
    }

    fn put_in_place(&self) -> Result<(), Failure> {
        self.files
            .iter()
            .try_for_each(|(beside, place)| fs::rename(beside, place).map_err(Failure::at(place)))
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        for (beside, _) in &self.files {
            let _ = fs::remove_file(beside);
        }
    }
}

/// `.name.bayplan-<pid>` in the same folder.
fn beside(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().display().to_string();
    place.with_file_name(format!(".{name}.bayplan-{}", std::process::id()))
}

/// Removes a file, and the folders that are empty without it.
fn remove(target: &Target, path: &str) -> Result<(), Failure> {
    let place = target.path().join(path);
    match fs::remove_file(&place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Failure::at(&place)(error)),
        _ => {}
    }
    let folders: Vec<&str> = path::ancestors(path).collect();
    for folder in folders.into_iter().rev() {
        if fs::remove_dir(target.path().join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}

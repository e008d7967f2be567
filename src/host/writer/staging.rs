//! The new tree, built beside the old one: `.out.bayplan-<pid>/new`.
//!
//! Around it stands a folder of our own with a marker in it, so that what a killed run leaves can be told from what
//! anybody else made. What is in the old tree and neither written nor removed is linked, so it stays the same file.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Changes;
use super::durable;
use super::failure::Failure;
use super::old_tree::{OldTree, remove_all};
use super::target::Target;
use crate::host::HostError;

/// A folder of our own beside the output folder. Dropped, it is removed with all that is in it.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// The output folder.
    place: PathBuf,
    /// Whether somebody should look at what is in it.
    left_behind: bool,
}

const MARKER: &str = "BAYPLAN";
const MARKER_TEXT: &str = "Left by an interrupted `bayplan render`. The next one removes this folder.\n";
const NEW: &str = "new";
const OLD: &str = "old";

/// How many names are tried. One is enough where runs can lock each other out; elsewhere two may have one process id.
const NAMES: usize = 100;

impl Staging {
    /// Makes the folder and marks it.
    pub(super) fn create(target: &Target) -> Result<Self, HostError> {
        let failed = |error: io::Error| HostError::writing(target.shown_beside(Path::new("")), &error);
        let folder = create_folder(target).map_err(failed)?;
        let staging = Self { folder, place: target.path(), left_behind: false };
        fs::write(staging.folder.join(MARKER), MARKER_TEXT).map_err(failed)?;
        Ok(staging)
    }

    /// Where the new tree is built; after an exchange, where the old one is.
    pub(super) fn new_tree(&self) -> PathBuf {
        self.folder.join(NEW)
    }

    /// Where the old tree is put aside on systems that cannot exchange two folders.
    pub(super) fn old_tree(&self) -> PathBuf {
        self.folder.join(OLD)
    }

    /// Builds the new tree, down to the disk. The output folder is only read.
    pub(super) fn fill(&self, changes: &Changes<'_>) -> Result<OldTree, Failure> {
        let new = self.new_tree();
        fs::create_dir(&new).map_err(Failure::at(&new))?;
        let old = OldTree::read(&self.place)?;
        old.carry_over(&self.place, &new, changes)?;
        for (path, file) in &changes.write {
            durable::write(&new.join(path), file)?;
        }
        durable::sync_folders(&new)?;
        old.restore_rights(&new, changes)?;
        Ok(old)
    }

    /// Removes the old tree, which now lies at `place`, and everything else of ours.
    ///
    /// Only what was read before is removed. What somebody changed or added meanwhile stays, and the marker goes
    /// instead, so that no later run takes it for rubbish; the name of the folder is given back.
    pub(super) fn retire(mut self, old: &OldTree, place: Option<&Path>) -> Option<PathBuf> {
        let removed = place.is_none_or(|place| old.remove(place).is_ok());
        if removed {
            return None;
        }
        self.left_behind = true;
        let _ = fs::remove_file(self.folder.join(MARKER));
        self.folder.file_name().map(PathBuf::from)
    }
}

/// Best effort: what cannot be removed now is removed by the next run.
impl Drop for Staging {
    fn drop(&mut self) {
        if !self.left_behind {
            let _ = discard(&self.folder, &self.place);
        }
    }
}

/// Removes what killed runs left beside the output folder. The caller holds the lock, so nobody is at work there.
///
/// A folder without our marker is left alone unless it is empty.
pub(super) fn sweep(target: &Target) {
    let prefix = prefix(target);
    let Ok(entries) = fs::read_dir(&target.parent) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().as_encoded_bytes().starts_with(prefix.as_encoded_bytes());
        if is_ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let folder = entry.path();
            let marked = fs::symlink_metadata(folder.join(MARKER)).is_ok();
            let _ = if marked { discard(&folder, &target.path()) } else { fs::remove_dir(&folder) };
        }
    }
}

/// Removes a staging folder: the marker last, so that an interruption leaves something that is still known for ours.
///
/// Where a run ended between the two renames of a system that cannot exchange folders, the old tree is put back.
fn discard(folder: &Path, place: &Path) -> io::Result<()> {
    let (new, old) = (folder.join(NEW), folder.join(OLD));
    if exists(&old) && !exists(place) {
        fs::rename(&old, place)?;
    }
    for tree in [new, old] {
        if exists(&tree) {
            remove_all(&tree)?;
        }
    }
    match fs::remove_file(folder.join(MARKER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::remove_dir(folder),
    }
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn create_folder(target: &Target) -> io::Result<PathBuf> {
    let mut name = prefix(target);
    name.push(std::process::id().to_string());
    for _ in 0..NAMES {
        let folder = target.parent.join(&name);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => name.push("-"),
            created => return created.map(|()| folder),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// The name of every staging folder of `target`, up to the process.
fn prefix(target: &Target) -> OsString {
    [OsStr::new("."), &target.name, OsStr::new(".bayplan-")].into_iter().collect()
}

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
        let old = OldTree::read(&self.place)?;
        let mut folders = old.carry_over(&self.place, &new, changes)?;
        let mut written = Vec::new();
        for (path, file) in &changes.write {
            let path = new.join(path);
            folders.make(path.parent().unwrap_or(&new))?;
            durable::write(&path, file)?;
            written.push(path);
        }
        durable::sync(written.iter().chain(folders.iter()))?;
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

#[cfg(test)]
mod tests {
    use super::super::swap;
    use super::*;
    use crate::host::{File, OsHost, Plan, Scopes};
    use crate::source::stamp::{StampStyle, seal};

    fn plan(text: &str) -> Plan {
        let file = File { bytes: seal(text, StampStyle::Hash).into_bytes(), executable: false };
        Plan::new([("x".to_owned(), file)].into(), Scopes::everything())
    }

    /// Replaces a tree, and does something to the old one between its being linked and its being replaced.
    fn replace_while(interfere: impl Fn(&Path)) -> (tempfile::TempDir, Option<PathBuf>) {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let out = root.path().join("out");
        fs::create_dir(&out).expect("a folder can be made");
        fs::write(out.join("x"), seal("old\n", StampStyle::Hash)).expect("a file can be written");
        fs::write(out.join("mine"), "mine").expect("a file can be written");
        let host = OsHost::new(root.path());
        let target = Target::resolve(&host, Path::new("out")).expect("the folder can be an output");
        let plan = plan("new\n");
        let changes = Changes::between(&host, Path::new("out"), &plan).expect("nothing is in the way");
        let staging = Staging::create(&target).expect("there is room beside it");
        let old = staging.fill(&changes).expect("the tree can be built");
        interfere(&out);
        let place = swap::swap(&staging, &target).expect("the trees can be swapped");
        let left_behind = staging.retire(&old, place.as_deref());
        (root, left_behind)
    }

    #[test]
    fn nothing_is_left_when_nobody_interferes() {
        let (root, left_behind) = replace_while(|_| {});
        assert_eq!(left_behind, None);
        assert_eq!(fs::read_dir(root.path()).expect("it can be read").count(), 1);
    }

    #[test]
    fn a_file_that_is_edited_while_it_is_replaced_is_left_behind() {
        let (root, left_behind) = replace_while(|out| {
            fs::write(out.join("x"), "somebody's work").expect("a file can be written");
        });
        let folder = root.path().join(left_behind.expect("it is named"));
        assert_eq!(fs::read(folder.join(NEW).join("x")).expect("it is kept"), b"somebody's work");
        let target = Target::resolve(&OsHost::new(root.path()), Path::new("out")).expect("it is still there");
        sweep(&target);
        assert!(folder.join(NEW).join("x").exists(), "no later run takes it for rubbish");
    }

    #[test]
    fn a_file_that_is_added_while_the_tree_is_replaced_is_left_behind() {
        let (root, left_behind) = replace_while(|out| {
            fs::write(out.join("added"), "somebody's work").expect("a file can be written");
        });
        let folder = root.path().join(left_behind.expect("it is named"));
        assert_eq!(fs::read(folder.join(NEW).join("added")).expect("it is kept"), b"somebody's work");
    }

    #[test]
    fn an_edit_of_a_kept_file_is_in_the_new_tree() {
        let (root, left_behind) = replace_while(|out| {
            use io::Write;
            let mut file = fs::OpenOptions::new().append(true).open(out.join("mine")).expect("it exists");
            file.write_all(b" and more").expect("a file can be written");
        });
        assert_eq!(fs::read(root.path().join("out/mine")).expect("it is kept"), b"mine and more");
        assert_eq!(left_behind, None);
    }

    #[test]
    fn an_old_tree_is_not_thrown_away_before_there_is_a_new_one() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let target =
            Target::resolve(&OsHost::new(root.path()), Path::new("out")).expect("it can be an output");
        let staging = Staging::create(&target).expect("there is room beside it");
        fs::create_dir(staging.old_tree()).expect("a folder can be made");
        fs::write(staging.old_tree().join("x"), "mine").expect("a file can be written");
        drop(staging);
        assert_eq!(fs::read(root.path().join("out/x")).expect("it is back"), b"mine");
    }
}

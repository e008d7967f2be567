//! The tree that is being replaced: what of it goes into the new one, and how it is taken away afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::Changes;
use super::durable::{self, Folders};
use super::failure::Failure;

/// The old tree as it was when it was read, by path relative to the output folder, which itself is the empty path.
#[derive(Debug, Default)]
pub(super) struct OldTree {
    folders: BTreeMap<PathBuf, Metadata>,
    /// Files, links and whatever else is no folder.
    leaves: BTreeMap<PathBuf, Metadata>,
}

impl OldTree {
    /// Reads what is at `root`, links not followed; nothing where there is nothing.
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let mut tree = Self::default();
        if fs::symlink_metadata(root).is_err() {
            return Ok(tree);
        }
        for entry in walkdir::WalkDir::new(root) {
            let entry = entry.map_err(|error| Failure::walking(root, error))?;
            let metadata = entry.metadata().map_err(|error| Failure::walking(root, error))?;
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
            let part = if metadata.is_dir() { &mut tree.folders } else { &mut tree.leaves };
            part.insert(relative, metadata);
        }
        Ok(tree)
    }

    /// Links into `new` what stays, and makes the folders in which there was nothing at all. A folder that held only
    /// what is removed now is not made.
    pub(super) fn carry_over(
        &self,
        root: &Path,
        new: &Path,
        changes: &Changes<'_>,
    ) -> Result<Folders, Failure> {
        let replaced: BTreeSet<&Path> = changes.paths().map(Path::new).collect();
        let mut folders = Folders::default();
        folders.make(new)?;
        for folder in self.empty_folders() {
            folders.make(&new.join(folder))?;
        }
        for (path, metadata) in &self.leaves {
            if !replaced.contains(path.as_path()) {
                let copy = new.join(path);
                folders.make(copy.parent().unwrap_or(new))?;
                link(&root.join(path), &copy, metadata)?;
            }
        }
        Ok(folders)
    }

    /// Gives the folders that still exist, and the files that were replaced, to their owners, and the folders the
    /// permissions that they had. Inner folders come first, since an outer one may forbid to change them.
    pub(super) fn restore_rights(&self, new: &Path, changes: &Changes<'_>) -> Result<(), Failure> {
        for path in changes.write.keys() {
            if let Some(old) = self.leaves.get(Path::new(path)) {
                durable::give_to_owner_of(old, &new.join(path));
            }
        }
        for (path, old) in self.folders.iter().rev() {
            let folder = new.join(path);
            if fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.is_dir()) {
                durable::give_to_owner_of(old, &folder);
                fs::set_permissions(&folder, old.permissions()).map_err(Failure::at(&folder))?;
            }
        }
        Ok(())
    }

    /// Removes the tree from `place`, and nothing that has been changed since it was read or was not in it.
    pub(super) fn remove(&self, place: &Path) -> io::Result<()> {
        for folder in self.folders.keys() {
            make_removable(&place.join(folder))?;
        }
        for (path, metadata) in &self.leaves {
            let path = place.join(path);
            match fs::symlink_metadata(&path) {
                Ok(now) if !is_expendable(&now, metadata) => {
                    return Err(io::ErrorKind::DirectoryNotEmpty.into());
                }
                Ok(_) => fs::remove_file(&path)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.folders.keys().rev().try_for_each(|folder| fs::remove_dir(place.join(folder)))
    }

    fn empty_folders(&self) -> impl Iterator<Item = &PathBuf> {
        let entries = self.folders.keys().chain(self.leaves.keys());
        let filled: BTreeSet<&Path> = entries.filter_map(|path| path.parent()).collect();
        self.folders.keys().filter(move |folder| !filled.contains(folder.as_path()))
    }
}

/// Removes a folder with all that is in it, whatever its permissions were.
pub(super) fn remove_all(folder: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_dir() {
            make_removable(entry.path())?;
        }
    }
    fs::remove_dir_all(folder)
}

/// Whether nothing is lost with this name of a file: it has another, or it is as it was.
fn is_expendable(now: &Metadata, then: &Metadata) -> bool {
    let unchanged = || now.len() == then.len() && now.modified().ok() == then.modified().ok();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        now.nlink() > 1 || (now.ino() == then.ino() && unchanged())
    }
    #[cfg(not(unix))]
    unchanged()
}

/// Lets us remove what is in a folder.
#[cfg(unix)]
fn make_removable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::symlink_metadata(folder)?.permissions().mode();
    if mode & 0o700 == 0o700 {
        Ok(())
    } else {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }
}

#[cfg(not(unix))]
fn make_removable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes `new` the same file as `old`; a copy of it with the same time where the file system cannot link.
fn link(old: &Path, new: &Path, metadata: &Metadata) -> Result<(), Failure> {
    let linked = match fs::hard_link(old, new) {
        // Another file system: a copy could be made, but then the swap would move a mount point away.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => Err(error),
        Err(_) if metadata.is_symlink() => copy_link(old, new),
        Err(_) if metadata.is_file() => copy_file(old, new),
        other => other,
    };
    linked.map_err(Failure::at(old))
}

fn copy_file(old: &Path, new: &Path) -> io::Result<()> {
    fs::copy(old, new)?;
    let metadata = fs::metadata(old)?;
    let copy = fs::File::open(new)?;
    durable::give_to_owner_of(&metadata, new);
    copy.set_modified(metadata.modified()?)?;
    copy.sync_all()
}

#[cfg(unix)]
fn copy_link(old: &Path, new: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(old)?, new)
}

#[cfg(windows)]
fn copy_link(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};
    let leads_to = fs::read_link(old)?;
    if fs::metadata(old).is_ok_and(|metadata| metadata.is_dir()) {
        symlink_dir(leads_to, new)
    } else {
        symlink_file(leads_to, new)
    }
}

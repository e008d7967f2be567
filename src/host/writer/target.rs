//! The output folder itself: where it is, and whether it may be replaced.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::super::os::{OsHost, shown};
use super::Changes;
use crate::host::{Cause, HostError, Kind, path};

/// An output folder on disk, which need not exist yet.
#[derive(Debug)]
pub(super) struct Target {
    /// The real path of the folder that it lies in.
    pub(super) parent: PathBuf,
    /// Its name there.
    pub(super) name: OsString,
    /// Its path as the user wrote it.
    pub(super) folder: PathBuf,
}

impl Target {
    /// The target of `folder`. Makes the folder that it lies in, if there is none.
    ///
    /// Refuses what is not a folder, and what holds the platform: the swap would move its sources.
    pub(super) fn resolve(host: &OsHost, folder: &Path) -> Result<Self, HostError> {
        let path = host.root().join(folder);
        let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(HostError::new(shown(folder), Cause::HoldsPlatform));
        };
        let writing = |error: io::Error| HostError::writing(shown(folder), &error);
        let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
        fs::create_dir_all(above).map_err(writing)?;
        let target = Self {
            parent: above.canonicalize().map_err(writing)?,
            name: name.to_owned(),
            folder: folder.to_owned(),
        };
        let root = host.root().canonicalize().map_err(writing)?;
        if root.starts_with(target.path()) {
            return Err(HostError::new(shown(folder), Cause::HoldsPlatform));
        }
        Ok(target)
    }

    /// The real path of the output folder.
    pub(super) fn path(&self) -> PathBuf {
        self.parent.join(&self.name)
    }

    /// A path below the output folder, as the user would write it.
    pub(super) fn shown(&self, relative: impl AsRef<Path>) -> String {
        let relative = relative.as_ref();
        if relative.as_os_str().is_empty() { shown(&self.folder) } else { shown(&self.folder.join(relative)) }
    }

    /// A path beside the output folder, as the user would write it.
    pub(super) fn shown_beside(&self, name: &Path) -> String {
        let above = self.folder.parent().unwrap_or(Path::new(""));
        let path = above.join(name);
        if path.as_os_str().is_empty() { ".".into() } else { shown(&path) }
    }

    /// Refuses an output folder that is a link or no folder.
    pub(super) fn require_folder(&self) -> Result<(), HostError> {
        let kind = match fs::symlink_metadata(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(HostError::writing(self.shown(""), &error)),
            Ok(metadata) if metadata.is_dir() => return Ok(()),
            Ok(metadata) if metadata.is_symlink() => Kind::Link,
            Ok(metadata) if metadata.is_file() => Kind::File,
            Ok(_) => Kind::Special,
        };
        Err(HostError::new(shown(&self.folder), Cause::NotAFolder(kind)))
    }

    /// Refuses where a folder in which something changes may not be written, naming each such folder.
    ///
    /// The swap itself does not need that right, but a folder that was made read-only was made so on purpose.
    pub(super) fn require_writable(&self, changes: &Changes<'_>) -> Result<(), Vec<HostError>> {
        let mut folders: Vec<&str> = changes.paths().flat_map(path::ancestors).collect();
        folders.push("");
        folders.sort_unstable();
        folders.dedup();
        let refused = folders.into_iter().filter_map(|folder| {
            let error = unwritable(&self.path().join(folder))?;
            Some(HostError::writing(self.shown(folder), &error))
        });
        let refused: Vec<HostError> = refused.collect();
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    }
}

/// Why the folder at `path` may not be written; `None` where it may, or where there is no folder.
fn unwritable(path: &Path) -> Option<io::Error> {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    if is_folder { access(path).err() } else { None }
}

#[cfg(unix)]
fn access(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn access(folder: &Path) -> io::Result<()> {
    let denied = fs::metadata(folder)?.permissions().readonly();
    if denied { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

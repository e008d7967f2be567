//! A file system operation that failed while a tree was being replaced, and where.

use std::io;
use std::path::{Path, PathBuf};

use super::target::Target;
use crate::host::HostError;

/// The path as the system knows it, and the system's error.
#[derive(Debug)]
pub(super) struct Failure {
    path: PathBuf,
    error: io::Error,
}

impl Failure {
    /// Turns an error into the failure at `path`.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self { path: path.to_owned(), error }
    }

    /// The failure to walk a folder in `root`.
    pub(super) fn walking(root: &Path, error: walkdir::Error) -> Self {
        Self { path: error.path().unwrap_or(root).to_owned(), error: error.into() }
    }

    /// Whether the folder cannot be swapped because another file system begins at it or in it: a mount point, a
    /// volume of a container, a lower layer of an overlay.
    pub(super) fn is_about_mounts(&self) -> bool {
        matches!(self.error.kind(), io::ErrorKind::CrossesDevices | io::ErrorKind::ResourceBusy)
    }

    /// The error, with the path that the user knows: a staged file is named by its place in the output folder.
    pub(super) fn into_error(self, target: &Target) -> HostError {
        let staged = |path: &Path| {
            let mut parts = path.strip_prefix(&target.parent).ok()?.components();
            parts.next()?;
            parts.next()?;
            Some(parts.as_path().to_owned())
        };
        let in_output = self.path.strip_prefix(target.path()).ok().map(Path::to_owned);
        let relative = in_output.or_else(|| staged(&self.path)).unwrap_or_default();
        HostError::writing(target.shown(relative), &self.error)
    }
}

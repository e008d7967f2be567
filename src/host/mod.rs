//! The only file system, environment and clock.
//!
//! Takes relative paths with `/` between their parts; gives bytes, listings, today's date, and replaces an output
//! folder as a whole. It knows nothing of YAML or Kubernetes: a file is bytes, and whether bayplan wrote it is told by
//! its [`stamp`](crate::source::stamp). It refuses to read a file that lies outside the platform's folder, to
//! overwrite what it did not write, and to write half a tree.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is the place that the rest of the crate is kept off the file system, environment and clock for"
)]

mod codes;
mod date;
mod error;
mod glob;
mod memory;
mod os;
pub(crate) mod parallel;
mod path;
mod walk;
mod writer;

use std::path::Path;

pub use codes::CODES;
pub use date::Date;
pub use error::{Cause, HostError};
pub use memory::MemoryHost;
pub use os::OsHost;
pub use writer::{EditedFiles, Outcome, Plan, Scopes, State, Survey, survey};

/// A file: what is in it, and whether it may be executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether its owner may execute it. Always `false` on a system that knows no such thing.
    pub executable: bool,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    Link,
    /// A pipe, a socket or a device.
    Special,
    /// Something whose name is not UTF-8, so that no path leads there.
    Nameless,
}

/// One entry of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The path relative to the listed folder, with `/` between its parts.
    pub path: String,
    /// What stands there.
    pub kind: Kind,
}

/// Everything that a compilation needs of the world.
///
/// Paths of the platform are relative to the platform's folder and may not leave it. A `folder` is where output lies
/// or where somebody's manifests are: relative to the platform's folder, or absolute.
pub trait Host: Send + Sync {
    /// The file of the platform at `path`.
    ///
    /// # Errors
    /// Where there is none, where it cannot be read, or where the path leaves the platform's folder, be it through
    /// `..` or through a symbolic link.
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError>;

    /// The text of the platform at `path`.
    ///
    /// # Errors
    /// As [`Host::read`], and where the bytes are not UTF-8: the error names the first offending byte.
    fn read_text(&self, path: &str) -> Result<String, HostError> {
        decode(path, self.read(path)?)
    }

    /// The files of the platform that `pattern` matches, in order. `*` stands for any characters and `?` for one,
    /// neither for `/`; a name that starts with a dot is matched only by a pattern that does.
    ///
    /// # Errors
    /// Where the pattern leaves the platform's folder, or a folder on its way cannot be read.
    fn find(&self, pattern: &str) -> Result<Vec<String>, HostError>;

    /// Everything below `folder`, in order of the paths; symbolic links are listed and never followed. A folder that
    /// does not exist is empty.
    ///
    /// # Errors
    /// Where `folder` is not a folder, or one below it cannot be read.
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError>;

    /// Whether a folder with something in it stands at `path`, links followed.
    fn is_folder(&self, path: &Path) -> bool {
        self.list(path).is_ok_and(|entries| !entries.is_empty())
    }

    /// What a link at `path` leads to, or what else stands there: a link where it leads nowhere.
    fn behind(&self, path: &Path) -> Kind {
        if self.is_folder(path) { Kind::Folder } else { Kind::File }
    }

    /// The file at `path` below `folder`.
    ///
    /// # Errors
    /// Where there is none, where it cannot be read, or where the path leaves `folder`.
    fn read_below(&self, folder: &Path, path: &str) -> Result<File, HostError>;

    /// The bytes of the file at `path` below `folder`, unless there are more than `most`.
    ///
    /// # Errors
    /// As [`Host::read_below`], and where the file is larger; it is not read then.
    fn read_at_most(&self, folder: &Path, path: &str, most: u64) -> Result<Vec<u8>, HostError> {
        let file = self.read_below(folder, path)?;
        if file.bytes.len() as u64 > most {
            Err(HostError::new(path, Cause::TooLarge { most }))
        } else {
            Ok(file.bytes)
        }
    }

    /// The bytes of what a listing of `folder` called a file, unless there are more than `most`. What stands there is not asked again,
    /// which takes as long as reading a small file.
    ///
    /// # Errors
    /// As [`Host::read_at_most`].
    fn read_listed(&self, folder: &Path, path: &str, most: u64) -> Result<Vec<u8>, HostError> {
        self.read_at_most(folder, path, most)
    }

    /// What somebody pipes into the program, unless it is more than `most` bytes.
    ///
    /// # Errors
    /// Where there is more, or it cannot be read.
    fn input(&self, most: u64) -> Result<Vec<u8>, HostError>;

    /// Makes the output folder hold exactly what `plan` says, within the plan's scopes, or changes nothing.
    ///
    /// # Errors
    /// Every reason why nothing was written: each file in the way, or the one failure of the file system.
    fn commit(&self, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>>;

    /// The day that it is, in UTC.
    fn today(&self) -> Date;

    /// The environment variable `name`, where it is set and is UTF-8.
    fn variable(&self, name: &str) -> Option<String>;
}

/// The text in `bytes`, which were read from `path`.
///
/// # Errors
/// Where they are not UTF-8.
pub fn decode(path: &str, bytes: Vec<u8>) -> Result<String, HostError> {
    String::from_utf8(bytes)
        .map_err(|error| HostError::new(path, Cause::NotUtf8 { offset: error.utf8_error().valid_up_to() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_no_text_is_named() {
        assert_eq!(decode("a", b"ab\xC3\xA9".to_vec()).as_deref(), Ok("abé"));
        let error = decode("a", b"ab\xFFc\xFF".to_vec()).expect_err("0xFF is never UTF-8");
        assert_eq!(error, HostError::new("a", Cause::NotUtf8 { offset: 2 }));
    }
}

//! What an output folder should hold, and what came of it.

use std::collections::BTreeMap;

use super::super::{File, HostError, path};
use crate::host::Cause;

/// The parts of the output folder that are being rendered. Everything else is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// The scopes of these prefixes: `overlays/staging/` is a folder and all below it, `README.md` is one file.
    pub fn of<S: Into<String>>(prefixes: impl IntoIterator<Item = S>) -> Self {
        Self(prefixes.into_iter().map(Into::into).collect())
    }

    /// The whole output folder.
    #[must_use]
    pub fn everything() -> Self {
        Self(vec![String::new()])
    }

    /// Whether the file at `path` is being rendered.
    #[must_use]
    pub fn cover(&self, path: &str) -> bool {
        self.0.iter().any(|prefix| match prefix.as_str() {
            "" => true,
            folder if folder.ends_with('/') => path.starts_with(folder),
            file => path == file,
        })
    }
}

/// What becomes of generated files that were edited by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditedFiles {
    /// They are named, and nothing is written.
    #[default]
    Refuse,
    /// The edits are discarded.
    Overwrite,
}

/// What the output folder should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The files by their paths, relative to the output folder with `/` between the parts. Each is sealed with a
    /// [`stamp`](crate::source::stamp), or else no later run will know it for its own.
    pub files: BTreeMap<String, File>,
    /// The parts of the output folder that these files are all of.
    pub scopes: Scopes,
    /// What becomes of edited files.
    pub edited: EditedFiles,
}

impl Plan {
    /// The plan to have `files` and nothing else of our own in `scopes`, refusing where a file was edited.
    #[must_use]
    pub const fn new(files: BTreeMap<String, File>, scopes: Scopes) -> Self {
        Self { files, scopes, edited: EditedFiles::Refuse }
    }

    /// The same plan with another policy for edited files.
    #[must_use]
    pub const fn with_edited(mut self, edited: EditedFiles) -> Self {
        self.edited = edited;
        self
    }

    /// Refuses a path that is not spelt as a listing spells it, since it would be compared with the wrong file.
    pub(super) fn validate(&self) -> Result<(), HostError> {
        let crooked = |path: &&String| path::normal(path).as_ref() != Ok(path);
        match self.files.keys().find(crooked) {
            Some(path) => Err(HostError::new(path, Cause::LeavesFolder)),
            None => Ok(()),
        }
    }
}

/// What a commit did. All paths are relative to the output folder and in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Files that are new or changed.
    pub written: Vec<String>,
    /// Files that bayplan wrote once and no longer produces.
    pub removed: Vec<String>,
    /// Files that were right already, and were not touched.
    pub unchanged: Vec<String>,
    /// Files in the scopes that bayplan did not write, or that were edited and are no longer produced.
    pub kept: Vec<String>,
    /// A folder beside the output that holds what somebody changed in the old tree while it was being replaced. It is
    /// left for them to look at.
    pub left_behind: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_a_folder_or_a_file() {
        let scopes = Scopes::of(["base/", "README.md"]);
        assert!(scopes.cover("base/a/b.yaml") && scopes.cover("README.md"));
        assert!(!scopes.cover("base") && !scopes.cover("base2/a") && !scopes.cover("README.md.bak"));
        assert!(Scopes::everything().cover("anything"));
        assert!(!Scopes::of::<String>([]).cover("anything"));
    }
}

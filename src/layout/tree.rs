//! A tree of files whose contents are still values.

use std::collections::BTreeMap;

use super::helm::Document;
use crate::value::SharedValue;

/// How the format of a text file writes a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comment {
    /// `# …`: shell, YAML, `.gitignore`. A first line `#!…` stays first.
    Hash,
    /// `<!-- … -->`: Markdown.
    Html,
    /// `"$comment": "…"`, the first member of the object that the file is: JSON Schema.
    Json,
}

/// What stands in a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// One YAML document.
    Yaml(SharedValue),
    /// Objects with holes, for Helm.
    Templates(Vec<Document>),
    /// Text that is finished already.
    Text {
        /// The text, ending in a newline.
        text: String,
        /// How the text's format comments.
        comment: Comment,
        /// Whether the file may be executed.
        executable: bool,
    },
}

/// Files by their path, relative to the output folder, with `/` between parts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tree {
    files: BTreeMap<String, Content>,
}

impl Tree {
    /// Adds a file; a later one of the same path replaces it.
    pub fn insert(&mut self, path: impl Into<String>, content: Content) {
        self.files.insert(path.into(), content);
    }

    /// Adds all files of another tree; where both have a path, the other's file stays.
    pub fn extend(&mut self, other: Self) {
        self.files.extend(other.files);
    }

    /// The files in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.files.iter().map(|(path, content)| (path.as_str(), content))
    }

    /// The content of the file at `path`.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
    }
}

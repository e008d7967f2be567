//! Trees to bytes: the only place that writes YAML.
//!
//! Takes a [`Tree`] whose contents are values and templates; gives the finished bytes of each file, sealed with the header of
//! [`crate::source::stamp`]. The bytes are a function of the values alone. It refuses nothing: every JSON value has
//! a form that YAML 1.1 and YAML 1.2 readers read as that same value.

mod order;
mod scalar;
mod template;
mod yaml;

use std::collections::BTreeMap;

use crate::layout::{Comment, Content, Tree};
use crate::source::stamp::{self, StampStyle};
use crate::value::Value;

pub use scalar::survives_kustomize;

/// The finished content of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmittedFile {
    /// The bytes, header included.
    pub bytes: Vec<u8>,
    /// Whether the file may be executed.
    pub executable: bool,
}

/// Every file of `tree`, finished and sealed, by its path.
#[must_use]
pub fn files(tree: &Tree) -> BTreeMap<String, EmittedFile> {
    tree.iter().map(|(path, content)| (path.to_owned(), file(content))).collect()
}

/// One value as a YAML document in block style, ending in a newline.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    yaml::document(value)
}

/// A stream of documents with `---` between them, for a pipe into `kubectl apply -f -`.
pub fn documents<'a>(values: impl IntoIterator<Item = &'a Value>) -> String {
    let documents: Vec<String> = values.into_iter().map(to_yaml).collect();
    documents.join("---\n")
}

fn file(content: &Content) -> EmittedFile {
    match content {
        Content::Yaml(value) => EmittedFile {
            bytes: stamp::seal(&to_yaml(value), StampStyle::Hash).into_bytes(),
            executable: false,
        },
        Content::Templates(documents) => EmittedFile {
            bytes: stamp::seal(&template::documents(documents), StampStyle::Template).into_bytes(),
            executable: false,
        },
        Content::Text { text, comment, executable } => {
            EmittedFile { bytes: stamp::seal(text, style(*comment)).into_bytes(), executable: *executable }
        }
    }
}

const fn style(comment: Comment) -> StampStyle {
    match comment {
        Comment::Hash => StampStyle::Hash,
        Comment::Html => StampStyle::Html,
        Comment::Json => StampStyle::Json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json;

    #[test]
    fn every_file_is_sealed() {
        let mut tree = Tree::default();
        tree.insert("base/a.yaml", Content::Yaml(json!({"a": 1}).into()));
        let text = "#!/bin/sh\necho\n".to_owned();
        tree.insert("run.sh", Content::Text { text, comment: Comment::Hash, executable: true });
        tree.insert(
            "README.md",
            Content::Text { text: "# Out\n".into(), comment: Comment::Html, executable: false },
        );
        let files = files(&tree);
        assert_eq!(files.keys().collect::<Vec<_>>(), ["README.md", "base/a.yaml", "run.sh"]);
        assert!(files.values().all(|file| stamp::read(&file.bytes) == stamp::Stamp::Intact));
        assert!(files["base/a.yaml"].bytes.ends_with(b"do not edit\na: 1\n"));
        assert!(files["README.md"].bytes.starts_with(b"<!-- bayplan "));
        assert!(files["run.sh"].executable && files["run.sh"].bytes.starts_with(b"#!/bin/sh\n# bayplan "));
    }

    #[test]
    fn documents_are_parted_by_three_dashes() {
        let values = [json!({"a": 1}), json!({"b": "x\n\n"})];
        assert_eq!(documents(&values), "a: 1\n---\nb: |+\n  x\n\n");
    }
}

//! Objects to a tree of files: `base/`, `overlays/<env>/` and `rendered/<env>/`.
//!
//! It knows paths and environments, and how kustomize applies a patch. It does not know how YAML is written:
//! a file's content is a value until `emit/` makes bytes of it.

mod tree;

pub use tree::{Comment, Content, Tree};

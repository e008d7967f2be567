//! Where things were written: files, byte spans, key paths, and the document tree that carries them.
//!
//! Takes text that somebody else read; gives positions and paths. It knows neither TOML nor Kubernetes,
//! and it touches no file: a [`Sources`] is filled by the caller.

mod damage;
mod document;
mod key_path;
mod span;
pub mod stamp;
pub mod wildcard;

pub use damage::Damage;
pub use document::{Layer, Node, NodeValue, Origin};
pub use key_path::{KeyPath, Segment};
pub use span::{FileId, LineColumn, Sources, Span};

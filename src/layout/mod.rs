//! Objects to a tree of files: `base/`, `overlays/<env>/` and `rendered/<env>/`.
//!
//! It knows paths and environments, and how kustomize applies a patch. It does not know how YAML is written:
//! a file's content is a value until `emit/` makes bytes of it.
//!
//! Every function here is total. An overlay is the difference of two object sets, in the form that reads best among
//! those that kustomize applies exactly; where none is exact, the overlay lists the finished objects of the component
//! and leaves its base alone.
//!
//! ```text
//! base.rs  rendered.rs          the trees without a difference
//! overlay.rs                    one environment against the base
//!   pairs.rs                    which object of the base became which object of the environment
//!   component.rs  moves.rs      one component: untouched, dropped, patched or finished; its namespaces
//!   patch.rs                    one object: the choice between the two forms of a patch
//!     strategic.rs  lists.rs    a strategic merge patch, and what kustomize does to lists
//!     operations.rs             a JSON 6902 patch
//!   references.rs               references that kustomize would rewrite by itself
//! helm/                         charts: one template for all environments, and their values
//! delivery.rs                   what Argo CD is given, which is in no overlay
//! paths.rs  kustomization.rs    names of files, and the kustomization.yaml of a folder
//! ```

mod base;
mod component;
mod delivery;
pub mod helm;
mod kustomization;
mod lines;
mod lists;
mod moves;
mod operations;
mod overlay;
mod pairs;
mod patch;
mod paths;
mod references;
mod rendered;
mod strategic;
mod tree;

pub use base::base;
pub use delivery::delivery;
pub use overlay::overlay;
pub(crate) use pairs::{namespace_renames, pairs};
pub use rendered::rendered;
pub use tree::{Comment, Content, Tree};

use crate::object::ObjectSet;

/// One environment, compiled.
#[derive(Debug, Clone, Copy)]
pub struct EnvironmentObjects<'a> {
    /// What the environment is called.
    pub name: &'a str,
    /// Its finished objects.
    pub objects: &'a ObjectSet,
    /// The files that lie beside its kustomization and are no cluster objects.
    pub extras: &'a [Extra],
}

/// A file that belongs to an environment and is no cluster object: a kind configuration, a script, an `.example`.
#[derive(Debug, Clone, PartialEq)]
pub struct Extra {
    /// Where it lies, relative to `overlays/<env>/`, with `/` between parts.
    pub path: String,
    /// What stands in it.
    pub content: Content,
}

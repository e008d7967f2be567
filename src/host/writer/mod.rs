//! Making an output folder hold exactly the desired files, whole or not at all.
//!
//! Takes a [`Plan`]: the desired files and the scopes that are being rendered. [`survey`] compares it with what is
//! there, and is all that `--check` needs. A commit refuses where something that bayplan did not write, or that was
//! edited since, is in the way; it leaves alone what lies outside the scopes and what is not its own.
//!
//! On disk, the new tree is built beside the old one and the two folders are exchanged in one step, so that a kill at
//! any moment leaves the one or the other. Unchanged files are hard links to the old ones: same inode, same time. What
//! that costs: a shell that stands in the output folder stands in the old one afterwards.

mod changes;
pub(super) mod disk;
mod durable;
mod failure;
mod in_place;
mod lock;
mod old_tree;
mod plan;
mod staging;
mod survey;
mod swap;
mod target;

pub(super) use changes::Changes;
pub use plan::{EditedFiles, Outcome, Plan, Scopes};
pub use survey::{State, Survey, survey};

//! What Argo CD is given: projects, Applications, and the order in which the objects of an overlay are applied.
//!
//! An Application that deploys an overlay cannot lie in that overlay. So these objects are not among those of the
//! environment: [`delivery`] gives them by themselves, and they are written to `argocd/<environment>/`. The Application
//! that reads that folder in turn is the one thing that people apply by hand.

mod application;
mod project;
#[cfg(test)]
mod tests;
mod waves;

pub use application::ROOT;
pub use application::delivery;
pub(super) use waves::annotate;

/// The annotation that orders what one Application applies.
/// Source: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/>.
const WAVE: &str = "argocd.argoproj.io/sync-wave";
/// The annotation that changes how one object is applied.
/// Source: <https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/>.
const OPTIONS: &str = "argocd.argoproj.io/sync-options";

//! The parts of a definition of custom resources, and what the API server demands of each; `crd-structural` asks them.
//!
//! After `pkg/apis/apiextensions/validation` and `pkg/apiserver/schema` of k8s.io/apiextensions-apiserver.

pub(super) mod columns;
pub(super) mod conversion;
mod declared;
pub(super) mod expressions;
mod extent;
mod junctors;
pub(super) mod names;
mod rules;
pub(super) mod structure;
pub(super) mod subresources;

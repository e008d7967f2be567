//! The integration tests: one binary, a module per topic.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests look at the repository's own files; only the library is kept off the file system"
)]

mod cases;
mod custom_resources;
mod kustomize;
mod tidy;

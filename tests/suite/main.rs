//! The integration tests: one binary, a module per topic.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests look at the repository's own files; only the library is kept off the file system"
)]

mod codes;
mod custom_resources;
#[cfg(unix)]
mod host;
mod kustomize;
mod tidy;
mod wrightnow;
#[cfg(unix)]
mod writer;
mod yaml;

//! The integration tests: one binary, a module per topic.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests look at the repository's own files; only the library is kept off the file system"
)]

mod agent_ready;
mod cases;
mod check;
mod cli;
mod codes;
mod commerce;
mod compose;
mod custom_resources;
mod edge;
mod generated;
mod golden;
mod helm;
#[cfg(unix)]
mod host;
mod judge;
mod kustomize;
mod operators;
mod pssaas;
mod sevensa;
mod strict;
mod tidy;
mod truths;
mod wrightnow;
#[cfg(unix)]
mod writer;
mod yaml;

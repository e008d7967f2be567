//! The integration tests, in one binary: a module per topic.

#[cfg(unix)]
mod host;
#[cfg(unix)]
mod writer;
mod yaml;

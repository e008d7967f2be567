//! The integration tests, in one binary: a module per topic.

mod yaml;

//! Everything that is tested from outside the crate, in one binary: a module per topic.

mod custom_resources;

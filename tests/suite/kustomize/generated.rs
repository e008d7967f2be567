//! Random pairs of a base and an environment, many to a build.

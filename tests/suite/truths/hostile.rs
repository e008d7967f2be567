//! Truth 8.

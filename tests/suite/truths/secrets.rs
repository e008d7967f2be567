//! Truth 7.

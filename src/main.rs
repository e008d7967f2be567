//! The command line of bayplan.

fn main() {}

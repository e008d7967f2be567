//! The command `bayplan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    bayplan::cli::run(std::env::args_os())
}

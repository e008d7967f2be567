//! The command line: a file per verb, and no logic.
//!
//! A verb reads arguments, calls the library and says what came of it. Data goes to stdout, talk to stderr. The exit
//! code is 0 where all is well, 1 where there are findings or differences, and 2 for a bad platform, bad usage or a
//! failure.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the program's own clock, and files that a person asked it to start"
)]

mod arguments;
mod capacity;
mod check;
mod completions;
mod definitions;
mod diff;
mod explain;
mod import;
mod init;
mod parity;
mod promote;
mod render;
mod rules;
mod schema;
mod session;
mod tenant;
mod tree;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Verb};
use session::Session;

pub use explain::all_codes;

/// How a verb ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// All is well.
    Fine,
    /// There are findings or differences.
    Findings,
    /// The platform is bad, the usage is, or something failed.
    Failure,
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        match end {
            End::Fine => Self::SUCCESS,
            End::Findings => Self::from(1),
            End::Failure => Self::from(2),
        }
    }
}

/// Runs the command line that `arguments` spell, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let end = if error.use_stderr() { End::Failure } else { End::Fine };
            // A closed pipe is the only way for this to fail, and then nobody is there to be told.
            drop(error.print());
            return end.into();
        }
    };
    dispatch(&arguments).into()
}

fn dispatch(arguments: &Arguments) -> End {
    match &arguments.verb {
        Verb::Render(verb) => render::run(&Session::new(&arguments.shared), verb),
        Verb::Check(verb) => check::run(&Session::new(&arguments.shared), verb),
        Verb::Diff(verb) => diff::run(&Session::new(&arguments.shared), verb),
        Verb::Capacity(verb) => capacity::run(&Session::new(&arguments.shared), verb),
        Verb::Promote(verb) => promote::run(&Session::new(&arguments.shared), verb),
        Verb::Tenant(verb) => tenant::run(&Session::new(&arguments.shared), verb),
        Verb::Import(verb) => import::run(&Session::new(&arguments.shared), verb),
        Verb::Parity(verb) => parity::run(&Session::new(&arguments.shared), verb),
        Verb::Schema(verb) => schema::run(&Session::new(&arguments.shared), verb),
        Verb::Explain(verb) => explain::run(verb),
        Verb::Rules => rules::run(&Session::new(&arguments.shared)),
        Verb::Init(verb) => init::run(&arguments.shared, verb),
        Verb::Completions(verb) => completions::run(verb),
    }
}

//! `bayplan completions`: what a shell needs to complete the command.

use clap::CommandFactory;

use super::End;
use super::arguments::{Arguments, Completions};
use super::session::print;

pub(super) fn run(verb: &Completions) -> End {
    let mut text = Vec::new();
    clap_complete::generate(verb.shell, &mut Arguments::command(), "bayplan", &mut text);
    print(&String::from_utf8_lossy(&text));
    End::Fine
}

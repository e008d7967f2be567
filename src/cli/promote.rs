//! `bayplan promote`: one environment gets the images of another, in the files of the platform themselves.

use super::End;
use super::arguments::Promote;
use super::session::{Session, print, say};
use crate::compile::{Promotions, promote_files};

pub(super) fn run(session: &Session, verb: &Promote) -> End {
    let promotions = match promote_files(&session.host, session.file(), &verb.from, &verb.to) {
        Ok(promotions) => promotions,
        Err(problem) => return session.fail(&[*problem]),
    };
    for change in &promotions.changes {
        print(&format!("{}: {} -> {}\n", change.entity, change.before, change.after));
    }
    if promotions.changes.is_empty() {
        session.tell(&format!("{} runs the images of {} already", verb.to, verb.from));
        return End::Fine;
    }
    if verb.check {
        session.tell(&format!("mend it with: bayplan promote {} {}", verb.from, verb.to));
        return End::Findings;
    }
    write(session, verb, &promotions)
}

fn write(session: &Session, verb: &Promote, promotions: &Promotions) -> End {
    for (file, text) in &promotions.texts {
        match session.replace_file(file, text) {
            Ok(path) => {
                session.tell(&format!("changed {}; now: bayplan render {}", path.display(), verb.to));
            }
            Err(error) => {
                say(&format!("error: cannot write {file}: {error}\n"));
                return End::Failure;
            }
        }
    }
    End::Fine
}

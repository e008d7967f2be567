//! `bayplan promote`: one environment gets the images of another, in `platform.toml` itself.

use super::End;
use super::arguments::Promote;
use super::session::{Session, print, say};
use crate::compile::promote;
use crate::host::Host;

pub(super) fn run(session: &Session, verb: &Promote) -> End {
    let text = match session.host.read_text(session.file()) {
        Ok(text) => text,
        Err(error) => return session.fail(&[error.diagnostic()]),
    };
    let promotion = match promote(&text, &verb.from, &verb.to) {
        Ok(promotion) => promotion,
        Err(problem) => return session.fail(&[*problem]),
    };
    for change in &promotion.changes {
        print(&format!("{}: {} -> {}\n", change.entity, change.before, change.after));
    }
    if promotion.changes.is_empty() {
        session.tell(&format!("{} runs the images of {} already", verb.to, verb.from));
        return End::Fine;
    }
    if verb.check {
        session.tell(&format!("mend it with: bayplan promote {} {}", verb.from, verb.to));
        return End::Findings;
    }
    write(session, verb, &promotion.text)
}

fn write(session: &Session, verb: &Promote, text: &str) -> End {
    match session.replace(text) {
        Ok(path) => {
            session.tell(&format!("changed {}; now: bayplan render {}", path.display(), verb.to));
            End::Fine
        }
        Err(error) => {
            say(&format!("error: cannot write {}: {error}\n", session.file()));
            End::Failure
        }
    }
}

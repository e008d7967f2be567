//! `bayplan schema add`, `list` and `remove`: the definitions of custom resources that are kept beside the platform.

use std::path::{Path, PathBuf};

use super::End;
use super::arguments::SchemaVerb;
use super::session::{Session, Show, print, say};
use crate::definitions::{self, Addition, Change, FOLDER};
use crate::host::OsHost;
use crate::source::Sources;

pub(super) fn run(session: &Session, verb: &SchemaVerb) -> End {
    match verb {
        SchemaVerb::Add { paths } => add(session, paths),
        SchemaVerb::List => list(session),
        SchemaVerb::Remove { names } => remove(session, names),
    }
}

fn add(session: &Session, paths: &[PathBuf]) -> End {
    let mut sources = Sources::default();
    let addition = definitions::add(&session.host, &OsHost::new("."), &mut sources, paths);
    if !addition.problems.is_empty() {
        session.show(&addition.problems, &sources, Show::Warnings);
        say("nothing was written\n");
        return End::Failure;
    }
    let folder = session.folder().join(FOLDER);
    match write(&folder, &addition) {
        Ok(()) => {
            tell(session, &addition);
            End::Fine
        }
        Err(error) => {
            say(&format!("error: cannot write {}: {error}\n", folder.display()));
            End::Failure
        }
    }
}

/// Writes what is not there yet. Each file is written beside its place first, so that a kill leaves the old text or the new one.
fn write(folder: &Path, addition: &Addition) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for (name, kept) in addition.files.iter().filter(|(_, kept)| kept.change != Change::Unchanged) {
        let beside = folder.join(format!(".{name}.new"));
        std::fs::write(&beside, &kept.text)?;
        std::fs::rename(&beside, folder.join(name))?;
    }
    Ok(())
}

fn tell(session: &Session, addition: &Addition) {
    for (name, kept) in &addition.files {
        session.tell(&format!("{} {FOLDER}/{name} ({})", kept.change.as_str(), kept.what));
    }
    let count = |change: Change| addition.files.values().filter(|kept| kept.change == change).count();
    let parts =
        [Change::Added, Change::Changed, Change::Unchanged].map(|change| (count(change), change.as_str()));
    let mut parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match addition.passed {
        0 => {}
        1 => parts.push("passed over 1 object that is no definition".to_owned()),
        count => parts.push(format!("passed over {count} objects that are no definitions")),
    }
    session.tell(&format!("{}; now: bayplan check", parts.join(", ")));
}

fn list(session: &Session) -> End {
    let mut sources = Sources::default();
    let found = definitions::kept(&session.host, &mut sources);
    for definition in &found.definitions {
        print(&format!("{}\t{}\n", definition.name, definition.what().replacen(" in ", "\t", 1)));
    }
    if found.problems.is_empty() {
        End::Fine
    } else {
        session.show(&found.problems, &sources, Show::Warnings);
        End::Failure
    }
}

fn remove(session: &Session, names: &[String]) -> End {
    let files = match definitions::remove(&session.host, names) {
        Ok(files) => files,
        Err(problems) => return session.fail(&problems),
    };
    for file in files {
        if let Err(error) = std::fs::remove_file(session.folder().join(&file)) {
            say(&format!("error: cannot remove {file}: {error}\n"));
            return End::Failure;
        }
        session.tell(&format!("removed {file}"));
    }
    End::Fine
}

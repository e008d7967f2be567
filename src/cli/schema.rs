//! `bayplan schema`: the JSON Schema of `platform.toml`. What it does with definitions is in `definitions.rs`.

use super::End;
use super::arguments::Schema;
use super::definitions;
use super::session::{Session, print, say};
use crate::spec;

/// Where the schema lies beside a platform, as the first line of `platform.toml` names it.
pub(super) const PATH: &str = "schemas/platform.schema.json";

/// The schema as it stands in a file.
pub(super) fn text() -> String {
    format!("{:#}\n", spec::published())
}

pub(super) fn run(session: &Session, verb: &Schema) -> End {
    if let Some(verb) = &verb.verb {
        return definitions::run(session, verb);
    }
    if !verb.write {
        print(&text());
        return End::Fine;
    }
    let path = session.folder().join(PATH);
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    match folder.and_then(|()| std::fs::write(&path, text())) {
        Ok(()) => {
            session.tell(&format!("wrote {}", path.display()));
            End::Fine
        }
        Err(error) => {
            say(&format!("error: cannot write {}: {error}\n", path.display()));
            End::Failure
        }
    }
}

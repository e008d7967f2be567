//! A platform as text, resolved: what the tests beside the code of this stage begin with.

use std::collections::BTreeMap;

use super::{Input, resolve};
use crate::diag::Diagnostic;
use crate::model::Platform;
use crate::source::{Damage, Sources};
use crate::spec;

/// What a platform means in one environment, or in none, if it means anything; and everything that was found.
pub(super) fn platform(text: &str, environment: Option<&str>) -> (Option<Platform>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("platform.toml", text.to_owned());
    let mut document = match spec::parse(&sources, file) {
        Ok(document) => document,
        Err(found) => return (None, found),
    };
    let mut damage = Damage::default();
    let mut found = spec::Shape::default().check(&mut document, &mut damage);
    let files = BTreeMap::new();
    let resolved = resolve(Input {
        document: &document,
        sources: &sources,
        files: &files,
        environment,
        damage: &damage,
    });
    found.extend(resolved.warnings);
    match resolved.value {
        Ok(resolved) => (Some(resolved.platform), found),
        Err(errors) => {
            found.extend(errors);
            (None, found)
        }
    }
}

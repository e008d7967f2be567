//! `bayplan explain`: what a code means.

use super::End;
use super::arguments::Explain;
use super::session::{print, say};
use crate::diag::{self, Code};

/// Every code of every stage, by name.
#[must_use]
pub fn all_codes() -> Vec<&'static Code> {
    let stages = [
        crate::spec::CODES,
        crate::resolve::CODES,
        crate::resolve::border::CODES,
        crate::resolve::regions::codes::CODES,
        crate::resolve::ROUTE_CODES,
        crate::resolve::tenant_codes::CODES,
        crate::manifest::CODES,
        crate::check::CODES,
        crate::check::exceptions::CODES,
        crate::compile::CODES,
        crate::definitions::CODES,
        crate::judge::CODES,
        crate::import::CODES,
        crate::host::CODES,
    ];
    let mut codes: Vec<&'static Code> = stages.into_iter().flatten().copied().collect();
    codes.sort_by_key(|code| code.name);
    codes
}

pub(super) fn run(verb: &Explain) -> End {
    let codes = all_codes();
    let Some(name) = &verb.code else {
        let lines = codes.iter().map(|code| format!("{:<8} {}\n", code.severity.as_str(), code.name));
        print(&lines.collect::<String>());
        return End::Fine;
    };
    match diag::explain(&codes, name) {
        Ok(text) => {
            print(&text);
            End::Fine
        }
        Err(unknown) => {
            say(&format!("error: {unknown}\n"));
            End::Failure
        }
    }
}

//! The other files of a platform: what `include` names, found, read and joined.
//!
//! Takes the document of the platform's own file; puts into it what the included files hold. Patterns are relative to the
//! platform's folder in every file. Refuses a file that is not there, a file outside the folder, and a circle.

use std::collections::BTreeMap;

use super::unreadable;
use crate::diag::{Code, Diagnostic, Severity};
use crate::host::Host;
use crate::source::{Node, Sources, Span};
use crate::spec::{self, Joiner};

/// A file that includes itself, directly or through others.
pub(super) static INCLUDE_CYCLE: Code = Code {
    name: "include-cycle",
    severity: Severity::Error,
    docs: "## What it means\nA file of the platform includes a file that includes it.\n\n\
           ## Why it matters\nNothing would be missing without one of the two, so one of them is a mistake, and readers look for what it was meant to bring.\n\n\
           ## Example\n```toml\n# products/shop.toml, which platform.toml includes\ninclude = [\"platform.toml\"]\n```\n\n\
           ## Instead\nRemove the `include` that leads back.",
};

/// An `include` that brings nothing.
pub(super) static INCLUDE_WITHOUT_FILES: Code = Code {
    name: "include-without-files",
    severity: Severity::Warning,
    docs: "## What it means\nA pattern of `include` matches no file.\n\n\
           ## Why it matters\nA misspelt folder would leave whole products out of the platform, and everything would still compile.\n\n\
           ## Example\n```toml\ninclude = [\"product/*.toml\"]    # the folder is called products\n```\n\n\
           ## Instead\nMend the pattern, or remove it. `*` and `?` match within one name; there is no `**`.",
};

/// Joins everything that `document`, which was read from `path`, includes to it, and gives the warnings.
///
/// # Errors
/// Every file that cannot be read or is no TOML, and everything that two files define.
pub(super) fn join(
    host: &dyn Host,
    sources: &mut Sources,
    document: &mut Node,
    path: &str,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    spec::spread_group(document);
    let patterns = spec::includes(document);
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader =
        Reader { host, sources, parts: BTreeMap::new(), chain: vec![path.to_owned()], problems: Vec::new() };
    reader.read_all(&patterns);
    let Reader { parts, mut problems, .. } = reader;
    let mut joiner = Joiner::default();
    parts.into_values().flatten().for_each(|part| joiner.join(document, part));
    problems.append(&mut joiner.finish());
    if problems.iter().any(Diagnostic::is_error) { Err(problems) } else { Ok(problems) }
}

struct Reader<'a> {
    host: &'a dyn Host,
    sources: &'a mut Sources,
    /// The documents by path; `None` for one that could not be read.
    parts: BTreeMap<String, Option<Node>>,
    /// The files that are being read, each included by the one before.
    chain: Vec<String>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read_all(&mut self, patterns: &[(String, Option<Span>)]) {
        for (pattern, place) in patterns {
            let is_pattern = pattern.contains(['*', '?']);
            match self.host.find(pattern) {
                Ok(found) if found.is_empty() && is_pattern => {
                    let problem =
                        Diagnostic::new(&INCLUDE_WITHOUT_FILES, format!("`{pattern}` matches no file"));
                    let hint = "patterns are relative to the platform's folder: mend it, or remove it";
                    self.problems.push(problem.at(*place, "").hint(hint));
                }
                Ok(found) if found.is_empty() => self.read(pattern, *place),
                Ok(found) => {
                    for path in found {
                        let circle = self.chain.contains(&path);
                        match (circle, is_pattern) {
                            (false, _) => self.read(&path, *place),
                            // A pattern that matches the file it stands in means the others.
                            (true, true) => {}
                            (true, false) => self.report_circle(&path, *place),
                        }
                    }
                }
                Err(error) => self.problems.push(error.diagnostic().at(*place, "named here")),
            }
        }
    }

    fn report_circle(&mut self, path: &str, place: Option<Span>) {
        let from = self.chain.iter().position(|known| known == path).unwrap_or_default();
        let circle: Vec<&str> = self.chain[from..].iter().map(String::as_str).chain([path]).collect();
        let message = format!("files include one another in a circle: {}", circle.join(" -> "));
        self.problems.push(Diagnostic::new(&INCLUDE_CYCLE, message).at(place, "").hint("remove it"));
    }

    fn read(&mut self, path: &str, place: Option<Span>) {
        if self.parts.contains_key(path) {
            return;
        }
        self.parts.insert(path.to_owned(), None);
        let text = match self.host.read_text(path) {
            Ok(text) => text,
            Err(error) => {
                let problem = unreadable(self.host, self.sources, path, &error).at(place, "named here");
                return self.problems.push(problem);
            }
        };
        let file = self.sources.add(path, text);
        match spec::parse(self.sources, file) {
            Ok(part) => {
                let patterns = spec::includes(&part);
                self.parts.insert(path.to_owned(), Some(part));
                self.chain.push(path.to_owned());
                self.read_all(&patterns);
                self.chain.pop();
            }
            Err(mut errors) => self.problems.append(&mut errors),
        }
    }
}

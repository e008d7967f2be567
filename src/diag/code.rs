//! A code: the stable name of one kind of diagnostic, and what `bayplan explain` says of it.

use std::fmt;

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Something is written, and somebody should look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word that people read: `error`, `warning` or `note`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One kind of diagnostic. Each stage declares its own as statics and lists them in its `CODES`.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Lower-case words joined by hyphens, never changed once released: `unknown-key`.
    pub name: &'static str,
    /// The weight that the diagnostic has unless the policy says otherwise.
    pub severity: Severity,
    /// Markdown for `bayplan explain`, under the headings "What it means", "Why it matters", "Example" and "Instead".
    pub docs: &'static str,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

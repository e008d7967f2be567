//! The diagnostic itself, and a result that carries warnings.

use super::{Code, Severity};
use crate::source::{KeyPath, Span};

/// A place in a source text and what to say there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The bytes to underline.
    pub span: Span,
    /// What stands beside the underline; may be empty.
    pub text: String,
}

/// One thing that is wrong, or worth knowing.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The kind of the trouble.
    pub code: &'static Code,
    /// Which rule of the user's own it is, where the code stands for several.
    pub rule: Option<String>,
    /// The weight in this run.
    pub severity: Severity,
    /// One line in lower case that stands alone, without a full stop.
    pub message: String,
    /// The places: the first is where the user should look, the others explain it.
    pub labels: Vec<Label>,
    /// The part of `platform.toml` that it concerns: `databases.postgres.storage`. An exception names it by this.
    pub entity: Option<KeyPath>,
    /// The Kubernetes object that it concerns: `Deployment core/api`.
    pub object: Option<String>,
    /// The field of that object: `spec.template.spec.containers[0].image`.
    pub field: Option<String>,
    /// The environments in which it holds; empty where it does not depend on one.
    pub environments: Vec<String>,
    /// Edits or commands that mend it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic of `code` with its usual severity and no place yet.
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            rule: None,
            severity: code.severity,
            message: message.into(),
            labels: Vec::new(),
            entity: None,
            object: None,
            field: None,
            environments: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds a place. A `None` adds nothing: a preset has no place in the user's files.
    #[must_use]
    pub fn at(mut self, span: Option<Span>, text: impl Into<String>) -> Self {
        if let Some(span) = span {
            self.labels.push(Label { span, text: text.into() });
        }
        self
    }

    /// Adds a remedy: an edit or a command.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a remedy if there is one.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hints.extend(hint);
        self
    }

    /// Names the part of `platform.toml` that it concerns.
    #[must_use]
    pub fn about(mut self, entity: &KeyPath) -> Self {
        self.entity = Some(entity.clone());
        self
    }

    /// Names the object, and the field of it if one is to blame.
    #[must_use]
    pub fn object(mut self, object: impl Into<String>, field: Option<String>) -> Self {
        self.object = Some(object.into());
        self.field = field;
        self
    }

    /// Whether it keeps anything from being written.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A result, and what is worth knowing either way.
#[derive(Debug, Clone)]
pub struct Warned<T> {
    /// The result.
    pub value: T,
    /// Warnings and notes, in the order in which they were found.
    pub warnings: Vec<Diagnostic>,
}

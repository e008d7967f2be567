//! Raw resources: objects that no noun describes, from the file itself or from a YAML template beside it.

use serde_json::Value;

use super::codes::{CONFLICTING_KEYS, TEMPLATE_ERROR};
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::source::KeyPath;

/// The objects of a YAML text with one or more documents.
pub(super) fn read(scope: &mut Scope<'_>, path: &KeyPath, text: &str) -> Vec<Value> {
    match serde_saphyr::from_multiple::<Value>(text) {
        Ok(documents) => documents.into_iter().filter(|document| !document.is_null()).collect(),
        Err(error) => {
            let message = error.to_string().lines().next().unwrap_or_default().to_owned();
            let problem = Diagnostic::new(&TEMPLATE_ERROR, format!("the template is not YAML: {message}"));
            let place = scope.span(&path.key("template"));
            scope.report(problem.at(place, ""));
            Vec::new()
        }
    }
}

/// Reports a resource that is neither an object nor a template, or both.
pub(super) fn report_choice(scope: &mut Scope<'_>, path: &KeyPath) {
    let message = format!("`{path}` needs exactly one of `object` and `template`");
    let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(path), "");
    scope.report(problem);
}

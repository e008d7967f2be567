//! Raw resources: objects that no noun describes, from the file itself or from a YAML template beside it.

use super::codes::TEMPLATE_ERROR;
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::source::KeyPath;
use crate::value::Value;

/// The objects of a YAML text with one or more documents.
pub(super) fn read(scope: &mut Scope<'_>, path: &KeyPath, text: &str) -> Vec<Value> {
    match serde_saphyr::from_multiple::<Value>(text) {
        Ok(documents) => {
            let documents = documents.into_iter().filter(|document| !document.is_null());
            documents.filter(|document| is_object(scope, path, document)).collect()
        }
        Err(error) => {
            let message = error.to_string();
            let message = message.lines().next().unwrap_or_default().trim_start_matches("error: ");
            let message = format!("the template does not give YAML: {message}");
            let problem = Diagnostic::new(&TEMPLATE_ERROR, message).at(scope.span(&path.key("template")), "");
            scope.report(problem.hint("correct that line of what the template gives"));
            Vec::new()
        }
    }
}

/// Whether a document is an object, as far as the rest of the compiler needs to know; else it is reported.
fn is_object(scope: &mut Scope<'_>, path: &KeyPath, document: &Value) -> bool {
    let is_object = document.is_object();
    if !is_object {
        let kind = match document {
            Value::Array(_) => "a list",
            _ => "a single value",
        };
        let message = format!("the template gives {kind} where a Kubernetes object is due");
        let problem = Diagnostic::new(&TEMPLATE_ERROR, message).at(scope.span(&path.key("template")), "");
        scope.report(problem.hint("write objects, with `---` between one and the next"));
    }
    is_object
}

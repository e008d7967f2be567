//! Texts that kustomize would damage: an overlay that carries them would not build what `rendered/` holds.

use crate::diag::{Code, Diagnostic, Severity};
use crate::emit::survives_kustomize;
use crate::object::Object;
use crate::source::{KeyPath, Segment};
use crate::value::Value;

/// A text that kustomize does not give back as it took it.
pub(super) static KUSTOMIZE_DAMAGES: Code = Code {
    name: "kustomize-damages",
    severity: Severity::Error,
    docs: "## What it means\nA text of an object holds a character (such as U+0085 or U+007F) or is a key (`<<`) that kustomize \
           changes or refuses, however it is written; or it is an annotation of several lines that begins with a tab, \
           which kustomize writes as a block that it cannot read.\n\n\
           ## Why it matters\nThe overlay would build another object than the one in `rendered/`, and nobody would be told.\n\n\
           ## Example\n```toml\n[configs.motd]\nnamespace = \"app\"\ndata.text = \"one\\u0085two\"\n```\n\n\
           ## Instead\nWrite another character (a newline for U+0085), or keep such data out of Kubernetes objects, for example \
           in a file of the image.",
};

/// Every text of the objects that kustomize would damage.
pub(super) fn find(objects: &[Object]) -> Vec<(&Object, Diagnostic)> {
    objects.iter().flat_map(|object| find_in(object).into_iter().map(move |found| (object, found))).collect()
}

fn find_in(object: &Object) -> Vec<Diagnostic> {
    let mut waiting: Vec<(KeyPath, &Value)> = vec![(KeyPath::root(), &object.value)];
    let mut found = Vec::new();
    while let Some((path, value)) = waiting.pop() {
        match value {
            Value::String(text) if !survives_kustomize(text) => {
                found.push(damaged(object, &path, "the text"));
            }
            Value::String(text) if is_annotation(&path) && text.starts_with('\t') && text.contains('\n') => {
                found.push(tabbed(object, &path));
            }
            Value::Array(items) => {
                waiting.extend(items.iter().enumerate().map(|(index, item)| (path.index(index), item)));
            }
            Value::Object(fields) => {
                let keys = fields.keys().filter(|key| !survives_kustomize(key));
                found.extend(keys.map(|key| damaged(object, &path.key(key.as_str()), "the key")));
                waiting.extend(fields.iter().map(|(key, value)| (path.key(key.as_str()), value)));
            }
            _ => {}
        }
    }
    found
}

fn damaged(object: &Object, path: &KeyPath, what: &str) -> Diagnostic {
    let message =
        format!("{what} of `{path}` in {} holds a character that kustomize changes or refuses", object.id);
    Diagnostic::new(&KUSTOMIZE_DAMAGES, message)
        .object(object.id.to_string(), Some(path.to_string()))
        .hint("write another character: a newline instead of U+0085, say")
}

/// Kustomize keeps notes of its own among the annotations of an object, and so writes all of them anew.
fn is_annotation(path: &KeyPath) -> bool {
    let key =
        |at: usize, name: &str| matches!(path.segments().get(at), Some(Segment::Key(key)) if key == name);
    key(0, "metadata") && key(1, "annotations")
}

fn tabbed(object: &Object, path: &KeyPath) -> Diagnostic {
    let message = format!(
        "the annotation `{path}` of {} has several lines and begins with a tab, which kustomize cannot carry",
        object.id
    );
    Diagnostic::new(&KUSTOMIZE_DAMAGES, message)
        .object(object.id.to_string(), Some(path.to_string()))
        .hint("begin it with blanks instead of the tab")
}

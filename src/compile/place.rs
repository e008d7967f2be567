//! Where in the user's files a finding about an object points: at the field, where somebody wrote it raw, and at the entity else.
//!
//! A raw object stands in `platform.toml` or in a YAML file beside it, and a patch holds a part of an object. What is wrong with
//! such a field is shown there, and not at the entity as a whole.

use std::path::Path;

use crate::check;
use crate::definitions;
use crate::diag::Diagnostic;
use crate::manifest;
use crate::model::{Patch, Platform};
use crate::object::{Object, ObjectRef};
use crate::source::{FileId, KeyPath, Node, Segment, Sources, Span};
use crate::value::Value;

/// What is needed to find a place.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    pub platform: &'a Platform,
    pub document: &'a Node,
    pub sources: &'a Sources,
    /// The files that the platform names, by their paths.
    pub files: &'a std::collections::BTreeMap<String, FileId>,
}

impl Places<'_> {
    /// The bytes to show for a field of an object that comes from `source`.
    pub(super) fn of(&self, source: &KeyPath, object: Option<&Object>, field: &KeyPath) -> Option<Span> {
        let object = object.filter(|object| object.source == *source);
        object
            .and_then(|object| self.raw(object, field).or_else(|| self.patched(object, field)))
            .or_else(|| super::place(self.document, source))
    }

    fn raw(&self, object: &Object, field: &KeyPath) -> Option<Span> {
        let is_raw = object.source.segments().first() == Some(&Segment::Key("resources".to_owned()));
        if !is_raw || field.segments().is_empty() {
            return None;
        }
        let written = object.source.key("object");
        if self.document.at(&written).is_some() {
            return self.document.place_of(&written.join(field));
        }
        self.in_file(object, field)
    }

    /// The place in a file of objects as they are; what a template gives stands nowhere.
    fn in_file(&self, object: &Object, field: &KeyPath) -> Option<Span> {
        let named = self.document.at(&object.source.key("template"))?.origin.span?;
        let name = self.sources.snippet(named).trim_matches(['"', '\'']);
        if Path::new(name).extension().is_some_and(|it| it == "j2") {
            return Some(named);
        }
        let file = *self.files.get(name)?;
        let reading = manifest::read(name, self.sources.text(file).as_bytes().to_vec());
        let index = reading.objects.iter().position(|other| other.id == object.id)?;
        let range = reading.locate(index, field).shown(&reading.text);
        Some(Span { file, start: range.start, end: range.end })
    }

    fn patched(&self, object: &Object, field: &KeyPath) -> Option<Span> {
        let meant = self.platform.patches.iter().filter(|patch| is_meant(patch, &object.id, &object.source));
        let place = |patch: &Patch| {
            let written = follow(&patch.fields, &object.value, field.segments())?;
            let fields = patch.source.key("patch").key(&patch.target);
            self.document.at(&fields)?;
            self.document.place_of(&fields.join(&written))
        };
        // The last one wins, as it does where patches are applied.
        meant.filter_map(place).next_back()
    }
}

/// Names the definition that a custom resource breaks, where the finding has no better remedy.
pub(super) fn with_definition(
    diagnostic: Diagnostic,
    object: Option<&Object>,
    definitions: &[Value],
) -> Diagnostic {
    let of_schema =
        check::rule(diagnostic.code.name).is_some_and(|rule| rule.family == check::Family::Schema);
    if !of_schema || !diagnostic.hints.is_empty() {
        return diagnostic;
    }
    let file = object.and_then(|object| definitions::file_of(definitions, &object.id.gvk));
    diagnostic.maybe_hint(file.map(|file| format!("{file} says what there may be")))
}

fn is_meant(patch: &Patch, id: &ObjectRef, source: &KeyPath) -> bool {
    let (kind, name) =
        patch.target.split_once('/').map_or((patch.target.as_str(), None), |(kind, name)| (kind, Some(name)));
    source.segments().starts_with(patch.source.segments())
        && id.gvk.kind == kind
        && name.is_none_or(|name| id.name == name)
}

/// The path in a patch of what became `field` of the object; `None` where the patch does not speak of it.
fn follow(patch: &Value, object: &Value, field: &[Segment]) -> Option<KeyPath> {
    let mut path = Vec::new();
    let (mut patch, mut object) = (patch, Some(object));
    for segment in field {
        let step = match segment {
            Segment::Key(key) => patch.get(key).map(|value| (segment.clone(), value)),
            Segment::Index(index) => item(patch, object, *index),
        };
        let Some((step, value)) = step else {
            // Within a list or below a field that the patch brought, what is missing is missing from the patch.
            return (path.iter().any(|step| matches!(step, Segment::Index(_))))
                .then(|| path.into_iter().collect());
        };
        path.push(step);
        patch = value;
        object = object.and_then(|object| match segment {
            Segment::Key(key) => object.get(key),
            Segment::Index(index) => object.get(index),
        });
    }
    Some(path.into_iter().collect())
}

/// The item of a patch that became the item `index` of the object: the one of that name, or the one at that place.
fn item<'a>(patch: &'a Value, object: Option<&Value>, index: usize) -> Option<(Segment, &'a Value)> {
    let items = patch.as_array()?;
    let name = object.and_then(|object| object.get(index)).and_then(|item| item.get("name"));
    let at = match name {
        Some(name) => items.iter().position(|item| item.get("name") == Some(name))?,
        None => index,
    };
    Some((Segment::Index(at), items.get(at)?))
}

#[cfg(test)]
mod tests {
    use crate::value::json;

    use super::*;

    fn followed(patch: &Value, field: &KeyPath) -> Option<String> {
        let object = json!({
            "metadata": {"labels": {"a": "b"}},
            "spec": {"endpoints": [{"port": "http"}, {"port": "metrics"}], "containers": [{"name": "side"}, {"name": "app"}]},
        });
        follow(patch, &object, field.segments()).map(|path| path.to_string())
    }

    #[test]
    fn a_field_is_followed_into_the_patch_that_wrote_it() {
        let patch = json!({"spec": {"endpoints": [{"port": "http"}], "containers": [{"name": "app", "imagePull": 1}]}});
        let endpoint = KeyPath::of(["spec", "endpoints"]).index(0).key("port");
        assert_eq!(followed(&patch, &endpoint).as_deref(), Some("spec.endpoints[0].port"));
        let container = KeyPath::of(["spec", "containers"]).index(1).key("imagePull");
        assert_eq!(followed(&patch, &container).as_deref(), Some("spec.containers[0].imagePull"));
        let missing = KeyPath::of(["spec", "containers"]).index(1).key("image");
        assert_eq!(followed(&patch, &missing).as_deref(), Some("spec.containers[0]"));
    }

    #[test]
    fn what_a_patch_does_not_speak_of_is_not_found_in_it() {
        let patch = json!({"spec": {"containers": [{"name": "app"}]}});
        assert_eq!(followed(&patch, &KeyPath::of(["metadata", "labels", "a"])), None);
        assert_eq!(followed(&patch, &KeyPath::of(["spec", "containers"]).index(0).key("image")), None);
    }
}

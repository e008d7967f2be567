//! Promotion: an environment gets the images that run in another, in the text of `platform.toml` itself.
//!
//! Comments, order and layout stay as they are: an edit replaces the bytes of one value, or adds or removes one line. What
//! is copied is what stands in the file, expressions included; where
//! the two environments name different registries, only tag and digest are.

use toml_edit::{Document, DocumentMut, Item, Table, TableLike, Value};

use crate::diag::{Diagnostic, did_you_mean};
use crate::resolve::codes::UNKNOWN_ENVIRONMENT;
use crate::spec::codes::TOML_SYNTAX;

/// The nouns whose entities have an image.
pub(super) const NOUNS: [&str; 2] = ["databases", "workloads"];

/// What a promotion changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// The text afterwards.
    pub text: String,
    /// Each image that changed.
    pub changes: Vec<Change>,
}

/// An image that a promotion changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The entity: `workloads.api`.
    pub entity: String,
    /// What it ran.
    pub before: String,
    /// What it runs now.
    pub after: String,
}

/// Gives `to` the images of `from`, in the text of a `platform.toml`.
///
/// # Errors
/// A text that is no TOML, or an environment that it does not have.
pub fn promote(text: &str, from: &str, to: &str) -> Result<Promotion, Box<Diagnostic>> {
    let document = parsed(text)?;
    for name in [from, to] {
        known(&document, name)?;
    }
    let mut text = text.to_owned();
    let mut changes = Vec::new();
    for noun in NOUNS {
        for key in keys(&document, noun, [from, to]) {
            let Some((change, image)) = entity(&document, (noun, &key), from, to) else { continue };
            text = apply(&text, ["environments", to, noun, &key], image.as_deref())?;
            changes.push(change);
        }
    }
    Ok(Promotion { text, changes })
}

pub(super) fn parsed(text: &str) -> Result<DocumentMut, Box<Diagnostic>> {
    let syntax = |error: toml_edit::TomlError| Box::new(Diagnostic::new(&TOML_SYNTAX, error.message()));
    text.parse().map_err(syntax)
}

/// The text with the image of the entity at `path` set, or removed where there is none.
pub(super) fn apply(text: &str, path: [&str; 4], image: Option<&str>) -> Result<String, Box<Diagnostic>> {
    let mut document = parsed(text)?;
    set(&mut document, path, image);
    let spliced = spliced(text, path, image).filter(|text| means(text, &document));
    Ok(spliced.unwrap_or_else(|| document.to_string()))
}

/// Whether a text means what the document does. An edit of bytes that did something else is never taken.
fn means(text: &str, document: &DocumentMut) -> bool {
    let read = |text: &str| toml::from_str::<toml::Table>(text).ok();
    read(text).is_some_and(|table| Some(table) == read(&document.to_string()))
}

/// The text with the image at `path` replaced, added or removed, where that is an edit of one value or one line.
fn spliced(text: &str, path: [&str; 4], image: Option<&str>) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let item = path
        .iter()
        .chain(&["image"])
        .try_fold(document.as_item(), |item, key| item.as_table_like()?.get(key));
    match (item.and_then(Item::span), image) {
        (Some(span), Some(image)) => {
            let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
            Some(format!("{before}{}{after}", Value::from(image)))
        }
        (Some(span), None) => {
            let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
            let end = text.get(span.end..)?.find('\n').map_or(text.len(), |at| span.end + at + 1);
            Some(format!("{}{}", text.get(..start)?, text.get(end..)?))
        }
        (None, Some(image)) => {
            let (at, rest) = (2..=4)
                .rev()
                .find_map(|depth| Some((below_header(text, &path[..depth])?, &path[depth..])))?;
            let key: Vec<&str> = rest.iter().copied().chain(["image"]).collect();
            let line = format!("{} = {}\n", key.join("."), Value::from(image));
            Some(format!("{}{line}{}", text.get(..at)?, text.get(at..)?))
        }
        (None, None) => None,
    }
}

/// Where the line after the header of a table begins.
fn below_header(text: &str, path: &[&str]) -> Option<usize> {
    let header = format!("[{}]", path.join("."));
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        start += line.len();
        if line.split('#').next().is_some_and(|line| line.trim() == header) {
            return Some(start);
        }
    }
    None
}

pub(super) fn known(document: &DocumentMut, name: &str) -> Result<(), Box<Diagnostic>> {
    let environments = document.get("environments").and_then(Item::as_table_like);
    if environments.is_some_and(|environments| environments.contains_key(name)) {
        return Ok(());
    }
    let names: Vec<&str> = environments.into_iter().flat_map(TableLike::iter).map(|(name, _)| name).collect();
    let near = did_you_mean(name, names.iter().copied());
    let hint = near.map_or_else(
        || format!("the environments are: {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).hint(hint).into())
}

/// The entities of a noun that either environment has, in order.
pub(super) fn keys(document: &DocumentMut, noun: &str, environments: [&str; 2]) -> Vec<String> {
    let tables = [
        find(document, &[noun]),
        find(document, &["environments", environments[0], noun]),
        find(document, &["environments", environments[1], noun]),
    ];
    let tables = tables.into_iter().flatten().filter_map(Item::as_table_like);
    let keys: std::collections::BTreeSet<String> =
        tables.flat_map(TableLike::iter).map(|(key, _)| key.to_owned()).collect();
    keys.into_iter().collect()
}

fn find<'a>(document: &'a DocumentMut, path: &[&str]) -> Option<&'a Item> {
    path.iter().try_fold(document.as_item(), |item, key| item.as_table_like()?.get(key))
}

/// What changes for an entity, and the image that the environment then has for itself.
pub(super) fn entity(
    document: &DocumentMut,
    (noun, key): (&str, &str),
    from: &str,
    to: &str,
) -> Option<(Change, Option<String>)> {
    let image = |path: &[&str]| find(document, path).and_then(Item::as_str).map(str::to_owned);
    let everywhere = image(&[noun, key, "image"]);
    let there = image(&["environments", from, noun, key, "image"]);
    let here = image(&["environments", to, noun, key, "image"]);
    let tested = there.or_else(|| everywhere.clone())?;
    let before = here.clone().or_else(|| everywhere.clone())?;
    let after = promoted(&before, &tested);
    if before == after {
        return None;
    }
    // An override that says what holds everywhere would be one that changes nothing.
    let wanted = (everywhere.as_ref() != Some(&after)).then(|| after.clone());
    Some((Change { entity: format!("{noun}.{key}"), before, after }, wanted))
}

/// `tested`, from the registry of `before`.
fn promoted(before: &str, tested: &str) -> String {
    let (own, _) = split(before);
    let (_, version) = split(tested);
    format!("{own}{version}")
}

/// A reference as its name, and its tag and digest.
fn split(image: &str) -> (&str, &str) {
    let name = image.split_once('@').map_or(image, |(name, _)| name);
    let after_slash = name.rfind('/').map_or(0, |at| at + 1);
    let end = name[after_slash..].find(':').map_or(name.len(), |at| after_slash + at);
    image.split_at(end)
}

/// Sets the image of the entity at `path`, or removes it there.
fn set(document: &mut DocumentMut, path: [&str; 4], image: Option<&str>) {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for key in path {
        let item = table.entry(key).or_insert_with(|| {
            let mut dotted = Table::new();
            dotted.set_dotted(true);
            Item::Table(dotted)
        });
        let Some(inner) = item.as_table_like_mut() else { return };
        table = inner;
    }
    match (table.get_mut("image").and_then(Item::as_value_mut), image) {
        (Some(value), Some(image)) => {
            let decor = value.decor().clone();
            *value = Value::from(image);
            *value.decor_mut() = decor;
        }
        (None, Some(image)) => drop(table.insert("image", toml_edit::value(image))),
        (_, None) => drop(table.remove("image")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"# The platform.
[workloads.api]
image = "r.example/api:1@sha256:aa"   # what dev runs
[workloads.web]
image = "r.example/web:1@sha256:aa"

[environments.staging]
workloads.api.image = "{{ vars.registry }}/api:2@sha256:bb"
[environments.staging.workloads.web]
image = "r.example/web:2@sha256:bb"

[environments.production]
# Kept.
routes.app.host = "a.example"
workloads.api = { replicas = 3, image = "{{ vars.registry }}/api:1@sha256:aa" } # and this
routes.app.class = "nginx"
cluster = "gke"
"#;

    #[test]
    fn images_are_copied_and_the_rest_of_the_text_is_not_touched() {
        let promotion = promote(TEXT, "staging", "production").expect("both exist");
        let expected = TEXT.replace("api:1@sha256:aa\" } #", "api:2@sha256:bb\" } #").replace(
            "[environments.production]\n",
            "[environments.production]\nworkloads.web.image = \"r.example/web:2@sha256:bb\"\n",
        );
        let changed: Vec<&str> = promotion.changes.iter().map(|change| change.entity.as_str()).collect();
        assert_eq!(changed, ["workloads.api", "workloads.web"]);
        assert_eq!(promotion.text, expected);
        let again = promote(&promotion.text, "staging", "production").expect("both exist");
        assert_eq!((again.changes.len(), again.text), (0, promotion.text));
    }

    #[test]
    fn an_override_that_would_say_what_holds_everywhere_goes() {
        let text = "[workloads.api]\nimage = \"api:2\"\n[environments.a]\n[environments.b]\n# b\nworkloads.api.image = \"api:1\"\n";
        let promotion = promote(text, "a", "b").expect("both exist");
        assert_eq!(promotion.text, text.replace("workloads.api.image = \"api:1\"\n", ""));
    }

    #[test]
    fn a_registry_of_its_own_is_kept() {
        assert_eq!(
            promoted("mirror.example:5000/api@sha256:aa", "r.example/api:2@sha256:bb"),
            "mirror.example:5000/api:2@sha256:bb"
        );
    }

    #[test]
    fn an_environment_that_does_not_exist_is_named() {
        let error = promote(TEXT, "stagin", "production").expect_err("there is no such environment");
        assert_eq!(error.hints.first().map(String::as_str), Some("did you mean `staging`?"));
    }
}

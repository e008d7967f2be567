//! What a kustomization says of the files around it: what it builds from them, and what it adds.
//!
//! Takes the text of a `kustomization.yaml`, of a component too; gives what a reader of those files has to know, and builds nothing.
//! What is no such file, or says nothing of a thing, gives nothing.

use std::collections::BTreeMap;

use super::values;
use crate::value::Value;

/// What a kustomization says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kustomization {
    /// Files that are parts of objects and no objects: patches, configurations of transformers. Relative to its folder.
    pub parts: Vec<String>,
    /// Files and folders that it builds from, relative to its folder.
    pub resources: Vec<String>,
    /// The namespace of everything that it builds.
    pub namespace: Option<String>,
    /// Labels that it writes into selectors and templates too.
    pub selected: BTreeMap<String, String>,
    /// What it makes of images, by their names without tag and digest.
    pub images: BTreeMap<String, NewImage>,
    /// `ConfigMaps` and Secrets that it generates: the kind, and the name without its hash.
    pub generated: Vec<(&'static str, String)>,
    /// Whether it builds from more than files that can be read here: charts, remote folders, generators.
    pub is_open: bool,
}

/// What a kustomization makes of an image: what is not said here stays as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewImage {
    /// Another name.
    pub name: Option<String>,
    /// Another tag.
    pub tag: Option<String>,
    /// A digest, which takes the place of a tag that is not named beside it.
    pub digest: Option<String>,
}

impl Kustomization {
    /// What a text says.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut all = Self::default();
        values(text).iter().for_each(|document| all.add(document));
        all
    }

    fn add(&mut self, document: &Value) {
        for key in ["patches", "patchesJson6902", "replacements"] {
            let paths = items(document, key).filter_map(|item| item.get("path").and_then(Value::as_str));
            self.parts.extend(paths.map(str::to_owned));
        }
        for key in
            ["patchesStrategicMerge", "transformers", "generators", "configurations", "openapi", "crds"]
        {
            self.parts.extend(texts(document, key).filter(|item| !item.contains('\n')).map(str::to_owned));
        }
        for key in ["resources", "bases", "components"] {
            for path in texts(document, key) {
                if is_remote(path) {
                    self.is_open = true;
                } else {
                    self.resources.push(path.to_owned());
                }
            }
        }
        self.is_open |= ["helmCharts", "helmChartInflationGenerator", "generators"]
            .iter()
            .any(|key| items(document, key).next().is_some());
        if let Some(namespace) = document.get("namespace").and_then(Value::as_str).filter(|it| !it.is_empty())
        {
            self.namespace = Some(namespace.to_owned());
        }
        let selecting = |entry: &&Value| entry.get("includeSelectors").and_then(Value::as_bool) == Some(true);
        let pairs = items(document, "labels").filter(selecting).filter_map(|entry| entry.get("pairs"));
        for map in document.get("commonLabels").into_iter().chain(pairs) {
            let entries = map.as_object().into_iter().flatten();
            self.selected.extend(
                entries.filter_map(|(key, value)| Some((key.to_string(), value.as_str()?.to_owned()))),
            );
        }
        for image in items(document, "images") {
            let text = |key: &str| match image.get(key) {
                Some(Value::String(text)) if !text.is_empty() => Some(text.as_str().to_owned()),
                Some(number @ Value::Number(_)) => Some(number.to_string()),
                _ => None,
            };
            let new = NewImage { name: text("newName"), tag: text("newTag"), digest: text("digest") };
            if let Some(name) = text("name").filter(|_| new != NewImage::default()) {
                self.images.insert(name, new);
            }
        }
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            let names = items(document, key).filter_map(|item| item.get("name").and_then(Value::as_str));
            self.generated.extend(names.map(|name| (kind, name.to_owned())));
        }
    }
}

fn items<'a>(document: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    document.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn texts<'a>(document: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    items(document, key).filter_map(Value::as_str)
}

/// Whether a path leads to a repository or a web server: `https://…`, `git@…`, `github.com/…`, `…?ref=v1`.
fn is_remote(path: &str) -> bool {
    let host = path.split('/').next().unwrap_or(path);
    let is_host = path.contains('/') && host.contains('.') && !host.starts_with('.');
    path.contains("://") || path.starts_with("git@") || path.contains("?ref=") || is_host
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_says_is_taken() {
        let text = "\
namespace: shop
resources: [api.yaml, ../base, https://example.com/a.yaml]
components: [../tls]
patches: [{ path: patch.yaml }, { patch: 'a: 1' }]
patchesStrategicMerge: [old.yaml, \"kind: A\\nb: 1\"]
configMapGenerator: [{ name: settings }]
secretGenerator: [{ name: password }]
images: [{ name: api, newTag: v1 }, { name: web, newName: registry.example/web, digest: sha256:00 }, { name: untouched }]
commonLabels: { app: api }
labels: [{ pairs: { tier: web }, includeSelectors: true }, { pairs: { team: a } }]
";
        let found = Kustomization::of(text);
        assert_eq!(found.parts, ["patch.yaml", "old.yaml"]);
        assert_eq!(found.resources, ["api.yaml", "../base", "../tls"]);
        assert_eq!(found.namespace.as_deref(), Some("shop"));
        assert_eq!(
            found.generated,
            [("ConfigMap", "settings".to_owned()), ("Secret", "password".to_owned())]
        );
        assert_eq!(found.selected.keys().collect::<Vec<_>>(), ["app", "tier"]);
        let images: Vec<_> =
            found.images.iter().map(|(name, new)| (name.as_str(), new.tag.as_deref())).collect();
        assert_eq!(images, [("api", Some("v1")), ("web", None)]);
        assert_eq!(found.images["web"].digest.as_deref(), Some("sha256:00"));
        assert!(found.is_open);
    }

    #[test]
    fn what_is_far_away_is_told_from_files() {
        for remote in ["https://a.example/b.yaml", "github.com/a/b", "git@a:b", "a/b?ref=v1"] {
            assert!(is_remote(remote), "{remote}");
        }
        for file in ["a.yaml", "../a.b/c", "./a", "base/a.yaml", "v1.2"] {
            assert!(!is_remote(file), "{file}");
        }
        assert_eq!(Kustomization::of("a: [\n"), Kustomization::default());
    }
}

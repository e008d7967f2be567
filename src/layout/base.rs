//! `base/`: what holds in every environment, one folder a component.

use std::collections::BTreeMap;

use crate::object::{Object, ObjectSet};

use super::kustomization::Kustomization;
use super::paths::{of_component, stems, tenant};
use super::tree::{Content, Tree};

/// The files of the base: the root kustomization, which names the base and never an overlay, and `base/`.
#[must_use]
pub fn base(objects: &ObjectSet) -> Tree {
    let mut tree = Tree::default();
    tree.insert("kustomization.yaml", Kustomization::of(vec!["base".to_owned()]).content());
    let mut folders = Vec::new();
    for (component, objects) in by_component(objects) {
        let folder = of_component(component);
        let resources = insert_objects(&mut tree, &format!("base/{folder}"), &objects);
        tree.insert(format!("base/{folder}/kustomization.yaml"), Kustomization::of(resources).content());
        // Nothing lists a tenant: with ten thousand of them, adding one more would rewrite the list.
        if tenant(component).is_none() {
            folders.push(folder);
        }
    }
    tree.insert("base/kustomization.yaml", Kustomization::of(folders).content());
    tree
}

/// Writes each object to a file of its own in `folder`, and gives the names of the files.
pub(super) fn insert_objects(tree: &mut Tree, folder: &str, objects: &[&Object]) -> Vec<String> {
    let stems = stems(objects.iter().copied());
    let mut files = Vec::new();
    for object in objects {
        let Some(stem) = stems.get(&object.id) else { continue };
        let file = format!("{stem}.yaml");
        tree.insert(format!("{folder}/{file}"), Content::Yaml(object.value.clone()));
        files.push(file);
    }
    files
}

fn by_component(objects: &ObjectSet) -> BTreeMap<&str, Vec<&Object>> {
    let mut components: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for object in objects {
        components.entry(&object.component).or_default().push(object);
    }
    components
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::KeyPath;
    use crate::value::json;

    #[test]
    fn each_folder_lists_what_lies_in_it() {
        let object = |kind: &str, component: &str| {
            let value = json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": "x"}});
            Object::from_value(value, component, KeyPath::root())
        };
        let objects =
            [object("Service", "web"), object("ConfigMap", "web"), object("Namespace", "namespaces")];
        let tree = base(&ObjectSet::collect(objects).0);
        let paths: Vec<&str> = tree.iter().map(|(path, _)| path).collect();
        let expected = [
            "base/kustomization.yaml",
            "base/namespaces/kustomization.yaml",
            "base/namespaces/namespace-x.yaml",
            "base/web/configmap-x.yaml",
            "base/web/kustomization.yaml",
            "base/web/service-x.yaml",
            "kustomization.yaml",
        ];
        assert_eq!(paths, expected);
        assert_eq!(resources(&tree, "kustomization.yaml"), json!(["base"]));
        assert_eq!(resources(&tree, "base/kustomization.yaml"), json!(["namespaces", "web"]));
        assert_eq!(
            resources(&tree, "base/web/kustomization.yaml"),
            json!(["configmap-x.yaml", "service-x.yaml"])
        );
    }

    fn resources(tree: &Tree, path: &str) -> crate::value::Value {
        match tree.get(path) {
            Some(Content::Yaml(value)) => value["resources"].clone(),
            _ => crate::value::Value::Null,
        }
    }
}

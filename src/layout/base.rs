//! `base/`: what holds in every environment, one folder a component.

use std::collections::BTreeMap;

use crate::object::{Object, ObjectSet};

use super::kustomization::Kustomization;
use super::paths::{folder, stems};
use super::tree::{Content, Tree};

/// The files of the base: the root kustomization, which names the base and never an overlay, and `base/`.
#[must_use]
pub fn base(objects: &ObjectSet) -> Tree {
    let mut tree = Tree::default();
    tree.insert("kustomization.yaml", Kustomization::of(vec!["base".to_owned()]).content());
    let mut folders = Vec::new();
    for (component, objects) in by_component(objects) {
        let folder = folder(component);
        let resources = insert_objects(&mut tree, &format!("base/{folder}"), &objects);
        tree.insert(format!("base/{folder}/kustomization.yaml"), Kustomization::of(resources).content());
        folders.push(folder);
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

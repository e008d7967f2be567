//! `argocd/<env>/`: what Argo CD is given for an environment.

use crate::object::{Object, ObjectSet};

use super::base::insert_objects;
use super::kustomization::Kustomization;
use super::paths::folder;
use super::tree::{Content, Tree};

/// The files of `argocd/<name>/`: a kustomization that lists every object but those of the component `by_hand`, which
/// lie in `<by_hand>.yaml` beside it. Nothing where there are no objects.
#[must_use]
pub fn delivery(name: &str, objects: &ObjectSet, by_hand: &str) -> Tree {
    let mut tree = Tree::default();
    if objects.is_empty() {
        return tree;
    }
    let root = format!("argocd/{}", folder(name));
    let (first, listed): (Vec<&Object>, Vec<&Object>) =
        objects.iter().partition(|object| object.component == by_hand);
    let resources = insert_objects(&mut tree, &root, &listed);
    tree.insert(format!("{root}/kustomization.yaml"), Kustomization::of(resources).content());
    for object in first {
        tree.insert(format!("{root}/{by_hand}.yaml"), Content::Yaml(object.value.clone()));
    }
    tree
}

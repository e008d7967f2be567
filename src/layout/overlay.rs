//! `overlays/<env>/`: the difference between the base and an environment, computed.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::{Object, ObjectSet};

use super::EnvironmentObjects;
use super::base::insert_objects;
use super::component::{Changes, Plan, plan};
use super::kustomization::Kustomization;
use super::moves::{self, Moves};
use super::pairs::{Pairs, pairs};
use super::paths::{claim, folder, of_component, stems, tenant};
use super::references::misled;
use super::tree::{Content, Tree};

/// The files of `overlays/<env>/`. `kustomize build` of that folder, beside the files of [`base`](super::base()) of the
/// same objects, gives the environment's objects, to the order of each list. A tenant is a build of its own,
/// `overlays/<env>/tenants/<name>/`, which no other file lists.
///
/// Of two files for one path, one of them an extra, the overlay's own stays.
#[must_use]
pub fn overlay(base: &ObjectSet, environment: &EnvironmentObjects<'_>) -> Tree {
    let root = format!("overlays/{}", folder(environment.name));
    let mut tree = Tree::default();
    for extra in environment.extras {
        tree.insert(format!("{root}/{}", extra.path), extra.content.clone());
    }
    let pairs = pairs(base, environment.objects);
    let plans = plans(&pairs, environment.objects);
    let mut resources = Vec::new();
    for (component, pairs) in &pairs {
        let name = of_component(component);
        let listed = tenant(component).is_none();
        match plans.get(component) {
            Some(Plan::Base) if !listed => {
                let base = Kustomization::of(vec![Folders::of(&root, &name).base]);
                tree.insert(format!("{root}/{name}/kustomization.yaml"), base.content());
            }
            Some(Plan::Base) => resources.push(format!("../../base/{name}")),
            Some(Plan::Patched(changes)) => {
                insert_changes(&mut tree, &Folders::of(&root, &name), changes, pairs);
                resources.extend(listed.then(|| format!("./{name}")));
            }
            Some(Plan::Finished) => {
                insert_finished(&mut tree, &format!("{root}/{name}"), pairs);
                resources.extend(listed.then(|| format!("./{name}")));
            }
            Some(Plan::Dropped) | None => {}
        }
    }
    tree.insert(format!("{root}/kustomization.yaml"), Kustomization::of(resources).content());
    tree
}

/// The plan for each component.
fn plans<'a>(pairs: &BTreeMap<&'a str, Pairs<'a>>, environment: &ObjectSet) -> BTreeMap<&'a str, Plan<'a>> {
    let mut plans = pairs.iter().map(|(component, pairs)| (*component, plan(pairs))).collect();
    for component in misled(pairs, &plans, environment) {
        plans.insert(component, Plan::Finished);
    }
    plans
}

/// Where the files of one component lie.
struct Folders {
    /// Its folder in the overlay.
    overlay: String,
    /// Its folder in the base, seen from there.
    base: String,
}

impl Folders {
    fn of(root: &str, name: &str) -> Self {
        let up = "../".repeat(3 + name.matches('/').count());
        Self { overlay: format!("{root}/{name}"), base: format!("{up}base/{name}") }
    }
}

fn insert_finished(tree: &mut Tree, folder: &str, pairs: &Pairs<'_>) {
    let objects: Vec<&Object> = pairs.finished().collect();
    let resources = insert_objects(tree, folder, &objects);
    tree.insert(format!("{folder}/kustomization.yaml"), Kustomization::of(resources).content());
}

fn insert_changes(tree: &mut Tree, folders: &Folders, changes: &Changes<'_>, pairs: &Pairs<'_>) {
    let mut resources = insert_objects(tree, &folders.overlay, &pairs.added);
    let mut taken: BTreeSet<String> =
        resources.iter().map(|file| file.trim_end_matches(".yaml").to_owned()).collect();
    resources.push(folders.base.clone());
    let mut kustomization = Kustomization::of(resources);
    let stems = stems(pairs.original());
    for patch in &changes.patches {
        let Some(stem) = stems.get(patch.object) else { continue };
        let file = format!("{}.yaml", claim(&mut taken, format!("patch-{stem}")));
        tree.insert(format!("{}/{file}", folders.overlay), Content::Yaml(patch.content().into()));
        kustomization.patches.push(patch.entry(&file));
    }
    match &changes.moves {
        Moves::None => {}
        Moves::All(namespace) => kustomization.namespace = Some((*namespace).to_owned()),
        Moves::Some(renames) => {
            kustomization.patches.extend(renames.iter().map(|(from, into)| moves::entry(from, into)));
        }
    }
    tree.insert(format!("{}/kustomization.yaml", folders.overlay), kustomization.content());
}

#[cfg(test)]
mod tests {
    use super::super::Extra;
    use super::*;
    use crate::value::json;

    #[test]
    fn an_extra_lies_beside_the_kustomization_and_is_not_listed() {
        let cluster = Content::Yaml(json!({"kind": "Cluster"}).into());
        let extras = [
            Extra { path: "kind.yaml".to_owned(), content: cluster.clone() },
            Extra { path: "kustomization.yaml".to_owned(), content: cluster.clone() },
        ];
        let objects = ObjectSet::default();
        let tree =
            overlay(&objects, &EnvironmentObjects { name: "local", objects: &objects, extras: &extras });
        assert_eq!(tree.get("overlays/local/kind.yaml"), Some(&cluster));
        let kustomization = Kustomization::of(Vec::new()).content();
        assert_eq!(tree.get("overlays/local/kustomization.yaml"), Some(&kustomization));
    }
}

//! `rendered/<env>/`: the finished objects, to be applied as they are.

use std::collections::BTreeMap;

use crate::object::Object;

use super::EnvironmentObjects;
use super::base::insert_objects;
use super::paths::{folder, scope};
use super::tree::Tree;

/// The files `rendered/<env>/<namespace>/<component>/<kind>-<name>.yaml`, where objects without a namespace lie in
/// `cluster`.
#[must_use]
pub fn rendered(environment: &EnvironmentObjects<'_>) -> Tree {
    let mut folders: BTreeMap<String, Vec<&Object>> = BTreeMap::new();
    let root = format!("rendered/{}", folder(environment.name));
    for object in environment.objects {
        let path = format!("{root}/{}/{}", scope(&object.id), folder(&object.component));
        folders.entry(path).or_default().push(object);
    }
    let mut tree = Tree::default();
    for (path, objects) in folders {
        insert_objects(&mut tree, &path, &objects);
    }
    tree
}

//! `rendered/<env>/`: the finished objects, to be applied as they are.

use std::collections::BTreeMap;

use crate::object::Object;

use super::EnvironmentObjects;
use super::base::insert_objects;
use super::paths::{folder, of_component, scope, tenant};
use super::tree::Tree;

/// The files `rendered/<env>/<namespace>/<component>/<kind>-<name>.yaml`, where objects without a namespace lie in
/// `cluster`. What is a tenant's lies in `rendered/<env>/tenants/<name>/`.
#[must_use]
pub fn rendered(environment: &EnvironmentObjects<'_>) -> Tree {
    let mut folders: BTreeMap<String, Vec<&Object>> = BTreeMap::new();
    let root = format!("rendered/{}", folder(environment.name));
    for object in environment.objects {
        let place = match tenant(&object.component) {
            Some(_) => of_component(&object.component),
            None => format!("{}/{}", scope(&object.id), folder(&object.component)),
        };
        let path = format!("{root}/{place}");
        folders.entry(path).or_default().push(object);
    }
    let mut tree = Tree::default();
    for (path, objects) in folders {
        insert_objects(&mut tree, &path, &objects);
    }
    tree
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::ObjectSet;
    use crate::source::KeyPath;
    use crate::value::json;

    #[test]
    fn an_object_lies_under_its_namespace_and_component() {
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "core"}});
        let service =
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "api", "namespace": "core"}});
        let objects = [(namespace, "namespaces"), (service, "api")];
        let objects = objects.map(|(value, component)| Object::from_value(value, component, KeyPath::root()));
        let (objects, _) = ObjectSet::collect(objects);
        let environment = EnvironmentObjects { name: "local", objects: &objects, extras: &[] };
        let tree = rendered(&environment);
        let paths: Vec<&str> = tree.iter().map(|(path, _)| path).collect();
        let expected = [
            "rendered/local/cluster/namespaces/namespace-core.yaml",
            "rendered/local/core/api/service-api.yaml",
        ];
        assert_eq!(paths, expected);
    }
}

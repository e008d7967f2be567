//! Roles and their bindings, in a namespace or in the whole cluster.

use k8s_openapi::api::rbac::v1::{
    ClusterRole as ClusterRoleObject, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef,
    Subject as SubjectObject,
};

use super::{absent, labels, metadata};
use crate::model::{Access, AccessRule, Binding, ClusterRole, Pairs, Platform, Scope, Subject};
use crate::names::DnsLabel;
use crate::object::Object;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let own = platform.access.iter().flat_map(|access| objects(platform, access));
    let roles = platform.cluster_roles.iter().map(|role| cluster_role(platform, role));
    own.chain(roles).chain(platform.bindings.iter().map(|given| binding(platform, given))).collect()
}

fn objects(platform: &Platform, access: &Access) -> [Object; 2] {
    let labels = labels::of_component(platform, &access.component);
    match &access.scope {
        Scope::Namespace(namespace) => in_namespace(access, namespace, &labels),
        Scope::Cluster => in_cluster(access, &labels),
    }
}

fn in_namespace(access: &Access, namespace: &DnsLabel, labels: &Pairs) -> [Object; 2] {
    let meta = metadata::of(&access.name, namespace, labels.clone());
    let role = Role { metadata: meta.clone(), rules: absent::list(access.rules.iter().map(rule)) };
    let binding = RoleBinding {
        metadata: meta,
        role_ref: role_ref("Role", &access.name),
        subjects: subjects(&access.subjects),
    };
    [
        Object::from_typed(&role, access.component.as_str(), access.source.clone()),
        Object::from_typed(&binding, access.component.as_str(), access.source.clone()),
    ]
}

fn in_cluster(access: &Access, labels: &Pairs) -> [Object; 2] {
    let meta = metadata::of_cluster(&access.name, labels.clone());
    let rules = absent::list(access.rules.iter().map(rule));
    let role = ClusterRoleObject { metadata: meta.clone(), rules, ..ClusterRoleObject::default() };
    let binding = ClusterRoleBinding {
        metadata: meta,
        role_ref: role_ref("ClusterRole", &access.name),
        subjects: subjects(&access.subjects),
    };
    [
        Object::from_typed(&role, access.component.as_str(), access.source.clone()),
        Object::from_typed(&binding, access.component.as_str(), access.source.clone()),
    ]
}

fn rule(rule: &AccessRule) -> PolicyRule {
    PolicyRule {
        api_groups: absent::list(rule.groups.clone()),
        resources: absent::list(rule.resources.clone()),
        resource_names: absent::list(rule.names.clone()),
        verbs: rule.verbs.clone(),
        non_resource_urls: None,
    }
}

fn role_ref(kind: &str, name: &str) -> RoleRef {
    RoleRef { api_group: GROUP.to_owned().into(), kind: kind.to_owned(), name: name.to_owned() }
}

fn subjects(subjects: &[Subject]) -> Option<Vec<SubjectObject>> {
    absent::list(subjects.iter().map(subject))
}

fn subject(subject: &Subject) -> SubjectObject {
    match subject {
        Subject::User(name) => of_directory("User", name),
        Subject::Group(name) => of_directory("Group", name),
        Subject::ServiceAccount { namespace, name } => SubjectObject {
            api_group: None,
            kind: "ServiceAccount".to_owned(),
            name: name.to_string(),
            namespace: Some(namespace.to_string()),
        },
    }
}

/// Somebody whom the API server knows by name alone.
fn of_directory(kind: &str, name: &str) -> SubjectObject {
    SubjectObject {
        api_group: Some(GROUP.to_owned()),
        kind: kind.to_owned(),
        name: name.to_owned(),
        namespace: None,
    }
}

fn cluster_role(platform: &Platform, role: &ClusterRole) -> Object {
    let metadata = metadata::of_cluster(&role.name, labels::of_component(platform, &role.component));
    let rules = absent::list(role.rules.iter().map(rule));
    let typed = ClusterRoleObject { metadata, rules, ..ClusterRoleObject::default() };
    Object::from_typed(&typed, role.component.as_str(), role.source.clone())
}

fn binding(platform: &Platform, binding: &Binding) -> Object {
    let labels = labels::of_component(platform, &binding.component);
    let role_ref = role_ref("ClusterRole", &binding.role);
    let subjects = subjects(&binding.subjects);
    let component = binding.component.as_str();
    match &binding.scope {
        Scope::Namespace(namespace) => {
            let metadata = metadata::of(&binding.name, namespace, labels);
            let typed = RoleBinding { metadata, role_ref, subjects };
            Object::from_typed(&typed, component, binding.source.clone())
        }
        Scope::Cluster => {
            let metadata = metadata::of_cluster(&binding.name, labels);
            let typed = ClusterRoleBinding { metadata, role_ref, subjects };
            Object::from_typed(&typed, component, binding.source.clone())
        }
    }
}

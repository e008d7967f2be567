//! Roles and their bindings, in a namespace or in the whole cluster.

use k8s_openapi::api::rbac::v1::{
    ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, RoleRef, Subject as SubjectObject,
};

use super::{absent, labels, metadata};
use crate::model::{Access, AccessRule, Pairs, Platform, Scope, Subject};
use crate::names::DnsLabel;
use crate::object::Object;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    platform.access.iter().flat_map(|access| objects(platform, access)).collect()
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
    let binding =
        RoleBinding { metadata: meta, role_ref: role_ref("Role", access), subjects: subjects(access) };
    [
        Object::from_typed(&role, access.component.as_str(), access.source.clone()),
        Object::from_typed(&binding, access.component.as_str(), access.source.clone()),
    ]
}

fn in_cluster(access: &Access, labels: &Pairs) -> [Object; 2] {
    let meta = metadata::of_cluster(&access.name, labels.clone());
    let rules = absent::list(access.rules.iter().map(rule));
    let role = ClusterRole { metadata: meta.clone(), rules, ..ClusterRole::default() };
    let binding = ClusterRoleBinding {
        metadata: meta,
        role_ref: role_ref("ClusterRole", access),
        subjects: subjects(access),
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

fn role_ref(kind: &str, access: &Access) -> RoleRef {
    RoleRef { api_group: GROUP.to_owned().into(), kind: kind.to_owned(), name: access.name.clone() }
}

fn subjects(access: &Access) -> Option<Vec<SubjectObject>> {
    absent::list(access.subjects.iter().map(subject))
}

fn subject(subject: &Subject) -> SubjectObject {
    match subject {
        Subject::Group(name) => SubjectObject {
            api_group: Some(GROUP.to_owned()),
            kind: "Group".to_owned(),
            name: name.clone(),
            namespace: None,
        },
        Subject::ServiceAccount { namespace, name } => SubjectObject {
            api_group: None,
            kind: "ServiceAccount".to_owned(),
            name: name.to_string(),
            namespace: Some(namespace.to_string()),
        },
    }
}

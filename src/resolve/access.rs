//! Who may do what in which namespace: the roles of `[roles]`, given to groups by `access`.

use std::collections::BTreeMap;

use super::scope::{Scope, enabled};
use crate::model::{Access, AccessRule, Namespace, Scope as Reach, Subject};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;

/// The roles of every namespace that gives one away.
pub(super) fn build(scope: &mut Scope<'_>, namespaces: &[Namespace]) -> Vec<Access> {
    let Ok(component) = DnsLabel::parse("namespaces") else { return Vec::new() };
    let mut built = Vec::new();
    for namespace in namespaces.iter().filter(|namespace| !namespace.external) {
        let spec = scope.spec.namespaces.as_ref().and_then(|namespaces| namespaces.get(&namespace.key));
        let given = enabled(spec.and_then(|spec| spec.access.as_ref()), |access| access.enabled);
        let mut holders: BTreeMap<&str, Vec<Subject>> = BTreeMap::new();
        for (group, access) in given {
            let path = namespace.source.key("access").key(group);
            let role = scope.required(&path, "role", access.role.as_deref());
            holders.extend(role.filter(|role| !holders.contains_key(role)).map(|role| (role, Vec::new())));
            if let Some(subjects) = role.and_then(|role| holders.get_mut(role)) {
                subjects.push(Subject::Group(group.to_owned()));
            }
        }
        for (role, subjects) in holders {
            let rules = rules(scope, &namespace.source.key("access"), role);
            built.extend(rules.map(|rules| Access {
                source: namespace.source.clone(),
                name: role.to_owned(),
                component: component.clone(),
                scope: Reach::Namespace(namespace.name.clone()),
                rules,
                subjects,
            }));
        }
    }
    built
}

fn rules(scope: &mut Scope<'_>, path: &KeyPath, role: &str) -> Option<Vec<AccessRule>> {
    let roles = scope.spec.roles.as_ref();
    let Some(found) = roles.and_then(|roles| roles.get(role)).filter(|role| role.enabled != Some(false))
    else {
        let known: Vec<String> = roles.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        scope.unknown(path, &format!("role `{role}`"), role, &known);
        return None;
    };
    let path = KeyPath::of(["roles", role]);
    let rules = scope.required(&path, "rules", found.rules.as_ref())?;
    Some(
        rules
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| one(scope, &path.key("rules").index(at), rule))
            .collect(),
    )
}

fn one(scope: &mut Scope<'_>, path: &KeyPath, rule: &spec::RoleRule) -> Option<AccessRule> {
    let resources = scope.required(path, "resources", rule.resources.clone());
    let verbs = scope.required(path, "verbs", rule.verbs.clone());
    Some(AccessRule {
        groups: rule.groups.clone().unwrap_or_else(|| vec![String::new()]),
        resources: resources?,
        verbs: verbs?,
        names: rule.names.clone().unwrap_or_default(),
    })
}

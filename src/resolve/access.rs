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
            let Some(role) = scope.required(&path, "role", access.role.as_deref()) else { continue };
            if find(scope, role).is_some() {
                holders.entry(role).or_default().push(Subject::Group(group.to_owned()));
            } else {
                unknown(scope, &path.key("role"), role);
            }
        }
        for (role, subjects) in holders {
            let rules = rules(scope, role);
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

fn find<'a>(scope: &Scope<'a>, role: &str) -> Option<&'a spec::Role> {
    scope.spec.roles.as_ref()?.get(role).filter(|role| role.enabled != Some(false))
}

fn unknown(scope: &mut Scope<'_>, path: &KeyPath, role: &str) {
    let known = enabled(scope.spec.roles.as_ref(), |role| role.enabled);
    let known: Vec<String> = known.into_iter().map(|(key, _)| key.to_owned()).collect();
    scope.unknown(path, &format!("role `{role}`"), role, &known);
}

fn rules(scope: &mut Scope<'_>, role: &str) -> Option<Vec<AccessRule>> {
    let found = find(scope, role)?;
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

//! Who may do what in which namespace: the roles of `[roles]`, given to groups by `access`.

use std::collections::BTreeMap;

use super::scope::{Scope, enabled};
use super::{rbac, tenants};
use crate::diag::Diagnostic;
use crate::model::{Access, AccessRule, Binding, Namespace, Scope as Reach, Subject};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// The roles of every namespace that gives one away. Those that are ClusterRoles are added to `bindings`.
pub(super) fn build(
    scope: &mut Scope<'_>,
    namespaces: &[Namespace],
    bindings: &mut Vec<Binding>,
) -> Vec<Access> {
    let Ok(component) = DnsLabel::parse("namespaces") else { return Vec::new() };
    let mut built = Vec::new();
    for namespace in namespaces.iter().filter(|namespace| !namespace.external) {
        let tenant = namespace.tenancy.as_ref().and_then(|_| tenants::find(scope, &namespace.source));
        let own = || scope.spec.namespaces.as_ref()?.get(&namespace.key)?.access.as_ref();
        let given = tenant.map_or_else(own, |tenant| tenant.access.as_ref());
        let given = enabled(given, |access| access.enabled);
        let mut holders = tenant.map(|tenant| owner(scope, namespace, tenant)).unwrap_or_default();
        for (group, access) in given {
            let path = namespace.source.key("access").key(group);
            let Some(role) = scope.required(&path, "role", access.role.as_deref()) else { continue };
            if find(scope, role).is_some() || rbac::BUILT_IN.contains(&role) {
                holders.entry(role).or_default().push(Subject::Group(group.to_owned()));
            } else {
                unknown(scope, &path.key("role"), role);
            }
        }
        for (role, subjects) in holders {
            if rbac::is_cluster_role(scope, role) || find(scope, role).is_none() {
                bindings.push(bound(namespace, &component, role, subjects));
                continue;
            }
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

/// What the owner of a tenant holds in its namespace.
fn owner<'a>(
    scope: &mut Scope<'_>,
    namespace: &Namespace,
    tenant: &'a spec::Tenant,
) -> BTreeMap<&'a str, Vec<Subject>> {
    let path = &namespace.source;
    let Some(owner) = scope.required(path, "owner", tenant.owner.as_ref()) else { return BTreeMap::new() };
    let at = path.key("owner");
    let subject = match (&owner.user, &owner.group) {
        (Some(user), None) => Subject::User(user.clone()),
        (None, Some(group)) => Subject::Group(group.clone()),
        _ => {
            scope.one_of(&at, &["user", "group"]);
            return BTreeMap::new();
        }
    };
    if let Subject::User(name) | Subject::Group(name) = &subject
        && (name.trim().is_empty() || name.starts_with("system:"))
    {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{at}` is `{name}`, which is nobody's name"));
        let hint = "name the user as the API server knows it: names that begin with `system:` are its own";
        scope.report(problem.at(scope.span(&at), "").hint(hint));
    }
    let role = tenant.role.as_deref().unwrap_or(tenants::OWNER_ROLE);
    if find(scope, role).is_none() && !rbac::BUILT_IN.contains(&role) {
        unknown(scope, &path.key("role"), role);
        return BTreeMap::new();
    }
    BTreeMap::from([(role, vec![subject])])
}

fn bound(namespace: &Namespace, component: &DnsLabel, role: &str, subjects: Vec<Subject>) -> Binding {
    Binding {
        source: namespace.source.clone(),
        name: role.to_owned(),
        component: component.clone(),
        scope: Reach::Namespace(namespace.name.clone()),
        role: role.to_owned(),
        subjects,
    }
}

pub(super) fn find<'a>(scope: &Scope<'a>, role: &str) -> Option<&'a spec::Role> {
    scope.spec.roles.as_ref()?.get(role).filter(|role| role.enabled != Some(false))
}

pub(super) fn unknown(scope: &mut Scope<'_>, path: &KeyPath, role: &str) {
    let known = enabled(scope.spec.roles.as_ref(), |role| role.enabled);
    let known: Vec<String> = known.into_iter().map(|(key, _)| key.to_owned()).collect();
    scope.unknown(path, &format!("role `{role}`"), role, &known);
}

pub(super) fn rules(scope: &mut Scope<'_>, role: &str) -> Option<Vec<AccessRule>> {
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

//! Roles that are given away by themselves, and what a tenant's role must not be.
//!
//! Takes `[roles]` and `[bindings]`; gives ClusterRoles and bindings. Refuses a tenant whose people could undo its isolation, or
//! hold rights outside it; reports rights without a token. What a role must not say in anybody's hands
//! (wildcards, escalation) is for the rules over objects to find.

use std::collections::BTreeSet;

use super::access;
use super::scope::{Scope, enabled, listed};
use super::tenant_codes::{ROLE_WITHOUT_TOKEN, TENANT_BEYOND_NAMESPACE, TENANT_UNDOES_ISOLATION};
use super::tenants;
use crate::diag::Diagnostic;
use crate::model::{Access, Binding, ClusterRole, Scope as Reach, Subject, Workload};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;

/// The roles for people that every cluster has (<https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles>).
pub(super) const BUILT_IN: [&str; 4] = ["admin", "cluster-admin", "edit", "view"];

/// The verbs that change something.
const WRITING: [&str; 6] = ["*", "create", "update", "patch", "delete", "deletecollection"];
/// The verbs of RBAC itself, by which a holder may get rights that it has not.
const ESCALATING: [&str; 3] = ["bind", "escalate", "impersonate"];
/// What keeps a tenant apart from the others: whoever writes one of these can undo it.
const GUARDS: [&str; 9] = [
    "*",
    "clusterrolebindings",
    "clusterroles",
    "limitranges",
    "namespaces",
    "networkpolicies",
    "resourcequotas",
    "rolebindings",
    "roles",
];

/// What `[roles]` and `[bindings]` become.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// Roles of the whole cluster.
    pub roles: Vec<ClusterRole>,
    /// Roles given away that are ClusterRoles.
    pub bindings: Vec<Binding>,
    /// Roles given away that exist where they are given.
    pub access: Vec<Access>,
}

/// The cluster roles and the bindings; `workloads` are those that run here.
pub(super) fn build(scope: &mut Scope<'_>, workloads: &[Workload]) -> Built {
    let mut built = Built { roles: cluster_roles(scope), ..Built::default() };
    for (key, binding) in enabled(scope.spec.bindings.as_ref(), |binding| binding.enabled) {
        one(scope, key, binding, workloads, &mut built);
    }
    check_tenants_roles(scope);
    check_tokens(scope, workloads, &built);
    built
}

fn cluster_roles(scope: &mut Scope<'_>) -> Vec<ClusterRole> {
    let Ok(component) = DnsLabel::parse("roles") else { return Vec::new() };
    let roles = enabled(scope.spec.roles.as_ref(), |role| role.enabled);
    let cluster = roles.into_iter().filter(|(_, role)| role.cluster == Some(true));
    cluster
        .filter_map(|(key, _)| {
            let rules = access::rules(scope, key)?;
            let source = KeyPath::of(["roles", key]);
            Some(ClusterRole { source, name: key.to_owned(), component: component.clone(), rules })
        })
        .collect()
}

fn one(scope: &mut Scope<'_>, key: &str, binding: &spec::Binding, workloads: &[Workload], built: &mut Built) {
    let path = KeyPath::of(["bindings", key]);
    let component = scope.component(&path, binding.component.as_deref());
    let role = scope.required(&path, "role", binding.role.as_deref());
    let reach = match binding.namespace.as_deref() {
        None => Some(Reach::Cluster),
        Some(namespace) => scope.namespace(&path, Some(namespace)).map(Reach::Namespace),
    };
    let subjects = subjects(scope, &path, binding, workloads);
    // One that leads nowhere was reported as such.
    if binding.workloads.is_none() && subjects.is_empty() {
        scope.one_of(&path, &["workloads", "users", "groups"]);
    }
    if reach == Some(Reach::Cluster) {
        refuse_tenants(scope, &path, &subjects);
    }
    let (Some(component), Some(role), Some(reach)) = (component, role, reach) else { return };
    let (source, name) = (path.clone(), key.to_owned());
    if is_cluster_role(scope, role) || BUILT_IN.contains(&role) && access::find(scope, role).is_none() {
        let role = role.to_owned();
        built.bindings.push(Binding { source, name, component, scope: reach, role, subjects });
    } else if access::find(scope, role).is_some() {
        let rules = access::rules(scope, role).unwrap_or_default();
        built.access.push(Access { source, name, component, scope: reach, rules, subjects });
    } else {
        access::unknown(scope, &path.key("role"), role);
    }
}

/// Whether a role of `[roles]` is one for the whole cluster.
pub(super) fn is_cluster_role(scope: &Scope<'_>, role: &str) -> bool {
    access::find(scope, role).is_some_and(|role| role.cluster == Some(true))
}

fn subjects(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    binding: &spec::Binding,
    workloads: &[Workload],
) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for (at, key) in binding.workloads.iter().flatten().enumerate() {
        let source = KeyPath::of(["workloads", key]);
        match workloads.iter().find(|workload| workload.source == source) {
            Some(found) => subjects.push(Subject::ServiceAccount {
                namespace: found.namespace.clone(),
                name: found.name.clone(),
            }),
            None => unknown_workload(scope, &path.key("workloads").index(at), key),
        }
    }
    subjects.extend(binding.users.iter().flatten().cloned().map(Subject::User));
    subjects.extend(binding.groups.iter().flatten().cloned().map(Subject::Group));
    subjects
}

fn unknown_workload(scope: &mut Scope<'_>, path: &KeyPath, key: &str) {
    let all = scope.spec.workloads.as_ref();
    // One that is there and was not built was reported where it stands.
    if all.and_then(|all| all.get(key)).is_some_and(|found| found.enabled != Some(false)) {
        return;
    }
    let known: Vec<String> = all.into_iter().flatten().map(|(key, _)| key.clone()).collect();
    scope.unknown(path, &format!("workload `{key}`"), key, &known);
}

/// A tenant's people hold roles in their namespace and nowhere else.
fn refuse_tenants(scope: &mut Scope<'_>, path: &KeyPath, subjects: &[Subject]) {
    let named: BTreeSet<(&str, &str)> = subjects
        .iter()
        .filter_map(|subject| match subject {
            Subject::User(name) => Some(("user", name.as_str())),
            Subject::Group(name) => Some(("group", name.as_str())),
            Subject::ServiceAccount { .. } => None,
        })
        .collect();
    let mut found = Vec::new();
    for (key, tenant) in tenants::all(scope).into_iter().filter(|_| !named.is_empty()) {
        let owner = tenant.owner.iter();
        let users = owner.clone().filter_map(|owner| Some(("user", owner.user.as_deref()?)));
        let groups = owner.filter_map(|owner| Some(("group", owner.group.as_deref()?)));
        let access = tenant.access.iter().flatten().map(|(group, _)| ("group", group.as_str()));
        found.extend(
            users
                .chain(groups)
                .chain(access)
                .filter(|one| named.contains(one))
                .map(|one| (key.to_owned(), one.1.to_owned())),
        );
    }
    if let Some((tenant, name)) = found.first() {
        let message = format!("`{path}` gives `{name}` of the tenant `{tenant}` a role in the whole cluster");
        let problem = Diagnostic::new(&TENANT_BEYOND_NAMESPACE, message)
            .about(path)
            .at(scope.key_span(path), "")
            .at(scope.span(&KeyPath::of(["tenants", tenant.as_str(), "owner"])), "a tenant's");
        scope.report(problem.hint("add `namespace`, or give it to somebody who belongs to no tenant"));
    }
}

/// The roles that tenants' people hold, each looked at once.
pub(super) fn check_tenants_roles(scope: &mut Scope<'_>) {
    let mut held: BTreeSet<(&str, KeyPath)> = BTreeSet::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (key, tenant) in tenants::all(scope) {
        let path = KeyPath::of(["tenants", key]);
        let access = tenant.access.iter().flatten();
        let access = access
            .filter_map(|(group, access)| Some((access.role.as_deref()?, path.key("access").key(group))));
        let owner = tenant.role.as_deref().map(|role| (role, path.key("role")));
        held.extend(owner.into_iter().chain(access).filter(|(role, _)| seen.insert(role)));
    }
    for (role, path) in held {
        let Some(what) = undone_by(scope, role) else { continue };
        let message =
            format!("a tenant with the role `{role}` may change {what}, and so undo its own isolation");
        let declared = KeyPath::of(["roles", role]);
        let problem = Diagnostic::new(&TENANT_UNDOES_ISOLATION, message).at(scope.span(&path), "");
        let declared = scope.written_span(&declared);
        scope.report(problem.at(declared, "the role").hint(
            "leave the role out: `tenant-owner`, which bayplan brings, does the day's work and no more",
        ));
    }
}

/// What keeps tenants apart that the holder of a role may change.
fn undone_by(scope: &Scope<'_>, role: &str) -> Option<String> {
    let Some(found) = access::find(scope, role) else {
        // `edit` and `admin` write NetworkPolicies, and `admin` writes RoleBindings besides.
        return ["edit", "admin", "cluster-admin"].contains(&role).then(|| "`networkpolicies`".to_owned());
    };
    let writes = |rule: &&spec::RoleRule| {
        let verbs = rule.verbs.iter().flatten();
        verbs.into_iter().any(|verb| WRITING.contains(&verb.as_str()) || ESCALATING.contains(&verb.as_str()))
    };
    let rules = found.rules.iter().flatten().filter(writes);
    let words: BTreeSet<String> = rules
        .flat_map(|rule| rule.resources.iter().flatten())
        .filter(|resource| GUARDS.contains(&resource.as_str()))
        .cloned()
        .collect();
    (!words.is_empty()).then(|| listed(&words.into_iter().collect::<Vec<_>>()))
}

/// Rights without a token are none. A token without rights is for the rules over objects to find.
fn check_tokens(scope: &mut Scope<'_>, workloads: &[Workload], built: &Built) {
    let subjects = built.bindings.iter().flat_map(|binding| &binding.subjects);
    let subjects = subjects.chain(built.access.iter().flat_map(|access| &access.subjects));
    let holders: BTreeSet<(&DnsLabel, &DnsLabel)> = subjects
        .filter_map(|subject| match subject {
            Subject::ServiceAccount { namespace, name } => Some((namespace, name)),
            Subject::User(_) | Subject::Group(_) => None,
        })
        .collect();
    let holds = |workload: &&Workload| holders.contains(&(&workload.namespace, &workload.name));
    for workload in workloads.iter().filter(holds).filter(|workload| !workload.api_access) {
        let message = format!("`{}` is given a role and gets no token to use it with", workload.source);
        let place = scope.key_span(&workload.source);
        let problem = Diagnostic::new(&ROLE_WITHOUT_TOKEN, message).at(place, "").about(&workload.source);
        scope.report(problem.hint("add `api-access = true`, or take it out of `[bindings]`"));
    }
}

//! Tenants that are made in the cluster: what Kyverno gives a Namespace with the label `tenant` that no file knows.
//!
//! Takes `[policies] generate-tenants` and the platform as it is built; gives the model of one tenant with names that stand for any.
//! Refuses what no policy can make: a database of a tenant's own needs a password, and those are in no policy.

use super::SelfService;
use super::codes::CONFLICTING_KEYS;
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::model::{Platform, TenantTemplate};
use crate::source::{KeyPath, Node};
use crate::spec;
use crate::spec::codes::MISSING_KEY;

/// A name that stands for any tenant's. It is a DNS label, as theirs are, and no text of a platform holds it by chance.
const ANY_TENANT: &str = "any-tenant-that-is-generated";
/// A user who stands for any owner.
const ANY_OWNER: &str = "any-owner-that-is-generated";

/// The template of tenants, where the platform asks for it and it can be.
pub(super) fn build(scope: &mut Scope<'_>, document: &Node, platform: &Platform) -> Option<TenantTemplate> {
    let policies = scope.spec.policies.as_ref().filter(|policies| policies.enabled != Some(false))?;
    if policies.generate_tenants != Some(true) || !can_be(scope, policies, document) {
        return None;
    }
    let owned = document.get("tenant").is_some_and(|shape| shape.get("owner").is_some());
    let owner = spec::Owner { user: Some(ANY_OWNER.to_owned()), group: None };
    let tenant = spec::Tenant { owner: (!owned).then_some(owner), ..spec::Tenant::default() };
    let made = match SelfService::new(platform, document).tenant(ANY_TENANT, &tenant) {
        Ok(made) => made,
        Err(problems) => {
            problems.into_iter().for_each(|problem| scope.report(problem));
            return None;
        }
    };
    let (namespace, name) = made
        .namespaces
        .iter()
        .find_map(|one| Some((one.name.clone(), one.tenancy.as_ref()?.name.clone())))?;
    Some(TenantTemplate {
        source: KeyPath::of(["policies", "generate-tenants"]),
        platform: Box::new(made),
        namespace,
        name,
        owner: (!owned).then(|| ANY_OWNER.to_owned()),
    })
}

fn can_be(scope: &mut Scope<'_>, policies: &spec::Policies, document: &Node) -> bool {
    let path = KeyPath::of(["policies", "generate-tenants"]);
    let Some(shape) = document.get("tenant") else {
        let message = "`policies.generate-tenants`: there is no `[tenant]`, so nobody says what a tenant is";
        let problem = Diagnostic::new(&MISSING_KEY, message).at(scope.span(&path), "");
        scope.report(problem.hint("add `[tenant]` with its `quota`, or remove `generate-tenants`"));
        return false;
    };
    let mut refuse = |message: &str, hint: &str| {
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&path), "").hint(hint);
        scope.report(problem);
        false
    };
    if policies.engine == Some(spec::PolicyEngine::Gatekeeper) {
        return refuse(
            "`policies.generate-tenants`: Gatekeeper makes no objects",
            "set `engine = \"kyverno\"`, or remove `generate-tenants`",
        );
    }
    if shape.get("database").is_some() {
        return refuse(
            "`policies.generate-tenants`: a tenant's own database has a password, which no policy can make",
            "remove `database` from `[tenant]`, or let Git or a program make the tenants",
        );
    }
    true
}

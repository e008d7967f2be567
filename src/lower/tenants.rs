//! Tenants: what is theirs lies in a folder of its own, so that adding one writes that folder and nothing else.
//!
//! Takes the finished objects and gives each one that lies in a tenant's namespace the tenant's component. What people read of
//! the platform as a whole ([`without`]) does not list tenants either.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Platform, Scope};
use crate::names::DnsLabel;
use crate::object::Object;

/// The component of a tenant.
pub(super) fn component(tenant: &DnsLabel) -> String {
    format!("{}{tenant}", crate::object::TENANTS)
}

/// The tenants by the names of their namespaces.
fn by_namespace(platform: &Platform) -> BTreeMap<&str, &DnsLabel> {
    let tenancies = platform.namespaces.iter();
    tenancies
        .filter_map(|namespace| Some((namespace.name.as_str(), &namespace.tenancy.as_ref()?.name)))
        .collect()
}

/// Whether the platform has tenants.
pub(super) fn any(platform: &Platform) -> bool {
    platform.namespaces.iter().any(|namespace| namespace.tenancy.is_some())
}

/// The namespaces of tenants as a pattern that means all of them, `org-*`, so that what grants them need not change with each.
pub(super) fn patterns(platform: &Platform) -> BTreeMap<&str, String> {
    let pattern = |(namespace, tenant): (&'_ str, &DnsLabel)| namespace.replacen(tenant.as_str(), "*", 1);
    by_namespace(platform)
        .into_iter()
        .map(|(namespace, tenant)| (namespace, pattern((namespace, tenant))))
        .collect()
}

/// Puts what lies in a tenant's namespace into the tenant's folder.
pub(super) fn place(platform: &Platform, objects: &mut [Object]) {
    let tenants = by_namespace(platform);
    if tenants.is_empty() {
        return;
    }
    for object in objects {
        let own = object.id.namespace.as_deref();
        let namespace = own.or((object.id.gvk.kind == "Namespace").then_some(object.id.name.as_str()));
        if let Some(tenant) = namespace.and_then(|name| tenants.get(name)) {
            object.component = component(tenant);
        }
    }
}

/// The platform without what belongs to single tenants.
pub(super) fn without(platform: &Platform) -> Cow<'_, Platform> {
    if !any(platform) {
        return Cow::Borrowed(platform);
    }
    let tenants: BTreeSet<String> = by_namespace(platform).into_keys().map(ToOwned::to_owned).collect();
    let own = |namespace: &DnsLabel| !tenants.contains(namespace.as_str());
    let mut rest = platform.clone();
    rest.namespaces.retain(|namespace| namespace.tenancy.is_none());
    rest.workloads.retain(|workload| own(&workload.namespace));
    rest.secrets.retain(|secret| own(&secret.namespace));
    rest.bindings.retain(|binding| match &binding.scope {
        Scope::Namespace(namespace) => own(namespace),
        Scope::Cluster => true,
    });
    Cow::Owned(rest)
}

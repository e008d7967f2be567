//! Namespaces, and the quota and defaults of each. A namespace that somebody else owns is never emitted.

use k8s_openapi::api::core::v1::{
    LimitRange, LimitRangeItem, LimitRangeSpec, Namespace as NamespaceObject, ResourceQuota,
    ResourceQuotaSpec,
};

use super::container::quantities;
use super::{claim, labels, metadata, tenants};
use crate::model::{Namespace, Pairs, Platform, Quota, Resources};
use crate::object::Object;

/// The component that holds what belongs to namespaces as such.
pub(super) const COMPONENT: &str = "namespaces";

/// One quota and one set of defaults in a namespace, so neither needs a name that says more.
const QUOTA: &str = "quota";
const DEFAULTS: &str = "defaults";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let with_data = claim::namespaces(platform);
    let own = platform.namespaces.iter().filter(|namespace| !namespace.external);
    own.flat_map(|namespace| {
        let kept = if with_data.contains(&namespace.name) { claim::kept() } else { Pairs::new() };
        objects(platform, namespace, kept)
    })
    .collect()
}

fn objects(platform: &Platform, namespace: &Namespace, kept: Pairs) -> Vec<Object> {
    let mut objects = vec![object(namespace, &namespace_object(platform, namespace, kept))];
    if let Some(quota) = &namespace.quota {
        objects.push(object(namespace, &resource_quota(platform, namespace, quota)));
        objects.extend(limit_range(platform, namespace, quota).map(|range| object(namespace, &range)));
    }
    objects
}

fn object<T>(namespace: &Namespace, typed: &T) -> Object
where
    T: serde::Serialize
        + k8s_openapi::Metadata<Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta>,
{
    Object::from_typed(typed, component(namespace), namespace.source.clone())
}

/// The folder that a namespace's own objects lie in: a tenant has one to itself.
pub(super) fn component(namespace: &Namespace) -> String {
    namespace
        .tenancy
        .as_ref()
        .map_or_else(|| COMPONENT.to_owned(), |tenancy| tenants::component(&tenancy.name))
}

/// A namespace takes everything in it along when it is deleted, so one with data in it is kept as the data is.
fn namespace_object(platform: &Platform, namespace: &Namespace, kept: Pairs) -> NamespaceObject {
    let mut annotations = kept;
    annotations.extend(namespace.annotations.clone());
    let mut labels = labels::of_platform(platform);
    labels.extend(namespace.labels.clone());
    labels.extend(pod_security(platform, namespace));
    let tenant =
        namespace.tenancy.as_ref().map(|tenancy| (labels::TENANT.to_owned(), tenancy.name.to_string()));
    labels.extend(tenant);
    if namespace.placeholder {
        labels.insert("status".to_owned(), "placeholder".to_owned());
    }
    let meta = metadata::of_cluster(namespace.name.as_str(), labels);
    NamespaceObject { metadata: metadata::annotated(meta, annotations), ..NamespaceObject::default() }
}

/// The Pod Security admission labels (<https://kubernetes.io/docs/concepts/security/pod-security-admission/>).
///
/// `enforce` judges pods alone; `warn` and `audit` judge the workloads too, so a Deployment that could never start says
/// so when it is applied. The versions are pinned: a cluster upgrade must not tighten a level behind our back.
fn pod_security(platform: &Platform, namespace: &Namespace) -> Pairs {
    let level = namespace.pod_security.as_str();
    let version = format!("v{}", platform.kubernetes);
    let of_mode = |mode: &str| {
        let key = format!("pod-security.kubernetes.io/{mode}");
        [(format!("{key}-version"), version.clone()), (key, level.to_owned())]
    };
    ["audit", "enforce", "warn"].into_iter().flat_map(of_mode).collect()
}

fn resource_quota(platform: &Platform, namespace: &Namespace, quota: &Quota) -> ResourceQuota {
    let hard = quota.hard.iter().map(|(name, amount)| (name.as_str(), amount));
    ResourceQuota {
        metadata: metadata::of(QUOTA, &namespace.name, labels::of_platform(platform)),
        spec: Some(ResourceQuotaSpec { hard: quantities(hard), ..ResourceQuotaSpec::default() }),
        status: None,
    }
}

/// The defaults that let containers in which ask for nothing: a quota alone refuses them.
fn limit_range(platform: &Platform, namespace: &Namespace, quota: &Quota) -> Option<LimitRange> {
    let Resources { requests, limits } = &quota.default;
    if requests.is_empty() && limits.is_empty() {
        return None;
    }
    let item = LimitRangeItem {
        type_: "Container".to_owned(),
        default: quantities(limits.iter().map(|(name, amount)| (*name, amount))),
        default_request: quantities(requests.iter().map(|(name, amount)| (*name, amount))),
        ..LimitRangeItem::default()
    };
    Some(LimitRange {
        metadata: metadata::of(DEFAULTS, &namespace.name, labels::of_platform(platform)),
        spec: Some(LimitRangeSpec { limits: vec![item] }),
    })
}

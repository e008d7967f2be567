//! The labels of every object, in one place, and the selectors that rest on them.
//!
//! The keys are Kubernetes' recommended ones
//! (<https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/>). A selector of a Deployment,
//! StatefulSet or Job cannot be changed once the object exists, so it holds `app.kubernetes.io/name` alone, the one
//! label that identifies a workload in its namespace in every environment and at every time, unless the platform says
//! which labels of its own do that.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement};

use super::absent;
use super::metadata::pairs;
use crate::model::{Pairs, Platform, Workload};
use crate::names::DnsLabel;

/// The label that selectors select by: the name of the workload.
pub(super) const NAME: &str = "app.kubernetes.io/name";
const COMPONENT: &str = "app.kubernetes.io/component";
const PART_OF: &str = "app.kubernetes.io/part-of";
/// The label that says who wrote an object.
pub(super) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// What that label says of what bayplan wrote.
pub(super) const MANAGER: &str = "bayplan";

/// The label of every tenant's namespace: the tenant.
pub(super) const TENANT: &str = "tenant";

/// Selects the namespaces of all tenants, however many there are.
pub(super) fn of_every_tenant() -> LabelSelector {
    let any =
        LabelSelectorRequirement { key: TENANT.to_owned(), operator: "Exists".to_owned(), values: None };
    LabelSelector { match_labels: None, match_expressions: Some(vec![any]) }
}

/// The labels of an object that belongs to the platform as a whole.
pub(super) fn of_platform(platform: &Platform) -> Pairs {
    pairs([(PART_OF, platform.name.as_str()), (MANAGED_BY, MANAGER)])
}

/// The labels of an object that belongs to a component and to no single workload.
pub(super) fn of_component(platform: &Platform, component: &DnsLabel) -> Pairs {
    let mut labels = of_platform(platform);
    labels.insert(COMPONENT.to_owned(), component.to_string());
    labels
}

/// The labels of the objects and pods of a workload. Its own win over all but the one that selectors need.
pub(super) fn of_workload(platform: &Platform, workload: &Workload) -> Pairs {
    let mut labels = of_component(platform, &workload.component);
    labels.extend(workload.labels.clone());
    labels.extend(named(&workload.name));
    labels.extend(workload.selector.clone());
    labels
}

/// The labels of a claim template. It cannot be changed either, so only what never does stands on it.
pub(super) fn of_claim_template(workload: &DnsLabel) -> Pairs {
    pairs([(NAME, workload.as_str()), (MANAGED_BY, MANAGER)])
}

fn named(workload: &DnsLabel) -> Pairs {
    pairs([(NAME, workload.as_str())])
}

/// The labels that select the pods of a workload in its namespace.
pub(super) fn selecting(workload: &Workload) -> Pairs {
    if workload.selector.is_empty() { named(&workload.name) } else { workload.selector.clone() }
}

/// Selects the pods of a workload in its namespace.
pub(super) fn selector(workload: &Workload) -> LabelSelector {
    matching(selecting(workload))
}

/// How the pods of each workload are selected, by its namespace and name.
pub(super) struct Selectors<'a>(BTreeMap<(&'a DnsLabel, &'a DnsLabel), &'a Workload>);

impl<'a> Selectors<'a> {
    pub(super) fn of(platform: &'a Platform) -> Self {
        let keyed = |workload: &'a Workload| ((&workload.namespace, &workload.name), workload);
        Self(platform.workloads.iter().map(keyed).collect())
    }

    /// Selects the pods of the workload `name` in `namespace`.
    pub(super) fn selector(&self, namespace: &DnsLabel, name: &DnsLabel) -> LabelSelector {
        self.0.get(&(namespace, name)).map_or_else(|| matching(named(name)), |workload| selector(workload))
    }
}

/// Selects what has all of these labels; everything where there are none.
pub(super) fn matching(labels: Pairs) -> LabelSelector {
    LabelSelector { match_labels: absent::map(labels), match_expressions: None }
}

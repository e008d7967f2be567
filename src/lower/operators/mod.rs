//! What operators are asked for, in their own words: a file per operator.

mod certificates;
mod collector;
mod dashboards;
mod gatekeeper;
mod generated;
mod kyverno;
mod monitoring;
mod servers;
mod slo;
mod stores;
mod velero;

use crate::lower::tenants;
use crate::model::Platform;
use crate::object::Object;

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let mut objects = stores::lower(platform);
    objects.extend(certificates::lower(platform));
    objects.extend(velero::lower(platform));
    objects.extend(monitoring::lower(platform));
    objects.extend(collector::lower(platform));
    if let Some(policies) = &platform.operators.policies {
        objects.extend(if policies.gatekeeper {
            gatekeeper::lower(platform, policies)
        } else {
            kyverno::lower(platform, policies)
        });
    }
    objects.extend(platform.operators.tenants.iter().flat_map(|tenants| generated::lower(platform, tenants)));
    objects
}

/// The namespaces that the platform owns and policies hold for, by their names in the cluster; those of tenants by the
/// pattern of their names, which both engines read, so that one more tenant changes no policy.
fn own_namespaces(platform: &Platform) -> Vec<String> {
    let tenants = tenants::patterns(platform);
    let own = platform.namespaces.iter().filter(|namespace| !namespace.external);
    let mut names: Vec<String> = Vec::new();
    for namespace in own {
        let name = tenants.get(namespace.name.as_str()).cloned();
        let name = name.unwrap_or_else(|| namespace.name.to_string());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

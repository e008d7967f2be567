//! Workload identity: who a service account is to the cloud, in the form that the environment's kind of cluster has.
//!
//! Takes the `identity` of a workload or a store and the profile of the cluster; gives the identity as that cloud writes it, and
//! the way to GKE's metadata server. Refuses an id of another cloud, and one on a cluster that gives its pods none.

use super::cluster;
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::model::{ClusterKind, Edge, EdgePort, Identity, Peer, Protocol, Workload};
use crate::names::{Cidr, PortNumber};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// Where pods on GKE fetch their tokens: the metadata server, of either data plane
/// (<https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity>).
const METADATA_SERVER: [&str; 2] = ["169.254.169.252/32", "169.254.169.254/32"];
const METADATA_PORTS: [&str; 2] = ["80", "988"];

/// The identity of what stands at `path`; `None` for nobody, and in the base, where no cloud is known.
pub(super) fn build(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    identity: Option<&spec::Identity>,
) -> Option<Identity> {
    let identity = identity.filter(|identity| identity.enabled != Some(false))?;
    let path = path.key("identity");
    let id = scope.required(&path, "id", identity.id.clone())?;
    let environment = scope.spec.environment.as_ref();
    let kind = environment.and_then(|environment| environment.cluster.as_ref()?.kind.as_deref());
    let kind = kind.and_then(cluster::find).unwrap_or(ClusterKind::Generic);
    let (found, wanted) = match kind {
        ClusterKind::Generic => return None,
        ClusterKind::Gke => (is_google(&id).then(|| Identity::Google(id.clone())), GOOGLE),
        ClusterKind::Eks => (is_aws(&id).then(|| Identity::Aws(id.clone())), AWS),
        ClusterKind::Aks => (is_azure(&id).then(|| Identity::Azure(id.clone())), AZURE),
        _ => {
            let written = scope.written(&path);
            let message = format!("`{written}`: a {} cluster gives its pods no identity", kind.as_str());
            let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path), "");
            let hint = format!(
                "write it below `environments` for the clouds, or take it back here: `{written} = false`"
            );
            scope.report(problem.hint(hint));
            return None;
        }
    };
    if found.is_none() {
        let written = scope.written(&path);
        let message = format!("`{written}`: `{id}` is no identity of {}", kind.as_str());
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("id")), "");
        scope.report(problem.hint(format!("write {wanted}")));
    }
    found
}

const GOOGLE: &str = "a service account of Google, as `app@project.iam.gserviceaccount.com`";
const AWS: &str = "the ARN of a role, as `arn:aws:iam::123456789012:role/app`";
const AZURE: &str = "the client id of a managed identity, as `00000000-0000-0000-0000-000000000000`";

fn is_google(id: &str) -> bool {
    id.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.ends_with(".gserviceaccount.com"))
}

fn is_aws(id: &str) -> bool {
    let parts: Vec<&str> = id.splitn(6, ':').collect();
    let [arn, partition, service, region, account, role] = parts.as_slice() else { return false };
    *arn == "arn"
        && partition.starts_with("aws")
        && *service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|c| c.is_ascii_digit())
        && role.strip_prefix("role/").is_some_and(|name| !name.is_empty())
}

fn is_azure(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| part.bytes().all(|c| c.is_ascii_hexdigit()))
}

/// The way of each workload with an identity to where its tokens come from, where that is no name but an address.
pub(super) fn edges(workloads: &[Workload]) -> Vec<Edge> {
    let ports = METADATA_PORTS.iter().filter_map(|number| PortNumber::parse(number).ok());
    let ports: Vec<EdgePort> = ports.map(|number| EdgePort { number, protocol: Protocol::Tcp }).collect();
    let addresses: Vec<Cidr> = METADATA_SERVER.iter().filter_map(|block| Cidr::parse(block).ok()).collect();
    let on_google = workloads.iter().filter(|one| matches!(one.identity, Some(Identity::Google(_))));
    let edges = on_google.map(|workload| Edge {
        source: workload.source.key("identity"),
        from: Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() },
        to: Peer::Addresses(addresses.clone()),
        ports: ports.clone(),
    });
    edges.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::testing::platform;

    const AT_GOOGLE: &str = "app@shop.iam.gserviceaccount.com";
    const AT_AWS: &str = "arn:aws:iam::123456789012:role/app";
    const AT_AZURE: &str = "01234567-89ab-cdef-0123-456789abcdef";

    fn identity(kind: &str, id: &str) -> (Option<Identity>, Vec<String>) {
        let text = format!(
            "[platform]\nname = \"shop\"\nkubernetes = \"1.35\"\n[namespaces.web]\n[workloads.api]\nnamespace = \"web\"\n\
             image = \"registry.example/api:1\"\n[environments.one]\ncluster = \"{kind}\"\nworkloads.api.identity = \"{id}\"\n"
        );
        let (platform, found) = platform(&text, Some("one"));
        let found = found.into_iter().map(|found| found.message).collect();
        (platform.and_then(|platform| platform.workloads[0].identity.clone()), found)
    }

    #[test]
    fn each_cloud_has_its_own_form() {
        assert_eq!(identity("gke", AT_GOOGLE).0, Some(Identity::Google(AT_GOOGLE.to_owned())));
        assert_eq!(identity("eks", AT_AWS).0, Some(Identity::Aws(AT_AWS.to_owned())));
        assert_eq!(identity("aks", AT_AZURE).0, Some(Identity::Azure(AT_AZURE.to_owned())));
        assert_eq!(identity("generic", AT_AZURE), (None, Vec::new()));
    }

    #[test]
    fn an_id_of_another_cloud_is_refused() {
        for (kind, id) in [
            ("gke", AT_AWS),
            ("gke", "@x.gserviceaccount.com"),
            ("eks", AT_GOOGLE),
            ("eks", "arn:aws:iam::1:role/app"),
            ("eks", "arn:aws:iam::123456789012:user/app"),
            ("aks", AT_AWS),
            ("aks", "01234567-89ab-cdef-0123-456789abcdeg"),
            ("kind", AT_AZURE),
        ] {
            let (found, said) = identity(kind, id);
            assert!(found.is_none() && said.len() == 1, "{kind} {id}: {said:?}");
        }
    }
}

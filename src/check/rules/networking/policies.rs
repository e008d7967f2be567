//! Which network policies are about some pods.

use crate::check::scene::{Pods, Scene};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Ingress,
    Egress,
}

/// The specs of the policies that select some pods for one way.
pub(super) fn selecting<'s, 'a>(
    scene: &'s Scene<'a>,
    pods: &'s Pods<'a>,
    way: Way,
) -> impl Iterator<Item = &'a Value> + use<'s, 'a> {
    scene.selecting("NetworkPolicy", pods).filter_map(Subject::spec).filter(move |spec| is_about(spec, way))
}

/// Where a policy does not say what it is about, it is about what enters, and about what leaves if it has rules for it.
fn is_about(spec: &Value, way: Way) -> bool {
    let (word, rules) = match way {
        Way::Ingress => ("Ingress", true),
        Way::Egress => ("Egress", !spec.items("egress").is_empty()),
    };
    let types = spec.items("policyTypes");
    if types.is_empty() { rules } else { types.iter().any(|it| it.as_str() == Some(word)) }
}

/// Whether policies of another sort (Cilium's, Calico's, those of the cluster's owner) stand in the tree: what they let
/// through is not known here.
pub(super) fn are_of_others(scene: &Scene<'_>) -> bool {
    let foreign = [
        "CiliumNetworkPolicy",
        "CiliumClusterwideNetworkPolicy",
        "GlobalNetworkPolicy",
        "AdminNetworkPolicy",
        "ClusterNetworkPolicy",
        "BaselineAdminNetworkPolicy",
    ];
    scene.subjects.iter().any(|subject| {
        let gvk = &subject.object.id.gvk;
        foreign.contains(&gvk.kind.as_str())
            || gvk.kind == "NetworkPolicy" && gvk.group() != "networking.k8s.io"
    })
}

//! `rel-node-affinity`: pods say on which nodes they run.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-node-affinity", Warning,
    means: "A pod has neither a node selector nor node affinity.",
    matters: "It may land on any node, those for other work included. This rule is an opinion, and off by default.",
    example: "spec: {}",
    instead: "spec: { nodeSelector: { kubernetes.io/arch: amd64 } }",
    source: "kube-linter no-node-affinity"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if pod.spec.child("nodeSelector").is_none() && pod.spec.below(&["affinity", "nodeAffinity"]).is_none() {
        found.add(&CODE, (pod.spec, "nodeSelector"), "the pod runs on whatever node there is");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn nodes_are_chosen() {
        let at = "spec.template.spec.nodeSelector";
        advises(&CODE, "DaemonSet", "", at);
        passes(&CODE, "DaemonSet", &format!("{at}: {{ a: b }}"));
    }
}

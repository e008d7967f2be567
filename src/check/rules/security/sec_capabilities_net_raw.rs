//! `sec-capabilities-net-raw`: no container can forge packets.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-capabilities-net-raw", Warning,
    means: "A container drops neither `NET_RAW` nor `ALL` capabilities.",
    matters: "With NET_RAW, which containers have by default, it can forge packets and answer in the name of its neighbours.",
    example: "securityContext: {}",
    instead: "securityContext: { capabilities: { drop: [ALL] } }",
    source: "kube-linter drop-net-raw-capability; CIS Kubernetes Benchmark 5.2.8"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.pod.is_some_and(|pod| pod.is_windows()) {
        return;
    }
    for it in secured(subject) {
        let capabilities = it.own().and_then(|own| own.child("capabilities"));
        // What is dropped in part only is what the restricted rule reports as well; here it is this one capability.
        if !capabilities.is_some_and(|it| it.texts("drop").any(|name| matches!(name, "ALL" | "NET_RAW"))) {
            let message = format!("the container `{}` keeps the capability NET_RAW", it.name());
            found.add(&CODE, it.place("capabilities"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn packets_are_not_forged() {
        let alone = "spec.template.spec.initContainers: []";
        let context = "spec.template.spec.containers[0].securityContext";
        advises(
            &CODE,
            "Deployment",
            &format!("{alone}\n{context}.capabilities: {{}}"),
            &format!("{context}.capabilities"),
        );
        passes(&CODE, "Deployment", &format!("{alone}\n{context}.capabilities: {{ drop: [NET_RAW] }}"));
    }
}

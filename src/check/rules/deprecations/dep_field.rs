//! `dep-field`: no field is used that is deprecated.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "dep-field", Warning,
    means: "A pod sets `serviceAccount` instead of `serviceAccountName`, or mounts a volume of a kind that Kubernetes dropped; a Service sets `loadBalancerIP` or `trafficDistribution: PreferClose`.",
    matters: "It is kept for old manifests, does nothing on many clusters, and will go.",
    example: "spec: { serviceAccount: api }",
    instead: "spec: { serviceAccountName: api }",
    source: "pkg/api/pod/warnings.go and pkg/api/service/warnings.go"
}

/// Volume plugins whose drivers are gone from the tree, and when.
const VOLUMES: [(&str, &str); 9] = [
    ("cephfs", "1.31"),
    ("flocker", "1.25"),
    ("gitRepo", "1.11"),
    ("glusterfs", "1.26"),
    ("photonPersistentDisk", "1.31"),
    ("quobyte", "1.25"),
    ("rbd", "1.31"),
    ("scaleIO", "1.22"),
    ("storageos", "1.25"),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if let Some(spec) = subject.spec_of("Service") {
        if spec.text("loadBalancerIP").is_some_and(|it| !it.is_empty()) {
            found.add(
                &CODE,
                (spec, "loadBalancerIP"),
                "`loadBalancerIP` is deprecated: use the annotation of your cloud",
            );
        }
        if spec.text("trafficDistribution") == Some("PreferClose") {
            found.add(&CODE, (spec, "trafficDistribution"), "`PreferClose` is now called `PreferSameZone`");
        }
    }
    let Some(pod) = subject.pod else { return };
    if pod.spec.text_or_empty("serviceAccountName").is_empty() && pod.spec.text("serviceAccount").is_some() {
        found.add(
            &CODE,
            (pod.spec, "serviceAccount"),
            "`serviceAccount` is the old name of `serviceAccountName`",
        );
    }
    for volume in pod.volumes() {
        for (key, since) in VOLUMES.iter().filter(|(key, _)| volume.child(key).is_some()) {
            found.add(
                &CODE,
                (volume, *key),
                format!("volumes of kind {key} are gone or deprecated since {since}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn fields_are_current() {
        let at = "spec.template.spec.serviceAccount";
        advises(&CODE, "DaemonSet", &format!("{at}: api"), at);
        passes(&CODE, "DaemonSet", "spec.template.spec.serviceAccountName: api");
        advises(
            &CODE,
            "Service",
            "spec.type: LoadBalancer\nspec.loadBalancerIP: 10.0.0.1",
            "spec.loadBalancerIP",
        );
    }
}

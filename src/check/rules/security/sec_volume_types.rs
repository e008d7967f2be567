//! `sec-volume-types`: volumes are of the kinds that a cluster makes.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-volume-types", Error,
    means: "A volume is not one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected and secret.",
    matters: "The other kinds reach into the node or past the storage that the cluster hands out. A `hostPath` is reported by `sec-host-path`.",
    example: "volumes: [{ name: data, nfs: { server: nfs.example, path: / } }]",
    instead: "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; restricted, Volume Types"
}

const ALLOWED: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for volume in pod.volumes() {
        let Some(fields) = volume.as_object() else { continue };
        let other = |key: &str| !matches!(key, "name" | "hostPath") && !ALLOWED.contains(&key);
        for key in fields.keys().filter(|key| other(key) && volume.child(key).is_some()) {
            found.add(
                &CODE,
                (volume, key.as_str()),
                format!("a volume of kind {key} is not the cluster's to hand out"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn kinds_are_known() {
        let at = "spec.template.spec.volumes";
        advises(
            &CODE,
            "DaemonSet",
            &format!("{at}: [{{ name: a, nfs: {{ server: a, path: / }} }}]"),
            &format!("{at}[0].nfs"),
        );
        passes(&CODE, "DaemonSet", &format!("{at}: [{{ name: a, emptyDir: {{}} }}]"));
    }
}

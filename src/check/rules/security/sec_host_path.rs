//! `sec-host-path`: no volume is a folder of the node.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-path", Error,
    means: "A volume is a `hostPath`.",
    matters: "A pod that writes to the files of its node can take the node over, and its data stays behind where it ran.",
    example: "volumes: [{ name: data, hostPath: { path: /srv/data } }]",
    instead: "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, HostPath Volumes"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for volume in pod.volumes() {
        if let Some(host) = volume.child("hostPath") {
            let message = format!("the volume is `{}` of the node", host.text_or_empty("path"));
            found.add(&CODE, (volume, "hostPath"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn volumes_are_not_of_the_node() {
        let volumes = "spec.template.spec.volumes";
        advises(
            &CODE,
            "DaemonSet",
            &format!("{volumes}: [{{ name: a, hostPath: {{ path: /srv }} }}]"),
            &format!("{volumes}[0].hostPath"),
        );
        passes(&CODE, "DaemonSet", &format!("{volumes}: [{{ name: a, emptyDir: {{}} }}]"));
    }
}

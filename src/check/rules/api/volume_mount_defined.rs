//! `volume-mount-defined`: each mount names a volume of the pod.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "volume-mount-defined", Error,
    means: "A `volumeMounts` or `volumeDevices` entry names a volume that is neither in `volumes` nor a claim template.",
    matters: "The API server refuses the object.",
    example: "containers: [{ volumeMounts: [{ name: config, mountPath: /etc/api }] }]",
    instead: "containers: [{ volumeMounts: [{ name: config, mountPath: /etc/api }] }]\nvolumes: [{ name: config, configMap: { name: api } }]",
    source: "ValidateVolumeMounts and ValidateVolumeDevices in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        for mount in ["volumeMounts", "volumeDevices"].iter().flat_map(|list| container.items(list)) {
            let Some(name) = mount.text("name") else { continue };
            if !pod.has_volume(name) {
                let hint = did_you_mean(name, names(&pod)).map(|near| format!("did you mean `{near}`?"));
                let message = format!("the pod has no volume named `{name}`");
                found.add_with_hint(&CODE, (mount, "name"), message, hint);
            }
        }
        for device in container.items("volumeDevices") {
            check_device(&pod, device, found);
        }
    }
}

/// Only claims can be block devices.
fn check_device<'a>(pod: &PodTemplate<'a>, device: &'a Value, found: &mut Findings<'a>) {
    let name = device.text_or_empty("name");
    let is_claim =
        |volume: &Value| ["persistentVolumeClaim", "ephemeral"].iter().any(|it| volume.child(it).is_some());
    let volume = pod.volumes().iter().find(|volume| volume.text("name") == Some(name));
    if volume.is_some_and(|volume| !is_claim(volume)) && !pod.is_claim_template(name) {
        found.add(&CODE, (device, "name"), format!("the volume `{name}` is no claim, so it is no device"));
    }
}

fn names<'a>(pod: &PodTemplate<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let claims = pod.claim_templates().iter().filter_map(|claim| claim.child("metadata"));
    pod.volumes().iter().chain(claims).filter_map(|it| it.text("name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_mount_has_its_volume() {
        let mount = "spec.template.spec.containers[0].volumeMounts[0].name";
        refuses(&CODE, "Deployment", &format!("{mount}: confg"), mount);
        refuses(&CODE, "StatefulSet", "spec.volumeClaimTemplates: ~absent", mount);
        accepts(
            "StatefulSet",
            "spec.template.spec.initContainers: [{ name: a, image: a, volumeMounts: [{ name: data, mountPath: /d }] }]",
        );
    }
}

//! `volume-mount-defined`: each mount names a volume of the pod.

use std::collections::BTreeMap;

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
    let volumes = volumes(&pod);
    for container in pod.containers() {
        for mount in ["volumeMounts", "volumeDevices"].iter().flat_map(|list| container.items(list)) {
            let Some(name) = mount.text("name").filter(|name| !volumes.contains_key(name)) else { continue };
            let near = did_you_mean(name, volumes.keys().copied().take(LOOKED_AT));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            found.add_with_hint(
                &CODE,
                (mount, "name"),
                format!("the pod has no volume named `{name}`"),
                hint,
            );
        }
        for device in container.items("volumeDevices") {
            check_device(&volumes, device, found);
        }
    }
}

/// Of many volumes only so many are asked whether they were meant.
const LOOKED_AT: usize = 100;

/// The volumes by name; nothing stands for a claim that the owner makes for each pod, which comes first.
fn volumes<'a>(pod: &PodTemplate<'a>) -> BTreeMap<&'a str, Option<&'a Value>> {
    let volumes = pod.volumes_by_name().into_iter().map(|(name, volume)| (name, Some(volume)));
    // Later entries replace earlier ones.
    volumes.chain(pod.claim_template_names().map(|name| (name, None))).collect()
}

/// Only claims can be block devices.
fn check_device<'a>(
    volumes: &BTreeMap<&'a str, Option<&'a Value>>,
    device: &'a Value,
    found: &mut Findings<'a>,
) {
    let name = device.text_or_empty("name");
    let is_claim =
        |volume: &Value| ["persistentVolumeClaim", "ephemeral"].iter().any(|it| volume.child(it).is_some());
    if volumes.get(name).copied().flatten().is_some_and(|volume| !is_claim(volume)) {
        found.add(&CODE, (device, "name"), format!("the volume `{name}` is no claim, so it is no device"));
    }
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

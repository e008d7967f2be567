//! `res-emptydir-limit`: a scratch volume says how large it may grow.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "res-emptydir-limit", Note,
    means: "An `emptyDir` has no `sizeLimit`.",
    matters: "It fills the disk of the node; in memory, it counts as memory of the container, up to its limit.",
    example: "volumes: [{ name: tmp, emptyDir: {} }]",
    instead: "volumes: [{ name: tmp, emptyDir: { sizeLimit: 100Mi } }]",
    source: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for scratch in pod.volumes().iter().filter_map(|volume| volume.child("emptyDir")) {
        if scratch.child("sizeLimit").is_none() {
            let what = if scratch.text("medium") == Some("Memory") { "the memory" } else { "the disk" };
            found.add(
                &CODE,
                (scratch, "sizeLimit"),
                format!("the volume may grow until {what} of the node is full"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn scratch_volumes_are_bounded() {
        let at = "spec.template.spec.volumes[1].emptyDir.sizeLimit";
        advises(&CODE, "Deployment", "", at);
        passes(&CODE, "Deployment", &format!("{at}: 1Mi"));
    }
}

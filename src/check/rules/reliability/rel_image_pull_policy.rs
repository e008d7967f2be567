//! `rel-image-pull-policy`: an image by tag is looked for each time.

use crate::check::finding::Findings;
use crate::check::image::Image;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-image-pull-policy", Warning,
    means: "An image without a digest has another pull policy than `Always`.",
    matters: "A node that has an image of that tag already runs it, though the registry has a newer one. This rule is an opinion, and off by default: with tags that are never moved it only costs time.",
    example: "image: api:1\nimagePullPolicy: IfNotPresent",
    instead: "image: api:1\nimagePullPolicy: Always",
    source: "kube-score container-image-pull-policy; Checkov CKV_K8S_15"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let image = Image::of(container.text_or_empty("image"));
        let defaults_to_always = matches!(image.tag, None | Some("latest"));
        let always =
            container.text("imagePullPolicy").map_or(defaults_to_always, |policy| policy == "Always");
        if image.digest.is_none() && !always {
            found.add(&CODE, (container, "imagePullPolicy"), "a node runs whatever image of that tag it has");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn images_are_looked_for() {
        let at = "spec.template.spec.containers[0].imagePullPolicy";
        advises(&CODE, "DaemonSet", "", at);
        passes(&CODE, "DaemonSet", &format!("{at}: Always"));
    }
}

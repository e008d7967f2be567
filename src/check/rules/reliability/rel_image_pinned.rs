//! `rel-image-pinned`: an image has a version.

use crate::check::finding::Findings;
use crate::check::image::Image;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-image-pinned", Error,
    means: "An image has no tag, or the tag `latest`, and no digest.",
    passes: "- An image that ko builds when the manifest is applied (`ko://…`).\n- An image to which every kustomization that brings the file gives a tag or a digest (`images`): what they make of it is what counts.",
    matters: "What runs depends on the day: two pods of one Deployment may run two versions, and there is nothing to go back to.",
    example: "image: registry.example/api",
    instead: "image: registry.example/api:1.2.3",
    source: "https://kubernetes.io/docs/concepts/containers/images/#image-names; kube-linter latest-tag"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let text = container.text_or_empty("image");
        let image = Image::of(text);
        if !text.is_empty()
            && !Image::is_built_later(text)
            && image.digest.is_none()
            && matches!(image.tag, None | Some("latest"))
        {
            found.add(&CODE, (container, "image"), format!("the image `{text}` is of no certain version"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn versions_are_certain() {
        let at = "spec.template.spec.containers[0].image";
        for bad in ["api", "registry.example:5000/api", "api:latest"] {
            advises(&CODE, "DaemonSet", &format!("{at}: '{bad}'"), at);
        }
        for good in ["api:1", "api@sha256:0000000000000000000000000000000000000000000000000000000000000000"] {
            passes(&CODE, "DaemonSet", &format!("{at}: '{good}'"));
        }
    }
}

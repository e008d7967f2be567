//! `rel-image-digest`: an image is named by its content.

use crate::check::finding::Findings;
use crate::check::image::Image;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "rel-image-digest", Note,
    means: "An image has no digest.",
    matters: "A tag can be moved to another image, by mistake or by an attacker.",
    example: "image: registry.example/api:1.2.3",
    instead: "image: registry.example/api:1.2.3@sha256:…",
    source: "https://kubernetes.io/docs/concepts/containers/images/#image-names; Checkov CKV_K8S_43"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let text = container.text_or_empty("image");
        if !text.is_empty() && !Image::is_built_later(text) && Image::of(text).digest.is_none() {
            found.add(&CODE, (container, "image"), format!("the image `{text}` has no digest"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn content_is_named() {
        let at = "spec.template.spec.containers[0].image";
        advises(&CODE, "DaemonSet", &format!("{at}: 'api:1'"), at);
        passes(
            &CODE,
            "DaemonSet",
            &format!("{at}: 'api@sha256:0000000000000000000000000000000000000000000000000000000000000000'"),
        );
    }
}

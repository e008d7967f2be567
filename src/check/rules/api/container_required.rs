//! `container-required`: there is a container, and each has a name and an image.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "container-required", Error,
    means: "The pod has no container, or one has a name that is no DNS label, or no image.",
    matters: "The API server refuses the object.",
    example: "containers:\n  - { name: My App, image: \"\" }",
    instead: "containers:\n  - { name: my-app, image: \"registry.example/my-app:1.2.3\" }",
    source: "validateContainers and validateContainerCommon in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if pod.spec.child("containers").is_some() && pod.spec.items("containers").is_empty() {
        found.add(&CODE, (pod.spec, "containers"), "the pod has no container");
    }
    for container in pod.containers() {
        if let Some(name) = container.text("name")
            && let Some(problem) = format::dns_label(name)
        {
            found.add(&CODE, (container, "name"), format!("the container name `{name}` is {problem}"));
        }
        let image = container.text_or_empty("image");
        // For the templates of older objects, the API server lets blanks through.
        if subject.kind == "Pod" && image.trim() != image {
            found.add(&CODE, (container, "image"), format!("the image `{image}` has blanks around it"));
        }
        if image.is_empty() {
            let name = container.text_or_empty("name");
            found.add(&CODE, (container, "image"), format!("container `{name}` has no image"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn a_container_has_a_name_and_an_image() {
        let container = "spec.template.spec.containers[0]";
        refuses(&CODE, "DaemonSet", "spec.template.spec.containers: []", "spec.template.spec.containers");
        refuses(&CODE, "DaemonSet", &format!("{container}.name: My App"), &format!("{container}.name"));
        refuses(&CODE, "DaemonSet", &format!("{container}.image: ''"), &format!("{container}.image"));
        refuses(&CODE, "DaemonSet", &format!("{container}.image: ~absent"), &format!("{container}.image"));
        refuses(
            &CODE,
            "Deployment",
            "spec.template.spec.initContainers[0].image: ''",
            "spec.template.spec.initContainers[0].image",
        );
        accepts("DaemonSet", &format!("{container}.name: 0-a"));
    }
}

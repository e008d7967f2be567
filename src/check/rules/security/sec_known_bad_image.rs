//! `sec-known-bad-image`: no image is one that should be gone.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "sec-known-bad-image", Warning,
    means: "A container runs Tiller or the Kubernetes Dashboard, or passes variables to the arguments of git-sync.",
    matters: "Tiller holds the whole cluster for anybody who reaches it; the Dashboard is a web page with the rights of its account; git-sync runs what its arguments say.",
    example: "image: ghcr.io/helm/tiller:v2.17.0",
    instead: "# Helm 3 needs nothing in the cluster",
    source: "Checkov CKV_K8S_33, CKV_K8S_34, CKV_K8S_159"
}

/// Names of images, and why each should be gone.
const BAD: [(&str, &str); 3] = [
    ("tiller", "Tiller rules the cluster for anybody who reaches it"),
    ("kubernetes-dashboard-amd64", "the Dashboard is a web page with the rights of its account"),
    ("kubernetesui/dashboard", "the Dashboard is a web page with the rights of its account"),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let image = container.text_or_empty("image");
        let path = image.split('@').next().unwrap_or_default();
        let path = path.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(path, |(path, _)| path);
        let ends =
            |name: &str| path.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
        if let Some((_, why)) = BAD.iter().find(|(name, _)| ends(name)) {
            found.add(&CODE, (container, "image"), *why);
        } else if ends("git-sync") && takes_variables(container) {
            found.add(
                &CODE,
                (container, "args"),
                "git-sync runs what its arguments say, and these come from variables",
            );
        }
    }
}

fn takes_variables(container: &Value) -> bool {
    container.texts("args").any(|argument| argument.contains("$("))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn images_are_not_legacies() {
        let at = "spec.template.spec.containers[0].image";
        advises(&CODE, "DaemonSet", &format!("{at}: 'ghcr.io/helm/tiller:v2.17.0'"), at);
        passes(&CODE, "DaemonSet", &format!("{at}: 'registry.example/distiller:1'"));
        let sync = format!("{at}: 'registry.k8s.io/git-sync/git-sync:v4'");
        passes(&CODE, "DaemonSet", &sync);
        let arguments = "spec.template.spec.containers[0].args";
        advises(&CODE, "DaemonSet", &format!("{sync}\n{arguments}: ['--repo=$(REPO)']"), arguments);
    }
}

//! `ref-namespace`: the namespace of each object is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::diag::did_you_mean;

code! {
    "ref-namespace", Error,
    means: "An object lives in a namespace that is neither in the tree nor declared.",
    passes: "- `default` and `kube-…`, which every cluster has, and what `[external] namespaces` of `bayplan-check.toml` names.\n- All namespaces, where the tree brings none and none is declared.\n- In a tree of files, a namespace that nothing brings: it is somebody else's, unless its name is one letter off that of one that the tree brings, and no Service is in it.",
    matters: "The API server answers `namespaces \"…\" not found`.",
    example: "metadata: { name: api, namespace: cor }",
    instead: "metadata: { name: api, namespace: core }",
    source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    if scene.of_kind("Namespace").next().is_none() && scene.context.external.namespaces.is_empty() {
        return;
    }
    let known = scene.namespaces();
    for subject in scene.subjects.iter().filter(|subject| subject.namespaced) {
        let namespace = subject.namespace();
        if known.contains_key(namespace) {
            continue;
        }
        let Some(metadata) = subject.metadata().filter(|_| scene.is_ours("", namespace)) else { continue };
        let hint = did_you_mean(namespace, known.keys().map(String::as_str))
            .map(|near| format!("did you mean `{near}`?"));
        let message = format!("there is no namespace `{namespace}`");
        found.of(subject.index).add_with_hint(&CODE, (metadata, "namespace"), message, hint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    #[test]
    fn a_namespace_is_there() {
        let tree = |namespace: &str| {
            format!(
                "{{fixture: Namespace}}\n---\n{{fixture: ConfigMap, edits: 'metadata.namespace: {namespace}'}}"
            )
        };
        finds(&CODE, &tree("cor"), &[("ConfigMap cor/api", "metadata.namespace")]);
        finds(&CODE, &tree("core"), &[]);
        finds(&CODE, &tree("kube-system"), &[]);
        finds(&CODE, "{fixture: ConfigMap}", &[]);
    }
}

//! `ref-ingress-class`: the class of each Ingress is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-ingress-class", Error,
    means: "An Ingress names an ingress class that neither the tree nor the cluster has.",
    passes: "Every name, where nothing says which ingress classes the cluster has: neither `[external] ingress-classes` of `bayplan-check.toml` nor the cluster of a platform.",
    matters: "No controller takes the Ingress up, and nothing is routed.",
    example: "ingressClassName: ngnix",
    instead: "ingressClassName: nginx",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let Some(known) = &scene.context.external.ingress_classes else { return };
    for subject in scene.of_kind("Ingress") {
        let Some(spec) = subject.spec() else { continue };
        let name = spec.text_or_empty("ingressClassName");
        if !name.is_empty() && !known.contains(name) && scene.find("IngressClass", "", name).is_none() {
            let message = format!("the cluster has no ingress class `{name}`");
            found.of(subject.index).add(&CODE, (spec, "ingressClassName"), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::External;
    use crate::check::testing::finds_with;

    #[test]
    fn a_class_is_there() {
        let edits = "spec.tls: []\\nspec.rules: []\\nspec.defaultBackend: { resource: { kind: A, name: a } }";
        let ingress = format!("{{fixture: Ingress, edits: \"{edits}\"}}");
        let none = External { ingress_classes: Some([].into()), ..External::default() };
        finds_with(&none, &CODE, &ingress, &[("Ingress core/api", "spec.ingressClassName")]);
        finds_with(&none, &CODE, &format!("{{fixture: IngressClass}}\n---\n{ingress}"), &[]);
        finds_with(&External::default(), &CODE, &ingress, &[]);
    }
}

//! `ref-priority-class`: the priority class of each pod is there.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::values::Fields;

code! {
    "ref-priority-class", Error,
    means: "A pod names a priority class that neither the tree nor the cluster has.",
    passes: "Every name, where nothing says which priority classes the cluster has: neither `[external] priority-classes` of `bayplan-check.toml` nor the cluster of a platform.",
    matters: "No pod is created: `no PriorityClass with name … was found`.",
    example: "priorityClassName: importnt",
    instead: "priorityClassName: important",
    source: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    let Some(known) = &scene.context.external.priority_classes else { return };
    for pods in scene.pods() {
        let spec = pods.template.spec;
        let name = spec.text_or_empty("priorityClassName");
        let builtin = matches!(name, "" | "system-node-critical" | "system-cluster-critical");
        if !builtin && !known.contains(name) && scene.find("PriorityClass", "", name).is_none() {
            let message = format!("the cluster has no priority class `{name}`");
            found.of(pods.subject.index).add(&CODE, (spec, "priorityClassName"), message);
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
        let pod = "{fixture: Pod, edits: 'spec.priorityClassName: important'}";
        let none = External { priority_classes: Some([].into()), ..External::default() };
        finds_with(&none, &CODE, pod, &[("Pod core/probe", "spec.priorityClassName")]);
        finds_with(&none, &CODE, &format!("{{fixture: PriorityClass}}\n---\n{pod}"), &[]);
        finds_with(&External::default(), &CODE, pod, &[]);
    }
}

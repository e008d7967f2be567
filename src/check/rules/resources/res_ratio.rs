//! `res-ratio`: a limit is not far above its request.

use crate::check::finding::Findings;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "res-ratio", Warning,
    means: "A limit is more than the `most-limit-to-request` of the settings times its request.",
    matters: "The node promises what it does not have: when several containers take what they may, some are killed.",
    example: "resources: { requests: { memory: 64Mi }, limits: { memory: 4Gi } }",
    instead: "resources: { requests: { memory: 1Gi }, limits: { memory: 2Gi } }",
    source: "gatekeeper containerresourceratios"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let (Some(pod), Some(most)) = (subject.pod, subject.context.settings.most_limit_to_request) else {
        return;
    };
    for resources in pod.containers().filter_map(|container| container.child("resources")) {
        let Some(limits) = resources.child("limits") else { continue };
        for (name, limit) in limits.as_object().into_iter().flatten() {
            let request = resources.below(&["requests", name.as_str()]).and_then(Quantity::of);
            let above = request
                .zip(Quantity::of(limit))
                .is_some_and(|(request, limit)| limit > request.times(i64::from(most)));
            if above {
                found.add(&CODE, limit, format!("the limit of {name} is more than {most} times its request"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Settings;
    use crate::check::testing::advised_with;

    #[test]
    fn promises_are_kept() {
        let settings = Settings { most_limit_to_request: Some(2), ..Settings::default() };
        let found = |edits: &str| advised_with(&settings, &CODE, "Deployment", edits);
        let at = "spec.template.spec.containers[0].resources.limits";
        assert_eq!(found(""), [format!("{at}[cpu]")]);
        assert_eq!(found(&format!("{at}.cpu: 200m")), Vec::<String>::new());
    }
}

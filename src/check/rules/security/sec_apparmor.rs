//! `sec-apparmor`: no container switches AppArmor off.

use super::settings::every_context;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-apparmor", Error,
    means: "An AppArmor profile, in the security settings or an annotation, is neither `RuntimeDefault` nor `Localhost`.",
    matters: "The profile of the runtime keeps a container from the mounts and the files of the node.",
    example: "appArmorProfile: { type: Unconfined }",
    instead: "appArmorProfile: { type: RuntimeDefault }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, AppArmor"
}

const ANNOTATION: &str = "container.apparmor.security.beta.kubernetes.io/";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for context in every_context(subject) {
        let Some(profile) = context.child("appArmorProfile") else { continue };
        let word = profile.text_or_empty("type");
        if !matches!(word, "" | "RuntimeDefault" | "Localhost") {
            found.add(&CODE, (profile, "type"), format!("the AppArmor profile is {word}"));
        }
    }
    let Some(annotations) = pod.template.below(&["metadata", "annotations"]).and_then(|it| it.as_object())
    else {
        return;
    };
    for (_, value) in annotations.iter().filter(|(key, _)| key.starts_with(ANNOTATION)) {
        let word = value.as_str().unwrap_or_default();
        if !matches!(word, "" | "runtime/default") && !word.starts_with("localhost/") {
            found.add(&CODE, value, format!("the AppArmor profile is {word}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn profiles_confine() {
        let at = "spec.template.spec.securityContext.appArmorProfile.type";
        advises(&CODE, "Deployment", &format!("{at}: Unconfined"), at);
        passes(&CODE, "Deployment", &format!("{at}: RuntimeDefault"));
        let annotation =
            "spec.template.metadata.annotations[container.apparmor.security.beta.kubernetes.io/api]";
        advises(&CODE, "Deployment", &format!("{annotation}: unconfined"), annotation);
        passes(&CODE, "Deployment", &format!("{annotation}: localhost/a"));
    }
}

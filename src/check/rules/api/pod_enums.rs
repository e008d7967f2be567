//! `pod-enums`: fields of a pod that take one of a few words.

use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-enums", Error,
    means: "A field of the pod or of a container holds a word that it does not know: `dnsPolicy`, `imagePullPolicy`, `preemptionPolicy`, `terminationMessagePolicy`, `procMount`, `fsGroupChangePolicy`, `supplementalGroupsPolicy`, or the type of a seccomp or AppArmor profile.",
    matters: "The API server refuses the object.",
    example: "imagePullPolicy: always",
    instead: "imagePullPolicy: Always",
    source: "validateDNSPolicy, validatePullPolicy, ValidateSecurityContext and their like in pkg/apis/core/validation"
}

/// Fields of the pod and the words that they take.
const POD: [(&str, &[&str]); 2] = [
    ("dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("preemptionPolicy", &["PreemptLowerPriority", "Never"]),
];

const CONTAINER: [(&str, &[&str]); 2] = [
    ("imagePullPolicy", &["Always", "IfNotPresent", "Never"]),
    ("terminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
];

const POD_SECURITY: [(&str, &[&str]); 3] = [
    ("fsGroupChangePolicy", &["OnRootMismatch", "Always"]),
    ("supplementalGroupsPolicy", &["Merge", "Strict"]),
    ("seLinuxChangePolicy", &["Recursive", "MountOption"]),
];

const CONTAINER_SECURITY: [(&str, &[&str]); 1] = [("procMount", &["Default", "Unmasked"])];

const PROFILE_TYPES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    words(pod.spec, &POD, found);
    if let Some(context) = pod.spec.child("securityContext") {
        words(context, &POD_SECURITY, found);
        profiles(context, found);
    }
    for container in pod.containers() {
        words(container, &CONTAINER, found);
        if let Some(context) = container.child("securityContext") {
            words(context, &CONTAINER_SECURITY, found);
            profiles(context, found);
        }
    }
}

fn words<'a>(holder: &'a Value, table: &[(&'static str, &[&str])], found: &mut Findings<'a>) {
    for (key, allowed) in table {
        // An empty word is none where the API has a default, and a wrong one where the field is optional.
        let defaulted = matches!(*key, "dnsPolicy" | "imagePullPolicy" | "terminationMessagePolicy");
        let Some(word) = holder.text(key).filter(|word| !(word.is_empty() && defaulted)) else { continue };
        if !allowed.contains(&word) {
            let message = format!("`{word}` is no `{key}`; there are {}", allowed.join(", "));
            found.add(&CODE, (holder, *key), message);
        }
    }
}

fn profiles<'a>(context: &'a Value, found: &mut Findings<'a>) {
    for key in ["seccompProfile", "appArmorProfile"] {
        let Some(profile) = context.child(key) else { continue };
        let kind = profile.text_or_empty("type");
        if profile.get("type").is_some() && !PROFILE_TYPES.contains(&kind) {
            let message = format!("`{kind}` is no type of profile; there are {}", PROFILE_TYPES.join(", "));
            found.add(&CODE, (profile, "type"), message);
        }
        let local = profile.child("localhostProfile");
        if let Some(problem) = local.and_then(Value::as_str).and_then(|path| path_problem(key, path)) {
            found.add(&CODE, (profile, "localhostProfile"), format!("the profile is {problem}"));
        }
        if kind == "Localhost" && local.is_none() {
            found.add(&CODE, (profile, "localhostProfile"), "a profile of type Localhost names its file");
        } else if kind != "Localhost" && local.is_some() {
            found.add(&CODE, (profile, "localhostProfile"), "only a profile of type Localhost names a file");
        }
    }
}

fn path_problem(key: &str, path: &str) -> Problem {
    if key == "seccompProfile" {
        return format::descending_path(path);
    }
    (path.is_empty() || path.trim() != path || path.len() > 4095).then_some("no name of an AppArmor profile")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn words_are_known() {
        for (field, word) in [
            ("dnsPolicy", "clusterFirst"),
            ("preemptionPolicy", "Always"),
            ("containers[0].imagePullPolicy", "always"),
            ("containers[0].terminationMessagePolicy", "Log"),
            ("securityContext.fsGroupChangePolicy", "Never"),
            ("securityContext.seccompProfile.type", "runtime/default"),
            ("containers[0].securityContext.procMount", "Masked"),
        ] {
            let at = format!("spec.template.spec.{field}");
            refuses(&CODE, "Deployment", &format!("{at}: {word}"), &at);
        }
        accepts("Deployment", "spec.template.spec.dnsPolicy: ClusterFirst");
    }

    #[test]
    fn a_local_profile_names_its_file() {
        let profile = "spec.template.spec.securityContext.seccompProfile";
        refuses(
            &CODE,
            "Deployment",
            &format!("{profile}: {{ type: Localhost }}"),
            &format!("{profile}.localhostProfile"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{profile}.localhostProfile: a"),
            &format!("{profile}.localhostProfile"),
        );
        accepts("Deployment", &format!("{profile}: {{ type: Localhost, localhostProfile: a.json }}"));
    }
}

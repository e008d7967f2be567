//! `pod-security-conflict`: security settings that contradict each other or are out of range.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-security-conflict", Error,
    means: "`allowPrivilegeEscalation: false` stands beside `privileged: true` or `CAP_SYS_ADMIN`, a user or group is outside 0 to 2147483647, `procMount: Unmasked` has no user namespace, or a kernel parameter is malformed.",
    matters: "The API server refuses the object.",
    example: "securityContext: { privileged: true, allowPrivilegeEscalation: false }",
    instead: "securityContext: { privileged: false, allowPrivilegeEscalation: false }",
    source: "ValidateSecurityContext and validatePodSpecSecurityContext in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if let Some(context) = pod.spec.child("securityContext") {
        identities(context, &["runAsUser", "runAsGroup", "fsGroup"], found);
        for group in context.items("supplementalGroups") {
            if let Some(number) = group.as_i64().filter(|number| !is_identity(*number)) {
                found.add(&CODE, group, format!("the group {number} is outside 0-2147483647"));
            }
        }
        sysctls(context, found);
    }
    let own_users = pod.spec.get("hostUsers").and_then(Value::as_bool) == Some(false);
    for context in pod.containers().filter_map(|container| container.child("securityContext")) {
        identities(context, &["runAsUser", "runAsGroup"], found);
        escalation(context, found);
        if context.text("procMount") == Some("Unmasked") && !own_users {
            found.add(&CODE, (context, "procMount"), "`Unmasked` needs `hostUsers: false` in the pod");
        }
    }
}

fn is_identity(number: i64) -> bool {
    (0..=i64::from(i32::MAX)).contains(&number)
}

fn identities<'a>(context: &'a Value, keys: &[&'static str], found: &mut Findings<'a>) {
    for key in keys {
        if let Some(number) = context.integer(key).filter(|number| !is_identity(*number)) {
            found.add(&CODE, (context, *key), format!("`{key}` is outside 0-2147483647: {number}"));
        }
    }
}

fn escalation<'a>(context: &'a Value, found: &mut Findings<'a>) {
    if context.get("allowPrivilegeEscalation").and_then(Value::as_bool) != Some(false) {
        return;
    }
    let admin =
        context.child("capabilities").is_some_and(|it| it.texts("add").any(|it| it == "CAP_SYS_ADMIN"));
    for (holds, what) in
        [(context.is_true("privileged"), "`privileged`"), (admin, "the capability CAP_SYS_ADMIN")]
    {
        if holds {
            let message = format!("{what} contradicts `allowPrivilegeEscalation: false`");
            found.add(&CODE, context, message);
        }
    }
}

fn sysctls<'a>(context: &'a Value, found: &mut Findings<'a>) {
    let mut seen = std::collections::BTreeSet::new();
    for sysctl in context.items("sysctls") {
        let name = sysctl.text_or_empty("name");
        let message = if !is_sysctl(name) {
            format!("`{name}` is no kernel parameter")
        } else if seen.insert(name) {
            continue;
        } else {
            format!("the kernel parameter `{name}` is set twice")
        };
        found.add(&CODE, (sysctl, "name"), message);
    }
}

fn is_sysctl(name: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    let part = |part: &str| {
        let bytes = part.as_bytes();
        let ends = bytes.first().is_some_and(|c| plain(*c)) && bytes.last().is_some_and(|c| plain(*c));
        ends && bytes.iter().all(|c| plain(*c) || matches!(c, b'-' | b'_'))
    };
    name.len() <= 253 && name.split(['.', '/']).all(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn contradictions_are_refused() {
        let context = "spec.template.spec.containers[0].securityContext";
        refuses(&CODE, "Deployment", &format!("{context}.privileged: true"), context);
        refuses(&CODE, "Deployment", &format!("{context}.capabilities.add: [CAP_SYS_ADMIN]"), context);
        refuses(
            &CODE,
            "Deployment",
            &format!("{context}.procMount: Unmasked"),
            &format!("{context}.procMount"),
        );
        refuses(&CODE, "Deployment", &format!("{context}.runAsUser: -1"), &format!("{context}.runAsUser"));
        accepts("Deployment", &format!("{context}.capabilities.add: [SYS_ADMIN]"));
    }

    #[test]
    fn settings_of_the_pod_are_in_range() {
        let context = "spec.template.spec.securityContext";
        refuses(
            &CODE,
            "Deployment",
            &format!("{context}.fsGroup: 2147483648"),
            &format!("{context}.fsGroup"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{context}.supplementalGroups: [-1]"),
            &format!("{context}.supplementalGroups[0]"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{context}.sysctls: [{{ name: A, value: b }}]"),
            &format!("{context}.sysctls[0].name"),
        );
        accepts("Deployment", &format!("{context}.sysctls: [{{ name: net/core/somaxconn, value: '1' }}]"));
    }
}

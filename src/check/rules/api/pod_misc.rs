//! `pod-misc`: the rest of what the API server asks of a pod.

use std::collections::BTreeSet;

use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-misc", Error,
    means: "A name in the pod is not well-formed (`hostname`, `subdomain`, `serviceAccountName`, `priorityClassName`, `runtimeClassName`, readiness and scheduling gates), a deadline is out of range or not allowed, or a template has ephemeral containers.",
    matters: "The API server refuses the object.",
    example: "serviceAccountName: My_Account",
    instead: "serviceAccountName: my-account",
    source: "ValidatePodSpec and ValidatePodTemplateSpec in pkg/apis/core/validation"
}

/// Says what is wrong with a name.
type Form = fn(&str) -> Problem;

/// Fields that name something, and the form of each name.
const NAMES: [(&str, Form); 6] = [
    ("hostname", format::dns_label),
    ("subdomain", format::dns_label),
    ("serviceAccountName", format::dns_subdomain),
    ("nodeName", format::dns_subdomain),
    ("priorityClassName", format::dns_subdomain),
    ("runtimeClassName", format::dns_subdomain),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    names(&pod, found);
    // The old name of the field counts where the new one is left out.
    if pod.spec.text_or_empty("serviceAccountName").is_empty()
        && let Some(account) = pod.spec.text("serviceAccount").filter(|it| !it.is_empty())
        && let Some(problem) = format::dns_subdomain(account)
    {
        found.add(&CODE, (pod.spec, "serviceAccount"), format!("the account `{account}` is {problem}"));
    }
    gates(pod.spec, found);
    deadline(&pod, found);
    if subject.serves(Feature::HostnameOverride) {
        override_host_name(pod.spec, found);
    }
    if pod.owner != "Pod" && !pod.spec.items("ephemeralContainers").is_empty() {
        found.add(&CODE, (pod.spec, "ephemeralContainers"), "a pod template has no ephemeral containers");
    }
}

fn names<'a>(pod: &PodTemplate<'a>, found: &mut Findings<'a>) {
    for (key, form) in NAMES {
        // A StatefulSet gives its pods their host names itself.
        if pod.owner == "StatefulSet" && matches!(key, "hostname" | "subdomain") {
            continue;
        }
        // The runtime class is optional and not defaulted, so an empty one is a wrong one.
        let name = pod.spec.text(key).filter(|name| !name.is_empty() || key == "runtimeClassName");
        if let Some(name) = name
            && let Some(problem) = form(name)
        {
            found.add(&CODE, (pod.spec, key), format!("`{key}` is {problem}: `{name}`"));
        }
    }
}

fn gates<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    for gate in spec.items("readinessGates") {
        if let Some(problem) = gate.text("conditionType").and_then(format::qualified_name) {
            found.add(
                &CODE,
                (gate, "conditionType"),
                format!("the condition {} is {problem}", gate["conditionType"]),
            );
        }
    }
    let mut seen = BTreeSet::new();
    for gate in spec.items("schedulingGates") {
        let name = gate.text_or_empty("name");
        if let Some(problem) = gate.text("name").and_then(format::qualified_name) {
            found.add(&CODE, (gate, "name"), format!("the gate `{name}` is {problem}"));
        } else if !seen.insert(name) {
            found.add(&CODE, (gate, "name"), format!("the gate `{name}` stands twice"));
        }
    }
}

fn deadline<'a>(pod: &PodTemplate<'a>, found: &mut Findings<'a>) {
    let Some(seconds) = pod.spec.integer("activeDeadlineSeconds") else { return };
    let place = (pod.spec, "activeDeadlineSeconds");
    if !matches!(pod.owner, "Pod" | "PodTemplate" | "Job" | "CronJob") {
        found.add(&CODE, place, format!("the pods of a {} have no deadline", pod.owner));
    } else if !(1..=i64::from(i32::MAX)).contains(&seconds) {
        found.add(&CODE, place, format!("the deadline of {seconds} s is outside 1-2147483647"));
    }
}

fn override_host_name<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let Some(name) = spec.text("hostnameOverride") else { return };
    let problem = if spec.is_true("setHostnameAsFQDN") {
        Some("cannot be combined with `setHostnameAsFQDN`")
    } else if spec.is_true("hostNetwork") {
        Some("cannot be combined with `hostNetwork`")
    } else if name.len() > 64 || format::dns_subdomain(name).is_some() {
        Some("is no DNS name of at most 64 characters")
    } else {
        None
    };
    if let Some(problem) = problem {
        found.add(&CODE, (spec, "hostnameOverride"), format!("`hostnameOverride` {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn names_and_deadlines() {
        let spec = "spec.template.spec";
        let refused = |kind: &str, field: &str, value: &str| {
            refuses(&CODE, kind, &format!("{spec}.{field}: {value}"), &format!("{spec}.{field}"));
        };
        refused("DaemonSet", "hostname", "a.b");
        refused("DaemonSet", "serviceAccountName", "My_Account");
        refused("DaemonSet", "priorityClassName", "High");
        refused("DaemonSet", "activeDeadlineSeconds", "60");
        refused("Job", "activeDeadlineSeconds", "0");
        refused("DaemonSet", "ephemeralContainers", "[{ name: debug, image: a }]");
        refused("DaemonSet", "hostnameOverride", "A");
        refuses(
            &CODE,
            "DaemonSet",
            &format!("{spec}.schedulingGates: [{{ name: a }}, {{ name: a }}]"),
            &format!("{spec}.schedulingGates[1].name"),
        );
        accepts("Job", &format!("{spec}.activeDeadlineSeconds: 60"));
        accepts("DaemonSet", &format!("{spec}.readinessGates: [{{ conditionType: example.com/Ready }}]"));
    }
}

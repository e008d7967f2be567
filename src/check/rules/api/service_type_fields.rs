//! `service-type-fields`: the type of a Service, and the fields that only some types have.

use std::collections::BTreeSet;

use super::port_number::is_port;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, is_absent};
use crate::value::Value;

code! {
    "service-type-fields", Error,
    means: "The type of a Service is unknown, or the Service has fields that its type does not have: a cluster IP on an ExternalName, load balancer fields on others, a headless NodePort.",
    matters: "The API server refuses the object.",
    example: "type: ClusterIP\nexternalTrafficPolicy: Local",
    instead: "type: LoadBalancer\nexternalTrafficPolicy: Local",
    source: "validateService in pkg/apis/core/validation"
}

/// Fields that take one of a few words.
const WORDS: [(&str, &[&str]); 5] = [
    ("type", &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
    ("sessionAffinity", &["None", "ClientIP"]),
    ("internalTrafficPolicy", &["Cluster", "Local"]),
    ("externalTrafficPolicy", &["Cluster", "Local"]),
    ("ipFamilyPolicy", &["SingleStack", "PreferDualStack", "RequireDualStack"]),
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    for (key, allowed) in WORDS {
        // An empty word is none where the API has a default, and a wrong one where the field is optional.
        let optional = matches!(key, "internalTrafficPolicy" | "ipFamilyPolicy");
        let Some(word) = spec.text(key).filter(|word| optional || !word.is_empty()) else { continue };
        if !allowed.contains(&word) {
            found.add(
                &CODE,
                (spec, key),
                format!("`{word}` is no `{key}`; there are {}", allowed.join(", ")),
            );
        }
    }
    match service_type(spec) {
        "ExternalName" => external_name(spec, found),
        kind @ ("NodePort" | "LoadBalancer") if is_headless(spec) => {
            found.add(&CODE, (spec, "clusterIP"), format!("a service of type {kind} cannot be headless"));
        }
        _ => {}
    }
    load_balancer(spec, found);
    traffic(subject.version(), spec, found);
    affinity(spec, found);
    families(spec, found);
    if spec.text_or_empty("clusterIP").is_empty()
        && spec.text("type") != Some("ExternalName")
        && !spec.items("clusterIPs").is_empty()
    {
        found.add(&CODE, (spec, "clusterIPs"), "`clusterIPs` needs the first of them as `clusterIP` too");
    }
}

/// The type, `ClusterIP` where it is left out.
pub(crate) fn service_type(spec: &Value) -> &str {
    spec.text("type").filter(|it| !it.is_empty()).unwrap_or("ClusterIP")
}

/// Whether a Service has no address of its own.
pub(crate) fn is_headless(spec: &Value) -> bool {
    let first = spec.texts("clusterIPs").next();
    spec.text("clusterIP").filter(|it| !it.is_empty()).or(first) == Some("None")
}

fn external_name<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let name = spec.text_or_empty("externalName");
    let trimmed = name.strip_suffix('.').unwrap_or(name);
    if trimmed.is_empty() {
        found.add(
            &CODE,
            (spec, "externalName"),
            "a service of type ExternalName says which name it stands for",
        );
    } else if let Some(problem) = format::dns_subdomain(trimmed) {
        found.add(&CODE, (spec, "externalName"), format!("the external name `{name}` is {problem}"));
    }
    for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
        let set = spec.child(key).is_some_and(|value| {
            value.as_str() != Some("") && value.as_array().is_none_or(|it| !it.is_empty())
        });
        if set {
            found.add(&CODE, (spec, key), format!("a service of type ExternalName has no `{key}`"));
        }
    }
}

fn load_balancer<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let is_balancer = service_type(spec) == "LoadBalancer";
    for key in ["loadBalancerSourceRanges", "allocateLoadBalancerNodePorts", "loadBalancerClass"] {
        let empty = spec.get(key).is_some_and(|value| value.as_array().is_some_and(Vec::is_empty));
        if !is_balancer && !empty && !is_absent(spec.get(key)) {
            found.add(&CODE, (spec, key), format!("only a service of type LoadBalancer has `{key}`"));
        }
    }
    if is_balancer && let Some(problem) = spec.text("loadBalancerClass").and_then(format::qualified_name) {
        found.add(
            &CODE,
            (spec, "loadBalancerClass"),
            format!("the class {} is {problem}", spec["loadBalancerClass"]),
        );
    }
    let local = is_balancer && spec.text("externalTrafficPolicy") == Some("Local");
    let health = spec.integer("healthCheckNodePort").unwrap_or(0);
    if health != 0 && !local {
        let message = "`healthCheckNodePort` needs type LoadBalancer and `externalTrafficPolicy: Local`";
        found.add(&CODE, (spec, "healthCheckNodePort"), message);
    } else if health != 0 && !is_port(health) {
        found.add(&CODE, (spec, "healthCheckNodePort"), format!("the port {health} is outside 1-65535"));
    }
}

fn traffic<'a>(version: KubernetesVersion, spec: &'a Value, found: &mut Findings<'a>) {
    let kind = service_type(spec);
    let addresses = kind == "ClusterIP" && !spec.items("externalIPs").is_empty();
    let reachable = matches!(kind, "NodePort" | "LoadBalancer") || addresses;
    if !reachable && !spec.text_or_empty("externalTrafficPolicy").is_empty() {
        let message = format!(
            "a service of type {kind} is not reached from outside, so it has no `externalTrafficPolicy`"
        );
        found.add(&CODE, (spec, "externalTrafficPolicy"), message);
    }
    let Some(distribution) = spec.text("trafficDistribution") else { return };
    let newer =
        version >= KubernetesVersion::V1_34 && matches!(distribution, "PreferSameZone" | "PreferSameNode");
    if distribution != "PreferClose" && !newer {
        let message = format!("`{distribution}` is no `trafficDistribution` of Kubernetes {version}");
        found.add(&CODE, (spec, "trafficDistribution"), message);
    }
}

fn affinity<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    let config = spec.below(&["sessionAffinityConfig", "clientIP"]);
    let timeout = config.and_then(|config| config.integer("timeoutSeconds"));
    let by_client = spec.text("sessionAffinity") == Some("ClientIP");
    if let (true, Some(config), Some(seconds)) = (by_client, config, timeout)
        && !(1..=86400).contains(&seconds)
    {
        found.add(
            &CODE,
            (config, "timeoutSeconds"),
            format!("the timeout of {seconds} s is outside 1-86400"),
        );
    }
}

fn families<'a>(spec: &'a Value, found: &mut Findings<'a>) {
    if service_type(spec) == "ExternalName" {
        return;
    }
    let mut seen = BTreeSet::new();
    for family in spec.items("ipFamilies") {
        let Some(name) = family.as_str() else { continue };
        if !matches!(name, "IPv4" | "IPv6") {
            found.add(&CODE, family, format!("`{name}` is neither IPv4 nor IPv6"));
        } else if !seen.insert(name) {
            found.add(&CODE, family, format!("the family {name} stands twice"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, accepts_in, refuses, refuses_in};

    #[test]
    fn fields_go_with_the_type() {
        let refused = |edits: &str, field: &str| refuses(&CODE, "Service", edits, &format!("spec.{field}"));
        refused("spec.type: Internal", "type");
        refused("spec.type: NodePort\nspec.clusterIP: None", "clusterIP");
        refused("spec.externalTrafficPolicy: Local", "externalTrafficPolicy");
        refused("spec.loadBalancerClass: a", "loadBalancerClass");
        refused("spec.type: LoadBalancer\nspec.healthCheckNodePort: 30000", "healthCheckNodePort");
        refused("spec.sessionAffinity: Cookie", "sessionAffinity");
        refused(
            "spec.sessionAffinity: ClientIP\nspec.sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } }",
            "sessionAffinityConfig.clientIP.timeoutSeconds",
        );
        refused("spec.ipFamilies: [IPv4, IPv4]", "ipFamilies[1]");
        refused("spec.ipFamilyPolicy: Dual", "ipFamilyPolicy");
        accepts(
            "Service",
            "spec.type: LoadBalancer\nspec.externalTrafficPolicy: Local\nspec.loadBalancerClass: example.com/lb",
        );
        accepts("Service", "spec.clusterIP: None");
    }

    #[test]
    fn an_external_name_is_only_a_name() {
        let name = "spec.selector: ~absent\nspec.type: ExternalName\nspec.externalName:";
        accepts("Service", &format!("{name} db.example.com."));
        refuses(&CODE, "Service", &format!("{name} ''"), "spec.externalName");
        refuses(&CODE, "Service", &format!("{name} a_b"), "spec.externalName");
        refuses(&CODE, "Service", &format!("{name} a\nspec.clusterIP: None"), "spec.clusterIP");
    }

    #[test]
    fn distributions_came_with_versions() {
        let edit = "spec.trafficDistribution: PreferSameNode";
        refuses_in(KubernetesVersion::V1_33, &CODE, "Service", edit, "spec.trafficDistribution");
        accepts_in(KubernetesVersion::V1_34, "Service", edit);
    }
}

//! `device-fields`: which devices a `DeviceClass`, a `ResourceClaim` or its template asks for.

use super::ask::Ask;
use super::label_syntax;
use super::policy_expressions::{self, Scope, object};
use super::resource_names::is_container_resource;
use crate::check::KubernetesVersion;
use crate::check::cel::Type;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "device-fields", Error,
    means: "A request for devices has no name or one that another has, asks for them neither exactly nor by alternatives, for none of them, or by an expression that is no CEL with a bool.",
    matters: "The API server refuses the object.",
    example: "requests: [{ name: gpu, exactly: { deviceClassName: gpus, allocationMode: Some } }]",
    instead: "requests: [{ name: gpu, exactly: { deviceClassName: gpus, allocationMode: ExactCount, count: 1 } }]",
    source: "ValidateDeviceClass and ValidateResourceClaim in pkg/apis/resource/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.object.id.gvk.group() != "resource.k8s.io" || subject.kind.is_empty() {
        return;
    }
    let mut ask = Ask::new(&CODE, found);
    let Some(spec) = subject.spec() else { return };
    let scope = Scope::of(subject, vec![("device", device())]);
    match subject.kind {
        "DeviceClass" => {
            selectors(spec, &scope, &mut ask);
            if subject.serves(Feature::DraExtendedResource) {
                ask.form(spec, "extendedResourceName", extended_resource);
            }
            spec.items("config").iter().for_each(|it| opaque(it, &mut ask));
        }
        "ResourceClaim" => claim(subject, spec, &scope, &mut ask),
        "ResourceClaimTemplate" => {
            if let Some(metadata) = spec.child("metadata") {
                template_metadata(metadata, &mut ask);
            }
            if let Some(spec) = spec.child("spec") {
                claim(subject, spec, &scope, &mut ask);
            }
        }
        _ => {}
    }
}

/// The claims of a template get labels and annotations from it, and the rest from the server.
fn template_metadata<'a>(metadata: &'a Value, ask: &mut Ask<'_, 'a>) {
    for (key, value) in metadata.as_object().into_iter().flatten() {
        let is_own = matches!(key.as_str(), "labels" | "annotations" | "creationTimestamp");
        let says_nothing = value.is_null()
            || value.as_str() == Some("")
            || value.as_array().is_some_and(Vec::is_empty)
            || value.as_i64() == Some(0) && key != "deletionGracePeriodSeconds";
        if !is_own && !says_nothing {
            ask.refuse(
                (metadata, key.as_str()),
                format!("the claims of a template do not get their `{key}` from it"),
            );
        }
    }
    label_syntax::labels(metadata.child("labels"), ask.findings());
}

/// What expressions see of a device. The values of attributes and capacities are known at the node alone.
fn device() -> Type {
    let by_domain = || Type::map(Type::Text, Type::map(Type::Text, Type::Dyn));
    object([
        ("driver", Type::Text),
        ("attributes", by_domain()),
        ("capacity", by_domain()),
        ("allowMultipleAllocations", Type::Bool),
    ])
}

fn selectors<'a>(of: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    ask.most(of, "selectors", 32);
    for selector in of.items("selectors") {
        match selector.child("cel") {
            Some(cel) => {
                // A value of an attribute may be a bool.
                policy_expressions::check(cel, "expression", scope, &[Type::Bool, Type::Dyn], ask);
            }
            None => ask.refuse((selector, "cel"), "the selector has no expression"),
        }
    }
}

fn opaque<'a>(config: &'a Value, ask: &mut Ask<'_, 'a>) {
    match config.child("opaque") {
        Some(opaque) => {
            ask.form(opaque, "driver", format::driver_name);
            if opaque.child("parameters").is_none_or(|it| !it.is_object())
                && opaque.get("parameters").is_some()
            {
                ask.refuse((opaque, "parameters"), "the parameters are an object");
            }
        }
        None => ask.refuse((config, "opaque"), "the configuration is empty"),
    }
}

fn claim<'a>(subject: &Subject<'a>, spec: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    let Some(devices) = spec.child("devices") else { return };
    constraints(subject, devices, ask);
    for key in ["requests", "constraints", "config"] {
        ask.most(devices, key, 32);
    }
    ask.keyed_once(devices.items("requests"), "name");
    for request in devices.items("requests") {
        ask.form(request, "name", format::dns_label);
        match (request.child("exactly"), request.items("firstAvailable")) {
            (Some(exactly), []) => self::request(subject, exactly, scope, ask),
            (None, [_, ..]) => {
                ask.most(request, "firstAvailable", 8);
                ask.keyed_once(request.items("firstAvailable"), "name");
                for it in request.items("firstAvailable") {
                    ask.form(it, "name", format::dns_label);
                    self::request(subject, it, scope, ask);
                }
            }
            _ => ask.refuse(request, "a request has exactly one of `exactly` and `firstAvailable`"),
        }
    }
    for config in devices.items("config") {
        names(devices, config, ask);
        opaque(config, ask);
    }
}

/// `IsExtendedResourceName`.
fn extended_resource(text: &str) -> format::Problem {
    let fits = text.contains('/') && !text.contains("kubernetes.io/") && is_container_resource(text);
    (!fits).then_some("no resource of a vendor: a DNS name, `/` and a name")
}

/// `validateDeviceToleration`.
fn toleration<'a>(toleration: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form_if_any(toleration, "key", format::qualified_name);
    // Left out, it is Equal.
    match toleration.text("operator").unwrap_or("Equal") {
        "Equal" => ask.form(toleration, "value", format::label_value),
        "Exists" if toleration.text_or_empty("value").is_empty() => {}
        "Exists" => ask.refuse((toleration, "value"), "the operator Exists takes no value"),
        _ => ask.word(toleration, "operator", &["Equal", "Exists"]),
    }
    if !toleration.text_or_empty("effect").is_empty() {
        ask.word(toleration, "effect", &["NoExecute", "NoSchedule", "None"]);
    }
}

/// A name with a domain.
fn attribute(text: &str) -> format::Problem {
    let is_name = |name: &str| {
        name.len() <= 32
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_')
    };
    // What has more parts is not looked at.
    let fits = text.split_once('/').is_some_and(|(domain, name)| {
        name.contains('/') || domain.len() <= 63 && format::dns_subdomain(domain).is_none() && is_name(name)
    });
    (!fits).then_some("no attribute: a DNS name, `/` and a name of letters, digits and `_`")
}

/// Kubernetes 1.35 drops `distinctAttribute` and `tolerations`; the versions before and after look at them.
fn drops_novelties(subject: &Subject<'_>) -> bool {
    subject.version() == KubernetesVersion::V1_35
}

/// A cluster that does not look at `distinctAttribute` misses the other.
fn constraints<'a>(subject: &Subject<'a>, devices: &'a Value, ask: &mut Ask<'_, 'a>) {
    let keys = ["matchAttribute", "distinctAttribute"];
    let served = if drops_novelties(subject) { &keys[..1] } else { &keys[..] };
    for constraint in devices.items("constraints") {
        names(devices, constraint, ask);
        match served.iter().find(|key| constraint.child(key).is_some()) {
            Some(key) => ask.form(constraint, key, attribute),
            None => ask.refuse((constraint, "matchAttribute"), "the constraint is about no attribute"),
        }
    }
}

/// The requests that a constraint or a configuration is for.
fn names<'a>(devices: &'a Value, of: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.most(of, "requests", 32);
    ask.each_once(of, "requests");
    let is_named = |text: &str| {
        let (name, part) = text.split_once('/').map_or((text, None), |(name, part)| (name, Some(part)));
        let mut requests = devices.items("requests").iter().filter(|it| it.text("name") == Some(name));
        requests.any(|it| {
            let parts = it.items("firstAvailable");
            part.is_none_or(|part| parts.iter().any(|it| it.text("name") == Some(part)))
        })
    };
    for item in of.items("requests") {
        if item.as_str().is_some_and(|text| !is_named(text)) || item.is_null() {
            ask.refuse(item, format!("{item} is the name of no request of the claim"));
        }
    }
}

fn request<'a>(subject: &Subject<'a>, request: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    if !drops_novelties(subject) {
        request.items("tolerations").iter().for_each(|it| toleration(it, ask));
    }
    ask.form(request, "deviceClassName", format::dns_subdomain);
    selectors(request, scope, ask);
    // Left out, it is ExactCount, and the count is 1.
    let mode = request.text("allocationMode").filter(|mode| !mode.is_empty()).unwrap_or("ExactCount");
    match mode {
        "All" if request.integer("count").is_some_and(|count| count != 0) => {
            ask.refuse((request, "count"), "all devices are not counted");
        }
        "ExactCount" => {
            if request.integer("count").is_some_and(|count| count < 0) {
                ask.refuse((request, "count"), "the count is not above zero");
            }
        }
        "All" => {}
        _ => ask.word(request, "allocationMode", &["All", "ExactCount"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    // Kubernetes 1.33 does not serve these kinds, so they have no fixtures.
    const CLAIM: &str =
        "apiVersion: resource.k8s.io/v1\nkind: ResourceClaim\nmetadata: { name: gpu, namespace: core }\n";
    const CLASS: &str = "apiVersion: resource.k8s.io/v1\nkind: DeviceClass\nmetadata: { name: gpus }\n";

    #[test]
    fn claims_are_well_formed() {
        let found = |devices: &str, fields: &[&str]| {
            let fields: Vec<_> = fields.iter().map(|field| ("ResourceClaim core/gpu", *field)).collect();
            finds(&CODE, &format!("{CLAIM}spec: {{ devices: {{ {devices} }} }}"), &fields);
        };
        let one = |exactly: &str| {
            format!("requests: [{{ name: gpu, exactly: {{ deviceClassName: gpus, {exactly} }} }}]")
        };
        found(&one("allocationMode: All"), &[]);
        found(&one("count: 2"), &[]);
        found(&one("allocationMode: Some"), &["spec.devices.requests[0].exactly.allocationMode"]);
        found(&one("count: -1"), &["spec.devices.requests[0].exactly.count"]);
        found("requests: [{ name: gpu }]", &["spec.devices.requests[0]"]);
        found(
            &format!("{}, constraints: [{{ requests: [disk], matchAttribute: a.b/c }}]", one("count: 1")),
            &["spec.devices.constraints[0].requests[0]"],
        );
        found(&format!("{}, config: [{{}}]", one("count: 1")), &["spec.devices.config[0].opaque"]);
    }

    #[test]
    fn classes_are_well_formed() {
        let found = |spec: &str, fields: &[&str]| {
            let fields: Vec<_> = fields.iter().map(|field| ("DeviceClass gpus", *field)).collect();
            finds(&CODE, &format!("{CLASS}spec: {spec}"), &fields);
        };
        found("{ selectors: [{ cel: { expression: \"device.driver == 'a.b'\" } }] }", &[]);
        found("{ selectors: [{ cel: { expression: device.name } }] }", &["spec.selectors[0].cel.expression"]);
        found("{ selectors: [{}] }", &["spec.selectors[0].cel"]);
    }

    #[test]
    fn claims_of_a_template_have_no_names() {
        let template = |metadata: &str| {
            format!(
                "apiVersion: resource.k8s.io/v1\nkind: ResourceClaimTemplate\nmetadata: {{ name: gpu, namespace: core }}\n\
                 spec: {{ metadata: {metadata}, spec: {{}} }}"
            )
        };
        finds(&CODE, &template("{ labels: { a: b } }"), &[]);
        let at = [("ResourceClaimTemplate core/gpu", "spec.metadata.name")];
        finds(&CODE, &template("{ name: a }"), &at);
    }
}

//! `ingress-rules`: hosts, paths, backends and TLS of an Ingress.

use super::port_number::is_port;
use crate::check::KubernetesVersion;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::network::parse_address;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "ingress-rules", Error,
    means: "An Ingress has neither rules nor a default backend, a host that is no DNS name, a path that is not absolute or not normal, an unknown path type, or a backend that is not exactly one service port or one resource.",
    matters: "The API server refuses the object.",
    example: "paths: [{ path: api, pathType: Prefix, backend: { service: { name: api } } }]",
    instead: "paths: [{ path: /api, pathType: Prefix, backend: { service: { name: api, port: { name: http } } } }]",
    source: "ValidateIngressSpec in pkg/apis/networking/validation"
}

const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Ingress") else { return };
    let rules = spec.items("rules");
    if rules.is_empty() && spec.child("defaultBackend").is_none() {
        found.add(&CODE, spec, "the ingress has neither rules nor a default backend");
    }
    if let Some(default) = spec.child("defaultBackend") {
        backend(subject.version(), default, found);
    }
    for rule in rules {
        host(rule, found);
        for path in rule.child("http").map_or(&[][..], |http| http.items("paths")) {
            check_path(path, found);
            if let Some(it) = path.child("backend") {
                backend(subject.version(), it, found);
            }
        }
        if let Some(http) =
            rule.child("http").filter(|http| http.child("paths").is_some() && http.items("paths").is_empty())
        {
            found.add(&CODE, (http, "paths"), "the rule has no path");
        }
    }
    spec.items("tls").iter().for_each(|entry| tls(entry, found));
    class(subject, spec, found);
}

fn class<'a>(subject: &Subject<'a>, spec: &'a Value, found: &mut Findings<'a>) {
    let Some(class) = spec.text("ingressClassName") else { return };
    if let Some(problem) = format::dns_subdomain(class) {
        found.add(&CODE, (spec, "ingressClassName"), format!("the ingress class `{class}` is {problem}"));
    }
    let annotations = subject.metadata().and_then(|metadata| metadata.child("annotations"));
    if let Some(annotations) = annotations
        && annotations.text(CLASS_ANNOTATION).is_some_and(|old| old != class)
    {
        let message =
            format!("the annotation names another ingress class than `ingressClassName`, which is `{class}`");
        found.add(&CODE, (annotations, CLASS_ANNOTATION), message);
    }
}

fn host_problem(host: &str) -> Problem {
    if parse_address(host).is_some() {
        Some("an address; a rule's host is a DNS name")
    } else if host.contains('*') {
        format::wildcard_dns_name(host)
    } else {
        format::dns_subdomain(host)
    }
}

fn host<'a>(rule: &'a Value, found: &mut Findings<'a>) {
    let host = rule.text_or_empty("host");
    if !host.is_empty()
        && let Some(problem) = host_problem(host)
    {
        found.add(&CODE, (rule, "host"), format!("the host `{host}` is {problem}"));
    }
}

fn check_path<'a>(path: &'a Value, found: &mut Findings<'a>) {
    let text = path.text_or_empty("path");
    let problem = match path.text_or_empty("pathType") {
        "Exact" | "Prefix" => path_problem(text),
        "ImplementationSpecific" => {
            (!text.is_empty() && !text.starts_with('/')).then_some("must be absolute")
        }
        _ if path.get("pathType").is_none() => return,
        other => {
            let message =
                format!("`{other}` is no path type; there are Exact, Prefix and ImplementationSpecific");
            found.add(&CODE, (path, "pathType"), message);
            return;
        }
    };
    if let Some(problem) = problem {
        found.add(&CODE, (path, "path"), format!("the path `{text}` {problem}"));
    }
}

fn path_problem(path: &str) -> Problem {
    if !path.starts_with('/') {
        return Some("must be absolute");
    }
    let inside = ["//", "/./", "/../", "%2f", "%2F"].iter().any(|it| path.contains(it));
    let at_end = ["/..", "/."].iter().any(|it| path.ends_with(it));
    (inside || at_end).then_some("must be normal: without `//`, `/./`, `/../` and `%2f`")
}

fn backend<'a>(version: KubernetesVersion, backend: &'a Value, found: &mut Findings<'a>) {
    match (backend.child("service"), backend.child("resource")) {
        (Some(_), Some(_)) => found.add(&CODE, backend, "the backend is both a service and a resource"),
        (None, None) => found.add(&CODE, backend, "the backend is neither a service nor a resource"),
        (Some(service), None) => service_backend(version, service, found),
        (None, Some(_)) => {}
    }
}

fn service_backend<'a>(version: KubernetesVersion, service: &'a Value, found: &mut Findings<'a>) {
    let form = if version < KubernetesVersion::V1_36 { format::dns_1035_label } else { format::dns_label };
    if let Some(problem) = service.text("name").and_then(form) {
        found.add(&CODE, (service, "name"), format!("the service name {} is {problem}", service["name"]));
    }
    let (name, number) = match service.child("port") {
        Some(port) => (port.text_or_empty("name"), port.integer("number").unwrap_or(0)),
        None => ("", 0),
    };
    let place = (service, "port");
    if name.is_empty() && number == 0 {
        found.add(&CODE, place, "the backend says neither the name nor the number of the port");
    } else if !name.is_empty() && number != 0 {
        found.add(&CODE, place, "the backend says both the name and the number of the port");
    } else if number != 0 && !is_port(number) {
        found.add(&CODE, place, format!("the port {number} is outside 1-65535"));
    } else if !name.is_empty()
        && let Some(problem) = format::port_name(name)
    {
        found.add(&CODE, place, format!("the port name `{name}` is {problem}"));
    }
}

fn tls<'a>(entry: &'a Value, found: &mut Findings<'a>) {
    for host in entry.items("hosts") {
        let form = |text: &str| {
            if text.contains('*') { format::wildcard_dns_name(text) } else { format::dns_subdomain(text) }
        };
        if let Some(problem) = host.as_str().and_then(form) {
            found.add(&CODE, host, format!("the host {host} is {problem}"));
        }
    }
    let name = entry.text_or_empty("secretName");
    if !name.is_empty()
        && let Some(problem) = format::dns_subdomain(name)
    {
        found.add(&CODE, (entry, "secretName"), format!("the secret name `{name}` is {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[track_caller]
    fn refused(edit: &str, field: &str) {
        refuses(&CODE, "Ingress", &format!("spec.{edit}"), &format!("spec.{field}"));
    }

    #[test]
    fn hosts_and_tls() {
        refused("rules[0].host: App.example.com", "rules[0].host");
        refused("rules[0].host: 10.0.0.1", "rules[0].host");
        refused("rules[0].host: '*'", "rules[0].host");
        refused("rules[0].host: a.*.example.com", "rules[0].host");
        refused("tls[0].hosts: ['*']", "tls[0].hosts[0]");
        refused("tls[0].secretName: App", "tls[0].secretName");
        refuses(&CODE, "Ingress", "spec.rules: []", "spec");
        accepts("Ingress", "spec.rules[0].host: '*.example.com'");
        accepts("Ingress", "spec.rules[0].host: ~absent");
    }

    #[test]
    fn paths_and_backends() {
        let path = "rules[0].http.paths[0]";
        refused(&format!("{path}.path: api"), &format!("{path}.path"));
        refused(&format!("{path}.path: ''"), &format!("{path}.path"));
        refused(&format!("{path}.path: /a//b"), &format!("{path}.path"));
        refused(&format!("{path}.path: /a/.."), &format!("{path}.path"));
        refused(&format!("{path}.pathType: prefix"), &format!("{path}.pathType"));
        refused(&format!("{path}.backend: {{}}"), &format!("{path}.backend"));
        refused(&format!("{path}.backend.service.port: {{}}"), &format!("{path}.backend.service.port"));
        refused(&format!("{path}.backend.service.port.number: 80"), &format!("{path}.backend.service.port"));
        refused(
            &format!("{path}.backend.service.port: {{ number: 70000 }}"),
            &format!("{path}.backend.service.port"),
        );
        refused(&format!("{path}.backend.service.name: 1a"), &format!("{path}.backend.service.name"));
        refused("rules[0].http.paths: []", "rules[0].http.paths");
        accepts(
            "Ingress",
            &format!("spec.{path}.pathType: ImplementationSpecific\nspec.{path}.path: /a//b(.*)"),
        );
        accepts(
            "Ingress",
            "spec.rules: ~absent\nspec.defaultBackend: { service: { name: a, port: { number: 80 } } }",
        );
    }

    #[test]
    fn the_class_is_said_once() {
        refuses(
            &CODE,
            "Ingress",
            "metadata.annotations[kubernetes.io/ingress.class]: traefik",
            "metadata.annotations[kubernetes.io/ingress.class]",
        );
        refused("ingressClassName: Nginx", "ingressClassName");
    }
}

//! `probe-handler`: each probe and hook has exactly one well-formed handler.

use super::port_number::is_port;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Role, Subject};
use crate::check::values::{Fields, as_integer};
use crate::value::Value;

code! {
    "probe-handler", Error,
    means: "A probe or a lifecycle hook has no handler or several, or its handler is not well-formed: a command that is empty, a port that is none, a scheme other than HTTP and HTTPS.",
    matters: "The API server refuses the object.",
    example: "livenessProbe:\n  httpGet: { path: /health, port: http }\n  tcpSocket: { port: http }",
    instead: "livenessProbe:\n  httpGet: { path: /health, port: http }",
    source: "validateHandler in pkg/apis/core/validation"
}

/// The probes of a container.
pub(super) const PROBES: [&str; 3] = ["livenessProbe", "readinessProbe", "startupProbe"];

const PROBE_HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "grpc"];
const HOOK_HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "sleep"];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for (role, container) in pod.all_containers() {
        // Plain init containers may have neither, which is for another rule to say.
        if role == Role::Init && !PodTemplate::is_sidecar(role, container) {
            continue;
        }
        for probe in PROBES.iter().filter_map(|key| container.child(key)) {
            handler(probe, &PROBE_HANDLERS, "probe", found);
        }
        for hook in ["postStart", "preStop"].iter().filter_map(|key| container.below(&["lifecycle", key])) {
            handler(hook, &HOOK_HANDLERS, "hook", found);
            sleep(&pod, hook, found);
        }
    }
}

fn handler<'a>(holder: &'a Value, handlers: &[&'static str], noun: &str, found: &mut Findings<'a>) {
    let present: Vec<_> = handlers.iter().copied().filter(|key| holder.child(key).is_some()).collect();
    match present.len() {
        0 => {
            found.add(&CODE, holder, format!("the {noun} has no handler; there are {}", handlers.join(", ")));
        }
        1 => {}
        _ => found.add(
            &CODE,
            holder,
            format!("the {noun} has {} handlers: {}", present.len(), present.join(", ")),
        ),
    }
    // The API server looks into the first one only.
    let Some((key, action)) = present.first().and_then(|key| Some((*key, holder.child(key)?))) else {
        return;
    };
    match key {
        "exec" if action.items("command").is_empty() => {
            found.add(&CODE, (action, "command"), "the command is empty");
        }
        "httpGet" => http_get(action, found),
        "tcpSocket" | "grpc" => port(action, found),
        _ => {}
    }
}

fn http_get<'a>(action: &'a Value, found: &mut Findings<'a>) {
    port(action, found);
    let scheme = action.text_or_empty("scheme");
    if !matches!(scheme, "" | "HTTP" | "HTTPS") {
        found.add(&CODE, (action, "scheme"), format!("`{scheme}` is no scheme; there are HTTP and HTTPS"));
    }
    for header in action.items("httpHeaders") {
        if let Some(problem) = header.text("name").and_then(format::header_name) {
            found.add(&CODE, (header, "name"), format!("the header {} is {problem}", header["name"]));
        }
    }
}

fn port<'a>(action: &'a Value, found: &mut Findings<'a>) {
    let Some(port) = action.child("port") else { return };
    if let Some(problem) = port_problem(port) {
        found.add(&CODE, port, problem);
    }
}

/// `ValidatePortNumOrName`.
pub(super) fn port_problem(port: &Value) -> Option<String> {
    match port {
        Value::String(name) => {
            format::port_name(name).map(|problem| format!("the port `{name}` is {problem}"))
        }
        _ => as_integer(port)
            .filter(|number| !is_port(*number))
            .map(|it| format!("the port {it} is outside 1-65535")),
    }
}

fn sleep<'a>(pod: &PodTemplate<'a>, hook: &'a Value, found: &mut Findings<'a>) {
    let grace = pod.spec.integer("terminationGracePeriodSeconds").unwrap_or(30);
    let seconds = hook.child("sleep").and_then(|sleep| sleep.integer("seconds"));
    if seconds.is_some_and(|seconds| !(0..=grace).contains(&seconds)) {
        let message = format!(
            "the hook sleeps for longer than the grace period of {grace} s, or for less than nothing"
        );
        found.add(&CODE, (hook, "sleep"), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    const CONTAINER: &str = "spec.template.spec.containers[0]";

    #[track_caller]
    fn refused(edit: &str, field: &str) {
        refuses(&CODE, "Deployment", &format!("{CONTAINER}.{edit}"), &format!("{CONTAINER}.{field}"));
    }

    #[test]
    fn a_probe_has_one_handler() {
        refused("livenessProbe: {}", "livenessProbe");
        refused("livenessProbe.tcpSocket: { port: 80 }", "livenessProbe");
        refused(
            "livenessProbe: { sleep: { seconds: 1 }, exec: { command: [a] } }"
                .replace("sleep: { seconds: 1 }, ", "grpc: { port: 1 }, ")
                .as_str(),
            "livenessProbe",
        );
        refused("lifecycle.preStop: {}", "lifecycle.preStop");
    }

    #[test]
    fn a_handler_is_well_formed() {
        refused("livenessProbe: { exec: { command: [] } }", "livenessProbe.exec.command");
        refused("livenessProbe.httpGet.port: 0", "livenessProbe.httpGet.port");
        refused("livenessProbe.httpGet.port: HTTP", "livenessProbe.httpGet.port");
        refused("livenessProbe.httpGet.scheme: https", "livenessProbe.httpGet.scheme");
        refused(
            "livenessProbe.httpGet.httpHeaders: [{ name: a b, value: c }]",
            "livenessProbe.httpGet.httpHeaders[0].name",
        );
        refused("livenessProbe: { grpc: { port: 70000 } }", "livenessProbe.grpc.port");
        refused("lifecycle.preStop: { sleep: { seconds: 31 } }", "lifecycle.preStop.sleep");
        accepts("Deployment", &format!("{CONTAINER}.livenessProbe: {{ grpc: {{ port: 5000 }} }}"));
        accepts("Deployment", &format!("{CONTAINER}.lifecycle.preStop: {{ sleep: {{ seconds: 0 }} }}"));
        accepts("Deployment", &format!("{CONTAINER}.livenessProbe.httpGet.path: ''"));
    }
}

//! `net-app-protocol`: a Service says what it speaks.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-app-protocol", Warning,
    means: "A port of a Service has neither an `appProtocol` nor a name that begins with a protocol.",
    matters: "A mesh or a gateway takes it for plain TCP, and does without retries, routes and figures. This rule is off by default.",
    example: "ports: [{ name: main, port: 80 }]",
    instead: "ports: [{ name: http-main, port: 80 }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol"
}

const SPOKEN: [&str; 14] = [
    "http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp", "mongo", "mysql", "redis", "postgres",
    "amqp", "kafka",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service") else { return };
    for port in spec.items("ports").iter().filter(|port| port.child("appProtocol").is_none()) {
        let name = port.text_or_empty("name");
        let spoken =
            |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
        if !SPOKEN.iter().any(|word| spoken(word)) {
            found.add(&CODE, (port, "appProtocol"), "nothing says what is spoken at this port");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn protocols_are_said() {
        let ports = |name: &str| format!("spec.ports: [{{ name: {name}, port: 80 }}]");
        advises(&CODE, "Service", &ports("main"), "spec.ports[0].appProtocol");
        passes(&CODE, "Service", &ports("http-main"));
    }
}

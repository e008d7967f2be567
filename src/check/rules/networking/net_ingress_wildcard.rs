//! `net-ingress-wildcard`: an Ingress names its hosts.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-ingress-wildcard", Warning,
    means: "A rule of an Ingress has no host, or one that begins with `*`; or there is a default backend.",
    matters: "It answers for names that belong to others, and takes what was meant for them.",
    example: "rules: [{ http: { paths: [] } }]",
    instead: "rules: [{ host: app.example.com, http: { paths: [] } }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards; datree 6"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Ingress") else { return };
    for rule in spec.items("rules") {
        let host = rule.text_or_empty("host");
        if host.is_empty() || host.starts_with('*') {
            found.add(&CODE, (rule, "host"), "the rule answers for names that it does not know");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn hosts_are_named() {
        advises(&CODE, "Ingress", "spec.rules[0].host: '*.example.com'", "spec.rules[0].host");
        passes(&CODE, "Ingress", "");
    }
}

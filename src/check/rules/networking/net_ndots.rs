//! `net-ndots`: names are asked for once.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-ndots", Warning,
    means: "A pod does not set `ndots` in its DNS settings.",
    matters: "A name of the internet is asked for in every search domain of the cluster first. This rule is off by default.",
    example: "dnsConfig: {}",
    instead: "dnsConfig: { options: [{ name: ndots, value: \"2\" }] }",
    source: "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config; kube-linter dnsconfig-options"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let options = pod.spec.child("dnsConfig").map_or(&[][..], |dns| dns.items("options"));
    if !options.iter().any(|option| option.text("name") == Some("ndots")) {
        found.add(&CODE, (pod.spec, "dnsConfig"), "names are looked for in every search domain first");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn searches_are_short() {
        let at = "spec.template.spec.dnsConfig";
        advises(&CODE, "DaemonSet", "", at);
        passes(&CODE, "DaemonSet", &format!("{at}: {{ options: [{{ name: ndots, value: '2' }}] }}"));
    }
}

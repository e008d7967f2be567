//! `sec-host-aliases`: names are resolved by DNS.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-aliases", Note,
    means: "A pod has `hostAliases`.",
    matters: "Lines in its hosts file lead the pod past DNS, and nobody sees it from outside.",
    example: "hostAliases: [{ ip: 10.0.0.1, hostnames: [db] }]",
    instead: "# a Service, or a Service of type ExternalName, of that name",
    source: "kubesec HostAliases"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    if !pod.spec.items("hostAliases").is_empty() {
        found.add(&CODE, (pod.spec, "hostAliases"), "the pod has a hosts file of its own");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn names_come_from_dns() {
        let at = "spec.template.spec.hostAliases";
        advises(&CODE, "Deployment", &format!("{at}: [{{ ip: 10.0.0.1, hostnames: [db] }}]"), at);
        passes(&CODE, "Deployment", &format!("{at}: []"));
    }
}

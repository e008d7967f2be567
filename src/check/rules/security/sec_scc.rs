//! `sec-scc`: no OpenShift constraint lets privileged containers in.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-scc", Warning,
    means: "A SecurityContextConstraints has `allowPrivilegedContainer: true`.",
    matters: "Every account that may use it may have its node.",
    example: "kind: SecurityContextConstraints\nallowPrivilegedContainer: true",
    instead: "kind: SecurityContextConstraints\nallowPrivilegedContainer: false",
    source: "kube-linter scc-deny-privileged-container"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let gvk = &subject.object.id.gvk;
    let constraints = gvk.kind == "SecurityContextConstraints" && gvk.group() == "security.openshift.io";
    if constraints && subject.value.is_true("allowPrivilegedContainer") {
        found.add(&CODE, (subject.value, "allowPrivilegedContainer"), "privileged containers are let in");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds;

    const CONSTRAINTS: &str = "{apiVersion: security.openshift.io/v1, kind: SecurityContextConstraints, metadata: {name: a}, allowPrivilegedContainer: ALLOWED}";

    #[test]
    fn constraints_constrain() {
        let at = [("SecurityContextConstraints a", "allowPrivilegedContainer")];
        finds(&CODE, &CONSTRAINTS.replace("ALLOWED", "true"), &at);
        finds(&CODE, &CONSTRAINTS.replace("ALLOWED", "false"), &[]);
    }
}

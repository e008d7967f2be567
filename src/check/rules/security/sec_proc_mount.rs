//! `sec-proc-mount`: no container sees an unmasked /proc.

use super::settings::secured;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-proc-mount", Error,
    means: "`procMount` is not `Default`. Since 1.35 the baseline allows it to pods with users of their own (`hostUsers: false`), and the restricted level does not.",
    matters: "The masked paths of /proc let a process change the kernel of the node.",
    example: "securityContext: { procMount: Unmasked }",
    instead: "securityContext: { procMount: Default }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, /proc Mount Type; restricted since 1.35"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for own in secured(subject).filter_map(|it| it.own()) {
        let mount = own.text_or_empty("procMount");
        if !matches!(mount, "" | "Default") {
            found.add(&CODE, (own, "procMount"), format!("the procMount is {mount}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn proc_is_masked() {
        let at = "spec.template.spec.containers[0].securityContext.procMount";
        advises(&CODE, "Deployment", &format!("spec.template.spec.hostUsers: false\n{at}: Unmasked"), at);
        passes(&CODE, "Deployment", &format!("{at}: Default"));
    }
}

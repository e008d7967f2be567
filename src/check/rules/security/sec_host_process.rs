//! `sec-host-process`: no container is a process of its Windows node.

use super::settings::every_context;
use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-host-process", Error,
    means: "`windowsOptions.hostProcess` is true.",
    matters: "The container runs on the node itself, with its files and its network.",
    example: "windowsOptions: { hostProcess: true }",
    instead: "windowsOptions: { hostProcess: false }",
    source: "Pod Security Standards, https://kubernetes.io/docs/concepts/security/pod-security-standards/; baseline, HostProcess"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    for context in every_context(subject) {
        if let Some(options) =
            context.child("windowsOptions").filter(|options| options.is_true("hostProcess"))
        {
            found.add(&CODE, (options, "hostProcess"), "the container runs as a process of its node");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn containers_are_not_of_the_node() {
        let at = "spec.template.spec.securityContext.windowsOptions.hostProcess";
        advises(&CODE, "Deployment", &format!("{at}: true"), at);
        passes(&CODE, "Deployment", &format!("{at}: false"));
    }
}

//! `sec-ingress-nginx-snippet`: no Ingress writes the configuration of nginx.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "sec-ingress-nginx-snippet", Error,
    means: "An annotation of an Ingress is a snippet of configuration for ingress-nginx.",
    matters: "Whoever writes it can read every Secret that the controller can (CVE-2021-25742); current controllers ignore snippets unless told otherwise.",
    example: "nginx.ingress.kubernetes.io/configuration-snippet: |\n  more_set_headers \"X: y\";",
    instead: "# a setting that has an annotation of its own, or the ConfigMap of the controller",
    source: "CVE-2021-25742; Checkov CKV_K8S_152 to CKV_K8S_154"
}

const PREFIX: &str = "nginx.ingress.kubernetes.io/";

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(metadata) = subject.metadata().filter(|_| subject.kind == "Ingress") else { return };
    for (key, value) in metadata.entries("annotations") {
        let snippet = key.strip_prefix(PREFIX).filter(|rest| rest.ends_with("-snippet"));
        if let Some(name) = snippet {
            found.add(&CODE, value, format!("the {name} is configuration of nginx"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn configuration_is_the_controllers() {
        let at = |name: &str| format!("metadata.annotations[nginx.ingress.kubernetes.io/{name}]");
        advises(&CODE, "Ingress", &format!("{}: a", at("server-snippet")), &at("server-snippet"));
        passes(&CODE, "Ingress", &format!("{}: a", at("limit-rps")));
    }
}

//! `quantity-syntax`: each quantity can be read.

use crate::check::rules::code;

code! {
    "quantity-syntax", Error,
    means: "A value that should be a quantity is none: a number with a suffix out of `n u m k M G T P E Ki Mi Gi Ti Pi Ei`, or with an exponent.",
    matters: "The API server cannot decode the object and refuses it whole.",
    example: "resources:\n  limits: { memory: 256MB }",
    instead: "resources:\n  limits: { memory: 256Mi }",
    source: "resource.ParseQuantity in k8s.io/apimachinery"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn an_unreadable_quantity_is_refused() {
        let limit = "spec.template.spec.containers[0].resources.limits[memory]";
        refuses(&CODE, "Deployment", &format!("{limit}: 256MB"), limit);
        refuses(&CODE, "ResourceQuota", "spec.hard.pods: twenty", "spec.hard[pods]");
        accepts("Deployment", &format!("{limit}: 0.5Gi"));
        accepts("ResourceQuota", "spec.hard.pods: 20");
    }
}

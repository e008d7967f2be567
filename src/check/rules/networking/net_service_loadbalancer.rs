//! `net-service-loadbalancer`: a load balancer is for those it is meant for.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "net-service-loadbalancer", Note,
    means: "A Service of type LoadBalancer neither names `loadBalancerSourceRanges` nor is internal by an annotation or a class.",
    matters: "It is open to the whole internet.",
    example: "type: LoadBalancer",
    instead: "type: LoadBalancer\nloadBalancerSourceRanges: [203.0.113.0/24]",
    source: "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(spec) = subject.spec_of("Service").filter(|spec| spec.text("type") == Some("LoadBalancer"))
    else {
        return;
    };
    let annotations = subject.metadata().into_iter().flat_map(|metadata| metadata.strings("annotations"));
    let internal = annotations.into_iter().any(|(key, value)| {
        key.contains("internal") && value != "false" || value.eq_ignore_ascii_case("internal")
    });
    if !internal
        && spec.items("loadBalancerSourceRanges").is_empty()
        && spec.child("loadBalancerClass").is_none()
    {
        found.add(&CODE, (spec, "loadBalancerSourceRanges"), "the load balancer is open to everybody");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{advises, passes};

    #[test]
    fn load_balancers_are_for_somebody() {
        let at = "spec.loadBalancerSourceRanges";
        advises(&CODE, "Service", "spec.type: LoadBalancer", at);
        passes(&CODE, "Service", &format!("spec.type: LoadBalancer\n{at}: [10.0.0.0/8]"));
        passes(
            &CODE,
            "Service",
            "spec.type: LoadBalancer\nmetadata.annotations[networking.gke.io/load-balancer-type]: Internal",
        );
    }
}

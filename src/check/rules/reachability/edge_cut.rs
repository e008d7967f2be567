//! `edge-cut`: no network policy cuts a connection that was declared.

use crate::check::finding::Findings;
use crate::check::reach::{Connection, Direction, Edge, Peer, Pod, Policies, Target};
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::object::ObjectRef;

code! {
    "edge-cut", Error,
    means: "A connection that was declared is not let through: by the policies for what leaves the one end, or by those for what enters the other.",
    matters: "The connection times out, in silence.",
    example: "# api uses postgres, and in its namespace\nkind: NetworkPolicy\nspec: { podSelector: {}, policyTypes: [Ingress, Egress] }",
    instead: "# beside it, a policy that lets api out to postgres, and one that lets it in",
    source: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    if scene.context.edges.is_empty() {
        return;
    }
    let objects = scene.of_kind("NetworkPolicy").map(|subject| subject.object);
    let policies = Policies::new(objects, scene.namespaces());
    for edge in &scene.context.edges {
        let Some(subject) = find(scene, &edge.from) else { continue };
        let Some(cut) = cut(scene, &policies, edge) else { continue };
        let side = match cut {
            Direction::Egress => format!("what leaves {}", edge.from),
            Direction::Ingress => format!("what enters {}", describe(&edge.to)),
        };
        let (from, to) = (&edge.from, describe(&edge.to));
        let message = format!(
            "{from} cannot reach {to} on {} {}: no policy for {side} allows it",
            edge.protocol.as_str(),
            edge.port
        );
        found.of(subject.index).add_from(&CODE, edge.source.clone(), (subject.value, "spec"), message);
    }
}

fn cut(scene: &Scene<'_>, policies: &Policies<'_>, edge: &Edge) -> Option<Direction> {
    let from = peer(scene, &edge.from)?;
    let to = match &edge.to {
        Target::Workload(workload) => peer(scene, workload)?,
        Target::External(peer) => peer.clone(),
    };
    policies.cut(Connection { from: &from, to: &to, port: edge.port, protocol: edge.protocol })
}

fn find<'s, 'a>(scene: &'s Scene<'a>, id: &ObjectRef) -> Option<&'s Subject<'a>> {
    let namespace = id.namespace.as_deref().unwrap_or("default");
    let mut named =
        scene.named(&id.gvk.kind, namespace, &id.name).chain(scene.named(&id.gvk.kind, "", &id.name));
    named.find(|subject| subject.object.id == *id)
}

fn peer(scene: &Scene<'_>, id: &ObjectRef) -> Option<Peer> {
    find(scene, id).and_then(|subject| Pod::of(subject.object)).map(Peer::Pod)
}

fn describe(target: &Target) -> String {
    match target {
        Target::Workload(workload) => workload.to_string(),
        Target::External(Peer::Address(address)) => address.to_string(),
        Target::External(Peer::Pod(pod)) => format!("the pods of namespace {}", pod.namespace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::reach::Protocol;
    use crate::check::{Context, KubernetesVersion, Schemas, run, testing};
    use crate::object::GroupVersionKind;
    use crate::source::KeyPath;

    fn edge(port: u16) -> Edge {
        let id = |kind: &str, name: &str| ObjectRef {
            gvk: GroupVersionKind::new(if kind == "Pod" { "v1" } else { "apps/v1" }, kind),
            namespace: Some("core".to_owned()),
            name: name.to_owned(),
        };
        Edge {
            from: id("Pod", "probe"),
            to: Target::Workload(id("DaemonSet", "agent")),
            port,
            protocol: Protocol::Tcp,
            source: KeyPath::of(["workloads", "probe", "uses"]),
        }
    }

    #[test]
    fn a_declared_connection_has_to_get_through() {
        let policy = "{fixture: NetworkPolicy, edits: \"spec: { podSelector: { matchLabels: { app: agent } }, ingress: [{ ports: [{ port: 80 }] }] }\"}";
        let objects =
            testing::objects(&format!("{policy}\n---\n{{fixture: Pod}}\n---\n{{fixture: DaemonSet}}"));
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        let context = Context { edges: vec![edge(80), edge(81)], ..Context::new(&schemas) };
        let mut findings = run(&objects, &context);
        findings.retain(|finding| finding.diagnostic.code == &CODE);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].source, KeyPath::of(["workloads", "probe", "uses"]));
        let message = "Pod core/probe cannot reach DaemonSet core/agent on TCP 81: no policy for what enters DaemonSet core/agent allows it";
        assert_eq!(findings[0].diagnostic.message, message);
    }
}

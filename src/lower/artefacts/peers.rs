//! What is handed to the owners of other namespaces: the policies that they must apply, and what they may count on.

use std::collections::BTreeSet;

use super::Artefact;
use super::markdown::{Page, code, codes};
use crate::lower::peers::peer_policies;
use crate::model::{Edge, External, Peer, Platform, Reach, Workload};
use crate::value::json;

/// A file for each namespace of others, and the contract; nothing where the platform meets nobody.
pub(super) fn files(platform: &Platform) -> Vec<Artefact> {
    let policies = peer_policies(platform);
    let lists = policies.iter().map(|(namespace, items)| {
        let list = json!({"apiVersion": "v1", "kind": "List", "items": items});
        Artefact::yaml(format!("peers/{namespace}.yaml"), list)
    });
    let mut files: Vec<Artefact> = lists.collect();
    if !files.is_empty() || !platform.surroundings.externals.is_empty() {
        files.push(Artefact::text("peers/CONTRACT.md", contract(platform)));
    }
    files
}

fn contract(platform: &Platform) -> String {
    let environment = platform.environment.as_ref().map_or("base", |name| name.as_str());
    let mut page = Page::default();
    page.heading(1, &format!("{} and its neighbours in {environment}", platform.name));
    page.paragraph(&format!(
        "On the cluster {}. These names and ports change only with notice.",
        code(&platform.cluster.name)
    ));
    page.heading(2, "What others may call");
    page.table(&["service", "address", "port of the pods", "open to"], &offers(platform));
    page.heading(2, "What this platform calls");
    page.table(&["service", "address", "port of the pods", "called by"], &wants(platform));
    page.heading(2, "What owners must allow");
    let namespaces: Vec<String> =
        peer_policies(platform).keys().map(|name| format!("[{name}]({name}.yaml)")).collect();
    if namespaces.is_empty() {
        page.paragraph("Nothing: no other namespace of this cluster is involved.");
    } else {
        page.paragraph(&format!(
            "The policies for {}. Each is needed only where its namespace denies what no policy allows; on pods that no \
             policy selects yet it would close everything else.",
            namespaces.join(", ")
        ));
    }
    page.finish()
}

/// A row for each Service that somebody else may call.
fn offers(platform: &Platform) -> Vec<Vec<String>> {
    let foreign = |peer: &Peer| match peer {
        Peer::Pods { .. } => true,
        Peer::Namespace(name) => {
            platform.namespaces.iter().any(|known| known.external && known.name == *name)
        }
        Peer::Workload { .. } | Peer::Tenants | Peer::Addresses(_) => false,
    };
    let callers = |workload: &Workload| -> BTreeSet<String> {
        let own = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
        let edges = platform.edges.iter().filter(|edge| edge.to == own && foreign(&edge.from));
        edges.map(|edge| describe(&edge.from)).collect()
    };
    let mut rows = Vec::new();
    for workload in &platform.workloads {
        let callers = callers(workload);
        for service in workload.services.iter().filter(|_| !callers.is_empty()) {
            let address = format!("{}.{}.svc.cluster.local", service.name, workload.namespace);
            let addresses = service.ports.iter().map(|port| format!("{address}:{}", port.number));
            let pods = workload.containers.first().map_or(&[][..], |container| container.ports.as_slice());
            let pods = pods.iter().map(|port| port.number.to_string());
            let row = [
                code(workload.name.as_str()),
                codes(addresses),
                pods.collect::<Vec<_>>().join(", "),
                codes(&callers),
            ];
            rows.push(row.to_vec());
        }
    }
    rows
}

fn wants(platform: &Platform) -> Vec<Vec<String>> {
    platform.surroundings.externals.iter().map(|external| want(platform, external)).collect()
}

fn want(platform: &Platform, external: &External) -> Vec<String> {
    let (address, end, port) = match &external.reach {
        Reach::Pods { namespace, service, labels, pod_port } => (
            format!("{service}.{namespace}.svc.cluster.local:{}", external.port),
            Peer::Pods { namespace: namespace.clone(), labels: labels.clone() },
            pod_port.map(|port| port.to_string()).unwrap_or_default(),
        ),
        Reach::Host { host, cidrs } => {
            (format!("{host}:{}", external.port), Peer::Addresses(cidrs.clone()), String::new())
        }
    };
    let callers = platform.edges.iter().filter(|edge| edge.to == end).map(|edge: &Edge| describe(&edge.from));
    let callers: BTreeSet<String> = callers.collect();
    vec![code(&external.key), code(&address), port, codes(&callers)]
}

fn describe(peer: &Peer) -> String {
    match peer {
        Peer::Workload { namespace, name } => format!("{namespace}/{name}"),
        Peer::Namespace(namespace) => namespace.to_string(),
        Peer::Pods { namespace, labels } => {
            let labels: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
            format!("{namespace}: {}", labels.join(","))
        }
        Peer::Tenants => "every tenant".to_owned(),
        Peer::Addresses(blocks) => {
            blocks.iter().map(|block| block.as_str().to_owned()).collect::<Vec<_>>().join(", ")
        }
    }
}

//! The page of one environment: how its cluster is made, what it must bring, and how the platform gets there.

use std::collections::BTreeSet;

use super::local::Tool;
use super::markdown::{Page, code, codes};
use super::template::word;
use super::{Artefact, scripts};
use crate::model::{Cluster, ClusterKind, Platform, Route, SecretStore};

/// `README.md` of the environment.
pub(super) fn page(platform: &Platform, environment: &str) -> Artefact {
    let mut page = Page::default();
    page.heading(1, &format!("{} in {environment}", platform.name));
    match Tool::of(platform.cluster.kind) {
        Some(tool) => local(&mut page, platform, tool),
        None => elsewhere(&mut page, platform, environment),
    }
    Artefact::text("README.md", page.finish())
}

fn local(page: &mut Page, platform: &Platform, tool: Tool) {
    let config = tool.config_file();
    page.paragraph(&format!(
        "Runs on this machine, in {} ({}). Needs Docker, {} and kubectl.",
        tool.program(),
        code(&config),
        tool.program()
    ));
    page.table(&["script", "does"], &script_rows(platform));
    let urls = codes(urls(platform));
    if !urls.is_empty() {
        page.paragraph(&format!("Then open {urls}."));
    }
    needs(page, platform);
    if !platform.cluster.data_folder.is_empty() {
        page.heading(2, "Data");
        page.paragraph(&format!(
            "Volumes lie in {} and outlive the cluster. A new cluster makes new claims, so it finds the old data only \
             where the storage class names folders after claims (`pathPattern` of the local-path provisioner).",
            code(&platform.cluster.data_folder)
        ));
    }
}

fn script_rows(platform: &Platform) -> Vec<Vec<String>> {
    let secrets = match platform.secret_store {
        SecretStore::Kubernetes => "creates the Secrets from `secrets/*.yaml`, applies the overlay",
        SecretStore::ExternalSecrets { .. } => "applies the overlay",
    };
    [
        ("setup", "creates the cluster and what its objects need; run again, it changes nothing".to_owned()),
        ("deploy", format!("{secrets}, waits until everything runs")),
        ("smoke-test", "asks every part whether it does its work".to_owned()),
        ("teardown", "deletes the cluster".to_owned()),
    ]
    .map(|(name, does)| vec![format!("`scripts/k8s-{name}.sh`"), does])
    .to_vec()
}

fn urls(platform: &Platform) -> Vec<String> {
    let of_route = |route: &Route| -> Vec<String> {
        let scheme = if route.tls.is_some() { "https" } else { "http" };
        let paths = route.hosts.iter().flat_map(|host| host.paths.iter().map(move |path| (host, path)));
        paths.map(|(host, path)| format!("{scheme}://{}{}", host.host, path.path)).collect()
    };
    platform.routes.iter().flat_map(of_route).collect()
}

fn elsewhere(page: &mut Page, platform: &Platform, environment: &str) {
    let cluster = &platform.cluster;
    if let Some((create, connect)) = creation(cluster) {
        page.heading(2, "The cluster");
        if cluster.provided {
            page.paragraph(&format!("{} is there already. Point kubectl at it:", code(&cluster.name)));
        } else {
            page.code("sh", &create);
            page.paragraph("Point kubectl at it:");
        }
        page.code("sh", &connect);
    }
    needs(page, platform);
    page.heading(2, "Deploy");
    page.code("sh", &deploy(platform, environment));
    if by_hand(platform) {
        page.paragraph(
            "Before the second line, copy each `secrets/<name>.yaml.example` to `secrets/<name>.yaml`, which Git ignores, \
             and put real values in. Pods wait until their Secrets are there.",
        );
    }
    page.paragraph(
        "Or let Argo CD or Flux sync this folder. `rendered/` holds the same objects, finished, for \
         `kubectl apply --recursive -f`.",
    );
    let checks = probes(platform);
    if !checks.is_empty() {
        page.paragraph("It works when these answer:");
        page.code("sh", &checks.join("\n"));
    }
}

/// The commands that make the cluster and that connect to it, in the words of its provider.
fn creation(cluster: &Cluster) -> Option<(String, String)> {
    let name = word(&cluster.name);
    let nodes = cluster.nodes;
    match cluster.kind {
        ClusterKind::Gke => {
            let place = if cluster.zone.is_empty() {
                option("--region", &cluster.region)
            } else {
                option("--zone", &cluster.zone)
            };
            let create = lines(
                &format!("gcloud container clusters create {name}"),
                [place.clone(), option("--num-nodes", &nodes.to_string())],
            );
            let connect = lines(&format!("gcloud container clusters get-credentials {name}"), [place, None]);
            Some((create, connect))
        }
        ClusterKind::Eks => {
            let region = option("--region", &cluster.region);
            let create = lines(
                &format!("eksctl create cluster --name {name}"),
                [region.clone(), option("--nodes", &nodes.to_string())],
            );
            let connect = lines(&format!("aws eks update-kubeconfig --name {name}"), [region, None]);
            Some((create, connect))
        }
        ClusterKind::Aks => {
            let group = option("--resource-group", &cluster.resource_group)
                .map_or(String::new(), |group| format!(" {group}"));
            let create = lines(
                &format!("az aks create{group}"),
                [option("--name", &cluster.name), option("--node-count", &nodes.to_string())],
            );
            let connect = format!("az aks get-credentials{group} --name {name}");
            Some((create, connect))
        }
        ClusterKind::Generic | ClusterKind::Kind | ClusterKind::K3d | ClusterKind::K3s => None,
    }
}

fn option(name: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| format!("{name} {}", word(value)))
}

fn lines<const N: usize>(first: &str, options: [Option<String>; N]) -> String {
    let all: Vec<String> = std::iter::once(first.to_owned()).chain(options.into_iter().flatten()).collect();
    all.join(" \\\n  ")
}

/// What the objects count on and no manifest of the tree brings.
fn needs(page: &mut Page, platform: &Platform) {
    let mut needs =
        vec![format!("Kubernetes {}, which the objects are checked against.", platform.kubernetes)];
    let drivers: BTreeSet<&str> =
        platform.storage_classes.iter().map(|class| class.provisioner.as_str()).collect();
    if !drivers.is_empty() {
        needs.push(format!("The storage drivers {}.", codes(drivers)));
    }
    if platform.namespaces.iter().any(|namespace| namespace.isolated && !namespace.external) {
        needs.push(format!("A network that enforces NetworkPolicies{}.", enforcement(platform.cluster.kind)));
    }
    if platform.workloads.iter().any(|workload| workload.autoscaler.is_some()) {
        needs.push("metrics-server, which autoscalers read.".to_owned());
    }
    let of_certificates = platform.routing.certificates.iter().map(|certificate| certificate.issuer.as_str());
    let issuers: BTreeSet<&str> = platform.routes.iter().filter_map(issuer).chain(of_certificates).collect();
    if !issuers.is_empty() {
        needs.push(format!("cert-manager with the ClusterIssuer {}.", codes(issuers)));
    }
    if let SecretStore::ExternalSecrets { name, .. } = &platform.secret_store {
        needs.push(format!("The External Secrets Operator with the ClusterSecretStore {}.", code(name)));
    }
    neighbours(&mut needs, platform);
    page.heading(2, "What the cluster must have");
    page.points(&needs);
}

/// What others must do first.
fn neighbours(needs: &mut Vec<String>, platform: &Platform) {
    let surroundings = &platform.surroundings;
    if let Some(vault) = surroundings.vault.as_ref().filter(|vault| !vault.grants.is_empty()) {
        needs.push(format!(
            "Vault at {}, its agent injector, and what [vault/](vault) holds for its owner.",
            code(&vault.address)
        ));
    }
    if !surroundings.clients.is_empty() {
        needs.push("The clients of the identity provider: see [identity/](identity).".to_owned());
    }
    if !surroundings.externals.is_empty() {
        needs.push("What the neighbours allow: see [peers/CONTRACT.md](peers/CONTRACT.md).".to_owned());
    }
    for service in &platform.external_services {
        let cidrs = codes(service.cidrs.iter().map(crate::names::Cidr::as_str));
        needs.push(format!(
            "A way to {} on port {} from the cluster's own address: a firewall rule or a peering of networks, set up \
             once{}.",
            code(service.host.as_str()),
            service.port,
            if cidrs.is_empty() { String::new() } else { format!(" (its addresses are in {cidrs})") }
        ));
    }
}

fn issuer(route: &Route) -> Option<&str> {
    route.tls.as_ref()?.issuer.as_deref()
}

/// How the provider is told to enforce policies, which none does unasked.
const fn enforcement(kind: ClusterKind) -> &'static str {
    match kind {
        ClusterKind::Gke => ": create the cluster with `--enable-dataplane-v2`",
        ClusterKind::Eks => ": turn on `enableNetworkPolicy` of the add-on `vpc-cni`",
        ClusterKind::Aks => {
            ": create the cluster with `--network-plugin azure --network-policy cilium --network-dataplane cilium`"
        }
        ClusterKind::Generic | ClusterKind::Kind | ClusterKind::K3d | ClusterKind::K3s => "",
    }
}

/// The commands from the root of the output. A folder given to kubectl means its `.yaml` files, so no example is applied.
fn deploy(platform: &Platform, environment: &str) -> String {
    let overlay = format!("overlays/{environment}");
    let mut lines = vec![format!("kubectl apply -k {overlay}")];
    if by_hand(platform) {
        lines.push(format!("kubectl apply --server-side -f {overlay}/secrets/"));
    }
    lines.join("\n")
}

/// Whether a person fills in Secrets.
fn by_hand(platform: &Platform) -> bool {
    platform.secret_store == SecretStore::Kubernetes && platform.secrets.iter().any(|secret| !secret.provided)
}

fn probes(platform: &Platform) -> Vec<String> {
    scripts::routes(platform).into_iter().map(|(url, _)| format!("curl --fail {}", word(&url))).collect()
}

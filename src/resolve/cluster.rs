//! Cluster profiles: what a kind of cluster brings along, as a layer of the language; and the cluster of the model.

use super::codes::{CONFLICTING_KEYS, UNKNOWN_REFERENCE};
use super::scope::Scope;
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{Cluster, ClusterKind, Existing, MetalLb};
use crate::names::Quantity;
use crate::source::{KeyPath, Layer, Node};
use crate::spec;
use crate::value::{Value, json};

/// The layer that a kind of cluster adds.
pub(super) struct Profile {
    /// The cluster itself: `environment.cluster`.
    pub cluster: Node,
    /// The storage classes that volumes may name there.
    pub storage_classes: Node,
}

/// The profile of the cluster that an environment names. An unknown kind gets the generic one, and is reported later.
pub(super) fn profile(environment: &Node) -> Profile {
    let kind = environment.at(&KeyPath::of(["cluster", "kind"])).and_then(Node::as_str).unwrap_or("generic");
    let layer = Layer::Cluster(kind.to_owned());
    let (cluster, storage_classes) = preset(find(kind).unwrap_or(ClusterKind::Generic));
    Profile {
        cluster: Node::from_json(&cluster, &layer),
        storage_classes: Node::from_json(&storage_classes, &layer),
    }
}

pub(super) fn find(word: &str) -> Option<ClusterKind> {
    ClusterKind::ALL.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// What each kind of cluster has. No cloud ships classes that keep a volume when its claim goes, so a cloud profile
/// brings its own: the drivers are those that the provider's documentation names for block and for file storage.
fn preset(kind: ClusterKind) -> (Value, Value) {
    let one = json!(["ReadWriteOnce", "ReadWriteOncePod"]);
    let many = json!(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"]);
    let provided = |name: &str| json!({ name: {"provided": true, "retain": false, "access": one} });
    match kind {
        ClusterKind::Generic => (json!({"kind": "generic", "nodes": 1}), json!({})),
        ClusterKind::Kind => (
            json!({"kind": "kind", "nodes": 1, "storage": {"class": "standard"}, "host-ports": true}),
            provided("standard"),
        ),
        ClusterKind::K3d | ClusterKind::K3s => (
            json!({"kind": kind.as_str(), "nodes": 1, "storage": {"class": "local-path"}}),
            provided("local-path"),
        ),
        ClusterKind::Gke => (
            json!({"kind": "gke", "nodes": 3, "storage": {"class": "gce-pd", "shared": "filestore"}}),
            json!({
                "gce-pd": {"provisioner": "pd.csi.storage.gke.io", "parameters": {"type": "pd-balanced"}, "access": one},
                "filestore": {"provisioner": "filestore.csi.storage.gke.io", "parameters": {"tier": "standard"}, "access": many},
            }),
        ),
        ClusterKind::Eks => (
            json!({
                "kind": "eks", "nodes": 3, "storage": {"class": "ebs-csi", "shared": "efs-csi"},
                // What ingress-nginx's own manifest for AWS says: a network load balancer, which a bare EKS makes by
                // itself. `external` would wait for ever where the AWS Load Balancer Controller is not installed.
                "load-balancer-annotations": {
                    "service.beta.kubernetes.io/aws-load-balancer-backend-protocol": "tcp",
                    "service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": "true",
                    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
                },
            }),
            json!({
                "ebs-csi": {"provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3", "encrypted": "true"}, "access": one},
                "efs-csi": {"provisioner": "efs.csi.aws.com", "parameters": {"provisioningMode": "efs-ap", "directoryPerms": "700"}, "access": many},
            }),
        ),
        ClusterKind::Aks => (
            json!({"kind": "aks", "nodes": 3, "storage": {"class": "azure-disk", "shared": "azure-file"}}),
            json!({
                "azure-disk": {"provisioner": "disk.csi.azure.com", "parameters": {"skuName": "StandardSSD_LRS"}, "access": one},
                "azure-file": {"provisioner": "file.csi.azure.com", "parameters": {"skuName": "Standard_LRS"}, "access": many},
            }),
        ),
    }
}

/// The cluster of the model.
pub(super) fn build(scope: &mut Scope<'_>, platform: &str) -> Option<Cluster> {
    let path = KeyPath::of(["environment", "cluster"]);
    let environment = scope.spec.environment.as_ref();
    let cluster = environment.and_then(|environment| environment.cluster.as_ref())?;
    let kind = kind(scope, &path, cluster.kind.as_deref().unwrap_or("generic"))?;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let environment_name = environment.and_then(|environment| environment.name.as_deref()).unwrap_or("base");
    let millicores = |quantity: Quantity| u64::try_from(quantity.millis()).unwrap_or(u64::MAX);
    let (cpu, memory) = (
        scope.optional(&path.key("node-cpu"), cluster.node_cpu.as_deref(), Quantity::parse).map(millicores),
        scope
            .optional(&path.key("node-memory"), cluster.node_memory.as_deref(), Quantity::parse)
            .map(|q| u64::try_from(q.units()).unwrap_or(u64::MAX)),
    );
    Some(Cluster {
        kind,
        name: cluster.name.clone().unwrap_or_else(|| format!("{platform}-{environment_name}")),
        provided: cluster.provided.unwrap_or(false),
        nodes: cluster.nodes.unwrap_or(1),
        node_millicores: cpu,
        node_memory: memory,
        node_pods: u64::from(cluster.node_pods.unwrap_or(PODS_PER_NODE)),
        existing: existing(scope, &path, cluster.existing.as_ref()),
        region: text(&cluster.region),
        zone: text(&cluster.zone),
        resource_group: text(&cluster.resource_group),
        metallb: metallb(scope, &path, cluster),
        load_balancer_annotations: cluster.load_balancer_annotations.clone().unwrap_or_default(),
        host_ports: cluster.host_ports.unwrap_or(false),
        encrypt_secrets: encrypts(scope, &path, (cluster, kind)),
        data_folder: text(&cluster.data_folder),
    })
}

/// Whether the set-up script encrypts Secrets at rest. Everywhere but on kind that is the provider's to do.
fn encrypts(scope: &mut Scope<'_>, path: &KeyPath, (cluster, kind): (&spec::Cluster, ClusterKind)) -> bool {
    let wanted = cluster.encrypt_secrets.unwrap_or(false);
    if wanted && kind != ClusterKind::Kind {
        let path = path.key("encrypt-secrets");
        let message = format!("`{path}` is for kind, and the cluster is {}", kind.as_str());
        let hint = match kind {
            ClusterKind::Gke | ClusterKind::Eks | ClusterKind::Aks => {
                "remove it: the provider encrypts, with a key of its key management service"
            }
            _ => "remove it, and configure the API server by the means of that cluster",
        };
        let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&path), "");
        scope.report(problem.hint(hint));
    }
    wanted
}

/// What a kubelet takes unless told otherwise
/// (<https://kubernetes.io/docs/setup/best-practices/cluster-large/>).
const PODS_PER_NODE: u32 = 110;

fn existing(scope: &mut Scope<'_>, path: &KeyPath, existing: Option<&spec::Existing>) -> Existing {
    let path = path.key("existing");
    let Some(existing) = existing else { return Existing::default() };
    let cpu = scope.optional(&path.key("cpu"), existing.cpu.as_deref(), Quantity::parse);
    let memory = scope.optional(&path.key("memory"), existing.memory.as_deref(), Quantity::parse);
    let whole = |amount: i128| u64::try_from(amount).unwrap_or(u64::MAX);
    Existing {
        millicores: cpu.map_or(0, |cpu| whole(cpu.millis())),
        memory: memory.map_or(0, |memory| whole(memory.units())),
        pods: u64::from(existing.pods.unwrap_or(0)),
    }
}

fn kind(scope: &mut Scope<'_>, path: &KeyPath, word: &str) -> Option<ClusterKind> {
    let found = find(word);
    if found.is_none() {
        let words = ClusterKind::ALL.iter().map(|(word, _)| *word);
        let hint = did_you_mean(word, words.clone()).map_or_else(
            || format!("the kinds are: {}", words.collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let problem = Diagnostic::new(&UNKNOWN_REFERENCE, format!("there is no cluster kind `{word}`"));
        scope.report(problem.at(scope.span(&path.key("kind")), "").hint(hint));
    }
    found
}

fn metallb(scope: &mut Scope<'_>, path: &KeyPath, cluster: &spec::Cluster) -> Option<MetalLb> {
    let path = path.key("metallb");
    let metallb = cluster.metallb.as_ref().filter(|metallb| metallb.enabled != Some(false))?;
    let version = scope.required(&path, "version", metallb.version.clone());
    let addresses = scope.required(&path, "addresses", metallb.addresses.clone());
    Some(MetalLb { version: version?, addresses: addresses? })
}

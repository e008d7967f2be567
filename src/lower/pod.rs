//! The one pod template: every controller gets its pods from here.

use k8s_openapi::api::core::v1::{
    Affinity, ConfigMapVolumeSource, EmptyDirVolumeSource, HostPathVolumeSource, NodeAffinity, NodeSelector,
    NodeSelectorRequirement, NodeSelectorTerm, PersistentVolumeClaimVolumeSource, PodSecurityContext,
    PodSpec, PodTemplateSpec, SeccompProfile, SecretVolumeSource, Toleration, TopologySpreadConstraint,
    Volume as VolumeObject,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::config::Configs;
use super::container::{container, quantity};
use super::{absent, identity, labels};
use crate::model::{Controller, Pairs, Peer, Platform, Security, Volume, VolumeSource, Workload};

/// The label by which nodes say where they stand (<https://kubernetes.io/docs/reference/labels-annotations-taints/>).
pub(super) const REGION: &str = "topology.kubernetes.io/region";
/// The annotation that Helm charts have made the usual one.
const CHECKSUM: &str = "checksum/config";
/// Nodes first: two replicas on one node fail together more often than two in one zone.
const SPREAD_OVER: [&str; 2] = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

pub(super) fn template(platform: &Platform, configs: &Configs, workload: &Workload) -> PodTemplateSpec {
    let mut own = labels::of_workload(platform, workload);
    own.extend(identity::pod_labels(workload.identity.as_ref()));
    let meta = ObjectMeta {
        labels: absent::map(own),
        annotations: absent::map(annotations(configs, workload)),
        ..ObjectMeta::default()
    };
    let peer = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
    let affinity = platform.residence.label(&peer).map(within);
    let spec = PodSpec { affinity, ..spec(workload) };
    PodTemplateSpec { metadata: Some(meta), spec: Some(spec) }
}

fn annotations(configs: &Configs, workload: &Workload) -> Pairs {
    let mut annotations = workload.pod_annotations.clone();
    if let Some(checksum) = configs.checksum(workload) {
        annotations.insert(CHECKSUM.to_owned(), checksum);
    }
    annotations
}

/// Service links are off: they put a variable into each container for every Service of the namespace, which makes a
/// pod depend on its neighbours and breaks images that read `<NAME>_PORT` as a number.
fn spec(workload: &Workload) -> PodSpec {
    PodSpec {
        service_account_name: Some(workload.name.to_string()),
        automount_service_account_token: Some(workload.api_access),
        enable_service_links: Some(false),
        security_context: Some(security_context(&workload.security)),
        init_containers: absent::list(workload.init.iter().map(container)),
        containers: workload.containers.iter().map(container).collect(),
        volumes: absent::list(workload.volumes.iter().map(volume)),
        node_selector: absent::map(workload.node_selector.clone()),
        tolerations: absent::list(workload.tolerations.iter().map(|key| toleration(key))),
        topology_spread_constraints: absent::list(spread(workload)),
        restart_policy: restart_policy(workload).map(str::to_owned),
        termination_grace_period_seconds: Some(workload.grace_period),
        ..PodSpec::default()
    }
}

/// What the level `restricted` of the Pod Security Standards wants of a pod; a user of 0 was given leave by its namespace.
/// `OnRootMismatch` changes the owner of a volume's files once, not at every start.
fn security_context(security: &Security) -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(security.user != Some(0)),
        run_as_user: security.user,
        run_as_group: security.group,
        fs_group: security.volume_group,
        fs_group_change_policy: security.volume_group.map(|_| "OnRootMismatch".to_owned()),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..PodSecurityContext::default()
    }
}

/// Pods of a Job are never restarted in place: a failed one stays, and its log with it, until the Job goes.
const fn restart_policy(workload: &Workload) -> Option<&'static str> {
    match workload.controller {
        Controller::Job | Controller::CronJob { .. } => Some("Never"),
        Controller::Deployment { .. } | Controller::StatefulSet { .. } | Controller::DaemonSet => None,
    }
}

/// On the nodes of one region and nowhere else.
pub(super) fn within(region: &str) -> Affinity {
    let wanted = NodeSelectorRequirement {
        key: REGION.to_owned(),
        operator: "In".to_owned(),
        values: Some(vec![region.to_owned()]),
    };
    let term = NodeSelectorTerm { match_expressions: Some(vec![wanted]), match_fields: None };
    let nodes = NodeAffinity {
        required_during_scheduling_ignored_during_execution: Some(NodeSelector {
            node_selector_terms: vec![term],
        }),
        ..NodeAffinity::default()
    };
    Affinity { node_affinity: Some(nodes), ..Affinity::default() }
}

/// Spreading is a wish: a replica that would tip the balance starts all the same.
fn spread(workload: &Workload) -> impl Iterator<Item = TopologySpreadConstraint> {
    let over = if workload.spread { &SPREAD_OVER[..] } else { &[] };
    over.iter().map(|key| TopologySpreadConstraint {
        max_skew: 1,
        topology_key: (*key).to_owned(),
        when_unsatisfiable: "ScheduleAnyway".to_owned(),
        label_selector: Some(labels::selector(workload)),
        ..TopologySpreadConstraint::default()
    })
}

fn toleration(key: &str) -> Toleration {
    Toleration {
        key: Some(key.to_owned()),
        operator: Some("Exists".to_owned()),
        effect: Some("NoSchedule".to_owned()),
        ..Toleration::default()
    }
}

fn volume(volume: &Volume) -> VolumeObject {
    let named = VolumeObject { name: volume.name.to_string(), ..VolumeObject::default() };
    match &volume.source {
        VolumeSource::Claim(name) => {
            let claim = PersistentVolumeClaimVolumeSource { claim_name: name.clone(), read_only: None };
            VolumeObject { persistent_volume_claim: Some(claim), ..named }
        }
        VolumeSource::Config(name) => {
            let config = ConfigMapVolumeSource { name: name.clone(), ..ConfigMapVolumeSource::default() };
            VolumeObject { config_map: Some(config), ..named }
        }
        VolumeSource::Secret(name) => {
            let secret =
                SecretVolumeSource { secret_name: Some(name.clone()), ..SecretVolumeSource::default() };
            VolumeObject { secret: Some(secret), ..named }
        }
        VolumeSource::Host(path) => {
            let path = HostPathVolumeSource { path: path.clone(), type_: Some("Directory".to_owned()) };
            VolumeObject { host_path: Some(path), ..named }
        }
        VolumeSource::Scratch { size } => {
            let empty = EmptyDirVolumeSource {
                size_limit: size.as_ref().map(quantity),
                ..EmptyDirVolumeSource::default()
            };
            VolumeObject { empty_dir: Some(empty), ..named }
        }
        VolumeSource::Memory { size } => {
            #[allow(clippy::needless_update, reason = "Kubernetes 1.37 has more fields here")]
            let empty = EmptyDirVolumeSource {
                medium: Some("Memory".to_owned()),
                size_limit: size.as_ref().map(quantity),
                ..EmptyDirVolumeSource::default()
            };
            VolumeObject { empty_dir: Some(empty), ..named }
        }
        VolumeSource::Guarded { name, mode } => {
            let secret = SecretVolumeSource {
                secret_name: Some(name.clone()),
                default_mode: Some(*mode),
                ..SecretVolumeSource::default()
            };
            VolumeObject { secret: Some(secret), ..named }
        }
    }
}

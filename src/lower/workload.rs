//! A workload: its account, its controller, its Services, and what guards and scales it.

use k8s_openapi::Metadata;
use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::config::Configs;
use super::{autoscaler, budget, deployment, identity, job, labels, metadata, pod, service, stateful_set};
use crate::model::{Controller, Platform, Workload};
use crate::object::Object;

/// How many old revisions of a controller are kept for `kubectl rollout undo`. Kubernetes keeps 10, and in a cluster
/// whose history is in Git that is clutter.
pub(super) const REVISIONS: i32 = 3;

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let configs = Configs::of(platform);
    platform.workloads.iter().flat_map(|workload| objects(platform, &configs, workload)).collect()
}

fn objects(platform: &Platform, configs: &Configs, workload: &Workload) -> Vec<Object> {
    let mut objects =
        vec![object(workload, &service_account(platform, workload)), controller(platform, configs, workload)];
    objects.extend(service::lower(platform, workload));
    objects.extend(budget::budget(platform, workload).map(|typed| object(workload, &typed)));
    objects.extend(autoscaler::autoscaler(platform, workload).map(|typed| object(workload, &typed)));
    objects
}

/// An object that belongs to `workload`.
pub(super) fn object<T: Serialize + Metadata<Ty = ObjectMeta>>(workload: &Workload, typed: &T) -> Object {
    Object::from_typed(typed, workload.component.as_str(), workload.source.clone())
}

/// The metadata of an object that is called as its workload is.
pub(super) fn meta(platform: &Platform, workload: &Workload) -> ObjectMeta {
    metadata::of(workload.name.as_str(), &workload.namespace, labels::of_workload(platform, workload))
}

/// An account of its own, so that what one workload may do is never lent to another. Its token is mounted only where
/// the workload talks to the API server.
fn service_account(platform: &Platform, workload: &Workload) -> ServiceAccount {
    ServiceAccount {
        metadata: metadata::annotated(
            meta(platform, workload),
            identity::annotations(workload.identity.as_ref()),
        ),
        automount_service_account_token: Some(workload.api_access),
        ..ServiceAccount::default()
    }
}

fn controller(platform: &Platform, configs: &Configs, workload: &Workload) -> Object {
    let meta = metadata::annotated(meta(platform, workload), workload.annotations.clone());
    let template = pod::template(platform, configs, workload);
    match &workload.controller {
        Controller::Deployment { replicas, strategy } => {
            object(workload, &deployment::deployment(workload, meta, template, (*replicas, *strategy)))
        }
        Controller::StatefulSet { replicas, service, claims } => {
            let set = stateful_set::StatefulSetParts { replicas: *replicas, service, claims };
            object(workload, &stateful_set::stateful_set(workload, meta, template, &set))
        }
        Controller::DaemonSet => object(workload, &deployment::daemon_set(workload, meta, template)),
        Controller::Job => object(workload, &job::job(meta, template)),
        Controller::CronJob { schedule } => object(workload, &job::cron_job(meta, template, schedule)),
    }
}

/// The kind of the object that runs the pods.
pub(super) const fn kind(workload: &Workload) -> &'static str {
    match workload.controller {
        Controller::Deployment { .. } => "Deployment",
        Controller::StatefulSet { .. } => "StatefulSet",
        Controller::DaemonSet => "DaemonSet",
        Controller::Job => "Job",
        Controller::CronJob { .. } => "CronJob",
    }
}

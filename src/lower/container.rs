//! A container: what it runs, reads, asks for and mounts, restricted by construction.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, ConfigMapEnvSource, ConfigMapKeySelector, Container as ContainerObject,
    ContainerPort as ContainerPortObject, EnvFromSource, EnvVar as EnvVarObject, EnvVarSource, ExecAction,
    GRPCAction, HTTPGetAction, Lifecycle, LifecycleHandler, ObjectFieldSelector, Probe as ProbeObject,
    ResourceRequirements, SecretEnvSource, SecretKeySelector, SecurityContext, TCPSocketAction, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as QuantityText;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::absent;
use crate::model::{Container, ContainerPort, EnvFrom, EnvSource, EnvVar, Handler, Mount, Probe, Resources};
use crate::names::Quantity;

pub(super) fn container(container: &Container) -> ContainerObject {
    ContainerObject {
        name: container.name.to_string(),
        image: Some(container.image.to_string()),
        command: absent::list(container.command.clone()),
        args: absent::list(container.args.clone()),
        ports: absent::list(container.ports.iter().map(port)),
        env: absent::list(container.env.iter().map(variable)),
        env_from: absent::list(container.env_from.iter().map(env_from)),
        resources: resources(&container.resources),
        liveness_probe: container.probes.liveness.as_ref().map(probe),
        readiness_probe: container.probes.readiness.as_ref().map(probe),
        startup_probe: container.probes.startup.as_ref().map(probe),
        lifecycle: lifecycle(&container.pre_stop),
        volume_mounts: absent::list(container.mounts.iter().map(mount)),
        security_context: Some(security_context(container)),
        ..ContainerObject::default()
    }
}

/// What the level `restricted` of the Pod Security Standards wants of a container, and a root file system that cannot
/// be written unless the platform says otherwise.
fn security_context(container: &Container) -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            add: absent::list(container.capabilities.clone()),
            drop: Some(vec!["ALL".to_owned()]),
        }),
        read_only_root_filesystem: Some(container.read_only_root),
        ..SecurityContext::default()
    }
}

fn port(port: &ContainerPort) -> ContainerPortObject {
    ContainerPortObject {
        name: Some(port.name.to_string()),
        container_port: port.number.into(),
        host_port: port.on_host.then(|| port.number.into()),
        protocol: Some(port.protocol.as_str().to_owned()),
        host_ip: None,
    }
}

fn variable(variable: &EnvVar) -> EnvVarObject {
    let (value, value_from) = match &variable.source {
        EnvSource::Value(value) => (Some(value.clone()), None),
        source => (None, Some(reference(source))),
    };
    EnvVarObject { name: variable.name.to_string(), value, value_from }
}

fn reference(source: &EnvSource) -> EnvVarSource {
    let mut reference = EnvVarSource::default();
    match source {
        EnvSource::Value(_) => {}
        EnvSource::Secret { name, key } => {
            let (name, key) = (name.clone(), key.to_string());
            reference.secret_key_ref = Some(SecretKeySelector { name, key, optional: None });
        }
        EnvSource::Config { name, key } => {
            let (name, key) = (name.clone(), key.to_string());
            reference.config_map_key_ref = Some(ConfigMapKeySelector { name, key, optional: None });
        }
        EnvSource::Field(path) => {
            reference.field_ref = Some(ObjectFieldSelector { api_version: None, field_path: path.clone() });
        }
    }
    reference
}

fn env_from(source: &EnvFrom) -> EnvFromSource {
    match source.clone() {
        EnvFrom::Config(name) => EnvFromSource {
            config_map_ref: Some(ConfigMapEnvSource { name, optional: None }),
            ..EnvFromSource::default()
        },
        EnvFrom::Secret(name) => EnvFromSource {
            secret_ref: Some(SecretEnvSource { name, optional: None }),
            ..EnvFromSource::default()
        },
    }
}

fn resources(resources: &Resources) -> Option<ResourceRequirements> {
    let requests = quantities(resources.requests.iter().map(|(name, amount)| (*name, amount)));
    let limits = quantities(resources.limits.iter().map(|(name, amount)| (*name, amount)));
    let some = requests.is_some() || limits.is_some();
    some.then_some(ResourceRequirements { requests, limits, claims: None })
}

/// Quantities by the name of the resource, in the type that k8s-openapi has for them.
pub(super) fn quantities<'a>(
    amounts: impl IntoIterator<Item = (&'a str, &'a Quantity)>,
) -> Option<BTreeMap<String, QuantityText>> {
    absent::map(amounts.into_iter().map(|(name, amount)| (name.to_owned(), quantity(amount))))
}

/// A quantity in the type that k8s-openapi has for it.
pub(super) fn quantity(amount: &Quantity) -> QuantityText {
    QuantityText(amount.to_string())
}

fn probe(probe: &Probe) -> ProbeObject {
    let timings = ProbeObject {
        initial_delay_seconds: (probe.initial_delay != 0).then_some(probe.initial_delay),
        period_seconds: Some(probe.period),
        timeout_seconds: Some(probe.timeout),
        failure_threshold: Some(probe.failures),
        success_threshold: Some(probe.successes),
        ..ProbeObject::default()
    };
    with_handler(timings, &probe.handler)
}

fn lifecycle(pre_stop: &[String]) -> Option<Lifecycle> {
    let command = absent::list(pre_stop.to_vec())?;
    let handler =
        LifecycleHandler { exec: Some(ExecAction { command: Some(command) }), ..LifecycleHandler::default() };
    Some(Lifecycle { pre_stop: Some(handler), ..Lifecycle::default() })
}

fn with_handler(probe: ProbeObject, handler: &Handler) -> ProbeObject {
    match handler {
        Handler::Http { path, port } => {
            ProbeObject { http_get: Some(http_get(path, port.as_str())), ..probe }
        }
        Handler::Exec(command) => {
            ProbeObject { exec: Some(ExecAction { command: Some(command.clone()) }), ..probe }
        }
        Handler::Tcp(port) => {
            let port = IntOrString::String(port.to_string());
            ProbeObject { tcp_socket: Some(TCPSocketAction { port, host: None }), ..probe }
        }
        Handler::Grpc(port) => {
            ProbeObject { grpc: Some(GRPCAction { port: (*port).into(), ..GRPCAction::default() }), ..probe }
        }
    }
}

fn http_get(path: &str, port: &str) -> HTTPGetAction {
    let port = IntOrString::String(port.to_owned());
    HTTPGetAction { path: Some(path.to_owned()), port, ..HTTPGetAction::default() }
}

fn mount(mount: &Mount) -> VolumeMount {
    VolumeMount {
        name: mount.volume.to_string(),
        mount_path: mount.path.clone(),
        sub_path: absent::text(&mount.sub_path),
        read_only: mount.read_only.then_some(true),
        ..VolumeMount::default()
    }
}

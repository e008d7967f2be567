//! Containers: ports, resources and mounts of a workload.

use std::collections::BTreeMap;

use super::codes::{OTHER_NAMESPACE, REQUEST_ABOVE_LIMIT};
use super::layers::sides;
use super::scope::Scope;
use super::{configs, secrets};
use crate::diag::{Diagnostic, did_you_mean};
use crate::model::{ContainerPort, Mount, Protocol, Resources, ServicePort, Volume, VolumeSource};
use crate::names::{DnsLabel, PortName, PortNumber, Quantity};
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::BAD_VALUE;

/// The place of a container: its entity and the namespace of its pod.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The entity.
    pub source: KeyPath,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// The name of the entity in the cluster.
    pub name: DnsLabel,
}

/// The ports of a container and those of its Service, by name.
pub(super) fn ports(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    ports: Option<&BTreeMap<String, spec::Port>>,
) -> Vec<(ContainerPort, ServicePort)> {
    let path = path.key("ports");
    ports.into_iter().flatten().filter_map(|(name, port)| one_port(scope, &path.key(name), port)).collect()
}

fn one_port(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    port: &spec::Port,
) -> Option<(ContainerPort, ServicePort)> {
    let name = scope.parse_key(path, PortName::parse);
    let number = scope.required(path, "container", port.container.or(port.port));
    let at = if port.container.is_some() { path.key("container") } else { path.key("port") };
    let number = number.and_then(|number| scope.parse(&at, &number.to_string(), PortNumber::parse));
    let service = match port.port {
        Some(service) => scope.parse(&path.key("port"), &service.to_string(), PortNumber::parse),
        None => number,
    };
    let protocol = match port.protocol.as_deref() {
        None | Some("TCP") => Protocol::Tcp,
        Some("UDP") => Protocol::Udp,
        Some("SCTP") => Protocol::Sctp,
        Some(other) => {
            let problem = Diagnostic::new(&BAD_VALUE, format!("`{path}.protocol` cannot be `{other}`"));
            let place = scope.span(&path.key("protocol"));
            let hint = did_you_mean(other, ["TCP", "UDP", "SCTP"]).map_or_else(
                || "the values are `TCP`, `UDP`, `SCTP`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            scope.report(problem.at(place, "").hint(hint));
            Protocol::Tcp
        }
    };
    let (name, number) = (name?, number?);
    let container = ContainerPort { name: name.clone(), number, protocol, on_host: false };
    Some((container, ServicePort { name, number: service?, protocol }))
}

/// The name of the main container: its own, or that of the entity.
pub(super) fn main_name(scope: &mut Scope<'_>, path: &KeyPath, place: &Place, own: Option<&str>) -> DnsLabel {
    let own = scope.optional(&path.key("container"), own, DnsLabel::parse);
    own.unwrap_or_else(|| place.name.clone())
}

/// CPU, memory and scratch space of a container.
pub(super) fn resources(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    resources: Option<&spec::Resources>,
) -> Resources {
    let path = path.key("resources");
    let mut result = Resources::default();
    let Some(resources) = resources else { return result };
    let all = [
        ("cpu", "cpu", &resources.cpu),
        ("memory", "memory", &resources.memory),
        ("ephemeral-storage", "ephemeral-storage", &resources.ephemeral_storage),
    ];
    for (key, resource, text) in all {
        let Some(text) = text.as_deref() else { continue };
        let (request, limit) = range(scope, &path.key(key), text);
        result.requests.extend(request.map(|request| (resource, request)));
        result.limits.extend(limit.map(|limit| (resource, limit)));
    }
    result
}

/// The two sides of `request..limit`; a side that is empty or `none` is absent.
pub(super) fn range(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    text: &str,
) -> (Option<Quantity>, Option<Quantity>) {
    let (low, high) = sides(text).unwrap_or_default();
    let mut side = |text: &str| match text {
        "" | "none" => None,
        text => scope.parse(path, text, Quantity::parse),
    };
    let (request, limit) = (side(&low), side(&high));
    if let (Some(request), Some(limit)) = (&request, &limit)
        && request > limit
    {
        let message =
            format!("`{}` asks for {request}, which is above its limit of {limit}", scope.written(path));
        let kept = scope.kept(path);
        let hint = match kept {
            Some(_) => format!("give both sides here, as in `\"{limit}..{limit}\"`, or raise the limit"),
            None => format!("write `\"{limit}..{request}\"`, or raise the limit"),
        };
        let problem = Diagnostic::new(&REQUEST_ABOVE_LIMIT, message).at(scope.span(path), "");
        scope.report(problem.at(kept, "the side that is not given is kept from here").hint(hint));
    }
    (request, limit)
}

/// The mounts of a container, and the volumes of the pod that they need.
pub(super) fn mounts(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    mounts: Option<&BTreeMap<String, spec::Mount>>,
) -> Vec<(Mount, Volume)> {
    let path = path.key("mounts");
    let entries = mounts.into_iter().flatten().filter(|(_, mount)| mount.enabled != Some(false));
    entries.filter_map(|(at, mount)| one_mount(scope, &path.key(at), place, (at, mount))).collect()
}

fn one_mount(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (at, mount): (&str, &spec::Mount),
) -> Option<(Mount, Volume)> {
    if !at.starts_with('/') || at.contains(':') {
        let message = format!("`{path}`: a mount is at an absolute path without `:`");
        let better = format!("/{}", at.trim_start_matches('/').replace(':', "-"));
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.key_span(path), "");
        scope.report(problem.hint(format!("did you mean `{better}`?")));
        return None;
    }
    if mount.host.is_some() {
        return super::node_access::mount(scope, path, place, (at, mount));
    }
    let key = scope.required(path, "name", mount.name.as_deref())?;
    let (source, may_write) = volume_source(scope, path, place, (key, mount))?;
    let empty = matches!(source, VolumeSource::Scratch { .. } | VolumeSource::Memory { .. });
    let name = if empty { scratch_name(at) } else { key.to_owned() };
    let name = scope.parse(path, &label(&name), DnsLabel::parse)?;
    let read_only = mount.read_only.unwrap_or(!may_write);
    let sub_path = mount.sub_path.clone().unwrap_or_default();
    Some((Mount { path: at.to_owned(), volume: name.clone(), sub_path, read_only }, Volume { name, source }))
}

/// What a mount names, and whether it may be written.
fn volume_source(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (key, mount): (&str, &spec::Mount),
) -> Option<(VolumeSource, bool)> {
    let spec = scope.spec;
    if key == "scratch" {
        let size = scope.optional(&path.key("size"), mount.size.as_deref(), Quantity::parse);
        let in_memory = mount.memory == Some(true);
        let source = if in_memory { VolumeSource::Memory { size } } else { VolumeSource::Scratch { size } };
        return Some((source, true));
    }
    if let Some(volume) = spec.volumes.as_ref().and_then(|volumes| volumes.get(key)) {
        let namespace = scope.namespace(&KeyPath::of(["volumes", key]), volume.namespace.as_deref())?;
        same_namespace(scope, path, place, (key, &namespace))?;
        return Some((VolumeSource::Claim(volume.name.clone().unwrap_or_else(|| key.to_owned())), true));
    }
    if spec.configs.as_ref().is_some_and(|configs| configs.contains_key(key)) {
        return Some((VolumeSource::Config(configs::name_of(scope, path, place, key)?), false));
    }
    if secrets::exists(scope, key) {
        let name = secrets::name_for(scope, path, place, key)?;
        let source = match mount.mode.as_deref() {
            Some(text) => VolumeSource::Guarded { name, mode: mode(scope, &path.key("mode"), text)? },
            None => VolumeSource::Secret(name),
        };
        return Some((source, false));
    }
    let mut known: Vec<String> = spec.volumes.iter().flatten().map(|(key, _)| key.clone()).collect();
    known.extend(spec.configs.iter().flatten().map(|(key, _)| key.clone()));
    known.extend(spec.secrets.iter().flatten().map(|(key, _)| key.clone()));
    known.push("scratch".to_owned());
    scope.unknown(path, &format!("volume, config or secret `{key}`"), key, &known);
    None
}

/// The mode of files, as octal digits.
fn mode(scope: &mut Scope<'_>, path: &KeyPath, text: &str) -> Option<i32> {
    let mode =
        i32::from_str_radix(text.trim_start_matches("0o"), 8).ok().filter(|mode| (0..=0o777).contains(mode));
    if mode.is_none() {
        let message = format!("`{path}` cannot be `{text}`");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(path), "");
        scope.report(problem.hint("write up to three octal digits, as in `mode = \"0400\"`"));
    }
    mode
}

/// Reports something of another namespace, which a pod cannot use.
pub(super) fn same_namespace(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (key, namespace): (&str, &DnsLabel),
) -> Option<()> {
    if *namespace == place.namespace {
        return Some(());
    }
    let message =
        format!("`{path}`: `{key}` is in namespace `{namespace}`, and the pod in `{}`", place.namespace);
    let problem = Diagnostic::new(&OTHER_NAMESPACE, message).at(scope.span(path), "");
    scope.report(problem.hint(format!("move it to `{}`, or declare another one there", place.namespace)));
    None
}

/// An empty directory at `path`, for a server that writes there.
pub(super) fn scratch(path: &str) -> Option<(Mount, Volume)> {
    let name = DnsLabel::parse(&scratch_name(path)).ok()?;
    let mount =
        Mount { path: path.to_owned(), volume: name.clone(), sub_path: String::new(), read_only: false };
    Some((mount, Volume { name, source: VolumeSource::Scratch { size: None } }))
}

fn scratch_name(path: &str) -> String {
    label(&format!("scratch{path}"))
}

/// A text as a DNS label: what a volume may be called in a pod.
pub(super) fn label(text: &str) -> String {
    let replaced: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    replaced.trim_matches('-').chars().take(63).collect()
}

/// Splits pairs of mounts and volumes; a volume that is mounted twice is listed once.
pub(super) fn split(pairs: Vec<(Mount, Volume)>) -> (Vec<Mount>, Vec<Volume>) {
    let mut volumes: Vec<Volume> = Vec::new();
    let mut mounts = Vec::new();
    for (mount, volume) in pairs {
        if volumes.iter().all(|known| known.name != volume.name) {
            volumes.push(volume);
        }
        mounts.push(mount);
    }
    (mounts, volumes)
}

//! Init containers that wait until what a workload uses takes connections.
//!
//! Takes the `uses` of a workload; gives a container for each target that is to be waited for, which asks its ports until
//! they answer. The edge that opens the way is that of `uses`: init containers share the network of their pod.

use super::container::Place;
use super::scope::{Scope, is_enabled};
use crate::model::{Container, Probes, Resources};
use crate::names::{DnsLabel, ImageRef, Quantity};
use crate::spec;

/// A container for each use that says so, in the order of `uses`.
pub(super) fn build(
    scope: &mut Scope<'_>,
    place: &Place,
    workload: &spec::Workload,
    main: &Container,
) -> Vec<Container> {
    let path = &place.source;
    let image = scope.optional(&path.key("wait-image"), workload.wait_image.as_deref(), ImageRef::parse);
    let mut waits = Vec::new();
    for (at, target) in workload.uses.iter().flatten().enumerate() {
        let Some(wait) = target.wait.as_ref().filter(|wait| wait.enabled != Some(false)) else { continue };
        let path = path.key("uses").index(at).key("wait");
        let Some(name) = target.name.as_deref() else { continue };
        // One that is not there is reported with its edge, and one that is not enabled is never waited for.
        if is_enabled(scope.spec, name) != Some(true) {
            continue;
        }
        let Some(address) = address(scope, place, target, name) else { continue };
        let own = scope.optional(&path.key("image"), wait.image.as_deref(), ImageRef::parse);
        let image = own.or_else(|| image.clone()).unwrap_or_else(|| main.image.clone());
        let called = wait.name.clone().unwrap_or_else(|| format!("wait-for-{name}"));
        let called = scope.parse(&path.key("name"), &called, DnsLabel::parse);
        waits.extend(called.map(|called| container(called, image, &address)));
    }
    waits
}

/// A name that resolves from the pod, and the ports of it that are used.
struct Address {
    host: String,
    ports: Vec<u16>,
}

fn address(scope: &mut Scope<'_>, place: &Place, target: &spec::Use, name: &str) -> Option<Address> {
    let spec = scope.spec;
    if let Some(workload) = spec.workloads.as_ref().and_then(|all| all.get(name)) {
        let wanted =
            |port: &String| target.ports.as_ref().is_none_or(|ports| ports.iter().any(|name| name == port));
        let ports = workload.ports.iter().flatten().filter(|(name, _)| wanted(name));
        let ports = ports.filter(|(_, port)| !matches!(port.protocol.as_deref(), Some("UDP" | "SCTP")));
        let headless = super::workloads::is_headless(workload.service.as_ref());
        let number = |port: &spec::Port| if headless { port.container } else { port.port.or(port.container) };
        let ports = ports.filter_map(|(_, port)| number(port)).collect();
        let own = workload.name.as_deref().unwrap_or(name);
        return Some(Address { host: host(scope, place, own, workload.namespace.as_deref())?, ports });
    }
    if let Some(database) = spec.databases.as_ref().and_then(|all| all.get(name)) {
        let own = database.name.as_deref().unwrap_or(name);
        let host = host(scope, place, own, database.namespace.as_deref())?;
        let outside = database.external.as_ref().filter(|external| external.enabled != Some(false));
        let port = outside.and_then(|external| external.port).or(database.port);
        return Some(Address { host, ports: port.into_iter().collect() });
    }
    let external = spec.externals.as_ref()?.get(name)?;
    let port = external.port.unwrap_or(if external.host.is_some() { 443 } else { 80 });
    let host = if let Some(host) = &external.host {
        host.clone()
    } else {
        let service = external.service.as_deref().unwrap_or(name);
        host(scope, place, service, external.namespace.as_deref())?
    };
    Some(Address { host, ports: vec![port] })
}

/// The name of a Service as the pod asks for it: alone in its own namespace.
fn host(scope: &Scope<'_>, place: &Place, service: &str, namespace: Option<&str>) -> Option<String> {
    let namespace = scope.namespaces.get(namespace?)?;
    Some(if *namespace == place.namespace { service.to_owned() } else { format!("{service}.{namespace}") })
}

fn container(name: DnsLabel, image: ImageRef, address: &Address) -> Container {
    let Address { host, ports } = address;
    let tries: Vec<String> = ports.iter().map(|port| format!("nc -z {host} {port}")).collect();
    let script = format!("until {}; do echo waiting for {host}; sleep 2; done", tries.join(" && "));
    Container {
        name,
        image,
        command: ["sh", "-c", &script].map(str::to_owned).to_vec(),
        args: Vec::new(),
        ports: Vec::new(),
        env: Vec::new(),
        env_from: Vec::new(),
        resources: small(),
        probes: Probes::default(),
        pre_stop: Vec::new(),
        mounts: Vec::new(),
        read_only_root: true,
        capabilities: Vec::new(),
    }
}

/// What a shell in a loop needs.
fn small() -> Resources {
    let amounts = |cpu: &str, memory: &str| {
        let all = [("cpu", cpu), ("memory", memory)];
        all.into_iter().filter_map(|(name, text)| Some((name, Quantity::parse(text).ok()?))).collect()
    };
    Resources { requests: amounts("10m", "16Mi"), limits: amounts("50m", "32Mi") }
}

#[cfg(test)]
mod tests {
    use crate::resolve::testing::platform;

    #[test]
    fn a_workload_waits_for_what_it_says_in_its_own_order() {
        let text = r#"
            [platform]
            name = "shop"
            kubernetes = "1.35"
            [namespaces.core]
            [namespaces.data]
            [databases.db]
            namespace = "data"
            engine = "redis"
            image = "registry.example/redis:7"
            storage = "1Gi"
            [workloads.queue]
            namespace = "core"
            image = "registry.example/queue:1.0.0"
            ports = { amqp = { port = 80, container = 5672 }, admin = 8080 }
            [workloads.api]
            namespace = "core"
            image = "registry.example/api:1.0.0"
            wait-image = "registry.example/busybox:1.37"
            uses = [
                { name = "queue", ports = ["amqp"], wait = true },
                { name = "db", wait = { name = "init-db", image = "registry.example/api:1.0.0" } },
            ]
        "#;
        let (platform, found) = platform(text, None);
        let workloads = platform.map(|platform| platform.workloads).unwrap_or_default();
        let api = workloads.iter().find(|workload| workload.name.as_str() == "api");
        let init = &api.unwrap_or_else(|| panic!("no workload: {found:?}")).init;
        let told: Vec<(&str, String, &str)> = init
            .iter()
            .map(|init| (init.name.as_str(), init.image.to_string(), init.command[2].as_str()))
            .collect();
        let busybox = "registry.example/busybox:1.37".to_owned();
        let own = "registry.example/api:1.0.0".to_owned();
        assert_eq!(
            told,
            [
                ("wait-for-queue", busybox, "until nc -z queue 80; do echo waiting for queue; sleep 2; done"),
                ("init-db", own, "until nc -z db.data 6379; do echo waiting for db.data; sleep 2; done"),
            ]
        );
    }
}

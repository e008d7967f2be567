//! What a user declared, read off the merged document alone.

use std::net::Ipv4Addr;

use bayplan::source::Node;
use bayplan::value::{Map, Text, Value};

use super::{Pod, Port};

/// The merged document of one environment.
pub(super) struct Declared(Value);

/// Something outside the cluster that a pod may reach.
#[derive(Debug)]
pub(super) struct Outside {
    pub(super) address: Ipv4Addr,
    pub(super) port: u64,
}

impl Declared {
    pub(super) fn of(document: &Node) -> Self {
        Self(document.to_json())
    }

    /// Whether the namespace of this name denies what is not declared.
    pub(super) fn isolates(&self, namespace: &str) -> bool {
        let (_, namespace) = self.namespace(namespace);
        namespace["isolated"] == true && namespace["external"] != true
    }

    /// Whether `from` was declared to connect to `to` there.
    pub(super) fn allows(&self, from: &Pod, to: &Pod, port: &Port) -> bool {
        let Some((noun, target)) = to.source.split_once('.') else { return false };
        // What an engine runs once beside its server belongs to the same database, and exists to connect to it.
        if noun == "databases" && from.source == to.source {
            return true;
        }
        let used = self.uses_of(from).any(|used| {
            let ports = used["ports"].as_array();
            used["name"] == target && ports.is_none_or(|ports| ports.iter().any(|name| *name == port.name))
        });
        used || self.are_members(from, to)
            || self.is_gateway(from) && self.routes().any(|route| route == format!("{target}:{}", port.name))
    }

    /// The databases and the services of others outside the cluster that `from` was declared to use.
    pub(super) fn outside(&self, from: &Pod) -> Vec<Outside> {
        let databases = self.uses(from).map(|name| &self.0["databases"][name]);
        let external = databases.filter_map(|database| {
            let external = database.get("external").filter(|external| external["enabled"] != false)?;
            let cidr = external["cidrs"][0].as_str()?;
            let address = cidr.split('/').next()?.parse().ok()?;
            let port = external.get("port").unwrap_or(&database["port"]).as_u64()?;
            Some(Outside { address, port })
        });
        let hosts = self.uses(from).map(|name| &self.0["externals"][name]);
        let hosts = hosts.filter(|external| external["enabled"] != false && external["host"].is_string());
        let hosts = hosts.filter_map(|external| {
            let address = external["cidrs"][0].as_str()?.split('/').next()?.parse().ok()?;
            Some(Outside { address, port: external["port"].as_u64().unwrap_or(443) })
        });
        external.chain(hosts).collect()
    }

    /// The names that a pod's workload uses, and those that everything in its namespace does.
    fn uses<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = &'a str> {
        self.uses_of(pod).filter_map(|target| target["name"].as_str())
    }

    fn uses_of<'a>(&'a self, pod: &'a Pod) -> impl Iterator<Item = &'a Value> {
        let own = pod.source.split_once('.').map_or(&Value::Null, |(noun, key)| &self.0[noun][key]["uses"]);
        let (_, namespace) = self.namespace(&pod.namespace);
        [own, &namespace["uses"]].into_iter().filter_map(Value::as_array).flatten()
    }

    /// Whether two pods belong to one cluster: who joins whom is said at either end, and holds in both directions.
    fn are_members(&self, one: &Pod, other: &Pod) -> bool {
        let joins = |pod: &Pod, other: &Pod| {
            let keys = pod.source.split_once('.').zip(other.source.split_once('.'));
            keys.is_some_and(|((noun, key), (_, other))| {
                let joined = self.0[noun][key]["joins"].as_array();
                joined.is_some_and(|joined| joined.iter().any(|name| name == other))
            })
        };
        joins(one, other) || joins(other, one)
    }

    /// Whether requests from outside come out of this pod.
    fn is_gateway(&self, pod: &Pod) -> bool {
        let ingress = &self.0["ingress"];
        let (key, _) = self.namespace(&pod.namespace);
        match ingress["controller"].as_str() {
            Some("ingress-nginx") => pod.source == "ingress",
            _ => ingress["namespace"].as_str() == Some(key) && !key.is_empty(),
        }
    }

    /// Where routes lead, and whom the controller asks on the way.
    fn routes(&self) -> impl Iterator<Item = &str> {
        let on = |entity: &&Value| entity["enabled"] != false;
        let routes = table(&self.0["routes"]).values().filter(on);
        let paths = routes.flat_map(move |route| {
            let hosts = table(&route["hosts"]).values().filter(on).map(|host| &host["paths"]);
            hosts.chain([&route["paths"]]).flat_map(|paths| table(paths).values()).filter(on)
        });
        // Each subject's routes use every middleware that it has.
        let asked = table(&self.0["middlewares"]).values().filter(on).map(|one| &one["forward-auth"]);
        paths.chain(asked).filter_map(|path| path["to"].as_str())
    }

    /// A namespace by its name in the cluster: its key, and what was written.
    fn namespace(&self, name: &str) -> (&str, &Value) {
        let named = |(key, value): &(&Text, &Value)| value["name"].as_str().unwrap_or(key) == name;
        let found = table(&self.0["namespaces"]).iter().find(named);
        found.map_or(("", &Value::Null), |(key, value)| (key.as_str(), value))
    }
}

fn table(value: &Value) -> &Map {
    static EMPTY: std::sync::LazyLock<Map> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY)
}

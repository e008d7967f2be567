//! The Gateway that HTTPRoutes hang on: a listener for HTTP, and one for each host with TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::Targets;
use crate::diag::Diagnostic;
use crate::model::{Gateway, Listener};
use crate::names::{DnsLabel, DnsSubdomain, HostName, PortNumber};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::scope::Scope;
use crate::source::KeyPath;

/// The Gateway, and what routes have made of it so far.
pub(super) struct Plan {
    /// Its name.
    pub name: DnsSubdomain,
    /// The namespace, by its name in the cluster.
    pub namespace: DnsLabel,
    /// Whether others own it.
    pub provided: bool,
    class: Option<DnsSubdomain>,
    https_listener: String,
    ports: (PortNumber, PortNumber),
    secrets: BTreeMap<HostName, (DnsSubdomain, KeyPath)>,
    takes: BTreeSet<DnsLabel>,
}

/// The name of the listener for HTTP.
pub(super) const HTTP: &str = "http";

impl Plan {
    /// What `[ingress.gateway]` says; `None` where something is missing, which is reported.
    pub fn new(scope: &mut Scope<'_>, targets: &Targets<'_>) -> Option<Self> {
        let path = KeyPath::of(["ingress", "gateway"]);
        let spec = scope.spec;
        let ingress = spec.ingress.clone().unwrap_or_default();
        let gateway = ingress.gateway.unwrap_or_default();
        let own = spec.platform.as_ref().and_then(|info| info.name.clone());
        let name = scope.parse_required(&path, "name", gateway.name.or(own).as_deref(), DnsSubdomain::parse);
        let namespace = match &gateway.namespace {
            Some(key) => scope.namespace(&path, Some(key)),
            None => targets.namespace.clone(),
        };
        let provided = gateway.provided == Some(true);
        let class = gateway.class.or(ingress.class);
        let class = if provided {
            None
        } else {
            Some(scope.parse_required(&path, "class", class.as_deref(), DnsSubdomain::parse)?)
        };
        let port = |scope: &mut Scope<'_>, key: &str, number: Option<u16>, usual: u16| {
            let number = number.unwrap_or(usual).to_string();
            scope.parse(&path.key(key), &number, PortNumber::parse)
        };
        let ports = (
            port(scope, "http-port", gateway.http_port, 80)?,
            port(scope, "https-port", gateway.https_port, 443)?,
        );
        Some(Self {
            name: name?,
            namespace: namespace?,
            provided,
            class,
            https_listener: gateway.https_listener.unwrap_or_else(|| "https".to_owned()),
            ports,
            secrets: BTreeMap::new(),
            takes: BTreeSet::new(),
        })
    }

    /// The listener for a host of a route, which is remembered: with TLS it is the host's own.
    pub fn listener(
        &mut self,
        scope: &mut Scope<'_>,
        (host, namespace): (&HostName, &DnsLabel),
        tls: Option<(&DnsSubdomain, &KeyPath)>,
    ) -> String {
        self.takes.insert(namespace.clone());
        let Some((secret, path)) = tls else { return HTTP.to_owned() };
        if self.provided {
            return self.https_listener.clone();
        }
        let known = self.secrets.entry(host.clone()).or_insert_with(|| (secret.clone(), path.clone()));
        if known.0 != *secret {
            let message = format!("`{path}` and `{}` have different certificates for {host}", known.1);
            let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(path), "");
            let problem = problem.at(scope.span(&known.1), "the other one");
            scope.report(problem.hint("a Gateway has one certificate a host: give both routes the same"));
        }
        listener_name(host)
    }

    /// The Gateway, where this platform has one and routes hang on it.
    pub fn finish(self) -> Option<Gateway> {
        let class = self.class.filter(|_| !self.takes.is_empty())?;
        let plain = Listener { name: HTTP.to_owned(), port: self.ports.0, tls: None };
        let port = self.ports.1;
        let secure = self.secrets.into_iter().map(|(host, (secret, _))| Listener {
            name: listener_name(&host),
            port,
            tls: Some((host, secret)),
        });
        Some(Gateway {
            source: KeyPath::of(["ingress"]),
            name: self.name,
            namespace: self.namespace,
            class,
            listeners: std::iter::once(plain).chain(secure).collect(),
            takes: self.takes.into_iter().collect(),
        })
    }
}

/// A listener is called after its host, in the letters that its name may have.
fn listener_name(host: &HostName) -> String {
    format!("https-{}", host.as_str().replace("*.", "wildcard-").replace('.', "-"))
}

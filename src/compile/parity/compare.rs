//! One environment of a platform against a Compose project.

use std::collections::{BTreeMap, BTreeSet};

use super::{Difference, LOST, NARROWED, ServiceParity, WIDENED};
use crate::compile::Compiled;
use crate::diag::{Code, Diagnostic};
use crate::import::compose::{MountKind, Project, Service, platform_name};
use crate::model::{Peer, RouteForm, ServiceType, Workload};
use crate::source::{KeyPath, Segment, Span};
use crate::spec;

/// The nouns whose entities can take the place of a service.
const NOUNS: [&str; 8] =
    ["workloads", "databases", "externals", "charts", "keycloaks", "kafkas", "oauth2-proxies", "ingress"];

/// Every service, as it stands in this environment.
pub(super) fn services(
    compiled: &Compiled,
    declared: &spec::Parity,
    project: &Project,
    environment: Option<&str>,
) -> Vec<ServiceParity> {
    let view = View::new(compiled, declared, project);
    let services = project.services.iter().map(|(name, service)| {
        let mut differences = view.differences(name, service);
        for difference in &mut differences {
            difference.finding.environments.extend(environment.map(str::to_owned));
        }
        ServiceParity {
            service: name.clone(),
            environment: environment.map(str::to_owned),
            entity: view.entities.get(name.as_str()).map(ToString::to_string),
            excused: view.excuse(name).cloned(),
            differences,
        }
    });
    services.collect()
}

struct View<'a> {
    compiled: &'a Compiled,
    declared: &'a spec::Parity,
    project: &'a Project,
    /// The entity in the place of each service.
    entities: BTreeMap<&'a str, KeyPath>,
}

impl<'a> View<'a> {
    fn new(compiled: &'a Compiled, declared: &'a spec::Parity, project: &'a Project) -> Self {
        let entities = project.services.keys();
        let entities =
            entities.filter_map(|name| Some((name.as_str(), entity(compiled, declared, name)?))).collect();
        Self { compiled, declared, project, entities }
    }

    fn excuse(&self, key: &str) -> Option<&'a String> {
        self.declared.excused.as_ref()?.get(key).filter(|reason| !reason.trim().is_empty())
    }

    /// What runs in the place of a service.
    fn workload(&self, service: &str) -> Option<&'a Workload> {
        let entity = self.entities.get(service)?;
        self.compiled.model.workloads.iter().find(|workload| workload.source == *entity)
    }

    fn differences(&self, name: &str, service: &Service) -> Vec<Difference> {
        let Some(workload) = self.workload(name) else { return Vec::new() };
        let mut found = Vec::new();
        let mut add = |code: &'static Code, part: String, span: Option<Span>, message: String| {
            if self.excuse(&format!("{name}:{part}")).is_none() {
                let hint = format!("or say why: `parity.excused.\"{name}:{part}\" = \"…\"`");
                let mend = mend(code);
                found.push(Difference {
                    part,
                    finding: Diagnostic::new(code, message).at(span, "").hint(mend).hint(hint),
                });
            }
        };
        let entity = &self.entities[name];
        for (part, span, message) in lost_ports(workload, service, entity) {
            add(&LOST, part, span, message);
        }
        for (part, span, message) in self.lost_variables(service, entity) {
            add(&LOST, part, span, message);
        }
        for (part, span, message) in lost_volumes(workload, service, entity) {
            add(&LOST, part, span, message);
        }
        for (part, message) in self.narrowed(name, workload) {
            add(&NARROWED, part, service.span, message);
        }
        for (part, message) in self.widened(name, workload) {
            add(&WIDENED, part, service.span, message);
        }
        for (part, span, message) in self.unpublished(service, workload, entity) {
            add(&NARROWED, part, span, message);
        }
        found
    }

    /// Variables that the entity has not. An engine is told otherwise what it must know.
    fn lost_variables(&self, service: &Service, entity: &KeyPath) -> Vec<(String, Option<Span>, String)> {
        if !matches!(entity.segments().first(), Some(Segment::Key(noun)) if noun == "workloads") {
            return Vec::new();
        }
        let document = &self.compiled.document;
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for part in ["env", "settings"] {
            let fields = document.at(&entity.key(part)).and_then(|node| node.as_table());
            known.extend(fields.into_iter().flatten().map(|(name, _)| name.as_str()));
        }
        let whole =
            document.at(&entity.key("env-from")).map(crate::source::Node::to_json).unwrap_or_default();
        for key in whole.as_array().into_iter().flatten().filter_map(|key| key.as_str()) {
            for (noun, part) in [("configs", "data"), ("secrets", "keys")] {
                let fields = document.at(&KeyPath::of([noun, key, part])).and_then(|node| node.as_table());
                known.extend(fields.into_iter().flatten().map(|(name, _)| name.as_str()));
            }
        }
        let lost = service.environment.iter().filter(|(name, _)| !known.contains(name.as_str()));
        lost.map(|(name, it)| (name.clone(), it.span, format!("`{entity}` has no variable `{name}`")))
            .collect()
    }

    /// Services that share a network with this one, where no edge leads from either to the other. A pair is said once.
    fn narrowed(&self, name: &str, workload: &Workload) -> Vec<(String, String)> {
        let others = self.project.services.keys().filter(|other| other.as_str() > name);
        let allowed = others.filter(|other| self.project.share_network(name, other));
        let apart = |other: &Workload| {
            !self.reached(workload).contains(&place_of(other))
                && !self.reached(other).contains(&place_of(workload))
        };
        let lost = allowed.filter(|other| self.workload(other).is_some_and(apart));
        lost.map(|other| {
            let message =
                format!("`{name}` and `{other}` share a network of Compose, and no edge connects them");
            (other.clone(), message)
        })
        .collect()
    }

    /// Services to which an edge leads, and which share no network with this one.
    fn widened(&self, name: &str, workload: &Workload) -> Vec<(String, String)> {
        let reached = self.reached(workload);
        let others = self.project.services.keys().filter(|other| *other != name);
        let apart = others.filter(|other| !self.project.share_network(name, other));
        let new =
            apart.filter(|other| self.workload(other).is_some_and(|it| reached.contains(&place_of(it))));
        new.map(|other| {
            (
                other.clone(),
                format!("`{name}` reaches `{other}`, and the networks of Compose keep them apart"),
            )
        })
        .collect()
    }

    fn reached(&self, workload: &Workload) -> BTreeSet<(String, String)> {
        let own = Peer::Workload { namespace: workload.namespace.clone(), name: workload.name.clone() };
        let edges = self.compiled.model.edges.iter().filter(|edge| edge.from == own);
        edges
            .filter_map(|edge| match &edge.to {
                Peer::Workload { namespace, name } => Some((namespace.to_string(), name.to_string())),
                _ => None,
            })
            .collect()
    }

    /// Ports that the machine publishes and nothing of the platform does.
    fn unpublished(
        &self,
        service: &Service,
        workload: &Workload,
        entity: &KeyPath,
    ) -> Vec<(String, Option<Span>, String)> {
        let outside = |kind: ServiceType| matches!(kind, ServiceType::NodePort | ServiceType::LoadBalancer);
        if workload.services.iter().any(|it| outside(it.r#type)) || self.has_route(workload) {
            return Vec::new();
        }
        let published = service.ports.iter().filter(|port| port.published.is_some());
        published
            .map(|port| {
                let number = port.container.to_string();
                let message =
                    format!("port {number} is published on the machine, and no route leads to `{entity}`");
                (format!("{number} outside"), port.span, message)
            })
            .collect()
    }

    fn has_route(&self, workload: &Workload) -> bool {
        let names: Vec<&str> = workload.services.iter().map(|service| service.name.as_str()).collect();
        self.compiled.model.routes.iter().filter(|route| route.namespace == workload.namespace).any(|route| {
            let is_web = matches!(
                route.form,
                RouteForm::Ingress { .. } | RouteForm::IngressRoute { .. } | RouteForm::HttpRoute { .. }
            );
            let mut paths = route.hosts.iter().flat_map(|host| &host.paths);
            is_web && paths.any(|path| names.contains(&path.backend.service.as_str()))
        })
    }
}

fn place_of(workload: &Workload) -> (String, String) {
    (workload.namespace.to_string(), workload.name.to_string())
}

/// The entity in the place of a service: the one that was named, or one of the same name.
fn entity(compiled: &Compiled, declared: &spec::Parity, name: &str) -> Option<KeyPath> {
    let exists = |path: &KeyPath| {
        let node = compiled.document.at(path)?;
        let enabled = node.get("enabled").is_none_or(|it| it.to_json() != crate::value::Value::Bool(false));
        (enabled && node.as_table().is_some()).then(|| path.clone())
    };
    if let Some(path) = declared.services.as_ref().and_then(|services| services.get(name)) {
        let path = KeyPath::of(path.split('.').map(str::to_owned));
        let noun = path.segments().first();
        return exists(&path)
            .filter(|_| matches!(noun, Some(Segment::Key(noun)) if NOUNS.contains(&noun.as_str())));
    }
    let keys = [name.to_owned(), platform_name(name)];
    let mut paths = NOUNS[..NOUNS.len() - 1]
        .iter()
        .flat_map(|noun| keys.iter().map(move |key| KeyPath::of([*noun, key])));
    paths.find_map(|path| exists(&path))
}

const fn mend(code: &'static Code) -> &'static str {
    match code.severity {
        crate::diag::Severity::Note => {
            "if it is used, declare it: `uses` for a connection, `[routes]` for the way in"
        }
        _ => "make the two alike",
    }
}

fn lost_ports(
    workload: &Workload,
    service: &Service,
    entity: &KeyPath,
) -> Vec<(String, Option<Span>, String)> {
    let known: BTreeSet<u16> =
        workload.containers.iter().flat_map(|it| &it.ports).map(|port| port.number.get()).collect();
    let lost = service.ports.iter().filter(|port| !known.contains(&port.container));
    lost.map(|port| {
        (port.container.to_string(), port.span, format!("`{entity}` has no port {}", port.container))
    })
    .collect()
}

/// Volumes whose path, or one above it, nothing is mounted at.
fn lost_volumes(
    workload: &Workload,
    service: &Service,
    entity: &KeyPath,
) -> Vec<(String, Option<Span>, String)> {
    let mounted: Vec<&str> = workload
        .containers
        .iter()
        .flat_map(|it| &it.mounts)
        .map(|mount| mount.path.trim_end_matches('/'))
        .collect();
    let holds = |path: &str| {
        mounted
            .iter()
            .any(|at| path.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    let volumes = service.mounts.iter().filter(|mount| matches!(mount.kind, MountKind::Volume(_)));
    let lost = volumes.filter(|mount| !holds(mount.target.trim_end_matches('/')));
    lost.map(|mount| {
        (mount.target.clone(), mount.span, format!("nothing is mounted at `{}` of `{entity}`", mount.target))
    })
    .collect()
}

//! Who connects to whom: `uses`, from what the file declares and from what variables and commands name.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, hosts};
use super::project::{Condition, Service};
use crate::spec;

/// The edges of all services.
#[derive(Debug, Default)]
pub(super) struct Edges {
    /// What each service uses, and whether it waits for it.
    pub uses: BTreeMap<String, BTreeMap<String, bool>>,
    /// What each service and the other call each other by, where `uses` would be a circle.
    pub joins: BTreeMap<String, BTreeSet<String>>,
    /// Services that others wait for until they have ended.
    pub jobs: BTreeSet<String>,
    /// Ports of services that others name.
    pub ports: BTreeMap<String, BTreeSet<u16>>,
}

/// Words in the name of a variable whose value may be a bare host.
const HOST_WORDS: [&str; 9] =
    ["HOST", "SERVER", "URL", "URI", "ADDR", "ENDPOINT", "UPSTREAM", "BROKER", "NODE"];

/// Finds every edge. One between services that share no network is said and left out: it could not work there either.
pub(super) fn edges(draft: &mut Draft<'_>) -> Edges {
    let mut edges = Edges::default();
    let project = draft.project;
    for (name, service) in &project.services {
        for dependency in &service.depends_on {
            let target = dependency.service.as_str();
            if !project.services.contains_key(target) || draft.proxies.contains(target) {
                continue;
            }
            if dependency.condition == Condition::Completed {
                edges.jobs.insert(target.to_owned());
                let message = format!("`{name}` starts when `{target}` has ended");
                let hint = "a Job runs when it is applied: let the program wait or fail until what it needs is there";
                draft.not_carried(dependency.span, message, hint);
            } else if project.share_network(name, target) {
                let waits = dependency.condition == Condition::Healthy;
                *edges.uses.entry(name.clone()).or_default().entry(target.to_owned()).or_default() |= waits;
            }
        }
    }
    for (name, service) in &project.services {
        for (target, port) in mentions(draft, service) {
            let span = service.span;
            if target == *name || draft.proxies.contains(target.as_str()) {
                continue;
            }
            if !project.share_network(name, &target) {
                let message = format!("`{name}` names `{target}`, and shares no network with it");
                draft.not_carried(span, message, "if it does call it, add it to `uses`");
                continue;
            }
            edges.ports.entry(target.clone()).or_default().extend(port);
            edges.add(name, &target);
        }
    }
    edges
}

impl Edges {
    fn add(&mut self, from: &str, to: &str) {
        if self.uses.get(from).is_some_and(|targets| targets.contains_key(to)) {
            return;
        }
        if self.reaches(to, from) {
            self.joins.entry(from.to_owned()).or_default().insert(to.to_owned());
        } else {
            self.uses.entry(from.to_owned()).or_default().insert(to.to_owned(), false);
        }
    }

    fn reaches(&self, from: &str, to: &str) -> bool {
        let mut seen = BTreeSet::from([from]);
        let mut waiting = vec![from];
        while let Some(name) = waiting.pop() {
            if name == to {
                return true;
            }
            let targets = self.uses.get(name).into_iter().flat_map(BTreeMap::keys);
            waiting.extend(targets.filter(|target| seen.insert(target)).map(String::as_str));
        }
        false
    }

    /// The `uses` of a service, by the keys of the platform.
    pub fn uses_of(&self, draft: &Draft<'_>, name: &str) -> Option<Vec<spec::Use>> {
        let targets = self.uses.get(name)?.iter().filter(|(target, _)| !self.jobs.contains(*target));
        let uses: Vec<spec::Use> = targets
            .map(|(target, waits)| spec::Use {
                name: Some(draft.key(target)),
                wait: waits.then(|| spec::Wait { enabled: Some(true), ..Default::default() }),
                ..Default::default()
            })
            .collect();
        (!uses.is_empty()).then_some(uses)
    }
}

/// The services that the variables, the command and the labels of a service name, each with the port if there is one.
fn mentions(draft: &Draft<'_>, service: &Service) -> BTreeSet<(String, Option<u16>)> {
    let variables =
        service.environment.iter().filter_map(|(name, it)| Some((name.as_str(), it.value.as_deref()?)));
    let commands = [&service.command, &service.entrypoint].into_iter().flatten();
    let words = commands.flat_map(|it| it.words.iter().map(|word| ("", word.as_str())));
    let mut found = BTreeSet::new();
    for (variable, raw) in variables.chain(words) {
        let text = draft.filled(raw);
        for (name, other) in &draft.project.services {
            for host in std::iter::once(name).chain(&other.aliases) {
                for (start, end) in hosts(&text, host) {
                    let bare = start == 0 && end == text.len() && !text.contains(':');
                    if bare && !HOST_WORDS.iter().any(|word| variable.to_ascii_uppercase().contains(word)) {
                        continue;
                    }
                    let port = text[start..end].rsplit_once(':').and_then(|(_, port)| port.parse().ok());
                    found.insert((name.clone(), port));
                }
            }
        }
    }
    found
}

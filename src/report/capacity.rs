//! Whether what an environment asks for fits on its cluster.
//!
//! Requests are what the scheduler goes by, so they decide; limits are shown beside them. A pod counts as the scheduler
//! counts it: the sum of its containers, or its largest init container where that asks for more
//! (<https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers>), and an
//! injected agent besides. An autoscaled workload counts with the most pods that it may have, and a Job with its one.

use crate::model::{Container, Controller, Platform, Replicas, Resources, Workload};
use crate::names::Quantity;

/// An amount of everything that pods take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// CPU in millicores.
    pub millicores: u64,
    /// Memory in bytes.
    pub memory: u64,
    /// Pods.
    pub pods: u64,
}

/// What one workload takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its component.
    pub component: String,
    /// Its name in the cluster.
    pub workload: String,
    /// What its pods ask for together.
    pub requests: Load,
    /// What its pods may take together.
    pub limits: Load,
}

/// What an environment asks for, and what its cluster offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// The environment.
    pub environment: String,
    /// The cluster.
    pub cluster: String,
    /// The workloads.
    pub rows: Vec<Row>,
    /// Millicores of all nodes; `None` where nobody said.
    pub millicores: Option<u64>,
    /// Bytes of memory of all nodes; `None` where nobody said.
    pub memory: Option<u64>,
    /// Pods that all nodes take.
    pub pods: u64,
    /// What others take already.
    pub existing: Load,
}

/// The capacity of a platform in one environment.
#[must_use]
pub fn capacity(platform: &Platform) -> Capacity {
    let cluster = &platform.cluster;
    let nodes = u64::from(cluster.nodes);
    let of_nodes = |amount: Option<u64>| amount.map(|amount| amount.saturating_mul(nodes));
    Capacity {
        environment: platform.environment.as_ref().map_or_else(|| "base".to_owned(), ToString::to_string),
        cluster: cluster.name.clone(),
        rows: platform.workloads.iter().map(|workload| row(platform, workload)).collect(),
        millicores: of_nodes(cluster.node_millicores),
        memory: of_nodes(cluster.node_memory),
        pods: cluster.node_pods.saturating_mul(nodes),
        existing: Load {
            millicores: cluster.existing.millicores,
            memory: cluster.existing.memory,
            pods: cluster.existing.pods,
        },
    }
}

fn row(platform: &Platform, workload: &Workload) -> Row {
    let pods = pods(platform, workload);
    let total = |side: fn(&Resources) -> &[(&'static str, Quantity)]| {
        let one = plus(pod(workload, side), agent(platform, workload, side));
        Load {
            millicores: one.millicores.saturating_mul(pods),
            memory: one.memory.saturating_mul(pods),
            pods,
        }
    };
    Row {
        component: workload.component.to_string(),
        workload: workload.name.to_string(),
        requests: total(|resources| &resources.requests),
        limits: total(|resources| &resources.limits),
    }
}

fn pods(platform: &Platform, workload: &Workload) -> u64 {
    let count = match &workload.controller {
        Controller::Deployment { replicas, .. } | Controller::StatefulSet { replicas, .. } => {
            match replicas {
                Replicas::Fixed(count) => *count,
                Replicas::Autoscaled => workload.autoscaler.as_ref().map_or(1, |autoscaler| autoscaler.max),
            }
        }
        Controller::DaemonSet => i32::try_from(platform.cluster.nodes).unwrap_or(i32::MAX),
        Controller::Job | Controller::CronJob { .. } => 1,
    };
    u64::try_from(count).unwrap_or(0)
}

fn pod(workload: &Workload, side: fn(&Resources) -> &[(&'static str, Quantity)]) -> Load {
    let of = |container: &Container| load(side(&container.resources));
    let beside = workload.containers.iter().map(of).fold(Load::default(), plus);
    workload.init.iter().map(of).fold(beside, most)
}

/// What the agent takes that Vault's injector puts beside the containers.
fn agent(
    platform: &Platform,
    workload: &Workload,
    side: fn(&Resources) -> &[(&'static str, Quantity)],
) -> Load {
    let Some(vault) = &platform.surroundings.vault else { return Load::default() };
    let reads = vault
        .grants
        .iter()
        .any(|grant| grant.namespace == workload.namespace && grant.account == workload.name);
    if reads { load(side(&vault.resources)) } else { Load::default() }
}

fn load(amounts: &[(&'static str, Quantity)]) -> Load {
    let find = |wanted: &str| amounts.iter().find(|(name, _)| *name == wanted).map(|(_, amount)| amount);
    let whole = |amount: i128| u64::try_from(amount).unwrap_or(u64::MAX);
    Load {
        millicores: find("cpu").map_or(0, |amount| whole(amount.millis())),
        memory: find("memory").map_or(0, |amount| whole(amount.units())),
        pods: 0,
    }
}

const fn plus(one: Load, other: Load) -> Load {
    Load {
        millicores: one.millicores.saturating_add(other.millicores),
        memory: one.memory.saturating_add(other.memory),
        pods: one.pods.saturating_add(other.pods),
    }
}

fn most(one: Load, other: Load) -> Load {
    Load {
        millicores: one.millicores.max(other.millicores),
        memory: one.memory.max(other.memory),
        pods: one.pods.max(other.pods),
    }
}

impl Capacity {
    /// The same without the workloads of a component, as where another platform brings it.
    #[must_use]
    pub fn without(mut self, component: &str) -> Self {
        self.rows.retain(|row| row.component != component);
        self
    }

    /// What all workloads ask for.
    #[must_use]
    pub fn requests(&self) -> Load {
        self.rows.iter().map(|row| row.requests).fold(Load::default(), plus)
    }

    /// What all workloads may take.
    #[must_use]
    pub fn limits(&self) -> Load {
        self.rows.iter().map(|row| row.limits).fold(Load::default(), plus)
    }

    /// What does not fit, a sentence for each resource: `memory: 3Gi asked for, 2Gi free: 1Gi too much`.
    #[must_use]
    pub fn excess(&self) -> Vec<String> {
        let (asked, taken) = (self.requests(), self.existing);
        let cpu = over(asked.millicores, self.millicores, taken.millicores)
            .map(|(free, over)| shortage("cpu", [asked.millicores, free, over].map(cores)));
        let memory = over(asked.memory, self.memory, taken.memory)
            .map(|(free, over)| shortage("memory", [asked.memory, free, over].map(bytes)));
        let pods = over(asked.pods, Some(self.pods), taken.pods)
            .map(|(free, over)| shortage("pods", [asked.pods, free, over].map(|count| count.to_string())));
        [cpu, memory, pods].into_iter().flatten().collect()
    }

    /// A table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let head = ["", "pods", "cpu", "memory", "cpu limit", "memory limit"].map(str::to_owned);
        let of_row = |row: &Row| line(&row.workload, row.requests, row.limits);
        let mut rows: Vec<[String; 6]> = std::iter::once(head).chain(self.rows.iter().map(of_row)).collect();
        rows.push(line("together", self.requests(), self.limits()));
        let unknown = || "?".to_owned();
        let amounts = |name: &str, pods: u64, cpu: Option<u64>, memory: Option<u64>| {
            let (cpu, memory) = (cpu.map_or_else(unknown, cores), memory.map_or_else(unknown, bytes));
            [name.to_owned(), pods.to_string(), cpu, memory, String::new(), String::new()]
        };
        let taken = self.existing;
        rows.push(amounts("the nodes offer", self.pods, self.millicores, self.memory));
        if taken != Load::default() {
            rows.push(amounts("others ask for", taken.pods, Some(taken.millicores), Some(taken.memory)));
        }
        let verdict = match (self.excess().as_slice(), self.millicores.or(self.memory)) {
            ([], None) => {
                "say `cluster.node-cpu` and `cluster.node-memory` to see whether it fits".to_owned()
            }
            ([], Some(_)) => "it fits".to_owned(),
            (excess, _) => format!("it does not fit: {}", excess.join("; ")),
        };
        format!("{} on {}\n{}{verdict}\n", self.environment, self.cluster, aligned(&rows))
    }
}

fn line(name: &str, requests: Load, limits: Load) -> [String; 6] {
    [
        name.to_owned(),
        requests.pods.to_string(),
        cores(requests.millicores),
        bytes(requests.memory),
        cores(limits.millicores),
        bytes(limits.memory),
    ]
}

/// What is free, and by how much `asked` exceeds it; `None` where it fits or nobody said what there is.
fn over(asked: u64, offered: Option<u64>, taken: u64) -> Option<(u64, u64)> {
    let free = offered?.saturating_sub(taken);
    (asked > free).then(|| (free, asked - free))
}

fn shortage(resource: &str, [asked, free, over]: [String; 3]) -> String {
    format!("{resource}: {asked} asked for, {free} free: {over} too much")
}

/// Millicores as people write them.
fn cores(millicores: u64) -> String {
    if millicores.is_multiple_of(1000) { (millicores / 1000).to_string() } else { format!("{millicores}m") }
}

/// Bytes in whole mebibytes, rounded up.
fn bytes(bytes: u64) -> String {
    format!("{}Mi", bytes.div_ceil(1024 * 1024))
}

/// Columns, the first to the left and the others to the right.
fn aligned(rows: &[[String; 6]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(nodes: Load, existing: Load, asked: Load) -> Capacity {
        let row = Row { component: "a".into(), workload: "a".into(), requests: asked, limits: asked };
        Capacity {
            environment: "dev".into(),
            cluster: "node".into(),
            rows: vec![row],
            millicores: Some(nodes.millicores),
            memory: Some(nodes.memory),
            pods: nodes.pods,
            existing,
        }
    }

    #[test]
    fn what_others_take_is_not_free() {
        let load = |millicores, memory: u64, pods| Load { millicores, memory: memory << 30, pods };
        let fits = on(load(4000, 8, 110), load(3000, 5, 17), load(1000, 3, 4));
        assert_eq!(fits.excess(), Vec::<String>::new());
        let full = on(load(4000, 8, 20), load(3000, 5, 17), load(1500, 4, 4));
        assert_eq!(
            full.excess(),
            [
                "cpu: 1500m asked for, 1 free: 500m too much",
                "memory: 4096Mi asked for, 3072Mi free: 1024Mi too much",
                "pods: 4 asked for, 3 free: 1 too much",
            ]
        );
    }
}

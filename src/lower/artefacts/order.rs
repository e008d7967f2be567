//! The order in which workloads become ready: what is depended on comes first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::model::{Peer, Platform, Workload};
use crate::names::DnsLabel;

type Key<'a> = (&'a DnsLabel, &'a DnsLabel);

/// The workloads, each after those that it connects to. Workloads that wait for one another come last, by name.
pub(super) fn by_dependency(platform: &Platform) -> Vec<&Workload> {
    let workloads: BTreeMap<Key, &Workload> =
        platform.workloads.iter().map(|workload| ((&workload.namespace, &workload.name), workload)).collect();
    let (mut waits, waiters) = graph(platform, &workloads);
    let free = |key: &&Key| waits.get(*key).is_none_or(|wanted| *wanted == 0);
    let mut ready: VecDeque<Key> = workloads.keys().filter(free).copied().collect();
    let mut order: Vec<Key> = Vec::new();
    while let Some(key) = ready.pop_front() {
        order.push(key);
        for waiter in waiters.get(&key).into_iter().flatten() {
            let Some(wanted) = waits.get_mut(waiter) else { continue };
            *wanted -= 1;
            if *wanted == 0 {
                ready.push_back(*waiter);
            }
        }
    }
    let done: BTreeSet<Key> = order.iter().copied().collect();
    let circular = workloads.keys().copied().filter(|key| !done.contains(key));
    order.iter().copied().chain(circular).filter_map(|key| workloads.get(&key).copied()).collect()
}

/// How many others each workload waits for, and who waits for it.
fn graph<'a>(
    platform: &'a Platform,
    workloads: &BTreeMap<Key<'a>, &Workload>,
) -> (BTreeMap<Key<'a>, usize>, BTreeMap<Key<'a>, BTreeSet<Key<'a>>>) {
    let mut waits: BTreeMap<Key, usize> = BTreeMap::new();
    let mut waiters: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
    for edge in platform.edges.iter().filter(|edge| edge.orders()) {
        let (Some(from), Some(to)) = (key(&edge.from), key(&edge.to)) else { continue };
        let known = from != to && workloads.contains_key(&from) && workloads.contains_key(&to);
        if known && waiters.entry(to).or_default().insert(from) {
            *waits.entry(from).or_default() += 1;
        }
    }
    (waits, waiters)
}

const fn key(peer: &Peer) -> Option<Key<'_>> {
    match peer {
        Peer::Workload { namespace, name } => Some((namespace, name)),
        Peer::Namespace(_) | Peer::Pods { .. } | Peer::Tenants | Peer::Addresses(_) => None,
    }
}

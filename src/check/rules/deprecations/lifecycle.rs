//! When each API was deprecated and removed, and what takes its place: the markers of `k8s.io/api`, as a table, and the two
//! that upstream deprecates in words alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::check::KubernetesVersion;

/// A line an API: its version, its kind, the minor versions that deprecated and removed it, and its successor.
const TABLE: &str = include_str!("lifecycle.tsv");

/// The end of an API, in minor versions of Kubernetes 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::check::rules) struct Life {
    pub deprecated: Option<u32>,
    pub removed: Option<u32>,
    /// The API to write instead.
    pub replacement: Option<&'static str>,
}

/// The table by API version and kind, since every object is looked up in it.
static LIVES: LazyLock<BTreeMap<(&str, &str), Life>> =
    LazyLock::new(|| TABLE.lines().filter_map(life).collect());

/// What is known of the end of an API; `None` for one that stays.
pub(in crate::check::rules) fn of(api_version: &str, kind: &str) -> Option<Life> {
    LIVES.get(&(api_version, kind)).copied()
}

fn life(line: &'static str) -> Option<((&'static str, &'static str), Life)> {
    let mut cells = line.split('\t');
    let api = (cells.next()?, cells.next()?);
    let mut minor = || cells.next().and_then(|cell| cell.parse().ok());
    let (deprecated, removed) = (minor(), minor());
    Some((api, Life { deprecated, removed, replacement: cells.next().filter(|cell| !cell.is_empty()) }))
}

/// The minor version as a number.
pub(super) fn minor(version: KubernetesVersion) -> u32 {
    version.as_str().split('.').nth(1).and_then(|minor| minor.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let life = of("extensions/v1beta1", "Ingress").expect("it is in the table");
        assert_eq!(life.removed, Some(22));
        assert_eq!(of("apps/v1", "Deployment"), None);
        assert!(TABLE.lines().all(|line| line.split('\t').count() == 5));
    }
}

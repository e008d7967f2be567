//! Random platforms that are valid by construction, for tests of what must hold for every platform.
//!
//! The dice fall the same way in every run: a failure today is a failure tomorrow, and proptest shows the smallest
//! platform that it finds for it.

mod dice;
mod environment;
mod platform;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

pub use platform::Generated;

/// Platforms of every size, from one workload in one namespace upwards.
fn platforms() -> impl Strategy<Value = Generated> {
    prop::collection::vec(any::<u16>(), 0..400).prop_map(Generated::of)
}

/// Holds `property` against `cases` platforms, the same ones in every run.
pub fn hold_for_all(cases: u32, property: impl Fn(&Generated) -> Result<(), String>) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, deterministic());
    let outcome = runner.run(&platforms(), |platform| property(&platform).map_err(TestCaseError::fail));
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// The first `count` platforms, for tests that need them side by side.
pub fn sample(count: usize) -> Vec<Generated> {
    let mut runner = TestRunner::new_with_rng(Config::default(), deterministic());
    let mut next = || platforms().new_tree(&mut runner).expect("nothing is rejected").current();
    (0..count).map(|_| next()).collect()
}

fn deterministic() -> proptest::test_runner::TestRng {
    let algorithm = proptest::test_runner::RngAlgorithm::ChaCha;
    proptest::test_runner::TestRng::deterministic_rng(algorithm)
}

/// Every other test rests on this one.
#[test]
fn every_generated_platform_compiles() {
    hold_for_all(100, |platform| platform.compile().map(drop));
}

/// Random is not enough: what is never generated is never tested.
#[test]
fn the_sample_has_a_bit_of_everything() {
    let mut kinds = BTreeSet::new();
    for platform in sample(60) {
        let compilation = platform.compile().unwrap_or_else(|report| panic!("{report}\n{platform:?}"));
        let environments = compilation.environments.values().map(|compiled| &compiled.objects);
        for objects in environments.chain([&compilation.base.objects]) {
            kinds.extend(objects.iter().map(|object| object.id.gvk.kind.clone()));
        }
    }
    let expected = [
        "ClusterRole",
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "ExternalSecret",
        "HorizontalPodAutoscaler",
        "IPAddressPool",
        "Ingress",
        "IngressClass",
        "Job",
        "LimitRange",
        "Namespace",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "ResourceQuota",
        "Role",
        "RoleBinding",
        "Service",
        "ServiceAccount",
        "StatefulSet",
        "StorageClass",
    ];
    let missing: Vec<&str> = expected.into_iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert_eq!(missing, Vec::<&str>::new(), "found {kinds:?}");
}

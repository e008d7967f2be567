//! Manifests that a fuzzer would make: whatever they hold, the reader and every rule end, and none of them panics.
//!
//! The short and repeatable part of `fuzz/fuzz_targets/check.rs`: the fixtures of all kinds, with values exchanged for
//! awkward ones and texts cut and doubled.

use bayplan::check::{Policy, Profile, Schemas, run};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const FIXTURES: &str = include_str!("../../cases/check/base.yaml");

/// What has made checkers of manifests fail: nothing, the wrong shape, the largest, the empty, the endless.
const AWKWARD: [&str; 24] = [
    "null",
    "[]",
    "{}",
    "''",
    "-1",
    "0",
    "1e400",
    "9223372036854775807",
    "18446744073709551615",
    "[[]]",
    "[null]",
    "{'': ''}",
    "'*'",
    "'%'",
    "'::'",
    "'/'",
    "'@sha256:'",
    "'1e3Ki'",
    "'$(A'",
    "'\\ud800'",
    "\"\\u0000\"",
    "true",
    ".5",
    "'é世🚢'",
];

fn judged(schemas: &Schemas, text: &str) {
    let reading = manifest::read("a.yaml", text.as_bytes().to_vec());
    let mut policy = Policy::new(schemas);
    policy.profile = Profile::Strict;
    for finding in run(&reading.objects, &policy) {
        let Some(object) = finding.object else { continue };
        let place = reading.locate(object, &finding.field);
        assert!(reading.text.get(place.shown(&reading.text)).is_some());
    }
}

/// The fixtures with one line's value exchanged, a line taken out, or the text cut.
fn damaged(line: usize, edit: u8, awkward: &str, other: usize) -> String {
    let mut lines: Vec<String> = FIXTURES.lines().map(str::to_owned).collect();
    let (at, other) = (line % lines.len(), other % lines.len());
    match edit {
        0..=5 => {
            let key = lines[at].split_once(": ").map(|(key, _)| key.to_owned());
            lines[at] = key.map_or_else(|| lines[at].clone(), |key| format!("{key}: {awkward}"));
        }
        6 => drop(lines.remove(at)),
        7 => {
            let twin = lines[other].clone();
            lines[at] = twin;
        }
        8 => lines[at].insert_str(0, "  "),
        _ => lines.truncate(at),
    }
    lines.join("\n")
}

#[test]
fn no_damage_makes_a_rule_panic() {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let config = Config { cases: 192, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let edits = (any::<u16>(), 0_u8..10, prop::sample::select(AWKWARD.to_vec()), any::<u16>());
    let property = |(line, edit, awkward, other): (u16, u8, &str, u16)| {
        judged(&schemas, &damaged(usize::from(line), edit, awkward, usize::from(other)));
        Ok(())
    };
    runner.run(&edits, property).unwrap();
}

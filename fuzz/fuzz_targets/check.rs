//! Any bytes as a manifest: the reader and every rule end, and none of them panics.
//!
//! `cargo +nightly fuzz run check` runs it; `tests/suite/judge/hostile.rs` runs a short part in `cargo test`.
#![no_main]

use std::sync::LazyLock;

use bayplan::check::{Policy, Profile, Schemas, run};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;
use libfuzzer_sys::fuzz_target;

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::new(KubernetesVersion::V1_35));

fuzz_target!(|bytes: &[u8]| {
    let reading = manifest::read("fuzz.yaml", bytes.to_vec());
    let mut policy = Policy::new(&SCHEMAS);
    policy.profile = Profile::Strict;
    for finding in run(&reading.objects, &policy) {
        let Some(object) = finding.object else { continue };
        let place = reading.locate(object, &finding.field);
        assert!(reading.text.get(place.shown(&reading.text)).is_some());
    }
});

//! The schemas: that the committed files are what was generated, and that our walker judges as JSON Schema does.

#[path = "check/corpus.rs"]
mod corpus;
#[path = "check/custom_resources.rs"]
mod custom_resources;
#[path = "../../examples/generate_schemas/fingerprint.rs"]
mod fingerprint;
#[path = "check/json_schema.rs"]
mod json_schema;
#[path = "check/mutation.rs"]
mod mutation;

use std::path::Path;

use bayplan::check::{Context, KubernetesVersion, Schemas, run};
use bayplan::object::Object;
use bayplan::source::KeyPath;
use proptest::prelude::*;

use mutation::{Dice, mutate};

/// Fails after k8s-openapi or the generator changed, and after a schema file was edited by hand.
#[test]
fn the_schema_files_are_what_was_generated() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recorded = std::fs::read_to_string(root.join(fingerprint::RECORD)).unwrap_or_default();
    let actual = fingerprint::of(root).expect("the schema files can be read");
    assert_eq!(recorded, actual, "the schemas are stale; run `{}`", fingerprint::REMEDY);
    assert!(fingerprint::schema_files(root).is_ok_and(|files| files.len() > 100));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Whatever stands in the objects, no rule panics, and every finding concerns an object that is there.
    #[test]
    fn no_rule_panics(seed: u64, changes in 1_usize..6) {
        let mut dice = Dice::new(seed);
        let mut objects = Vec::new();
        for fixture in json_schema::FIXTURES.iter() {
            let mut value = fixture.clone();
            (0..changes).for_each(|_| mutate(&mut value, &mut dice));
            objects.push(Object::from_value(value, "component", KeyPath::of(["entities", "one"])));
        }
        let schemas = Schemas::new(KubernetesVersion::V1_35);
        let findings = run(&objects, &Context::new(&schemas));
        prop_assert!(findings.iter().all(|finding| finding.object.is_none_or(|object| object < objects.len())));
    }
}

//! Our walker against the `jsonschema` crate, on the same files of built-in kinds.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use bayplan::check::schema::{ViolationKind, validate};
use bayplan::check::{KubernetesVersion, Schemas};
use bayplan::value::{Value, json};
use jsonschema::{Registry, Validator};
use proptest::prelude::*;

use super::mutation::{Dice, mutate};

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| Schemas::new(KubernetesVersion::V1_35));

/// The good manifests that the unit tests edit.
pub static FIXTURES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/check/base.yaml");
    let text = std::fs::read_to_string(path).expect("the fixtures are there");
    serde_saphyr::from_multiple(&text).expect("the fixtures are YAML")
});

/// A compiled validator for the kind of each fixture.
static VALIDATORS: LazyLock<BTreeMap<String, Validator>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/kubernetes/1.35");
    let mut registry = Registry::new();
    let mut definitions = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the schemas are there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let mut schema: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("a schema is text"))
                .expect("a schema is JSON");
        for kind in schema["x-kubernetes-kinds"].as_array().expect("the kinds are a list") {
            let key = format!(
                "{} {}",
                kind["apiVersion"].as_str().unwrap_or(""),
                kind["kind"].as_str().unwrap_or("")
            );
            let definition = kind["definition"].as_str().unwrap_or("");
            definitions.insert(key, format!("https://schemas.example/{name}#/$defs/{definition}"));
        }
        schema["$id"] = json!(format!("https://schemas.example/{name}"));
        registry = registry
            .add(format!("https://schemas.example/{name}"), serde_json::Value::from(schema))
            .expect("a schema is a resource");
    }
    let registry = registry.prepare().expect("all references lead somewhere");
    let compiled = FIXTURES.iter().map(|fixture| {
        let key = key(fixture);
        let schema = json!({ "$ref": definitions[&key] });
        let validator = jsonschema::options()
            .with_registry(&registry)
            .build(&schema.into())
            .expect("the schema compiles");
        (key, validator)
    });
    compiled.collect()
});

fn key(object: &Value) -> String {
    format!("{} {}", object["apiVersion"].as_str().unwrap_or(""), object["kind"].as_str().unwrap_or(""))
}

/// Whether our walker finds the shape good: formats of numbers and quantities are not the oracle's business.
fn is_good(object: &Value, fixture: &Value) -> bool {
    let (api_version, kind) =
        (fixture["apiVersion"].as_str().unwrap_or(""), fixture["kind"].as_str().unwrap_or(""));
    let kind = SCHEMAS.kind(api_version, kind).expect("the fixture is of a known kind");
    let shape = [ViolationKind::Type, ViolationKind::Required, ViolationKind::UnknownField];
    !validate(&SCHEMAS, kind, object).iter().any(|violation| shape.contains(&violation.kind))
}

#[test]
fn both_accept_every_fixture() {
    for fixture in FIXTURES.iter() {
        assert!(VALIDATORS[&key(fixture)].is_valid(&fixture.into()), "the oracle refuses {}", key(fixture));
        assert!(is_good(fixture, fixture), "the walker refuses {}", key(fixture));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    /// After any few changes both give the same verdict.
    #[test]
    fn both_give_one_verdict(which in 0_usize..1000, seed: u64, changes in 1_usize..4) {
        let fixture = &FIXTURES[which % FIXTURES.len()];
        // The schema of a definition holds values of many shapes, which our walker counts as restrictions and not as shape.
        prop_assume!(fixture["kind"] != "CustomResourceDefinition");
        let (mut object, mut dice) = (fixture.clone(), Dice::new(seed));
        for _ in 0..changes {
            mutate(&mut object, &mut dice);
        }
        // The API server reads a list of numbers as bytes, which no schema says.
        let has_bytes = |data: &Value| data.as_object().into_iter().flatten().any(|(_, value)| value.is_array());
        prop_assume!(fixture["kind"] != "Secret" || !has_bytes(&object["data"]));
        let spec = &object["spec"];
        prop_assume!(!["request", "caBundle"].iter().any(|key| spec.get(key).is_some_and(Value::is_array)));
        prop_assert_eq!(is_good(&object, fixture), VALIDATORS[&key(fixture)].is_valid(&(&object).into()), "{}", object);
    }
}

//! Prints the definitions and kinds of the Kubernetes version that this build of k8s-openapi holds, as one JSON value.

use std::any::TypeId;
use std::error::Error;

use k8s_openapi::{ListableResource, NamespaceResourceScope};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Value, json};

use super::kinds;

/// Collects one kind after the other.
pub struct Collector {
    generator: SchemaGenerator,
    kinds: Vec<Value>,
}

impl Collector {
    /// Adds the kind and everything that it refers to.
    pub fn add<T: JsonSchema + ListableResource>(&mut self)
    where
        T::Scope: 'static,
    {
        self.generator.subschema_for::<T>();
        self.kinds.push(json!({
            "apiVersion": T::API_VERSION,
            "kind": T::KIND,
            "namespaced": TypeId::of::<T::Scope>() == TypeId::of::<NamespaceResourceScope>(),
            "definition": T::schema_name(),
        }));
    }
}

/// Prints `{"kinds": […], "definitions": {…}}`.
pub fn print() -> Result<(), Box<dyn Error>> {
    let mut collector =
        Collector { generator: SchemaSettings::draft2020_12().into_generator(), kinds: Vec::new() };
    kinds::register(&mut collector);
    let definitions = collector.generator.take_definitions(true);
    println!("{}", serde_json::to_string(&json!({ "kinds": collector.kinds, "definitions": definitions }))?);
    Ok(())
}

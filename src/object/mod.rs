//! The wrapper round Kubernetes objects: what they are called, and how they become k8s-openapi types and back.
//!
//! An [`Object`] is one finished manifest as a JSON value, with its identity beside it. [`Object::typed`] gives the
//! k8s-openapi type, so a program that uses the crate never walks raw JSON. Values are checked elsewhere.

pub mod custom;
mod reference;
mod set;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::source::KeyPath;
use crate::value::{SharedValue, Value};

pub use reference::{GroupVersionKind, ObjectRef};
pub use set::ObjectSet;

/// What the component of a tenant begins with: its objects lie in a folder of their own, which no other file lists.
pub const TENANTS: &str = "tenants/";

/// One Kubernetes object, ready to be checked and written.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// What it is called.
    pub id: ObjectRef,
    /// The component that it belongs to: one folder of the output.
    pub component: String,
    /// The entity of `platform.toml` that it comes from: `databases.postgres`.
    pub source: KeyPath,
    /// The whole manifest, `apiVersion` and `kind` included. Copies of the object share it until one of them is changed: what
    /// environments have in common stands in memory once.
    pub value: SharedValue,
}

impl Object {
    /// Wraps a typed k8s-openapi object.
    ///
    /// A type that fails to serialise (none of k8s-openapi's does) becomes an object of nulls, which validation refuses.
    pub fn from_typed<T>(typed: &T, component: impl Into<String>, source: KeyPath) -> Self
    where
        T: Serialize + k8s_openapi::Resource + k8s_openapi::Metadata<Ty = ObjectMeta>,
    {
        let value = crate::value::to_value(&typed).unwrap_or(Value::Null);
        let meta = typed.metadata();
        let id = ObjectRef {
            gvk: GroupVersionKind::new(T::API_VERSION, T::KIND),
            namespace: meta.namespace.clone(),
            name: meta.name.clone().unwrap_or_default(),
        };
        Self { id, component: component.into(), source, value: value.into() }
    }

    /// Wraps a manifest that is a JSON value already. Missing names become empty, which validation refuses.
    pub fn from_value(value: Value, component: impl Into<String>, source: KeyPath) -> Self {
        Self { id: ObjectRef::of(&value), component: component.into(), source, value: value.into() }
    }

    /// The typed k8s-openapi object, or `None` where this object is of another kind or does not fit the type.
    #[must_use]
    pub fn typed<T: DeserializeOwned + k8s_openapi::Resource>(&self) -> Option<T> {
        let same = self.id.gvk.api_version == T::API_VERSION && self.id.gvk.kind == T::KIND;
        if !same {
            return None;
        }
        self.value.typed().ok()
    }

    /// The value at a JSON pointer: `object.pointer("/spec/replicas")`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }
}

//! Secrets. None is ever emitted: a contract becomes an `ExternalSecret`, or an `.example` for a person to fill in
//! (see `artefacts/`), or nothing where something else makes the Secret.

use super::{absent, labels, metadata};
use crate::model::{Platform, Secret, SecretKey, SecretStore};
use crate::object::Object;
use crate::object::custom::{
    ExternalSecret, ExternalSecretData, ExternalSecretSpec, RemoteRef, SecretStoreRef, SecretTarget,
    SecretTemplate,
};

/// The type that a Secret has unless told otherwise.
const OPAQUE: &str = "Opaque";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let SecretStore::ExternalSecrets { name, refresh } = &platform.secret_store else { return Vec::new() };
    let object = |secret: &Secret| {
        let typed = external_secret(platform, secret, store(platform, name), refresh);
        Object::from_typed(&typed, secret.component.as_str(), secret.source.clone())
    };
    platform.secrets.iter().filter(|secret| !secret.provided).map(object).collect()
}

fn store(platform: &Platform, name: &str) -> SecretStoreRef {
    let own = platform.operators.store.as_ref().is_some_and(|store| store.per_namespace);
    let kind = if own { "SecretStore" } else { "ClusterSecretStore" };
    SecretStoreRef { kind: kind.to_owned(), name: name.to_owned() }
}

fn external_secret(
    platform: &Platform,
    secret: &Secret,
    store: SecretStoreRef,
    refresh: &str,
) -> ExternalSecret {
    let labels = labels::of_component(platform, &secret.component);
    let spec = ExternalSecretSpec {
        refresh_interval: absent::text(refresh),
        secret_store_ref: store,
        target: target(secret),
        data: secret.keys.iter().map(data).collect(),
    };
    ExternalSecret::new(metadata::of(secret.name.as_str(), &secret.namespace, labels), spec)
}

fn target(secret: &Secret) -> SecretTarget {
    SecretTarget {
        name: secret.name.to_string(),
        creation_policy: Some("Owner".to_owned()),
        deletion_policy: Some("Retain".to_owned()),
        template: (secret.r#type != OPAQUE).then(|| template(&secret.r#type)),
    }
}

fn template(r#type: &str) -> SecretTemplate {
    SecretTemplate {
        type_: Some(r#type.to_owned()),
        engine_version: Some("v2".to_owned()),
        merge_policy: Some("Replace".to_owned()),
    }
}

/// The policies are the defaults of the definition. The API server fills them in, and a GitOps tool compares a list of
/// a custom resource as a whole: left out, the object would differ from its manifest for ever.
fn data(key: &SecretKey) -> ExternalSecretData {
    let (path, property) = remote(key);
    ExternalSecretData {
        secret_key: key.name.to_string(),
        remote_ref: RemoteRef {
            key: path.to_owned(),
            property: absent::text(property),
            conversion_strategy: Some("Default".to_owned()),
            decoding_strategy: Some("None".to_owned()),
            metadata_policy: Some("None".to_owned()),
        },
    }
}

/// The path in the store and the field there: `<path>#<field>`, `<path>` for the field that is called as the key is, or
/// `<path>#` for a value that is no table.
pub(super) fn remote(key: &SecretKey) -> (&str, &str) {
    key.remote.split_once('#').unwrap_or((&key.remote, key.name.as_str()))
}

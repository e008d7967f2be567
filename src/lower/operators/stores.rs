//! The secret store, where this platform declares it: one for the namespaces that read secrets, or one in each.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::lower::{identity, labels, metadata, secret};
use crate::model::{Pairs, Platform, Provider, SecretStore, Store};
use crate::names::DnsLabel;
use crate::object::Object;
use crate::object::custom;
use crate::source::KeyPath;
use crate::value::{Map, Value};

const COMPONENT: &str = "secret-store";
/// What the store of a developer's machine holds for everything.
const NO_SECRET: &str = "not-a-secret";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let SecretStore::ExternalSecrets { name, .. } = &platform.secret_store else { return Vec::new() };
    let Some(store) = &platform.operators.store else { return Vec::new() };
    let source = KeyPath::of(["secret-store"]);
    let wanted = platform.secrets.iter().filter(|secret| !secret.provided);
    let namespaces: BTreeSet<&DnsLabel> = wanted.map(|secret| &secret.namespace).collect();
    let labels = labels::of_platform(platform);
    let mut objects = accounts(store, &namespaces, &labels);
    if store.per_namespace {
        let object = |namespace: &&DnsLabel| {
            let spec = custom::SecretStoreSpec { provider: provider(platform, store) };
            let meta = metadata::of(name, namespace, labels.clone());
            Object::from_typed(&custom::SecretStore::new(meta, spec), COMPONENT, source.clone())
        };
        objects.extend(namespaces.iter().map(object));
        return objects;
    }
    if namespaces.is_empty() {
        return Vec::new();
    }
    let namespaces = namespaces.into_iter().map(ToString::to_string).collect();
    let spec = custom::ClusterSecretStoreSpec {
        provider: provider(platform, store),
        conditions: vec![custom::StoreCondition { namespaces }],
    };
    let meta = metadata::of_cluster(name, labels);
    objects.push(Object::from_typed(&custom::ClusterSecretStore::new(meta, spec), COMPONENT, source));
    objects
}

/// The service account that the operator uses for the store, where it is the platform's own: one for all, or one for each store.
fn accounts(store: &Store, namespaces: &BTreeSet<&DnsLabel>, labels: &Pairs) -> Vec<Object> {
    let Some(identity) = &store.identity else { return Vec::new() };
    let (name, namespace) = &store.account;
    let places: Vec<&str> = match store.per_namespace {
        true => namespaces.iter().map(|namespace| namespace.as_str()).collect(),
        false if namespaces.is_empty() => Vec::new(),
        false => vec![namespace.as_str()],
    };
    let account = |namespace: &str| {
        let meta = metadata::of_cluster(name, labels.clone());
        let meta = ObjectMeta { namespace: Some(namespace.to_owned()), ..meta };
        let metadata = metadata::annotated(meta, identity::annotations(Some(identity)));
        let typed = ServiceAccount {
            metadata,
            automount_service_account_token: Some(false),
            ..ServiceAccount::default()
        };
        Object::from_typed(&typed, COMPONENT, KeyPath::of(["secret-store"]))
    };
    places.into_iter().map(account).collect()
}

fn provider(platform: &Platform, store: &Store) -> custom::SecretProvider {
    let none = custom::SecretProvider::default();
    match &store.provider {
        Provider::Azure { vault_url, tenant_id } => custom::SecretProvider {
            azurekv: Some(custom::AzureKeyVault {
                auth_type: "WorkloadIdentity".to_owned(),
                vault_url: vault_url.clone(),
                tenant_id: tenant_id.clone(),
                service_account_ref: account(store),
            }),
            ..none
        },
        Provider::Aws { region, role } => custom::SecretProvider {
            aws: Some(custom::AwsSecrets {
                service: "SecretsManager".to_owned(),
                region: region.clone(),
                role: role.clone(),
                auth: custom::AwsAuth { jwt: custom::TokenAuth { service_account_ref: account(store) } },
            }),
            ..none
        },
        Provider::Vault { server, path, auth_mount, role } => custom::SecretProvider {
            vault: Some(custom::VaultSecrets {
                server: server.clone(),
                path: path.clone(),
                version: "v2".to_owned(),
                auth: custom::VaultAuth {
                    kubernetes: custom::VaultKubernetesAuth {
                        mount_path: auth_mount.clone(),
                        role: role.clone(),
                        service_account_ref: account(store),
                    },
                },
            }),
            ..none
        },
        Provider::Gcp { project, cluster, location } => custom::SecretProvider {
            gcpsm: Some(custom::GcpSecrets {
                project_id: project.clone(),
                auth: custom::GcpAuth {
                    workload_identity: custom::GcpWorkloadIdentity {
                        cluster_location: location.clone(),
                        cluster_name: cluster.clone(),
                        service_account_ref: account(store),
                    },
                },
            }),
            ..none
        },
        Provider::Kubernetes { namespace } => {
            custom::SecretProvider { kubernetes: Some(same_cluster(store, namespace)), ..none }
        }
        Provider::Fake => custom::SecretProvider { fake: Some(fake(platform)), ..none },
    }
}

/// A store of one namespace may use a service account of that namespace alone, and must not name another.
fn account(store: &Store) -> custom::ServiceAccountRef {
    let (name, namespace) = &store.account;
    custom::ServiceAccountRef {
        name: name.clone(),
        namespace: (!store.per_namespace).then(|| namespace.clone()),
    }
}

/// The certificate of the API server lies in every namespace
/// (<https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/>).
fn same_cluster(store: &Store, namespace: &str) -> custom::KubernetesSecrets {
    let (_, own) = &store.account;
    custom::KubernetesSecrets {
        remote_namespace: namespace.to_owned(),
        server: custom::KubernetesServer {
            ca_provider: custom::CaProvider {
                type_: "ConfigMap".to_owned(),
                name: "kube-root-ca.crt".to_owned(),
                key: "ca.crt".to_owned(),
                namespace: (!store.per_namespace).then(|| own.clone()),
            },
        },
        auth: custom::KubernetesAuth { service_account: account(store) },
    }
}

/// Every path that a contract reads, with the same text in every field: it is for a machine where nothing is secret.
fn fake(platform: &Platform) -> custom::FakeSecrets {
    let mut paths: BTreeMap<&str, Option<Map>> = BTreeMap::new();
    let keys = platform.secrets.iter().filter(|secret| !secret.provided).flat_map(|secret| &secret.keys);
    for key in keys {
        let (path, field) = secret::remote(key);
        let fields = paths.entry(path).or_default();
        if !field.is_empty() {
            fields.get_or_insert_default().insert(field.to_owned(), Value::from(NO_SECRET));
        }
    }
    let data = paths.into_iter().map(|(path, fields)| custom::FakeSecret {
        key: path.to_owned(),
        value: fields.map_or_else(|| NO_SECRET.to_owned(), |fields| Value::Object(fields).to_string()),
    });
    custom::FakeSecrets { data: data.collect() }
}

//! The typed custom resources against the definitions that their operators ship, unknown fields refused.
//!
//! The definitions lie in `schemas/crds/<group>/<plural>.yaml`, or in a folder of that shape beside the checkout. Where
//! one lies in neither, the test says that it was skipped.

use std::path::{Path, PathBuf};

use bayplan::object::custom::{
    self, CustomSpec, ExternalSecret, ExternalSecretData, ExternalSecretSpec, IpAddressPool,
    IpAddressPoolSpec, L2Advertisement, L2AdvertisementSpec, RemoteRef, SecretStoreRef, SecretTarget,
    SecretTemplate,
};
use bayplan::value::{Value, json};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

const FOLDERS: [&str; 2] = ["schemas/crds", "../shared/crds"];

#[test]
fn an_external_secret_fits_its_definition() {
    let spec = ExternalSecretSpec {
        refresh_interval: Some("1h".to_owned()),
        secret_store_ref: SecretStoreRef { kind: "ClusterSecretStore".to_owned(), name: "vault".to_owned() },
        target: SecretTarget {
            name: "credentials".to_owned(),
            creation_policy: Some("Owner".to_owned()),
            deletion_policy: Some("Retain".to_owned()),
            template: Some(SecretTemplate {
                type_: Some("kubernetes.io/tls".to_owned()),
                engine_version: Some("v2".to_owned()),
                merge_policy: Some("Replace".to_owned()),
            }),
        },
        data: vec![ExternalSecretData {
            secret_key: "password".to_owned(),
            remote_ref: RemoteRef {
                key: "shop/credentials".to_owned(),
                property: Some("password".to_owned()),
                conversion_strategy: Some("Default".to_owned()),
                decoding_strategy: Some("None".to_owned()),
                metadata_policy: Some("None".to_owned()),
            },
        }],
    };
    fits(&ExternalSecret::new(ObjectMeta::default(), spec), ("/spec/data/0/remoteRef", "keyy"));
}

#[test]
fn the_pool_and_the_advertisement_of_metallb_fit_their_definitions() {
    let pool = IpAddressPoolSpec { addresses: vec!["172.18.255.200-172.18.255.250".to_owned()] };
    fits(&IpAddressPool::new(ObjectMeta::default(), pool), ("/spec", "adresses"));
    let advertisement = L2AdvertisementSpec { ip_address_pools: vec!["shop".to_owned()] };
    fits(&L2Advertisement::new(ObjectMeta::default(), advertisement), ("/spec", "ipAdressPools"));
}

#[test]
fn what_argo_cd_is_given_fits_its_definitions() {
    let source = custom::ApplicationSource {
        repo_url: "https://charts.example".to_owned(),
        target_revision: "1.2.3".to_owned(),
        path: Some("out".to_owned()),
        chart: Some("loki".to_owned()),
        helm: Some(custom::HelmSource {
            release_name: Some("loki".to_owned()),
            value_files: vec!["values.yaml".to_owned()],
            values_object: Some(json!({"a": 1})),
            skip_crds: Some(true),
        }),
        directory: Some(custom::DirectorySource { recurse: true, exclude: Some("b/*.yaml".to_owned()) }),
    };
    let destination =
        custom::Destination { server: "https://eu".to_owned(), namespace: Some("logging".to_owned()) };
    let backoff = custom::Backoff { duration: "10s".to_owned(), factor: 2, max_duration: "5m".to_owned() };
    let spec = custom::ApplicationSpec {
        project: "shop".to_owned(),
        source,
        destination: destination.clone(),
        sync_policy: Some(custom::SyncPolicy {
            automated: Some(custom::Automated { prune: true, self_heal: true }),
            sync_options: vec!["CreateNamespace=true".to_owned()],
            retry: Some(custom::Retry { limit: 5, backoff: Some(backoff) }),
        }),
        ignore_differences: vec![custom::ResourceIgnoreDifferences {
            group: Some("apps".to_owned()),
            kind: "Deployment".to_owned(),
            name: Some("api".to_owned()),
            namespace: Some("core".to_owned()),
            json_pointers: vec!["/spec/replicas".to_owned()],
            jq_path_expressions: vec![".spec".to_owned()],
            managed_fields_managers: vec!["keda".to_owned()],
        }],
    };
    fits(
        &custom::Application::new(ObjectMeta::default(), spec.clone()),
        ("/spec/source/helm", "valueObject"),
    );
    let element = custom::ClusterElement { name: "eu".to_owned(), server: "https://eu".to_owned() };
    let set = custom::ApplicationSetSpec {
        go_template: true,
        go_template_options: vec!["missingkey=error".to_owned()],
        generators: vec![custom::Generator { list: custom::ListGenerator { elements: vec![element] } }],
        template: custom::ApplicationTemplate { metadata: ObjectMeta::default(), spec },
    };
    fits(&custom::ApplicationSet::new(ObjectMeta::default(), set), ("/spec/template/spec", "destinations"));
    let kind = custom::GroupKind { group: "apps".to_owned(), kind: "Deployment".to_owned() };
    let project = custom::AppProjectSpec {
        description: "A shop".to_owned(),
        source_repos: vec!["https://charts.example".to_owned()],
        destinations: vec![destination],
        cluster_resource_whitelist: vec![kind.clone()],
        namespace_resource_whitelist: vec![kind],
    };
    fits(&custom::AppProject::new(ObjectMeta::default(), project), ("/spec", "sourceRepositories"));
}

#[test]
fn a_custom_resource_is_read_back_as_it_was_written() {
    let pool = IpAddressPool::new(
        ObjectMeta { name: Some("shop".to_owned()), ..ObjectMeta::default() },
        IpAddressPoolSpec { addresses: vec!["192.0.2.0/24".to_owned()] },
    );
    let written = json(&pool);
    assert_eq!(written["apiVersion"], "metallb.io/v1beta1");
    assert_eq!(written["kind"], "IPAddressPool");
    let read: IpAddressPool = written.typed().expect("it was written by its own type");
    assert_eq!(read, pool);
}

#[test]
fn the_definitions_that_operators_ship_are_sound_and_come_out_the_same_twice() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/crds");
    let host = bayplan::host::OsHost::new(&folder);
    let paths = [PathBuf::from(".")];
    if !folder.is_dir() {
        eprintln!("skipped: there is no folder {}", folder.display());
        return;
    }
    let found = bayplan::definitions::read(&host, &mut bayplan::source::Sources::default(), &paths);
    let problems: Vec<&str> = found.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, Vec::<&str>::new());
    assert!(found.definitions.len() >= 50, "{}", found.definitions.len());
    let kept = found.definitions.iter().fold(bayplan::host::MemoryHost::default(), |host, definition| {
        host.with_file(format!("schemas/crds/{}", definition.file_name()), definition.text())
    });
    let again = bayplan::definitions::kept(&kept, &mut bayplan::source::Sources::default());
    let problems: Vec<&str> = again.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, Vec::<&str>::new(), "what is kept is sound as well");
    let texts = |found: &bayplan::definitions::Found| -> std::collections::BTreeSet<String> {
        found.definitions.iter().map(bayplan::definitions::Definition::text).collect()
    };
    assert_eq!(texts(&again), texts(&found), "what is kept is in its form already");
}

/// Checks the object against its definition, and that the same object with a wrong key at `pointer` would not pass.
fn fits<S: CustomSpec + Serialize>(object: &bayplan::object::custom::Custom<S>, wrong: (&str, &str)) {
    let Some(schema) = schema::<S>() else {
        eprintln!("skipped: no definition of {} in {}", S::KIND, FOLDERS.join(" or "));
        return;
    };
    let validator =
        jsonschema::validator_for(&schema.into()).expect("a definition that the API server accepts");
    let mut value = json(object);
    let problems: Vec<String> =
        validator.iter_errors(&(&value).into()).map(|problem| problem.to_string()).collect();
    assert_eq!(problems, Vec::<String>::new(), "{}", S::KIND);
    let (pointer, key) = wrong;
    value.pointer_mut(pointer).expect("the place is there")[key] = json!("a wrong key");
    assert!(!validator.is_valid(&value.into()), "a wrong key of {} passes", S::KIND);
}

fn json(object: &impl Serialize) -> Value {
    bayplan::value::to_value(&object).expect("plain data becomes JSON")
}

fn schema<S: CustomSpec>() -> Option<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = PathBuf::from(S::GROUP).join(format!("{}.yaml", S::PLURAL));
    let text = FOLDERS.iter().find_map(|folder| read(&root.join(folder).join(&file)))?;
    let definition: Value = serde_saphyr::from_str(&text).expect("a definition in YAML");
    let versions = definition["spec"]["versions"].as_array()?;
    let version = versions.iter().find(|version| version["name"] == S::VERSION)?;
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    close(&mut schema);
    Some(schema)
}

/// What the makers of a kind say of its objects, unknown fields refused; `None` where their definition lies nowhere.
pub(crate) fn upstream(api_version: &str, kind: &str) -> Option<jsonschema::Validator> {
    let (group, version) = api_version.split_once('/')?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = FOLDERS.iter().map(|folder| root.join(folder).join(group));
    let files = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
    let mut definitions = files.filter_map(|file| {
        let definition: Value = serde_saphyr::from_str(&read(&file.ok()?.path())?).ok()?;
        (definition["spec"]["names"]["kind"] == kind).then_some(definition)
    });
    let definition = definitions.next()?;
    let versions = definition["spec"]["versions"].as_array()?;
    let mut schema = versions.iter().find(|one| one["name"] == version)?["schema"]["openAPIV3Schema"].clone();
    close(&mut schema);
    // A definition says nothing of metadata, which `close` would take for "nothing may stand there".
    schema["properties"]["metadata"] = json!({"type": "object"});
    Some(jsonschema::validator_for(&schema.into()).expect("a definition that the API server accepts"))
}

/// Refuses unknown fields, as the API server prunes them.
fn close(schema: &mut Value) {
    let open =
        schema.get("x-kubernetes-preserve-unknown-fields").is_some() || schema.get("properties").is_none();
    match schema {
        Value::Object(map) => {
            // An alternative names a part of the fields; the schema round it names them all.
            let alternatives = ["allOf", "anyOf", "not", "oneOf"];
            let whole = map.iter_mut().filter(|(key, _)| !alternatives.contains(&key.as_str()));
            whole.for_each(|(_, value)| close(value));
            if !open {
                map.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

// The core asks the host; a test reads its own data.
#[allow(clippy::disallowed_methods)]
fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

//! Bayplan compiles one typed `platform.toml` into Kubernetes YAML that is proven sound before it is written.
//!
//! The command `bayplan` is one user of this library, and has nothing that another program has not: a compilation is
//! a value, everything outside the program is reached through one [`host::Host`], and nothing here panics, prints,
//! reads the clock or keeps global state.
//!
//! # A platform from a file
//!
//! [`compile()`] reads a platform, and gives typed objects and a tree of files. The host of this example is in memory; the
//! one of a folder on disk is [`host::OsHost`].
//!
//! ```
//! use std::path::Path;
//!
//! use bayplan::host::{Host, MemoryHost};
//! use bayplan::k8s_openapi::api::apps::v1::Deployment;
//! use bayplan::{Request, Selection, compile};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let host = MemoryHost::default().with_file("platform.toml", r#"
//!     [platform]
//!     name = "shop"
//!     kubernetes = "1.35"
//!
//!     [namespaces.core]
//!
//!     [workloads.api]
//!     namespace = "core"
//!     image = "registry.example/api:1.4.2"
//!     ports = { http = 3000 }
//!     resources = { cpu = "100m..500m", memory = "128Mi..256Mi" }
//!     probes = { liveness = "/health", readiness = "/ready" }
//!
//!     [environments.production]
//!     workloads.api.replicas = 3
//! "#);
//!
//! // An unsound platform is an error that displays as the whole report, every mistake with its line and column.
//! let platform = compile(&host, &Request::default()).into_result()?;
//!
//! // The objects are those of k8s-openapi.
//! let production = &platform.environments["production"];
//! let deployments: Vec<Deployment> = production.objects.of_kind().collect();
//! let replicas = deployments[0].spec.as_ref().and_then(|spec| spec.replicas);
//! assert_eq!(replicas, Some(3));
//!
//! // The tree is written whole or not at all. What is right already is not touched.
//! let outcome = platform.write(&host, Path::new("out"), &Selection::Everything)?;
//! assert!(outcome.written.contains(&"base/api/deployment-api.yaml".to_owned()));
//! let patch = host.read_text("out/overlays/production/api/patch-deployment-api.yaml")?;
//! assert!(patch.ends_with("spec:\n  replicas: 3\n"));
//! let again = platform.write(&host, Path::new("out"), &Selection::Everything)?;
//! assert!(again.written.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # A platform in memory
//!
//! A program that provisions tenants builds a [`spec::File`], whose types are those of the language, and hands it to
//! [`compile_spec`]. No TOML is involved, and no file.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! use bayplan::host::MemoryHost;
//! use bayplan::k8s_openapi::api::core::v1::Service;
//! use bayplan::{Request, compile_spec, spec};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! fn tenant(name: &str, host: &str) -> spec::File {
//!     let api = spec::Workload {
//!         namespace: Some("tenant".into()),
//!         image: Some("registry.example/api:1.4.2".into()),
//!         ports: Some(BTreeMap::from([(
//!             "http".into(),
//!             spec::Port { container: Some(3000), ..Default::default() },
//!         )])),
//!         env: Some(BTreeMap::from([(
//!             "PUBLIC_HOST".into(),
//!             spec::EnvValue { value: Some("{{ vars.host }}".into()), ..Default::default() },
//!         )])),
//!         resources: Some(spec::Resources {
//!             cpu: Some("100m..500m".into()),
//!             memory: Some("128Mi..256Mi".into()),
//!             ..Default::default()
//!         }),
//!         ..Default::default()
//!     };
//!     spec::File {
//!         platform: Some(spec::Info {
//!             name: Some(name.into()),
//!             kubernetes: Some("1.35".into()),
//!             ..Default::default()
//!         }),
//!         vars: Some(BTreeMap::from([("host".into(), host.into())])),
//!         namespaces: Some(BTreeMap::from([(
//!             "tenant".into(),
//!             spec::Namespace { name: Some(format!("tenant-{name}")), ..Default::default() },
//!         )])),
//!         workloads: Some(BTreeMap::from([("api".into(), api)])),
//!         ..Default::default()
//!     }
//! }
//!
//! let file = tenant("acme", "acme.example.com");
//! let platform = compile_spec(&MemoryHost::default(), &Request::default(), &file).into_result()?;
//!
//! let services: Vec<Service> = platform.base.objects.of_kind().collect();
//! assert_eq!(services[0].metadata.namespace.as_deref(), Some("tenant-acme"));
//!
//! // Or as YAML, for a pipe into `kubectl apply -f -`.
//! assert!(platform.base.yaml().contains("value: acme.example.com\n"));
//! # Ok(())
//! # }
//! ```
//!
//! # Objects from anywhere
//!
//! [`check::run`] judges objects that any program holds in memory, by a [`check::Policy`]; [`manifest::read`] makes them
//! from text, and [`judge::judge`] takes whole trees of files.
//!
//! ```
//! use bayplan::check::{self, KubernetesVersion, Policy, Profile, Schemas};
//! use bayplan::manifest;
//!
//! let text = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 99999 }] }\n";
//! let reading = manifest::read("service.yaml", text.as_bytes().to_vec());
//!
//! let schemas = Schemas::new(KubernetesVersion::V1_35);
//! let mut policy = Policy::new(&schemas);
//! policy.profile = Profile::Api;
//! let findings = check::run(&reading.objects, &policy);
//!
//! assert_eq!(findings[0].diagnostic.field.as_deref(), Some("spec.ports[0].port"));
//! let place = reading.locate(0, &findings[0].field);
//! assert_eq!(&text[place.shown(text)], "99999");
//! ```
//!
//! # The stages
//!
//! A stage imports only the stages that it needs, always upwards in this list. [`mod@compile`] drives them.
//!
//! | stage | what it does |
//! |---|---|
//! | [`value`] | JSON values that are small in memory |
//! | [`source`] | spans, key paths, documents: where a value was written |
//! | [`names`] | newtypes: DNS label, image reference, quantity, port, key |
//! | [`diag`] | diagnostics with codes, "did you mean", and how they are shown |
//! | [`spec`] | what the user wrote: the types of `platform.toml` and its JSON Schema |
//! | [`model`] | what it means in one environment: total, legal by construction |
//! | [`resolve`] | `spec` to `model`: layers, presets, expressions, references |
//! | [`object`] | objects and sets of them over k8s-openapi's types; typed custom resources |
//! | [`lower`] | `model` to objects |
//! | [`manifest`] | files of YAML and JSON to objects that know where they were written |
//! | [`check`] | rules over objects: schema, references, reachability, security |
//! | [`layout`] | objects to a tree of files: base, overlays, rendered |
//! | [`emit`] | a tree to bytes: the only place that writes YAML |
//! | [`import`] | Compose files to `spec` |
//! | [`host`] | the only file system, clock and environment; writes a tree whole or not at all |
//! | [`cli`] | the command line: a file per verb, and no logic |

pub mod check;
pub mod cli;
pub mod compile;
pub mod definitions;
pub mod diag;
pub mod emit;
pub mod host;
pub mod import;
pub mod judge;
pub mod layout;
pub mod lower;
pub mod manifest;
pub mod model;
pub mod names;
pub mod object;
pub mod report;
pub mod resolve;
pub mod source;
pub mod spec;
pub mod value;

pub use compile::{
    Bundle, Compilation, Compiled, Output, Refused, Request, Selection, Tenants, Unsound, compile,
    compile_spec,
};
/// The crate of the typed objects, in the version that this one was built with.
pub use k8s_openapi;

/// A compilation can be made, kept and shared anywhere.
const _: () = {
    const fn shared<T: Send + Sync + 'static>() {}
    shared::<Compilation>();
    shared::<Output>();
    shared::<Request>();
    shared::<Selection>();
    shared::<Tenants<'static>>();
    shared::<Unsound>();
    shared::<diag::Diagnostic>();
    shared::<host::MemoryHost>();
    shared::<host::OsHost>();
    shared::<host::Plan>();
    shared::<layout::Tree>();
    shared::<model::Platform>();
    shared::<object::ObjectSet>();
    shared::<source::Sources>();
    shared::<spec::File>();
};

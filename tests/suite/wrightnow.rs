//! The root `platform.toml` against the requirements that it stands for, row by row.
//!
//! `docs/wrightnow.md` lists the rows and says where each is met. Here a module holds a section or two of that table, on
//! the finished objects of each environment; an assertion names its row. What is about `bayplan` as a tool is tested
//! where the tool is, and that page names the test.

mod authentik;
mod databases;
mod edge;
mod layout;
mod local;
mod namespaces;
mod page;
mod phases;
mod providers;
mod secrets;
mod services;
mod storage;
mod totals;

use std::path::Path;
use std::sync::OnceLock;

use bayplan::compile::{Compilation, Request, Selection, compile};
use bayplan::host::MemoryHost;
use bayplan::layout::{Content, Tree};
use bayplan::names::Quantity;
use bayplan::object::{Object, ObjectSet};
use bayplan::value::Value;
use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Container, PodSpec};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as QuantityText;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The environments, and the first word of their namespaces.
const ENVIRONMENTS: [(&str, &str); 3] =
    [("local", "staging"), ("staging", "staging"), ("production", "production")];

/// The six workloads of the requirements, all in `infra`, and the four of them that are Deployments.
const WORKLOADS: [&str; 6] =
    ["postgres", "redis", "authentik-postgres", "authentik-redis", "authentik-server", "authentik-worker"];
const DEPLOYMENTS: [&str; 4] = ["redis", "authentik-redis", "authentik-server", "authentik-worker"];

/// One environment, or the base, as the tests look at it.
#[derive(Clone, Copy)]
struct Cluster<'a> {
    name: &'a str,
    stage: &'a str,
    objects: &'a ObjectSet,
}

fn text() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("platform.toml");
    std::fs::read_to_string(path).expect("the platform is in the repository")
}

fn compile_text(text: &str) -> Compilation {
    let host = MemoryHost::default().with_file("platform.toml", text);
    let output = compile(&host, &Request::default());
    let messages: Vec<&str> = output.diagnostics.iter().map(|found| found.message.as_str()).collect();
    output.compilation.unwrap_or_else(|| panic!("the platform does not compile: {messages:#?}"))
}

fn compilation() -> &'static Compilation {
    static COMPILATION: OnceLock<Compilation> = OnceLock::new();
    COMPILATION.get_or_init(|| compile_text(&text()))
}

fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| compilation().tree(&Selection::Everything))
}

fn base() -> Cluster<'static> {
    Cluster { name: "base", stage: "staging", objects: &compilation().base.objects }
}

fn clusters() -> [Cluster<'static>; 3] {
    clusters_of(compilation())
}

fn clusters_of(compilation: &Compilation) -> [Cluster<'_>; 3] {
    ENVIRONMENTS.map(|(name, stage)| Cluster {
        name,
        stage,
        objects: &compilation.environments[name].objects,
    })
}

fn cluster(name: &str) -> Cluster<'static> {
    clusters().into_iter().find(|cluster| cluster.name == name).expect("one of the three environments")
}

impl<'a> Cluster<'a> {
    /// The name of a namespace there, by its last word.
    fn namespace(&self, word: &str) -> String {
        format!("{}-{word}", self.stage)
    }

    fn find<T: DeserializeOwned + k8s_openapi::Resource>(&self, namespace: &str, name: &str) -> Option<T> {
        let here = |object: &&Object| {
            object.id.name == name && object.id.namespace.as_deref().unwrap_or_default() == namespace
        };
        self.objects.iter().filter(here).find_map(Object::typed)
    }

    fn get<T: DeserializeOwned + k8s_openapi::Resource>(&self, namespace: &str, name: &str) -> T {
        self.find(namespace, name)
            .unwrap_or_else(|| panic!("{}: there is no {} {namespace}/{name}", self.name, T::KIND))
    }

    /// An object of the namespace that holds PostgreSQL, Redis and Authentik.
    fn infra<T: DeserializeOwned + k8s_openapi::Resource>(&self, name: &str) -> T {
        self.get(&self.namespace("infra"), name)
    }

    /// The names of the objects of a kind, `namespace/name`, with the stage taken out of the namespace.
    fn names<T: k8s_openapi::Resource>(&self) -> Vec<String> {
        let of_kind = self.of_kind::<T>();
        let prefix = format!("{}-", self.stage);
        let place = |namespace: &str| namespace.strip_prefix(&prefix).unwrap_or(namespace).to_owned();
        of_kind
            .map(|object| match &object.id.namespace {
                Some(namespace) => format!("{}/{}", place(namespace), object.id.name),
                None => place(&object.id.name),
            })
            .collect()
    }

    fn of_kind<T: k8s_openapi::Resource>(&self) -> impl Iterator<Item = &'a Object> + use<'a, T> {
        let of_kind =
            |object: &&Object| object.id.gvk.api_version == T::API_VERSION && object.id.gvk.kind == T::KIND;
        self.objects.iter().filter(of_kind)
    }

    /// The pods of a workload, whatever its controller.
    fn pod(&self, namespace: &str, name: &str) -> PodSpec {
        let deployment = self.find::<Deployment>(namespace, name).and_then(|found| found.spec);
        let stateful = || self.find::<StatefulSet>(namespace, name).and_then(|found| found.spec);
        let template = deployment.map(|spec| spec.template).or_else(|| stateful().map(|spec| spec.template));
        template
            .and_then(|template| template.spec)
            .unwrap_or_else(|| panic!("{}: nothing runs as {namespace}/{name}", self.name))
    }

    /// The one container of a workload of `infra`.
    fn container(&self, name: &str) -> Container {
        let mut pod = self.pod(&self.namespace("infra"), name);
        assert_eq!(pod.containers.len(), 1, "{name} has one container");
        pod.containers.remove(0)
    }
}

/// Compares a typed value with what it is in a manifest.
#[expect(
    clippy::needless_pass_by_value,
    reason = "`json!` gives a value, and a test reads better without the `&`"
)]
#[track_caller]
fn is(actual: &impl Serialize, expected: Value, row: &str) {
    let actual = bayplan::value::to_value(&actual).expect("a typed object has a manifest");
    assert_eq!(actual, expected, "{row}");
}

/// A file of the tree that is a text.
fn file(path: &str) -> &'static str {
    match tree().get(path) {
        Some(Content::Text { text, .. }) => text,
        Some(Content::Yaml(_) | Content::Templates(_)) => panic!("{path} is no text"),
        None => panic!("there is no {path}"),
    }
}

/// A file of the tree that is a document.
fn document(path: &str) -> &'static Value {
    match tree().get(path) {
        Some(Content::Yaml(value)) => value,
        Some(Content::Text { .. } | Content::Templates(_)) => panic!("{path} is no object"),
        None => panic!("there is no {path}"),
    }
}

/// An amount of a container's resources, in thousandths.
fn amount(container: &Container, side: &str, resource: &str) -> i128 {
    let resources = container.resources.as_ref();
    let amounts = resources.and_then(|resources| match side {
        "requests" => resources.requests.as_ref(),
        _ => resources.limits.as_ref(),
    });
    let text = amounts.and_then(|amounts| amounts.get(resource));
    let QuantityText(text) = text.unwrap_or_else(|| panic!("{} has no {side}.{resource}", container.name));
    Quantity::parse(text).expect("the API server reads it").millis()
}

//! Random environments over a random platform: clusters, renamed namespaces, what is switched off, moved out or scaled.

use std::collections::BTreeMap;

use bayplan::spec::{self, EnvironmentFile};

use super::dice::Dice;
use super::platform::{Builder, autoscale, labels, resources};

const ENVIRONMENTS: [&str; 3] = ["local", "staging", "production"];
const CLUSTERS: [&str; 7] = ["generic", "kind", "k3d", "k3s", "gke", "eks", "aks"];

/// Adds up to three environments.
pub fn add(builder: &mut Builder) {
    let count = builder.dice.below(ENVIRONMENTS.len() + 1);
    let environments =
        ENVIRONMENTS[..count].iter().map(|name| ((*name).to_owned(), one(builder, name))).collect();
    builder.file.environments = Some(environments);
}

fn one(builder: &mut Builder, name: &str) -> EnvironmentFile {
    let kind = builder.dice.pick(&CLUSTERS);
    let mut environment = EnvironmentFile {
        description: builder.dice.maybe(3, Dice::text),
        cluster: Some(cluster(&mut builder.dice, kind)),
        storage_classes: (kind == "eks").then(file_system),
        vars: builder.dice.maybe(2, |_| vars(name)),
        every: builder.dice.maybe(4, |_| every()),
        secret_store: builder.dice.maybe(3, |_| spec::SecretStore {
            kind: Some(spec::StoreKind::ExternalSecrets),
            name: Some("vault".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    environment.namespaces = Some(namespaces(builder, name));
    environment.databases = Some(databases(builder));
    environment.workloads = Some(workloads(builder));
    environment.configs = Some(configs(builder));
    environment.routes = Some(routes(builder));
    environment.volumes = Some(volumes(builder, kind));
    environment
}

fn cluster(dice: &mut Dice, kind: &str) -> spec::Cluster {
    let metallb = spec::MetalLb {
        version: Some("v0.15.2".to_owned()),
        addresses: Some(vec!["172.18.255.200-172.18.255.250".to_owned()]),
        ..Default::default()
    };
    spec::Cluster {
        kind: Some(kind.to_owned()),
        name: dice.maybe(2, |_| "shop-cluster".to_owned()),
        region: dice.maybe(2, |_| "us-west-2".to_owned()),
        zone: dice.maybe(2, |_| "us-central1-a".to_owned()),
        resource_group: dice.maybe(2, |_| "shop".to_owned()),
        metallb: if kind == "kind" { dice.maybe(2, |_| metallb) } else { None },
        ..Default::default()
    }
}

/// Nobody but its owner knows the id of the file system that shared volumes lie on.
fn file_system() -> BTreeMap<String, spec::StorageClass> {
    let parameters = BTreeMap::from([("fileSystemId".to_owned(), "fs-0123456789abcdef0".to_owned())]);
    let class = spec::StorageClass { parameters: Some(parameters), ..Default::default() };
    BTreeMap::from([("efs-csi".to_owned(), class)])
}

fn vars(name: &str) -> BTreeMap<String, spec::Scalar> {
    BTreeMap::from([
        ("stage".to_owned(), spec::Scalar::Text(name.to_owned())),
        ("host".to_owned(), spec::Scalar::Text(format!("{name}.shop.example.com"))),
    ])
}

fn every() -> spec::Every {
    let resources = spec::Resources { memory: Some("..2Gi".to_owned()), ..Default::default() };
    spec::Every { deployment: Some(spec::EveryOne { resources: Some(resources) }), statefulset: None }
}

/// The keys of a table, each once in `times`.
fn some<T>(dice: &mut Dice, times: usize, table: Option<&BTreeMap<String, T>>) -> Vec<String> {
    table.into_iter().flatten().filter(|_| dice.once_in(times)).map(|(key, _)| key.clone()).collect()
}

fn namespaces(builder: &mut Builder, name: &str) -> BTreeMap<String, spec::Namespace> {
    let dice = &mut builder.dice;
    let chosen = some(dice, 3, builder.file.namespaces.as_ref());
    let chosen = chosen.into_iter().filter(|key| key != "ingress");
    chosen
        .map(|key| {
            let namespace = spec::Namespace {
                name: dice.maybe(2, |_| format!("{name}-{key}")),
                isolated: dice.maybe(2, |dice| dice.once_in(2)),
                labels: dice.maybe(2, labels),
                ..Default::default()
            };
            (key, namespace)
        })
        .collect()
}

fn databases(builder: &mut Builder) -> BTreeMap<String, spec::Database> {
    let dice = &mut builder.dice;
    let chosen = some(dice, 3, builder.file.databases.as_ref());
    chosen
        .into_iter()
        .map(|key| {
            let read = builder.read.contains(&key);
            let database = match dice.below(3) {
                0 if !read => spec::Database { enabled: Some(false), ..Default::default() },
                1 => spec::Database { external: Some(external(dice)), ..Default::default() },
                _ => spec::Database { resources: Some(resources(dice)), ..Default::default() },
            };
            (key, database)
        })
        .collect()
}

fn external(dice: &mut Dice) -> spec::External {
    spec::External {
        host: Some("db.internal.example.com".to_owned()),
        port: dice.maybe(2, |_| 15432),
        cidrs: Some(vec!["10.1.2.0/24".to_owned()]),
        ..Default::default()
    }
}

fn workloads(builder: &mut Builder) -> BTreeMap<String, spec::Workload> {
    let chosen = some(&mut builder.dice, 2, builder.file.workloads.as_ref());
    let all = builder.file.workloads.clone().unwrap_or_default();
    chosen.into_iter().map(|key| (key.clone(), workload(builder, &key, &all[&key]))).collect()
}

fn workload(builder: &mut Builder, key: &str, base: &spec::Workload) -> spec::Workload {
    let runs_on = matches!(base.kind, None | Some(spec::Kind::Deployment | spec::Kind::Statefulset));
    let may_scale = runs_on && base.autoscale.is_none() && !builder.single.contains(key);
    let dice = &mut builder.dice;
    if dice.once_in(5) {
        return spec::Workload { enabled: Some(false), ..Default::default() };
    }
    let replicas = if may_scale { dice.maybe(2, |dice| dice.pick(&[2, 5])) } else { None };
    let scales = may_scale && replicas.is_none() && base.replicas.is_none();
    let text = |dice: &mut Dice| spec::EnvValue {
        value: Some(spec::Scalar::Text(dice.text())),
        ..Default::default()
    };
    spec::Workload {
        autoscale: if scales { dice.maybe(3, |_| autoscale()) } else { None },
        image: dice.maybe(3, |_| format!("registry.example/shop/{key}:1.5.0")),
        env: dice.maybe(2, |dice| {
            [("TEXT", text(dice)), ("ADDED", text(dice))].map(|(k, v)| (k.to_owned(), v)).into()
        }),
        resources: dice.maybe(3, resources),
        labels: dice.maybe(3, labels),
        replicas,
        ..Default::default()
    }
}

fn configs(builder: &mut Builder) -> BTreeMap<String, spec::Config> {
    let dice = &mut builder.dice;
    let chosen = some(dice, 2, builder.file.configs.as_ref());
    chosen
        .into_iter()
        .map(|key| {
            let data = BTreeMap::from([("on".to_owned(), dice.text()), ("added".to_owned(), dice.text())]);
            (key, spec::Config { data: Some(data), ..Default::default() })
        })
        .collect()
}

fn routes(builder: &mut Builder) -> BTreeMap<String, spec::Route> {
    let dice = &mut builder.dice;
    let chosen = some(dice, 3, builder.file.routes.as_ref());
    let off = |dice: &mut Dice| spec::Route { enabled: dice.maybe(3, |_| false), ..Default::default() };
    chosen.into_iter().map(|key| (key, off(dice))).collect()
}

/// What comes with a laptop's cluster offers no volume that several nodes may write.
fn volumes(builder: &Builder, kind: &str) -> BTreeMap<String, spec::Volume> {
    let local = matches!(kind, "kind" | "k3d" | "k3s");
    let keys = builder.file.volumes.iter().flatten().map(|(key, _)| key.clone()).filter(|_| local);
    let one = spec::Volume { access: Some("ReadWriteOnce".to_owned()), ..Default::default() };
    keys.map(|key| (key, one.clone())).collect()
}

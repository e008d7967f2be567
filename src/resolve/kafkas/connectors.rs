//! Debezium connectors, made from the databases that they follow.
//!
//! Sources: <https://debezium.io/documentation/reference/stable/connectors/postgresql.html>,
//! <https://debezium.io/documentation/reference/stable/connectors/mongodb.html>. Rows of Citus are changed on the node where
//! they lie, so each node has a connector of its own, and a transformation gives all of them the same topics. MongoDB is
//! followed through its routers by change streams; in a region, only the documents of its countries.

use std::collections::BTreeMap;

use super::{Cluster, unfollowed, unknown_database};
use crate::diag::Diagnostic;
use crate::model::{Connector, EnvSource, EnvVar};
use crate::names::{DnsSubdomain, EnvName};
use crate::resolve::codes::CONFLICTING_KEYS;
use crate::resolve::engine::topology::Instance;
use crate::resolve::scope::Scope;
use crate::resolve::secrets;
use crate::source::KeyPath;
use crate::spec;
use crate::value::{Value, json};

/// A database that a connector follows.
pub(super) struct Followed {
    /// The connector, by its key.
    pub connector: String,
    /// The workloads that it connects to, by key.
    pub workloads: Vec<String>,
}

/// What the connectors of a cluster come to.
#[derive(Default)]
pub(super) struct Built {
    pub connectors: Vec<Connector>,
    /// Topics and how many partitions each has.
    pub topics: BTreeMap<String, i32>,
    pub env: Vec<EnvVar>,
    pub databases: Vec<Followed>,
}

pub(super) fn build(scope: &mut Scope<'_>, cluster: &Cluster<'_>, spec: &spec::Connect) -> Built {
    let mut built = Built::default();
    let declared = spec.connectors.iter().flatten().filter(|(_, connector)| connector.enabled != Some(false));
    for (key, connector) in declared {
        one(scope, cluster, (key, connector), &mut built);
    }
    built
}

/// What a connector is made from.
struct Source<'a> {
    key: &'a str,
    path: KeyPath,
    connector: &'a spec::Connector,
    name: &'a str,
    database: &'a spec::Database,
    /// What topics begin with.
    prefix: String,
    /// How a setting names the password.
    password: String,
    user: String,
    namespace: String,
}

fn one(
    scope: &mut Scope<'_>,
    cluster: &Cluster<'_>,
    (key, connector): (&str, &spec::Connector),
    built: &mut Built,
) -> Option<()> {
    let path = cluster.path.key("connect").key("connectors").key(key);
    let name = scope.required(&path, "database", connector.database.as_deref())?;
    let Some(database) = scope.spec.databases.as_ref().and_then(|databases| databases.get(name)) else {
        unknown_database(scope, &path.key("database"), name);
        return None;
    };
    let engine = database.engine.as_deref().unwrap_or_default();
    let variable = format!("PASSWORD_{}", name.replace(['-', '.'], "_").to_ascii_uppercase());
    let user = connector.user.as_deref().or(database.user.as_deref()).unwrap_or_default().to_owned();
    built.env.extend(password(scope, cluster, (&path, name, connector), &variable));
    let namespace = database.namespace.as_deref().and_then(|key| scope.namespaces.get(key));
    let source = Source {
        key,
        prefix: connector.prefix.clone().unwrap_or_else(|| prefix(name, cluster.spec.region.as_deref())),
        password: format!("${{env:{variable}}}"),
        namespace: namespace.map(ToString::to_string).unwrap_or_default(),
        path: path.clone(),
        connector,
        name,
        database,
        user,
    };
    match engine {
        "citus" => citus(scope, cluster, &source, built),
        "mongodb" => mongodb(scope, cluster, &source, built),
        "postgres" => {
            let host = format!(
                "{}.{}.svc.cluster.local",
                database.name.as_deref().unwrap_or(name),
                source.namespace
            );
            let config = postgres(&source, ("", &host), "initial");
            built.connectors.extend(connector_of(scope, cluster, &source, ("", POSTGRES, config)));
            built.databases.push(Followed { connector: key.to_owned(), workloads: vec![name.to_owned()] });
        }
        other => unfollowed(scope, &path.key("database"), other),
    }
    let partitions = connector.partitions.unwrap_or(3);
    built.topics.extend(topics(&source, engine).into_iter().map(|topic| (topic, partitions)));
    Some(())
}

const POSTGRES: &str = "io.debezium.connector.postgresql.PostgresConnector";
const MONGODB: &str = "io.debezium.connector.mongodb.MongoDbConnector";

/// `ledger-eu` in region `eu` has topics that begin with `eu.ledger`.
fn prefix(name: &str, region: Option<&str>) -> String {
    match region {
        Some(region) => format!("{region}.{}", name.strip_suffix(&format!("-{region}")).unwrap_or(name)),
        None => name.to_owned(),
    }
}

/// The variable with the password of the user: a key of the users of a topology, or the credentials of the database.
fn password(
    scope: &mut Scope<'_>,
    cluster: &Cluster<'_>,
    (path, name, connector): (&KeyPath, &str, &spec::Connector),
    variable: &str,
) -> Option<EnvVar> {
    let users = format!("{name}-users");
    let (secret, key) = match connector.user.as_deref() {
        Some(user) if secrets::exists(scope, &users) => (users.as_str(), Some(user)),
        _ => (name, None),
    };
    let (name, key) = secrets::key_of(scope, &path.key("user"), &cluster.place, (secret, key))?;
    Some(EnvVar { name: EnvName::parse(variable).ok()?, source: EnvSource::Secret { name, key } })
}

fn connector_of(
    scope: &mut Scope<'_>,
    cluster: &Cluster<'_>,
    source: &Source<'_>,
    (suffix, class, mut config): (&str, &'static str, BTreeMap<String, String>),
) -> Option<Connector> {
    config.extend(source.connector.config.clone().unwrap_or_default());
    let name = format!("{}-{}{suffix}", cluster.place.name, source.key);
    let name = scope.parse(&source.path, &name, DnsSubdomain::parse)?;
    Some(Connector { name, class, config })
}

fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn tables(source: &Source<'_>, schema: &str) -> Vec<String> {
    let named = source.connector.tables.iter().flatten();
    named.map(|table| if table.contains('.') { table.clone() } else { format!("{schema}.{table}") }).collect()
}

/// The schema of PostgreSQL, or the database of MongoDB, to which a table without one belongs.
fn schema_of<'a>(source: &Source<'a>, engine: &str) -> &'a str {
    if engine == "mongodb" { source.database.database.as_deref().unwrap_or_default() } else { "public" }
}

fn topics(source: &Source<'_>, engine: &str) -> Vec<String> {
    let tables = tables(source, schema_of(source, engine));
    tables.into_iter().map(|table| format!("{}.{table}", source.prefix)).collect()
}

/// One node of PostgreSQL. Its slot keeps the log until the connector has read it, so each has one of its own.
fn postgres(source: &Source<'_>, (node, host): (&str, &str), snapshot: &str) -> BTreeMap<String, String> {
    let slot =
        format!("cdc_{}_{}{}", source.prefix, source.key, node).replace(['-', '.'], "_").to_ascii_lowercase();
    let own = if node.is_empty() {
        source.prefix.clone()
    } else {
        format!("{}.{}", source.prefix, node.trim_start_matches('-'))
    };
    let mut config = texts(&[
        ("database.hostname", host),
        ("database.port", &source.database.port.unwrap_or(5432).to_string()),
        ("database.user", &source.user),
        ("database.password", &source.password),
        ("database.dbname", source.database.database.as_deref().unwrap_or_default()),
        ("topic.prefix", &own),
        ("plugin.name", "pgoutput"),
        ("slot.name", &slot),
        ("publication.name", "changes"),
        ("publication.autocreate.mode", "disabled"),
        ("table.include.list", &tables(source, "public").join(",")),
        ("snapshot.mode", snapshot),
    ]);
    if !node.is_empty() {
        let pattern = format!("{}\\.[^.]+\\.(.*)", source.prefix.replace('.', "\\."));
        config.extend(texts(&[
            ("transforms", "route"),
            ("transforms.route.type", "org.apache.kafka.connect.transforms.RegexRouter"),
            ("transforms.route.regex", &pattern),
            ("transforms.route.replacement", &format!("{}.$1", source.prefix)),
        ]));
    }
    config
}

/// The coordinator reads what is there once, through the tables; the workers only what changes.
fn citus(scope: &mut Scope<'_>, cluster: &Cluster<'_>, source: &Source<'_>, built: &mut Built) {
    let spec = source.database.citus.clone().unwrap_or_default();
    let workers = spec.workers.unwrap_or(2);
    let none = BTreeMap::new();
    let instance = Instance {
        key: source.name,
        database: source.database,
        namespace: &source.namespace,
        regions: scope.spec.regions.as_ref().unwrap_or(&none),
    };
    let coordinator = instance.hosts("", 1).concat();
    let hosts = instance.hosts("worker", workers);
    let single = source.connector.mode == Some(spec::ConnectorMode::SingleNode);
    if single && workers > 0 {
        let path = source.path.key("mode");
        let message = format!(
            "`{path}` follows the coordinator alone, and {workers} workers change rows that it does not see"
        );
        let hint = "write `mode = \"per-node\"`, or `citus.workers = 0`";
        scope.report(
            Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&path), "").about(&path).hint(hint),
        );
    }
    if spec.change_data_capture != Some(true) {
        let path = KeyPath::of(["databases", source.name, "citus", "change-data-capture"]);
        let message = format!(
            "`{}` follows `databases.{}`, whose workers publish no changes",
            source.path, source.name
        );
        let problem =
            Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.span(&source.path.key("database")), "");
        scope.report(
            problem.at(scope.span(&path), "").hint("add `citus.change-data-capture = true` to the database"),
        );
    }
    let first = postgres(source, ("-coordinator", &coordinator), "initial");
    built.connectors.extend(connector_of(scope, cluster, source, ("-coordinator", POSTGRES, first)));
    let mut workloads = vec![source.name.to_owned()];
    if !single && workers > 0 {
        for (at, host) in hosts.iter().enumerate() {
            let node = format!("-worker-{at}");
            let config = postgres(source, (&node, host), "no_data");
            built.connectors.extend(connector_of(scope, cluster, source, (&node, POSTGRES, config)));
        }
        workloads.push(format!("{}-worker", source.name));
    }
    built.databases.push(Followed { connector: source.key.to_owned(), workloads });
}

fn mongodb(scope: &mut Scope<'_>, cluster: &Cluster<'_>, source: &Source<'_>, built: &mut Built) {
    let database = source.database.database.as_deref().unwrap_or_default();
    let host = format!(
        "{}.{}.svc.cluster.local",
        source.database.name.as_deref().unwrap_or(source.name),
        source.namespace
    );
    let port = source.database.port.unwrap_or(27017);
    let mut config = texts(&[
        ("mongodb.connection.string", &format!("mongodb://{host}:{port}/?authSource=admin")),
        ("mongodb.user", &source.user),
        ("mongodb.password", &source.password),
        ("topic.prefix", &source.prefix),
        ("collection.include.list", &tables(source, database).join(",")),
        ("capture.mode", "change_streams_update_full"),
        ("snapshot.mode", "initial"),
    ]);
    if let Some(pipeline) = pipeline(scope, cluster, source) {
        config.insert("cursor.pipeline".to_owned(), pipeline.to_string());
        // A first reading would not go through the pipeline, and bring what lies elsewhere.
        config.insert("snapshot.mode".to_owned(), "no_data".to_owned());
    }
    built.connectors.extend(connector_of(scope, cluster, source, ("", MONGODB, config)));
    built
        .databases
        .push(Followed { connector: source.key.to_owned(), workloads: vec![source.name.to_owned()] });
}

/// Lets through what belongs to the region of the brokers: documents of its countries, and collections without zones.
/// An event carries the shard key also where its document is gone.
fn pipeline(scope: &Scope<'_>, cluster: &Cluster<'_>, source: &Source<'_>) -> Option<Value> {
    let region = scope.spec.regions.as_ref()?.get(cluster.spec.region.as_deref()?)?;
    let collections = source.database.mongodb.as_ref()?.collections.as_ref()?;
    let mut choices = Vec::new();
    for name in source.connector.tables.iter().flatten() {
        let zone = collections.get(name).and_then(|collection| collection.zone_by.as_ref());
        let mut choice = json!({"ns.coll": name});
        if let Some(field) = zone {
            choice[format!("documentKey.{field}")] =
                json!({"$in": region.countries.clone().unwrap_or_default()});
        }
        choices.push(choice);
    }
    Some(json!([{"$match": {"$or": choices}}]))
}

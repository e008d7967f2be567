//! A Compose project as it is meant: long and short forms are one, and each part knows where it stands.
//!
//! <https://docs.docker.com/reference/compose-file/> is the source of the names and of what each means.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Node, Span};

/// A text, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, its variables not filled in.
    pub text: String,
    /// Where.
    pub span: Option<Span>,
}

/// A Compose project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Project {
    /// What the file says that it is called.
    pub name: Option<String>,
    /// Its services by name.
    pub services: BTreeMap<String, Service>,
    /// Its networks that lead nowhere outside.
    pub internal_networks: BTreeSet<String>,
    /// Volumes that somebody else makes.
    pub external_volumes: BTreeSet<String>,
    /// Its secrets by name: the file of each, where it has one.
    pub secrets: BTreeMap<String, Option<Text>>,
    /// Its configs by name.
    pub configs: BTreeMap<String, ConfigSource>,
}

/// Where the text of a config comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigSource {
    /// A file, relative to the Compose file.
    File(Text),
    /// The text itself.
    Content(Text),
    /// From somewhere that the file does not say.
    Elsewhere,
}

/// One service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// Where it stands.
    pub span: Option<Span>,
    /// Its image.
    pub image: Option<Text>,
    /// The folder that it is built from, and the Dockerfile.
    pub build: Option<(Text, Option<Text>)>,
    /// Replaces the arguments of the image.
    pub command: Option<Words>,
    /// Replaces its entry point.
    pub entrypoint: Option<Words>,
    /// Environment variables, in order of their names.
    pub environment: BTreeMap<String, Variable>,
    /// Files of such.
    pub env_files: Vec<Text>,
    /// Ports.
    pub ports: Vec<Port>,
    /// What stands at a path of the container.
    pub mounts: Vec<Mount>,
    /// The networks that it is in; `default` where it names none.
    pub networks: BTreeSet<String>,
    /// Other names that it is called by.
    pub aliases: BTreeSet<String>,
    /// What must be there before it.
    pub depends_on: Vec<Dependency>,
    /// How Docker finds out whether it is well.
    pub health: Option<Health>,
    /// CPU and memory.
    pub resources: Resources,
    /// How many.
    pub replicas: Option<Text>,
    /// Whether each node runs one.
    pub global: bool,
    /// Secrets that it reads.
    pub secrets: Vec<Grant>,
    /// Configs that it reads.
    pub configs: Vec<Grant>,
    /// The user that it runs as.
    pub user: Option<Text>,
    /// When Docker starts it again.
    pub restart: Option<Text>,
    /// Its labels, and where each stands.
    pub labels: BTreeMap<String, Text>,
    /// Whether it is started only when somebody asks for it.
    pub optional: bool,
    /// Whether its root file system is read-only.
    pub read_only: bool,
    /// Linux capabilities that it is given.
    pub capabilities: Vec<String>,
    /// How long it may take to stop.
    pub grace_period: Option<Text>,
    /// Keys that have no counterpart, and where each stands.
    pub others: Vec<Text>,
}

/// A command: a list, or a line for a shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub words: Vec<String>,
    /// Where they stand.
    pub span: Option<Span>,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its value; `None` where whoever starts Compose has it.
    pub value: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A port of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The port that the process listens on.
    pub container: u16,
    /// The port of the machine that leads to it; `None` where none does.
    pub published: Option<String>,
    /// `TCP` or `UDP`.
    pub protocol: String,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What it is.
    pub kind: MountKind,
    /// The path in the container.
    pub target: String,
    /// Whether it cannot be written.
    pub read_only: bool,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What a mount is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountKind {
    /// A volume, by its name.
    Volume(String),
    /// A volume without a name.
    Anonymous,
    /// A file or folder of the machine.
    Bind(String),
    /// An empty directory in memory.
    Memory,
}

/// What must be there before a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The other service.
    pub service: String,
    /// What is waited for.
    pub condition: Condition,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// That it runs.
    Started,
    /// That it is well.
    Healthy,
    /// That it has ended well.
    Completed,
}

/// How Docker finds out whether a service is well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// The command; empty for none.
    pub test: Vec<String>,
    /// Time between tries.
    pub interval: Option<String>,
    /// Time until a try counts as failed.
    pub timeout: Option<String>,
    /// How many failures in a row count.
    pub retries: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// CPU and memory, as they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resources {
    /// Cores that are set aside.
    pub cpu_request: Option<Text>,
    /// Cores that must not be exceeded.
    pub cpu_limit: Option<Text>,
    /// Bytes that are set aside.
    pub memory_request: Option<Text>,
    /// Bytes that must not be exceeded.
    pub memory_limit: Option<Text>,
}

/// A secret or config that a service reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its name in the project.
    pub source: String,
    /// Where it is mounted; `None` for the usual place.
    pub target: Option<String>,
    /// Where it stands.
    pub span: Option<Span>,
}

impl Project {
    /// The service that a name leads to: its own, or another that it is called by.
    #[must_use]
    pub fn called<'a>(&'a self, name: &str) -> Option<(&'a str, &'a Service)> {
        let own = self.services.get_key_value(name);
        let found = own.or_else(|| self.services.iter().find(|(_, service)| service.aliases.contains(name)));
        found.map(|(name, service)| (name.as_str(), service))
    }

    /// Whether two services are in one network.
    #[must_use]
    pub fn share_network(&self, one: &str, other: &str) -> bool {
        let networks = |name: &str| self.services.get(name).map(|service| &service.networks);
        match (networks(one), networks(other)) {
            (Some(one), Some(other)) => !one.is_disjoint(other),
            _ => false,
        }
    }
}

/// Where a value stands: under its key, or by itself.
pub(super) fn place(node: &Node) -> Option<Span> {
    node.origin.span
}

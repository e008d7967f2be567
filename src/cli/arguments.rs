//! The arguments as they are written, and the help that teaches them.

use std::path::PathBuf;

use crate::diag::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compile one typed platform.toml into Kubernetes YAML that is proven sound before it is written
#[derive(Debug, Parser)]
#[command(name = "bayplan", version, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// What every verb takes.
    #[command(flatten)]
    pub shared: Shared,
    /// The verb.
    #[command(subcommand)]
    pub verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  bayplan init                       write a platform.toml to start from
  bayplan render                     write out/ for every environment
  bayplan render staging             write base, overlay and rendered objects of one environment
  bayplan render --check             write nothing; exit 1 and name each file that is not up to date
  bayplan render staging --stdout | kubectl apply -f -
  bayplan check                      judge every environment, and write nothing
  bayplan check ./k8s                judge any folder of manifests
  bayplan import compose compose.yaml  print what runs with Docker Compose as a platform.toml
  bayplan explain shared-volume      what a finding means and how to mend it

Exit codes: 0 all is well; 1 findings or differences; 2 a bad platform, bad usage or a failure.";

/// What every verb takes.
#[derive(Debug, Args)]
pub(super) struct Shared {
    /// The platform's file
    #[arg(short, long, global = true, value_name = "FILE", default_value = "platform.toml")]
    pub file: PathBuf,
    /// Where the output lies; `out` beside the platform's file unless given
    #[arg(long, global = true, value_name = "FOLDER")]
    pub output_dir: Option<PathBuf>,
    /// How findings are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Whether findings are coloured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Say nothing but errors
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// How findings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people: the source underlined, on stderr
    Text,
    /// For programs: one JSON document, on stdout
    Json,
    /// For code scanning: SARIF 2.1.0, on stdout
    Sarif,
    /// For CI servers: a JUnit report, on stdout
    Junit,
    /// For GitHub Actions: annotations of the lines, on stdout
    Github,
    /// For test harnesses: the Test Anything Protocol, on stdout
    Tap,
}

/// Whether findings are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Yes
    Always,
    /// No
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Compile the platform and write the output
    Render(Render),
    /// Judge the platform in every environment, or any folder of manifests, and write nothing
    Check(Check),
    /// Show how two environments differ, or what applying one would change in a cluster
    Diff(Diff),
    /// Show what environments ask for, against what their clusters offer
    Capacity(Capacity),
    /// Give an environment the images that run in another, in platform.toml itself
    Promote(Promote),
    /// Add, change, remove and list tenants, in platform.toml itself
    Tenant(Tenant),
    /// Print an existing system as a platform.toml
    Import(Import),
    /// Show what took the place of each service of Docker Compose
    Parity(Parity),
    /// Print the JSON Schema of platform.toml, and keep the definitions of custom resources
    Schema(Schema),
    /// Say what a diagnostic code means and how to mend it
    Explain(Explain),
    /// List the rules by which objects are judged
    Rules,
    /// Write a platform.toml to start from
    Init(Init),
    /// Print completions for a shell
    Completions(Completions),
}

/// Arguments of `render`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bayplan render                       every environment
  bayplan render staging production    two of them
  bayplan render --check               in CI: exit 1 unless out/ is what platform.toml says
  bayplan render staging --stdout | kubectl diff -f -")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Render {
    /// The environments; all of them unless given
    #[arg(value_name = "ENVIRONMENT")]
    pub environments: Vec<String>,
    /// Exactly the environments and groups of the phases up to this one; environments of none are left out
    #[arg(long, value_name = "PHASE")]
    pub phase: Option<u32>,
    /// With --stdout: only what belongs to this group; may be given several times
    #[arg(long, value_name = "GROUP", requires = "stdout")]
    pub group: Vec<String>,
    /// Write nothing; exit 1 and name each file that is stale, missing, edited by hand or left over
    #[arg(long, conflicts_with = "stdout")]
    pub check: bool,
    /// Write the objects of one environment to stdout instead of files
    #[arg(long)]
    pub stdout: bool,
    /// Write the whole platform as a Helm chart too, where platform.toml declares none: out/helm/<platform>/
    #[arg(long, conflicts_with = "stdout")]
    pub helm: bool,
    /// Overwrite generated files that were edited by hand
    #[arg(long, conflicts_with_all = ["check", "stdout"])]
    pub force: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "\
What has a slash or a dot in it is a path, and anything else an environment of platform.toml; where there is no
platform.toml everything is a path.

Examples:
  bayplan check                        every environment of platform.toml
  bayplan check production             one of them
  bayplan check --kubernetes 1.37      rehearse an upgrade
  bayplan check ./k8s                  any folder of manifests
  helm template chart | bayplan check - --profile api
  bayplan check ./k8s --against ../released/k8s --fail-on error
  bayplan check ./k8s --crd crds/ --format sarif > findings.sarif
  bayplan check --format json | jq '.[] | .code'")]
pub(super) struct Check {
    /// Environments whose findings are shown, or files and folders of manifests; `-` is the standard input
    #[arg(value_name = "ENVIRONMENT|PATH")]
    pub targets: Vec<String>,
    /// Judge against this Kubernetes version instead of the platform's own, or the newest
    #[arg(long, value_name = "VERSION")]
    pub kubernetes: Option<String>,
    /// Show notes too, not only errors and warnings
    #[arg(long)]
    pub notes: bool,
    /// Count the findings by rule instead of showing each
    #[arg(long)]
    pub summary: bool,
    /// The least weight of a finding that makes the exit code 1; a warning unless given
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<Weight>,
    /// Print the policies that the owners of other namespaces must apply, as YAML
    #[arg(long)]
    pub peers: bool,
    /// What judges manifests from elsewhere.
    #[command(flatten)]
    pub tree: Tree,
}

/// What concerns manifests from elsewhere.
#[derive(Debug, Args)]
#[command(next_help_heading = "For files and folders")]
pub(super) struct Tree {
    /// Which rules run: what the API server refuses, what everybody should look at, or everything
    #[arg(long, value_enum)]
    pub profile: Option<Profile>,
    /// The configuration; bayplan-check.toml unless given, where it is there
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Definitions of custom resources, beside those among the manifests
    #[arg(long, value_name = "FILE|FOLDER")]
    pub crd: Vec<PathBuf>,
    /// The tree that this one is to replace: a change that no cluster makes to an object is an error
    #[arg(long, value_name = "FILE|FOLDER")]
    pub against: Option<PathBuf>,
    /// Name everything that was passed over, and say why
    #[arg(short, long)]
    pub verbose: bool,
    /// How many threads work; as many as there are processors unless given
    #[arg(long, value_name = "COUNT")]
    pub threads: Option<usize>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Weight {
    /// It cannot work, or must not
    Error,
    /// Somebody should look
    Warning,
    /// Worth knowing
    Note,
}

impl Weight {
    /// The severity of findings that weigh as much.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

/// Which rules run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    /// Only what the API server refuses
    Api,
    /// Everything but rules that are off
    Default,
    /// Every rule
    Strict,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Between environments, the change that leads from the first to the second; that namespaces are called otherwise is said of
the namespaces alone. Against a cluster, the change that applying would make: a field that the platform does not state is no
difference, unless the platform applied it earlier (`--show-managed-fields`) and would take it away now. Objects that only the cluster has count where they carry the labels
of the platform. `+` would be created, `-` is there besides, `~` would change. Exit 1 where there are differences.

Examples:
  bayplan diff staging production
  kubectl get all,configmap,ingress,networkpolicy -A -o yaml --show-managed-fields | bayplan diff prod - --partial
  bayplan diff prod ./cluster.yaml --format json")]
pub(super) struct Diff {
    /// The environment
    pub environment: String,
    /// Another environment; or what a cluster has, as YAML or JSON in a file, or `-` for the standard input
    #[arg(value_name = "ENVIRONMENT|FILE")]
    pub other: String,
    /// The cluster's objects are not all: of kinds that are not among them nothing is missing
    #[arg(long)]
    pub partial: bool,
}

/// Arguments of `capacity`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bayplan capacity                     every environment
  bayplan capacity dev                 exit 1 where it does not fit, and by how much
  bayplan capacity local --without ingress-nginx")]
pub(super) struct Capacity {
    /// The environments; all of them unless given
    #[arg(value_name = "ENVIRONMENT")]
    pub environments: Vec<String>,
    /// Leave out a component, as where it runs elsewhere
    #[arg(long, value_name = "COMPONENT")]
    pub without: Vec<String>,
}

/// Arguments of `promote`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bayplan promote staging production           copy the images, and nothing else
  bayplan promote staging production --check   write nothing; exit 1 unless they are the same")]
pub(super) struct Promote {
    /// The environment whose images were tested
    pub from: String,
    /// The environment that gets them
    pub to: String,
    /// Write nothing; exit 1 and name each image that differs
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `tenant`.
#[derive(Debug, Args)]
#[command(after_help = "\
Comments and layout of platform.toml stay as they are, and nothing is written unless the platform compiles.

Examples:
  bayplan tenant add acme --owner alice@acme.example
  bayplan tenant add \"Globex Inc.\" --group globex-admins quota.storage=50Gi
  bayplan tenant set acme quota.storage=50Gi
  bayplan tenant remove acme
  bayplan tenant list production")]
pub(super) struct Tenant {
    /// What to do.
    #[command(subcommand)]
    pub verb: TenantVerb,
}

/// What to do with tenants.
#[derive(Debug, Subcommand)]
pub(super) enum TenantVerb {
    /// Add a tenant
    Add {
        /// What it is called; a name that is no DNS label becomes its title
        name: String,
        /// The user who owns it
        #[arg(long, value_name = "USER", required_unless_present = "group", conflicts_with = "group")]
        owner: Option<String>,
        /// The group that owns it
        #[arg(long)]
        group: Option<String>,
        /// What else is said of it: `quota.storage=50Gi`
        #[arg(value_name = "KEY=VALUE", value_parser = pair)]
        values: Vec<(String, String)>,
    },
    /// Change what is said of a tenant
    Set {
        /// Its key
        name: String,
        /// What changes: `quota.storage=50Gi`
        #[arg(value_name = "KEY=VALUE", value_parser = pair, required = true)]
        values: Vec<(String, String)>,
    },
    /// Remove a tenant
    Remove {
        /// Its key
        name: String,
    },
    /// Print every tenant: name, namespace, owner and quota, with tabs between them
    List {
        /// The environment; the base unless given
        environment: Option<String>,
    },
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("there is no `=` in it: write key=value")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

/// Arguments of `import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// What the system is described by.
    #[command(subcommand)]
    pub from: ImportFrom,
}

/// What a system is described by.
#[derive(Debug, Subcommand)]
pub(super) enum ImportFrom {
    /// Files of Docker Compose
    #[command(after_help = "\
What cannot be carried over is said with its line, on stderr. Values of secrets are left out: the platform names keys of
secrets. Files beside the first one are read too: `.env`, `env_file`, and what is mounted.

Examples:
  bayplan import compose compose.yaml > platform.toml
  bayplan import compose compose.yaml compose.override.yaml --name shop
  bayplan import compose rentguy/compose.yaml --group rentguy > products/rentguy.toml")]
    Compose {
        /// Compose files, the later over the earlier
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        /// The group that everything belongs to: the result is a file for `include`
        #[arg(long)]
        group: Option<String>,
        /// The name of the platform; what the file says, or that of its folder, unless given
        #[arg(long, conflicts_with = "group")]
        name: Option<String>,
    },
}

/// Arguments of `parity`.
#[derive(Debug, Args)]
#[command(after_help = "\
Compares with the Compose files that `[parity]` of platform.toml names; `bayplan check` does so too. Exit 1 where a service
is missing, or has lost a port, a variable or a volume.

Examples:
  bayplan parity                             every environment
  bayplan parity prod                        one of them
  bayplan parity --compose ../old/compose.yaml --format json")]
pub(super) struct Parity {
    /// The environment; all of them unless given
    pub environment: Option<String>,
    /// Compose files of one folder, the later over the earlier; those of `[parity]` unless given
    #[arg(long, value_name = "FILE")]
    pub compose: Vec<PathBuf>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
An editor that knows TOML schemas reads the first line of platform.toml:
  #:schema ./schemas/platform.schema.json

Custom resources are judged by the definitions in schemas/crds/ beside platform.toml: in `render` and `check` of the
platform, raw ones and those that bayplan writes itself, and in `check PATH`.

Examples:
  bayplan schema                       print it
  bayplan schema --write               write schemas/platform.schema.json beside platform.toml
  bayplan schema add crds.yaml         keep the definitions of custom resources in a file
  kubectl get crd -o yaml | bayplan schema add -
  bayplan schema list
  bayplan schema remove certificates.cert-manager.io"
)]
pub(super) struct Schema {
    /// Write it to schemas/platform.schema.json beside the platform's file
    #[arg(long)]
    pub write: bool,
    /// What else to do.
    #[command(subcommand)]
    pub verb: Option<SchemaVerb>,
}

/// What to do with the definitions of custom resources.
#[derive(Debug, Subcommand)]
pub(super) enum SchemaVerb {
    /// Keep CustomResourceDefinitions in schemas/crds/, one a file, with what judging needs
    Add {
        /// Files and folders with definitions; `-` is the standard input
        #[arg(value_name = "FILE|FOLDER", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Print every definition that is kept: its name, its kind and its API versions, with tabs between them
    List,
    /// Remove definitions that are kept
    Remove {
        /// Their names, as `list` prints them: the plural and the group
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
    },
}

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, as it stands in brackets after `error` or `warning`; all codes are listed unless given
    pub code: Option<String>,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The name of the platform; that of the folder unless given
    #[arg(long)]
    pub name: Option<String>,
}

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bayplan completions bash > /etc/bash_completion.d/bayplan
  bayplan completions zsh > ~/.zfunc/_bayplan
  bayplan completions fish > ~/.config/fish/completions/bayplan.fish")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

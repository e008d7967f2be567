//! The driver of `bayplan check PATH…`: from any folder of manifests to everything that is wrong with it.
//!
//! [`judge`] reads through a [`Host`]: files, folders and the standard input. It runs the stages `manifest` and `check`
//! and gives a [`Verdict`]. Files are read and checked in parallel, one tree of values at a time; of each object only what
//! other objects may refer to is kept for the rules that look across. What comes out does not depend on how many threads
//! there are.

mod across;
mod builds;
mod config;
mod files;
mod pass;

use std::path::PathBuf;

use crate::check::{self, Profile, Schemas};
use crate::diag::{Code, Diagnostic, Severity};
use crate::host::{Host, parallel};
use crate::manifest::{self, Reason};
use crate::names::KubernetesVersion;
use crate::source::Sources;
use crate::value::Pool;

pub use config::{CODES, CONFIG};

use pass::Job;

/// What to judge, and by what.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders, relative to the host's folder or absolute. `-` is the standard input.
    pub paths: Vec<PathBuf>,
    /// The Kubernetes version; that of the configuration unless given, and the newest known if it names none.
    pub kubernetes: Option<KubernetesVersion>,
    /// The least weight of a finding that fails the run; that of the configuration unless given, else a warning.
    pub fail_on: Option<Severity>,
    /// Which rules run; those of the configuration unless given.
    pub profile: Option<Profile>,
    /// The configuration; `bayplan-check.toml` in the host's folder unless given, where it is there.
    pub config: Option<PathBuf>,
    /// Files and folders with definitions of custom resources, beside those in the tree.
    pub crds: Vec<PathBuf>,
    /// The tree that this one is to replace: what no cluster changes is compared with it.
    pub against: Option<PathBuf>,
    /// How many threads work; as many as there are processors unless given.
    pub threads: Option<usize>,
}

/// What came out.
#[derive(Debug)]
pub struct Verdict {
    /// The texts of the files in which something was found.
    pub sources: Sources,
    /// Everything that was found, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many files were read.
    pub files: usize,
    /// How many objects were judged.
    pub objects: usize,
    /// What was passed over: the file, with the line of the document where it is one of several, and what it is.
    pub passed: Vec<(String, Reason)>,
    /// Whether what was asked for could be done: the paths exist and the configuration can be read.
    pub complete: bool,
    /// What it was judged against.
    pub kubernetes: KubernetesVersion,
    /// Which rules ran.
    pub profile: Profile,
    /// The least weight of a finding that fails the run, as the configuration says.
    pub fail_on: Severity,
}

/// Judges every object that the request names.
#[must_use]
pub fn judge(host: &dyn Host, request: &Request) -> Verdict {
    let mut sources = Sources::default();
    let (config, mut problems) = config::read(host, &mut sources, request.config.as_deref());
    let kubernetes = request.kubernetes.or(config.kubernetes).unwrap_or(newest());
    let profile = request.profile.or(config.profile).unwrap_or_default();
    let mut schemas = Schemas::new(kubernetes);
    let crds: Vec<PathBuf> = request.crds.iter().chain(&config.crds).cloned().collect();
    problems.extend(files::add_definitions(host, &crds, &mut schemas));
    let files = files::expand(host, &request.paths, &config.skip);
    problems.extend(files.problems.iter().map(crate::host::HostError::diagnostic));
    let mut job = Job {
        host,
        files: &files,
        threads: parallel::threads(request.threads),
        policy: config.policy(&schemas),
        across: false,
        sorted_keys: config.sorted_keys,
        old: Vec::new(),
        pool: Pool::default(),
    };
    if let Some(against) = &request.against {
        let (old, found) = files::objects(host, against);
        job.old = old;
        problems.extend(found);
    }
    let complete = problems.iter().all(|problem| !problem.is_error());
    job.policy.external.generated.clone_from(&files.builds.generated);
    job.policy.profile = profile;
    job.across = check::looks_across(&job.policy);
    job.policy.today = host.today().to_string();
    let (brought, first) = job.first_pass();
    let extended;
    let passes = if brought.is_empty() {
        Job::without_second_pass(first)
    } else {
        extended = files::extended(host, &crds, &brought, kubernetes);
        job.policy.schemas = &extended;
        job.second_pass(first)
    };
    let passes = job.with_whole_objects(passes);
    let mut verdict = job.finish(passes, sources, problems);
    verdict.fail_on = request.fail_on.or(config.fail_on).unwrap_or(Severity::Warning);
    verdict.complete &= complete;
    verdict
}

/// Every code of a finding about a tree of files.
#[must_use]
pub fn all_codes() -> Vec<&'static Code> {
    let stages = [check::CODES, manifest::CODES, check::exceptions::CODES, crate::host::CODES, CODES];
    stages.into_iter().flatten().copied().collect()
}

fn newest() -> KubernetesVersion {
    KubernetesVersion::ALL[KubernetesVersion::ALL.len() - 1]
}

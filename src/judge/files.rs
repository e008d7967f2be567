//! Which files there are to read, and what can be told of one by where it lies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::builds::Builds;
use crate::check::Schemas;
use crate::definitions;
use crate::diag::Diagnostic;
use crate::host::{Cause, Entry, Host, HostError, Kind};
use crate::manifest::{self, Kustomization, LARGEST, Reading, Reason};
use crate::names::KubernetesVersion;
use crate::object::Object;
use crate::source::wildcard::stars;
use crate::value::SharedValue;

/// What somebody pipes into the program, on the command line and in findings.
const INPUT: &str = "-";
const INPUT_NAME: &str = "<stdin>";

/// One thing to read. A tree may have very many of them, so that each is small.
#[derive(Debug)]
pub(super) enum Source {
    /// What was piped in.
    Input,
    /// A file below a folder.
    File { folder: Arc<Folder>, path: Box<str> },
}

/// A folder that was asked for: where it is, and what the names of its files begin with: nothing, or what ends with `/`.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    prefix: String,
}

/// The files to read.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub list: Vec<Source>,
    pub passed: Vec<(String, Reason)>,
    pub problems: Vec<HostError>,
    /// What was piped in, which cannot be read twice.
    input: Option<Vec<u8>>,
    /// The names of files that kustomizations name and that are parts of objects.
    parts: BTreeSet<String>,
    /// What the names of templates of Helm charts begin with.
    templates: BTreeSet<String>,
    /// The kustomizations, by their folders with a `/` at the end, with paths from where the files are named.
    kustomizations: BTreeMap<String, Kustomization>,
    /// What those make of the files.
    pub builds: Builds,
}

/// The files that `paths` name, those below folders in the order of their names.
pub(super) fn expand(host: &dyn Host, paths: &[PathBuf], skip: &[String]) -> Files {
    let mut files = Files::default();
    for path in paths {
        if path.as_os_str() == INPUT {
            // It can be read once, however often it is named.
            if files.input.is_none() {
                files.add_input(host);
            }
            continue;
        }
        match host.list(path) {
            Ok(entries) if entries.is_empty() => files.add_empty(host, path),
            Ok(entries) => files.add_folder(host, path, entries),
            Err(HostError { cause: Cause::NotAFolder(_), .. }) => files.add_file(host, path),
            Err(error) => files.problems.push(error),
        }
    }
    if paths.len() > 1 {
        files.name_each_once();
    }
    files.leave_out(skip);
    files.builds = Builds::new(&files.kustomizations, files.list.iter().map(Source::name));
    files.list.shrink_to_fit();
    files
}

/// Adds the definitions of custom resources in those files and folders. What is no definition is left alone.
pub(super) fn add_definitions(host: &dyn Host, paths: &[PathBuf], schemas: &mut Schemas) -> Vec<Diagnostic> {
    let (definitions, errors) = definitions::claimed(host, paths);
    for definition in &definitions {
        // What keeps it from being a definition is for its owner to mend.
        drop(schemas.add_custom_resource(definition));
    }
    errors.iter().map(HostError::diagnostic).collect()
}

/// The objects of a tree, and what kept any of it from being read.
pub(super) fn objects(host: &dyn Host, path: &Path) -> (Vec<Object>, Vec<Diagnostic>) {
    let files = expand(host, &[path.to_owned()], &[]);
    let mut problems: Vec<Diagnostic> = files.problems.iter().map(HostError::diagnostic).collect();
    let mut objects = Vec::new();
    for source in &files.list {
        match files.read(host, source) {
            Ok(reading) => objects.extend(reading.objects),
            Err(error) => problems.push(error.diagnostic()),
        }
    }
    (objects, problems)
}

/// The schemas of a version with the definitions in files and those that came to light in a tree.
pub(super) fn extended(
    host: &dyn Host,
    crds: &[PathBuf],
    brought: &[SharedValue],
    kubernetes: KubernetesVersion,
) -> Schemas {
    let mut schemas = Schemas::new(kubernetes);
    drop(add_definitions(host, crds, &mut schemas));
    for definition in brought {
        // What keeps it from being a definition is for the rules to say.
        drop(schemas.add_custom_resource(definition));
    }
    schemas
}

impl Files {
    /// Reads a file. What it is, as far as its place says it, comes before what is in it.
    pub fn read(&self, host: &dyn Host, source: &Source) -> Result<Reading, HostError> {
        let name = source.name();
        if self.parts.contains(&name) {
            return Ok(Reading::passed_over(Reason::KustomizePatch));
        }
        let bytes = match source {
            Source::Input => self.input.clone().unwrap_or_default(),
            Source::File { folder, path } => host.read_listed(&folder.path, path, LARGEST)?,
        };
        let mut folders = name.match_indices('/').map(|(at, _)| &name[..=at]);
        if folders.any(|folder| self.templates.contains(folder)) && manifest::is_helm_template(&bytes) {
            return Ok(Reading::passed_over(Reason::HelmTemplate));
        }
        Ok(manifest::read(&name, bytes))
    }

    fn add_input(&mut self, host: &dyn Host) {
        match host.input(LARGEST) {
            Ok(bytes) => {
                self.input = Some(bytes);
                self.list.push(Source::Input);
            }
            Err(error) => self.problems.push(error),
        }
    }

    fn add_file(&mut self, host: &dyn Host, path: &Path) {
        if host.behind(path) == Kind::Special {
            return self.problems.push(HostError::new(shown(path), Cause::NotAFile));
        }
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let prefix = shown(path).strip_suffix(&file).unwrap_or_default().to_owned();
        self.list.push(Source::File { folder: Arc::new(Folder { path: folder, prefix }), path: file.into() });
    }

    /// A folder with nothing in it, or no folder at all: the two are listed alike.
    fn add_empty(&mut self, host: &dyn Host, path: &Path) {
        let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
        let looked = host.read_at_most(folder, &name.to_string_lossy(), LARGEST);
        if let Err(HostError { cause: Cause::Missing, .. }) = looked {
            self.problems.push(HostError::new(shown(path), Cause::Missing));
        }
    }

    fn add_folder(&mut self, host: &dyn Host, folder: &Path, entries: Vec<Entry>) {
        let base = shown(folder);
        let prefix = if base.is_empty() { base } else { base + "/" };
        let shared = Arc::new(Folder { path: folder.to_owned(), prefix });
        for entry in entries.into_iter().filter(|entry| !is_hidden(&entry.path)) {
            let named = shared.name_of(&entry.path);
            let is_link = entry.kind == Kind::Link;
            let kind = if is_link { host.behind(&folder.join(&entry.path)) } else { entry.kind };
            match kind {
                Kind::Folder if is_link => self.passed.push((named, Reason::LinkedFolder)),
                Kind::Special => self.passed.push((named, Reason::SpecialFile)),
                Kind::File if is_manifest(&entry.path) => {
                    self.look_at(host, folder, &entry, &named);
                    let folder = Arc::clone(&shared);
                    self.list.push(Source::File { folder, path: entry.path.into() });
                }
                Kind::Link if is_manifest(&entry.path) && !is_lock(&entry.path) => {
                    self.problems.push(HostError::new(named, Cause::LeadsNowhere));
                }
                Kind::Nameless if is_manifest(&entry.path) => {
                    self.problems.push(HostError::new(named, Cause::Nameless));
                }
                _ => {}
            }
        }
    }

    /// A file that is named twice, or lies below a folder that is named too, is read once.
    fn name_each_once(&mut self) {
        let mut names = BTreeSet::new();
        self.list.retain(|source| names.insert(normal(&source.name())));
    }

    /// Notes what a chart or a kustomization says of its neighbours.
    fn look_at(&mut self, host: &dyn Host, folder: &Path, entry: &Entry, name: &str) {
        let (above, file) = name.rsplit_once('/').unwrap_or(("", name));
        let below =
            |path: &str| if above.is_empty() { normal(path) } else { normal(&format!("{above}/{path}")) };
        match file {
            "Chart.yaml" => drop(self.templates.insert(format!("{}/", below("templates")))),
            "kustomization.yaml" | "kustomization.yml" | "Kustomization" => {
                let bytes = host.read_at_most(folder, &entry.path, LARGEST).unwrap_or_default();
                let mut says = Kustomization::of(&String::from_utf8_lossy(&bytes));
                self.parts.extend(says.parts.iter().map(|part| below(part)));
                says.resources.iter_mut().for_each(|path| *path = below(path));
                let folder = if above.is_empty() { String::new() } else { format!("{above}/") };
                self.kustomizations.insert(folder, says);
            }
            _ => {}
        }
    }

    fn leave_out(&mut self, skip: &[String]) {
        let (left, kept) = std::mem::take(&mut self.list)
            .into_iter()
            .partition(|source| skip.iter().any(|pattern| stars(pattern, &source.name())));
        self.list = kept;
        let left: Vec<Source> = left;
        self.passed.extend(left.iter().map(|source| (source.name(), Reason::Skipped)));
    }
}

impl Source {
    /// What findings call it.
    pub fn name(&self) -> String {
        match self {
            Self::Input => INPUT_NAME.to_owned(),
            Self::File { folder, path } => folder.name_of(path),
        }
    }
}

impl Folder {
    /// What findings call a file below it.
    fn name_of(&self, path: &str) -> String {
        [&*self.prefix, path].concat()
    }
}

/// A path as findings show it: with `/`, and without a `./` in front.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let text = text.trim_start_matches("./").trim_end_matches('/');
    if text == "." { String::new() } else { text.to_owned() }
}

/// `a/b/../c` as `a/c`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for (at, part) in path.split('/').enumerate() {
        match part {
            "." => {}
            "" if at > 0 => {}
            ".." if parts.last().is_some_and(|last| !matches!(*last, "" | "..")) => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What version control keeps for itself.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part == ".git")
}

/// The link with which an editor says that it has a file open.
fn is_lock(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(".#"))
}

fn is_manifest(path: &str) -> bool {
    let extension =
        path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    extension
        .is_some_and(|extension| ["yaml", "yml", "json"].iter().any(|it| extension.eq_ignore_ascii_case(it)))
}

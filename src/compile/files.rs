//! From a compilation to files: which environments, which tree, which bytes, and what a host is asked to write.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use super::{Compilation, Compiled};
use crate::diag::{Diagnostic, did_you_mean};
use crate::emit;
use crate::host::{File, Host, HostError, Outcome, Plan, Scopes};
use crate::layout::{self, Comment, Content, EnvironmentObjects, Extra, Tree};
use crate::lower;
use crate::model::Platform;
use crate::resolve::codes::UNKNOWN_ENVIRONMENT;

/// Which environments are rendered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Selection {
    /// All of them: the output folder as a whole, so that what a removed environment left behind is removed too.
    #[default]
    Everything,
    /// These. The files of the others are left alone.
    Environments(BTreeSet<String>),
}

impl Selection {
    /// Whether the environment `name` is rendered.
    #[must_use]
    pub fn includes(&self, name: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Environments(names) => names.contains(name),
        }
    }
}

/// Why nothing was written: each file in the way, or the one failure of the file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<HostError>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&reasons.join("\n"))
    }
}

impl std::error::Error for Refused {}

impl Compilation {
    /// The environments of these names, or everything where there are none.
    ///
    /// # Errors
    /// A diagnostic for each name that the platform does not have.
    pub fn select(&self, names: &[String]) -> Result<Selection, Vec<Diagnostic>> {
        let unknown: Vec<Diagnostic> = names.iter().filter_map(|name| self.unknown(name)).collect();
        match names {
            _ if !unknown.is_empty() => Err(unknown),
            [] => Ok(Selection::Everything),
            names => Ok(Selection::Environments(names.iter().cloned().collect())),
        }
    }

    fn unknown(&self, name: &str) -> Option<Diagnostic> {
        if self.environments.contains_key(name) {
            return None;
        }
        if let Some(elsewhere) = self.elsewhere.iter().find(|elsewhere| elsewhere.name == name) {
            let place = &elsewhere.place;
            let message =
                format!("environment `{name}` is not on a cluster ({place}): nothing is rendered for it");
            return Some(Diagnostic::new(&UNKNOWN_ENVIRONMENT, message));
        }
        let names: Vec<&str> = self.environments.keys().map(String::as_str).collect();
        let hint = did_you_mean(name, names.iter().copied()).map_or_else(
            || format!("the environments are: {}", names.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Some(Diagnostic::new(&UNKNOWN_ENVIRONMENT, format!("there is no environment `{name}`")).hint(hint))
    }

    /// The environments of a selection, in order of their names.
    pub fn selected<'a>(&'a self, selection: &'a Selection) -> impl Iterator<Item = (&'a str, &'a Compiled)> {
        let all = self.environments.iter().map(|(name, compiled)| (name.as_str(), compiled));
        all.filter(|(name, _)| selection.includes(name))
    }

    /// The tree of files: the base, each environment of the selection as overlay and rendered, and the charts, which
    /// are of all environments.
    #[must_use]
    pub fn tree(&self, selection: &Selection) -> Tree {
        // Before the first phase that runs on Kubernetes there is nothing to apply.
        let nothing = self.environments.is_empty() && !self.elsewhere.is_empty();
        let mut tree = if nothing { Tree::default() } else { layout::base(&self.base.objects) };
        for (name, compiled) in self.selected(selection) {
            let extras = extras(lower::artefacts(&compiled.model));
            let environment = EnvironmentObjects { name, objects: &compiled.objects, extras: &extras };
            tree.extend(layout::overlay(&self.base.objects, &environment));
            tree.extend(layout::rendered(&environment));
            tree.extend(layout::delivery(name, &compiled.delivery, lower::ROOT));
        }
        if !nothing {
            tree.extend(self.charts());
        }
        let models: Vec<&Platform> = self.environments.values().map(|compiled| &compiled.model).collect();
        for extra in extras(lower::shared_artefacts(&self.base.model, &models, &self.elsewhere)) {
            tree.insert(extra.path, extra.content);
        }
        tree
    }

    /// The finished files of [`Compilation::tree`], by their paths relative to the output folder.
    #[must_use]
    pub fn files(&self, selection: &Selection) -> BTreeMap<String, File> {
        let files = emit::files(&self.tree(selection)).into_iter();
        files.map(|(path, file)| (path, File { bytes: file.bytes, executable: file.executable })).collect()
    }

    /// What the output folder should hold, for [`Host::commit`] to write and for
    /// [`survey`](crate::host::survey) to compare.
    #[must_use]
    pub fn plan(&self, selection: &Selection) -> Plan {
        let files = self.files(selection);
        let scopes = match selection {
            Selection::Everything => Scopes::everything(),
            Selection::Environments(_) => {
                let at_root = files.keys().filter(|path| !path.contains('/')).cloned();
                let folders = self.selected(selection).flat_map(|(name, _)| {
                    ["overlays", "rendered", "argocd"].map(|form| format!("{form}/{name}/"))
                });
                let shared = ["base/", "helm/"].map(str::to_owned);
                Scopes::of(at_root.chain(folders).chain(shared))
            }
        };
        Plan::new(files, scopes)
    }

    /// Makes `folder` hold the files of the selection, whole or not at all. A relative folder is one of the platform's.
    ///
    /// # Errors
    /// Every reason why nothing was written.
    pub fn write(&self, host: &dyn Host, folder: &Path, selection: &Selection) -> Result<Outcome, Refused> {
        host.commit(folder, &self.plan(selection)).map_err(Refused)
    }
}

impl Compiled {
    /// The finished objects as one stream of YAML documents, for `kubectl apply -f -`.
    #[must_use]
    pub fn yaml(&self) -> String {
        emit::documents(self.objects.iter().map(|object| &*object.value))
    }
}

fn extras(artefacts: Vec<lower::Artefact>) -> Vec<Extra> {
    artefacts.into_iter().map(extra).collect()
}

fn extra(artefact: lower::Artefact) -> Extra {
    let markdown = artefact.path.rsplit_once('.').is_some_and(|(_, extension)| extension == "md");
    let comment = if markdown { Comment::Html } else { Comment::Hash };
    let content = match artefact.content {
        lower::ArtefactContent::Yaml(value) => Content::Yaml(value.into()),
        lower::ArtefactContent::Text(text) => {
            Content::Text { text, comment, executable: artefact.executable }
        }
    };
    Extra { path: artefact.path, content }
}

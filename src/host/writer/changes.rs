//! The decision: what a commit will do, or every reason why it will not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{EditedFiles, Outcome, Plan, State, Survey, survey};
use crate::host::{Cause, File, Host, HostError};

/// What a commit is going to do.
#[derive(Debug, Default)]
pub(in crate::host) struct Changes<'a> {
    /// Files to write, over our own where there is one.
    pub(in crate::host) write: BTreeMap<&'a str, &'a File>,
    /// Files of our own to remove.
    pub(in crate::host) remove: BTreeSet<String>,
    unchanged: Vec<String>,
    kept: Vec<String>,
}

impl<'a> Changes<'a> {
    /// What is to be done in `folder`.
    pub(in crate::host) fn between<H: Host + ?Sized>(
        host: &H,
        folder: &Path,
        plan: &'a Plan,
    ) -> Result<Self, Vec<HostError>> {
        let survey = survey(host, folder, plan).map_err(|error| vec![error])?;
        refuse(&survey, folder, plan.edited)?;
        let mut changes = Self::default();
        for (path, state) in survey.iter() {
            changes.add(path, state, plan);
        }
        Ok(changes)
    }

    fn add(&mut self, path: &str, state: &State, plan: &'a Plan) {
        match state {
            State::Same => self.unchanged.push(path.to_owned()),
            State::Missing | State::Stale | State::Edited | State::InTheWay { .. } => {
                self.write.extend(plan.files.get_key_value(path).map(|(path, file)| (path.as_str(), file)));
            }
            State::LeftOver => {
                self.remove.insert(path.to_owned());
            }
            State::EditedLeftOver if plan.edited == EditedFiles::Overwrite => {
                self.remove.insert(path.to_owned());
            }
            State::EditedLeftOver | State::Foreign(_) => self.kept.push(path.to_owned()),
            State::Companion => {}
        }
    }

    /// Whether there is nothing to do.
    pub(super) fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// Every path that is written or removed.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.write.keys().copied().chain(self.remove.iter().map(String::as_str))
    }

    /// What was done, once it is done.
    pub(in crate::host) fn outcome(self) -> Outcome {
        Outcome {
            written: self.write.into_keys().map(str::to_owned).collect(),
            removed: self.remove.into_iter().collect(),
            unchanged: self.unchanged,
            kept: self.kept,
            left_behind: None,
        }
    }
}

/// Every path that keeps the plan from being carried out, each once.
fn refuse(survey: &Survey, folder: &Path, edited: EditedFiles) -> Result<(), Vec<HostError>> {
    let mut reasons = BTreeMap::new();
    for (path, state) in survey.iter() {
        let reason = match state {
            State::Edited if edited == EditedFiles::Refuse => (path, Cause::Edited),
            State::InTheWay { path, kind } => (path.as_str(), Cause::InTheWay(*kind)),
            _ => continue,
        };
        reasons.insert(reason.0, reason.1);
    }
    if reasons.is_empty() {
        return Ok(());
    }
    let shown = |path: &str| folder.join(path).display().to_string();
    Err(reasons.into_iter().map(|(path, cause)| HostError::new(shown(path), cause)).collect())
}

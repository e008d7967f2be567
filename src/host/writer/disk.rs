//! A commit on disk, step by step.

use std::fs;
use std::path::Path;

use super::super::os::OsHost;
use super::in_place;
use super::lock::Lock;
use super::staging::{self, Staging};
use super::swap;
use super::target::Target;
use super::{Changes, Outcome, Plan};
use crate::host::HostError;

/// Carries out `plan` in `folder`, or changes nothing and tells why.
pub(in crate::host) fn commit(host: &OsHost, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
    plan.validate().map_err(alone)?;
    let nothing_to_do = plan.files.is_empty() && fs::symlink_metadata(host.root().join(folder)).is_err();
    if nothing_to_do {
        return Ok(Outcome::default());
    }
    let target = Target::resolve(host, folder).map_err(alone)?;
    let lock = Lock::acquire(&target, host.patience()).map_err(alone)?;
    if lock.is_exclusive() {
        staging::sweep(&target);
    }
    target.require_folder().map_err(alone)?;
    let changes = Changes::between(host, folder, plan)?;
    if changes.is_empty() {
        return Ok(changes.outcome());
    }
    target.require_writable(&changes)?;
    let left_behind = replace(&target, &changes).map_err(alone)?;
    Ok(Outcome { left_behind, ..changes.outcome() })
}

/// Builds the new tree and swaps it in. Gives the name of what had to be left beside it.
fn replace(target: &Target, changes: &Changes<'_>) -> Result<Option<String>, HostError> {
    let staging = Staging::create(target)?;
    let swapped = staging.fill(changes).and_then(|old| Ok((old, swap::swap(&staging, target)?)));
    match swapped {
        Ok((old, place)) => Ok(staging.retire(&old, place.as_deref()).map(|name| target.shown_beside(&name))),
        Err(failure) if failure.is_about_mounts() => {
            drop(staging);
            in_place::write(target, changes).map(|()| None)
        }
        Err(failure) => Err(failure.into_error(target)),
    }
}

fn alone(error: HostError) -> Vec<HostError> {
    vec![error]
}

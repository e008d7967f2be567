//! One writer at a time.

use std::fs::{self, TryLockError};
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use super::target::Target;
use crate::host::{Cause, HostError};

/// The right to write beside an output folder, until it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// `None` where the file system knows no locks: then nobody knows whether others are at work.
    file: Option<fs::File>,
}

const PAUSE: Duration = Duration::from_millis(10);

impl Lock {
    /// Waits up to `patience` for the right to write `target`.
    pub(super) fn acquire(target: &Target, patience: Duration) -> Result<Self, HostError> {
        let failed = |error: io::Error| HostError::writing(target.shown(""), &error);
        let file = open(target).map_err(failed)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file: Some(file) }),
                Err(TryLockError::WouldBlock) if start.elapsed() >= patience => {
                    return Err(HostError::new(target.shown(""), Cause::Busy));
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(TryLockError::Error(_)) => return Ok(Self { file: None }),
            }
        }
    }

    /// Whether no other run can be at work.
    pub(super) const fn is_exclusive(&self) -> bool {
        self.file.is_some()
    }
}

/// The folder that the output lies in is what is locked, so that no lock file is left in anybody's repository. The
/// kernel drops the lock with the process.
#[cfg(unix)]
fn open(target: &Target) -> io::Result<fs::File> {
    fs::File::open(&target.parent)
}

/// Elsewhere a folder cannot be locked: an empty file beside the output stays behind.
#[cfg(not(unix))]
fn open(target: &Target) -> io::Result<fs::File> {
    let mut name = std::ffi::OsString::from(".");
    name.push(&target.name);
    name.push(".bayplan-lock");
    fs::OpenOptions::new().create(true).truncate(false).write(true).open(target.parent.join(name))
}

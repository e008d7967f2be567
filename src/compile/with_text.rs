//! A host as it would be with another text in one file: what an edit is judged by before it is written.

use std::path::Path;

use crate::host::{Date, Entry, File, Host, HostError, Outcome, Plan};

/// A host in which one file has another text.
pub(super) struct WithText<'a> {
    /// Everything else.
    pub(super) host: &'a dyn Host,
    /// The file.
    pub(super) file: &'a str,
    /// Its text.
    pub(super) text: &'a str,
}

impl Host for WithText<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        if path == self.file { Ok(self.text.as_bytes().to_vec()) } else { self.host.read(path) }
    }

    fn find(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        self.host.find(pattern)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.host.list(folder)
    }

    fn read_below(&self, folder: &Path, path: &str) -> Result<File, HostError> {
        self.host.read_below(folder, path)
    }

    fn commit(&self, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
        self.host.commit(folder, plan)
    }

    fn input(&self, most: u64) -> Result<Vec<u8>, HostError> {
        self.host.input(most)
    }

    fn today(&self) -> Date {
        self.host.today()
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.host.variable(name)
    }
}

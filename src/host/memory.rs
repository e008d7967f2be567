//! A host in memory, for tests and for programs that compile without touching a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::writer::Changes;
use super::{Cause, Date, Entry, File, Host, HostError, Kind, Outcome, Plan, glob, path};

/// A file system of files and links in memory, a fixed day and a fixed environment.
///
/// ```
/// use bayplan::host::{Host, MemoryHost};
///
/// let host = MemoryHost::default().with_file("platform.toml", "[platform]\nname = \"shop\"\n");
/// assert_eq!(host.read_text("platform.toml").unwrap(), "[platform]\nname = \"shop\"\n");
/// assert!(host.read("../secrets.toml").is_err());
/// ```
#[derive(Debug)]
pub struct MemoryHost {
    nodes: Mutex<BTreeMap<String, Node>>,
    variables: BTreeMap<String, String>,
    input: Vec<u8>,
    today: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    File(File),
    Link,
}

/// Nothing in it, on 1970-01-01.
impl Default for MemoryHost {
    fn default() -> Self {
        Self {
            nodes: Mutex::default(),
            variables: BTreeMap::new(),
            input: Vec::new(),
            today: Date { year: 1970, month: 1, day: 1 },
        }
    }
}

impl MemoryHost {
    /// Adds a file that may not be executed, or replaces it. `path` is relative to the platform's folder.
    #[must_use]
    pub fn with_file(self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        let file = File { bytes: content.into(), executable: false };
        self.nodes().insert(path.into(), Node::File(file));
        self
    }

    /// Adds a symbolic link that leads outside.
    #[must_use]
    pub fn with_link(self, path: impl Into<String>) -> Self {
        self.nodes().insert(path.into(), Node::Link);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Sets what is piped into the program.
    #[must_use]
    pub fn with_input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Sets the day that it is.
    #[must_use]
    pub fn on(mut self, today: Date) -> Self {
        self.today = today;
        self
    }

    /// Every file, by its path relative to the platform's folder: the platform's own and the output.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, File> {
        let nodes = self.nodes();
        let files = nodes.iter().filter_map(|(path, node)| match node {
            Node::File(file) => Some((path.clone(), file.clone())),
            Node::Link => None,
        });
        files.collect()
    }

    /// The map stays whole whatever a panicking thread did: each change of it is a single insertion or removal.
    fn nodes(&self) -> MutexGuard<'_, BTreeMap<String, Node>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self, path: &str) -> Result<File, HostError> {
        match self.nodes().get(&path::normal(path)?) {
            Some(Node::File(file)) => Ok(file.clone()),
            Some(Node::Link) => Err(HostError::new(path, Cause::LeavesFolder)),
            None => Err(HostError::new(path, Cause::Missing)),
        }
    }

    /// What lies directly in `folder`.
    fn children(&self, folder: &str) -> Vec<Entry> {
        let mut children = BTreeSet::new();
        for (path, node) in &*self.nodes() {
            if let Some(rest) = below(folder, path) {
                children.insert(match rest.split_once('/') {
                    Some((name, _)) => Entry { path: name.to_owned(), kind: Kind::Folder },
                    None => Entry { path: rest.to_owned(), kind: node.kind() },
                });
            }
        }
        children.into_iter().collect()
    }
}

impl Node {
    const fn kind(&self) -> Kind {
        match self {
            Self::File(_) => Kind::File,
            Self::Link => Kind::Link,
        }
    }
}

impl Host for MemoryHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        self.file(path).map(|file| file.bytes)
    }

    fn find(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        glob::expand(&path::normal(pattern)?, |folder| Ok(self.children(folder)))
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let folder = key(folder);
        let nodes = self.nodes();
        if let Some(node) = nodes.get(&folder) {
            return Err(HostError::new(folder, Cause::NotAFolder(node.kind())));
        }
        let mut entries = BTreeSet::new();
        for (path, node) in &*nodes {
            if let Some(path) = below(&folder, path) {
                entries.insert(Entry { path: path.to_owned(), kind: node.kind() });
                let folders = path::ancestors(path).map(str::to_owned);
                entries.extend(folders.map(|path| Entry { path, kind: Kind::Folder }));
            }
        }
        Ok(entries.into_iter().collect())
    }

    fn read_below(&self, folder: &Path, path: &str) -> Result<File, HostError> {
        self.file(&glob::join(&key(folder), &path::normal(path)?))
    }

    fn input(&self, most: u64) -> Result<Vec<u8>, HostError> {
        if self.input.len() as u64 > most {
            return Err(HostError::new("<stdin>", Cause::TooLarge { most }));
        }
        Ok(self.input.clone())
    }

    fn commit(&self, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
        let changes = Changes::between(self, folder, plan)?;
        let folder = key(folder);
        let mut nodes = self.nodes();
        for path in &changes.remove {
            nodes.remove(&glob::join(&folder, path));
        }
        for (path, file) in &changes.write {
            nodes.insert(glob::join(&folder, path), Node::File((*file).clone()));
        }
        Ok(changes.outcome())
    }

    fn today(&self) -> Date {
        self.today
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }
}

/// The folder as the keys of the map spell it; empty for the platform's own.
fn key(folder: &Path) -> String {
    folder.to_str().and_then(|folder| path::normal(folder).ok()).unwrap_or_default()
}

/// `path` relative to `folder`, if it lies below it.
fn below<'a>(folder: &str, path: &'a str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_find_files_in_order() {
        let host = MemoryHost::default()
            .with_file("products/b.toml", "")
            .with_file("products/a.toml", "")
            .with_file("products/a.toml.bak", "")
            .with_file("products/.hidden.toml", "")
            .with_file("products/deep/c.toml", "")
            .with_file("platform.toml", "");
        assert_eq!(host.find("products/*.toml").unwrap(), ["products/a.toml", "products/b.toml"]);
        assert_eq!(host.find("*/*/?.toml").unwrap(), ["products/deep/c.toml"]);
        assert_eq!(host.find("./platform.toml").unwrap(), ["platform.toml"]);
        assert!(host.find("nothing/*").unwrap().is_empty());
        assert!(host.find("../*").is_err());
    }

    #[test]
    fn a_listing_has_the_folders_too() {
        let host =
            MemoryHost::default().with_file("out/a/b.yaml", "").with_link("out/l").with_file("outer", "");
        let listed = host.list(Path::new("out")).unwrap();
        let entry = |path: &str, kind| Entry { path: path.into(), kind };
        assert_eq!(listed, [entry("a", Kind::Folder), entry("a/b.yaml", Kind::File), entry("l", Kind::Link)]);
        assert!(host.list(Path::new("elsewhere")).unwrap().is_empty());
    }
}

//! The real world: a folder on disk, the clock and the environment.

use std::fs;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::walk;
use super::writer::disk;
use super::{Cause, Date, Entry, File, Host, HostError, Kind, Outcome, Plan, glob, path};

/// The host of one platform's folder on disk.
#[derive(Debug, Clone)]
pub struct OsHost {
    root: PathBuf,
    patience: Duration,
}

/// What the standard input is called where a file has its path.
const STDIN: &str = "<stdin>";

/// Most manifests are smaller.
const SMALL: usize = 8 * 1024;

/// How long a second render waits for the first. A render takes a fraction of that.
const PATIENCE: Duration = Duration::from_secs(5);

impl OsHost {
    /// The host of the platform in the folder `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), patience: PATIENCE }
    }

    /// How long [`Host::commit`] waits for another run that is writing the same folder, instead of five seconds.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The real path of what lies at `path`, which must be inside the platform's folder, links followed.
    fn confined(&self, path: &str) -> Result<PathBuf, HostError> {
        let root = self.root.canonicalize().map_err(|error| HostError::reading(path, &error))?;
        let relative = if path.is_empty() { String::new() } else { path::normal(path)? };
        let real = root.join(relative).canonicalize().map_err(|error| HostError::reading(path, &error))?;
        if real.starts_with(&root) { Ok(real) } else { Err(HostError::new(path, Cause::LeavesFolder)) }
    }

    /// What lies directly in `folder`; nothing where there is no such folder.
    fn children(&self, folder: &str) -> Result<Vec<Entry>, HostError> {
        let real = match self.confined(folder) {
            Err(HostError { cause: Cause::Missing, .. }) => return Ok(Vec::new()),
            other => other?,
        };
        let reading = |error: io::Error| HostError::reading(folder, &error);
        let mut children = Vec::new();
        for entry in fs::read_dir(real).map_err(reading)? {
            let entry = entry.map_err(reading)?;
            if let Some(name) = entry.file_name().to_str() {
                children.push(Entry { path: name.to_owned(), kind: kind_behind_links(&entry.path()) });
            }
        }
        children.sort();
        Ok(children)
    }
}

impl Host for OsHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        let real = self.confined(path)?;
        read_regular(&real).map(|file| file.bytes).map_err(|error| HostError::reading(path, &error))
    }

    fn find(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        glob::expand(&path::normal(pattern)?, |folder| self.children(folder))
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        let real = self.root.join(folder);
        match fs::metadata(&real) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(HostError::reading(shown(folder), &error)),
            Ok(metadata) if !metadata.is_dir() => {
                return Err(HostError::new(shown(folder), Cause::NotAFolder(Kind::File)));
            }
            Ok(_) => {}
        }
        walk::entries(&real).map_err(|(below, error)| HostError::reading(shown(&folder.join(below)), &error))
    }

    fn is_folder(&self, path: &Path) -> bool {
        fs::metadata(self.root.join(path)).is_ok_and(|metadata| metadata.is_dir())
    }

    fn behind(&self, path: &Path) -> Kind {
        kind_behind_links(&self.root.join(path))
    }

    fn read_below(&self, folder: &Path, path: &str) -> Result<File, HostError> {
        let real = self.root.join(folder).join(path::normal(path)?);
        read_regular(&real).map_err(|error| HostError::reading(format!("{}/{path}", shown(folder)), &error))
    }

    fn read_at_most(&self, folder: &Path, path: &str, most: u64) -> Result<Vec<u8>, HostError> {
        self.bounded(folder, path, most, |file| regular_bytes(file, most))
    }

    fn read_listed(&self, folder: &Path, path: &str, most: u64) -> Result<Vec<u8>, HostError> {
        self.bounded(folder, path, most, |file| match small_bytes(file)? {
            Some(bytes) => Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= most)),
            None => regular_bytes(file, most),
        })
    }

    fn input(&self, most: u64) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(most + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| HostError::reading(STDIN, &error))? as u64;
        if read > most { Err(HostError::new(STDIN, Cause::TooLarge { most })) } else { Ok(bytes) }
    }

    fn commit(&self, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
        disk::commit(self, folder, plan)
    }

    fn today(&self) -> Date {
        Date::of(SystemTime::now())
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl OsHost {
    /// What `read` makes of a file; it gives nothing where the file has more than `most` bytes.
    fn bounded(
        &self,
        folder: &Path,
        path: &str,
        most: u64,
        read: impl FnOnce(&mut fs::File) -> io::Result<Option<Vec<u8>>>,
    ) -> Result<Vec<u8>, HostError> {
        let real = self.root.join(folder).join(path::normal(path)?);
        let named = || {
            if folder.as_os_str().is_empty() { path.to_owned() } else { format!("{}/{path}", shown(folder)) }
        };
        match open_at_once(&real).and_then(|mut file| read(&mut file)) {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(HostError::new(named(), Cause::TooLarge { most })),
            Err(error) => Err(HostError::reading(named(), &error)),
        }
    }

    /// The platform's folder.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// How long to wait for another run.
    pub(super) const fn patience(&self) -> Duration {
        self.patience
    }
}

/// A folder as a user reads it.
pub(super) fn shown(folder: &Path) -> String {
    folder.display().to_string()
}

/// Reads a file that is neither a folder nor a pipe, which would never end.
fn read_regular(path: &Path) -> io::Result<File> {
    let metadata = fs::metadata(path)?;
    regular(&metadata)?;
    Ok(File { bytes: fs::read(path)?, executable: is_executable(&metadata) })
}

/// Opens a file, and does not wait where somebody else would have to open the other end of a pipe.
#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    fs::OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<fs::File> {
    regular(&fs::metadata(path)?)?;
    fs::File::open(path)
}

/// The bytes of a file that is neither a folder nor a pipe, from its beginning, unless there are more than `most`.
fn regular_bytes(file: &mut fs::File, most: u64) -> io::Result<Option<Vec<u8>>> {
    let metadata = file.metadata()?;
    regular(&metadata)?;
    if metadata.len() > most { Ok(None) } else { read_whole(file, metadata.len()).map(Some) }
}

/// The bytes of a small regular file: a read that fills less than there was room for came to its end. Nothing where there may be more,
/// and then nothing was read.
fn small_bytes(file: &mut fs::File) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = [0; SMALL];
    match file.read(&mut bytes) {
        Ok(read) if read < SMALL => Ok(Some(bytes[..read].to_vec())),
        Ok(_) => file.rewind().map(|()| None),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(error) => Err(error),
    }
}

/// The bytes of a regular file of that size. One that grows meanwhile is read as far as it was; that it ends is known from
/// a read that fills less than there was room for, so that small files take a single one.
fn read_whole(file: &mut fs::File, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).unwrap_or(usize::MAX - 1);
    let mut bytes = vec![0; size + 1];
    let mut filled = 0;
    while filled < size {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(filled.min(size));
    Ok(bytes)
}

fn regular(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if metadata.is_file() { Ok(()) } else { Err(io::Error::other("it is not a regular file")) }
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
const fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn kind_behind_links(path: &Path) -> Kind {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Kind::Folder,
        Ok(metadata) if metadata.is_file() => Kind::File,
        Ok(_) => Kind::Special,
        Err(_) => Kind::Link,
    }
}

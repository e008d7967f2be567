//! What can go wrong between bayplan and a file: a path and a stable cause, and the diagnostic that says it.

use std::fmt;
use std::io;

use super::{Kind, codes};
use crate::diag::{Code, Diagnostic};

/// A path, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostError {
    /// The path as the user wrote it or would write it, relative wherever that is possible.
    pub path: String,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// There is no such file.
    Missing,
    /// It is there and cannot be read; why.
    Unreadable(String),
    /// It is a link that leads to nothing.
    LeadsNowhere,
    /// It is a pipe, a socket or a device.
    NotAFile,
    /// Its name is not UTF-8.
    Nameless,
    /// It was another file when it was read before.
    Changed,
    /// It is not UTF-8.
    NotUtf8 {
        /// The first byte that is not part of a character, from 0.
        offset: usize,
    },
    /// It is larger than anything that is read; the most that is.
    TooLarge {
        /// In bytes.
        most: u64,
    },
    /// It lies outside the folder that it must lie in.
    LeavesFolder,
    /// The output folder, or a folder on the way to it, cannot be written; why.
    NotWritable(String),
    /// What should be the output folder is something else.
    NotAFolder(Kind),
    /// The output folder is, or holds, the platform's own folder.
    HoldsPlatform,
    /// A generated file belongs there, and something that bayplan did not write is there.
    InTheWay(Kind),
    /// A generated file is there that was edited by hand since.
    Edited,
    /// The disk, or the user's share of it, is full.
    Full,
    /// Another run is writing the same folder.
    Busy,
    /// The file system failed in another way; how.
    Failed(String),
}

impl HostError {
    /// The error of `cause` at `path`.
    pub fn new(path: impl Into<String>, cause: Cause) -> Self {
        Self { path: path.into(), cause }
    }

    /// What an error of the operating system means for somebody who wanted to read `path`.
    #[must_use]
    pub fn reading(path: impl Into<String>, error: &io::Error) -> Self {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => Cause::Missing,
            _ => Cause::Unreadable(reason(error)),
        };
        Self::new(path, cause)
    }

    /// What an error of the operating system means for somebody who wanted to write `path`.
    #[must_use]
    pub fn writing(path: impl Into<String>, error: &io::Error) -> Self {
        let cause = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Cause::Full
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Cause::NotWritable(reason(error))
            }
            _ => Cause::Failed(reason(error)),
        };
        Self::new(path, cause)
    }

    /// The kind of this error.
    #[must_use]
    pub fn code(&self) -> &'static Code {
        match self.cause {
            Cause::Missing
            | Cause::Unreadable(_)
            | Cause::LeadsNowhere
            | Cause::NotAFile
            | Cause::Nameless
            | Cause::Changed => &codes::FILE_UNREADABLE,
            Cause::NotUtf8 { .. } => &codes::FILE_NOT_UTF8,
            Cause::TooLarge { .. } => &codes::FILE_TOO_LARGE,
            Cause::LeavesFolder => &codes::PATH_LEAVES_FOLDER,
            Cause::NotWritable(_)
            | Cause::NotAFolder(Kind::File | Kind::Folder | Kind::Special | Kind::Nameless) => {
                &codes::OUTPUT_NOT_WRITABLE
            }
            Cause::HoldsPlatform => &codes::OUTPUT_HOLDS_PLATFORM,
            Cause::NotAFolder(Kind::Link) | Cause::InTheWay(Kind::Link) => &codes::OUTPUT_LINK,
            Cause::InTheWay(_) => &codes::OUTPUT_FOREIGN_FILE,
            Cause::Edited => &codes::OUTPUT_EDITED,
            Cause::Full => &codes::DISK_FULL,
            Cause::Busy => &codes::OUTPUT_BUSY,
            Cause::Failed(_) => &codes::OUTPUT_FAILED,
        }
    }

    /// The diagnostic that tells a user, with the remedy.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::new(self.code(), self.to_string()).hint(self.remedy())
    }

    fn remedy(&self) -> String {
        let path = &self.path;
        match &self.cause {
            Cause::Missing => format!("create `{path}`, or correct the path"),
            Cause::Unreadable(_) => format!("make `{path}` readable for the user who runs bayplan"),
            Cause::LeadsNowhere => format!("correct the link `{path}`, or remove it"),
            Cause::NotAFile => "name a file or a folder, or pipe manifests into `bayplan check -`".into(),
            Cause::Nameless => format!("give `{path}` a name in UTF-8"),
            Cause::Changed => format!("check again when nobody writes to `{path}`"),
            Cause::NotUtf8 { .. } => format!("save `{path}` as UTF-8"),
            Cause::TooLarge { .. } => format!("split `{path}`, or keep it out of what is read"),
            Cause::LeavesFolder => {
                "move the file into the platform's folder and name it by a relative path".into()
            }
            Cause::NotWritable(_) => {
                format!(
                    "make `{path}` writable for the user who runs bayplan, or name another folder with --output-dir"
                )
            }
            Cause::NotAFolder(_) => format!("move `{path}` away, or name another folder with --output-dir"),
            Cause::HoldsPlatform => "name a folder of its own, as in --output-dir out".into(),
            Cause::InTheWay(Kind::Link) => format!("remove the link (`rm {path}`), and render again"),
            Cause::InTheWay(_) => format!("move `{path}` out of the way, or rename what it collides with"),
            Cause::Edited => format!(
                "move the edit into platform.toml (a `patch` holds any field), then render with --force, which discards what stands in `{path}`"
            ),
            Cause::Full => "free some space and render again: the old tree is still complete".into(),
            Cause::Busy => "wait for the other run to end, then render again".into(),
            Cause::Failed(_) => "mend the cause and render again".into(),
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.cause {
            Cause::Missing => write!(f, "there is no file `{path}`"),
            Cause::Unreadable(why) => write!(f, "`{path}` cannot be read: {why}"),
            Cause::LeadsNowhere => write!(f, "`{path}` is a link that leads nowhere"),
            Cause::NotAFile => write!(f, "`{path}` is no regular file, and is not opened"),
            Cause::Nameless => write!(f, "`{path}` cannot be named: its name is not UTF-8"),
            Cause::Changed => write!(f, "`{path}` changed while it was read"),
            Cause::NotUtf8 { offset } => {
                write!(f, "`{path}` is not UTF-8: byte {offset} is not part of a character")
            }
            Cause::TooLarge { most } => {
                write!(f, "`{path}` is larger than {} MiB, and was not read", most / (1024 * 1024))
            }
            Cause::LeavesFolder => write!(f, "`{path}` leaves the folder that it must lie in"),
            Cause::NotWritable(why) | Cause::Failed(why) => write!(f, "`{path}` cannot be written: {why}"),
            Cause::NotAFolder(kind) => write!(f, "the output folder `{path}` is {}", kind.noun()),
            Cause::HoldsPlatform => write!(f, "the output folder `{path}` holds the platform itself"),
            Cause::InTheWay(kind) => {
                write!(
                    f,
                    "`{path}` is {} that bayplan did not write, where a generated file belongs",
                    kind.noun()
                )
            }
            Cause::Edited => write!(f, "`{path}` was generated and has been edited by hand since"),
            Cause::Full => write!(f, "`{path}` cannot be written: the disk is full"),
            Cause::Busy => write!(f, "another run is writing `{path}`"),
        }
    }
}

impl std::error::Error for HostError {}

impl Kind {
    /// The kind with its article, for a sentence.
    const fn noun(self) -> &'static str {
        match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a symbolic link",
            Self::Special => "a special file",
            Self::Nameless => "something whose name is not UTF-8",
        }
    }
}

/// The reason in words that do not depend on the system; the system's own where there are none.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::NotADirectory => "a part of the path is not a folder".into(),
        _ => error.to_string(),
    }
}

//! What is in the output folder, compared with what should be.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::{Entry, File, Host, HostError, Kind, path};
use super::Plan;
use crate::source::stamp::{self, Stamp};

/// How one path of the output folder compares with the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Desired, and there as desired.
    Same,
    /// Desired, and not there.
    Missing,
    /// Desired, and there with other bytes that bayplan wrote.
    Stale,
    /// Desired, and there with bytes that bayplan wrote and somebody edited.
    Edited,
    /// Desired, and something that bayplan did not write is there.
    InTheWay {
        /// The thing: at the path itself, or where a folder should be on the way to it.
        path: String,
        /// What it is.
        kind: Kind,
    },
    /// Written by bayplan once, and no longer desired.
    LeftOver,
    /// Written by bayplan once, edited by somebody, and no longer desired.
    EditedLeftOver,
    /// Not bayplan's.
    Foreign(Kind),
    /// Not bayplan's, and expected: the real `x.yaml` beside a desired `x.yaml.example`. It is never read.
    Companion,
}

impl State {
    /// The state in a word or two, as a report prints it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Same => "up to date",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Edited => "edited by hand",
            Self::InTheWay { .. } => "in the way",
            Self::LeftOver => "left over",
            Self::EditedLeftOver => "edited by hand and left over",
            Self::Foreign(_) => "not written by bayplan",
            Self::Companion => "beside its example",
        }
    }

    /// Whether the path is as a render would leave it.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Same | Self::Foreign(_) | Self::Companion)
    }
}

/// The state of every desired path, and of everything else in the scopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Survey {
    states: BTreeMap<String, State>,
}

impl Survey {
    /// The paths and their states, in order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &State)> {
        self.states.iter().map(|(path, state)| (path.as_str(), state))
    }

    /// The state of one path; `None` where it is neither desired nor in a scope.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&State> {
        self.states.get(path)
    }

    /// Whether a render would change nothing.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.states.values().all(State::is_settled)
    }
}

/// Compares the output folder with `plan`. Reads only, and only files in the plan's scopes.
///
/// # Errors
/// Where the folder or a file in a scope cannot be read, or a desired path is not a relative one in its normal form.
pub fn survey<H: Host + ?Sized>(host: &H, folder: &Path, plan: &Plan) -> Result<Survey, HostError> {
    plan.validate()?;
    let entries = host.list(folder)?;
    let mut states = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind != Kind::Folder) {
        let read = || host.read_below(folder, &entry.path);
        if let Some(file) = plan.files.get(&entry.path) {
            states.insert(entry.path.clone(), desired(entry, file, read)?);
        } else if plan.scopes.cover(&entry.path) {
            states.insert(entry.path.clone(), undesired(entry, plan, read)?);
        }
    }
    let ground = Ground::of(&entries, &states);
    let absent = plan.files.keys().filter(|path| !states.contains_key(*path));
    let absent: Vec<_> = absent.map(|path| (path.clone(), ground.state_of_absent(path))).collect();
    states.extend(absent);
    Ok(Survey { states })
}

/// The state of a desired path at which there is something.
fn desired(
    entry: &Entry,
    wanted: &File,
    read: impl Fn() -> Result<File, HostError>,
) -> Result<State, HostError> {
    let in_the_way = || State::InTheWay { path: entry.path.clone(), kind: entry.kind };
    if entry.kind != Kind::File {
        return Ok(in_the_way());
    }
    let found = read()?;
    if is_same(&found, wanted) {
        return Ok(State::Same);
    }
    Ok(match stamp::read(&found.bytes) {
        Stamp::Intact => State::Stale,
        Stamp::Broken => State::Edited,
        Stamp::Absent => in_the_way(),
    })
}

/// The state of something that nobody desires.
fn undesired(
    entry: &Entry,
    plan: &Plan,
    read: impl Fn() -> Result<File, HostError>,
) -> Result<State, HostError> {
    if plan.files.contains_key(&format!("{}.example", entry.path)) {
        return Ok(State::Companion);
    }
    if entry.kind != Kind::File {
        return Ok(State::Foreign(entry.kind));
    }
    Ok(match stamp::read(&read()?.bytes) {
        Stamp::Intact => State::LeftOver,
        Stamp::Broken => State::EditedLeftOver,
        Stamp::Absent => State::Foreign(Kind::File),
    })
}

/// Line endings do not count: a checkout on Windows may have rewritten them.
fn is_same(found: &File, wanted: &File) -> bool {
    let runs = found.executable == wanted.executable || !cfg!(unix);
    let same = || found.bytes == wanted.bytes;
    let same_lines = || stamp::unix_lines(&found.bytes) == stamp::unix_lines(&wanted.bytes);
    runs && (same() || (found.bytes.contains(&b'\r') && same_lines()))
}

/// What will still be there when our own left-over files are gone.
struct Ground<'a> {
    /// Every entry of the output folder.
    entries: BTreeMap<&'a str, Kind>,
    /// Those that stay: files and links that are not left over, and folders that nobody fills.
    staying: BTreeMap<&'a str, Kind>,
}

impl<'a> Ground<'a> {
    fn of(entries: &'a [Entry], states: &BTreeMap<String, State>) -> Self {
        let entries: BTreeMap<&str, Kind> =
            entries.iter().map(|entry| (entry.path.as_str(), entry.kind)).collect();
        let stays = |path: &str, kind: Kind| match kind {
            Kind::Folder => !is_filled(&entries, path),
            _ => states.get(path) != Some(&State::LeftOver),
        };
        let staying = entries.iter().filter(|(path, kind)| stays(path, **kind));
        Self { staying: staying.map(|(path, kind)| (*path, *kind)).collect(), entries }
    }

    /// The state of a desired path at which there is no file: missing, unless something keeps one from being made.
    fn state_of_absent(&self, path: &str) -> State {
        let in_the_way = |path: &str, kind| State::InTheWay { path: path.to_owned(), kind };
        for folder in path::ancestors(path) {
            match self.staying.get(folder) {
                None | Some(Kind::Folder) => {}
                Some(kind) => return in_the_way(folder, *kind),
            }
        }
        let is_folder = self.entries.get(path) == Some(&Kind::Folder);
        let filled = self.staying.contains_key(path) || is_filled(&self.staying, path);
        if is_folder && filled { in_the_way(path, Kind::Folder) } else { State::Missing }
    }
}

/// Whether anything lies below `folder`.
fn is_filled(entries: &BTreeMap<&str, Kind>, folder: &str) -> bool {
    let prefix = format!("{folder}/");
    entries.range(prefix.as_str()..).next().is_some_and(|(path, _)| path.starts_with(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{MemoryHost, Scopes};
    use crate::source::stamp::{StampStyle, seal};

    fn sealed(text: &str) -> String {
        seal(text, StampStyle::Hash)
    }

    fn plan(paths: &[&str]) -> Plan {
        let file = || File { bytes: sealed("new\n").into(), executable: false };
        Plan::new(paths.iter().map(|path| ((*path).to_owned(), file())).collect(), Scopes::of(["base/"]))
    }

    fn states(host: &MemoryHost, paths: &[&str]) -> Vec<(String, State)> {
        let survey = survey(host, Path::new("out"), &plan(paths)).expect("the folder can be read");
        survey.iter().map(|(path, state)| (path.to_owned(), state.clone())).collect()
    }

    fn in_the_way(path: &str, kind: Kind) -> State {
        State::InTheWay { path: path.into(), kind }
    }

    #[test]
    fn every_state_is_told_apart() {
        let host = MemoryHost::default()
            .with_file("out/base/same", sealed("new\n"))
            .with_file("out/base/same-crlf", sealed("new\n").replace('\n', "\r\n"))
            .with_file("out/base/stale", sealed("old\n"))
            .with_file("out/base/edited", sealed("old\n") + "edit\n")
            .with_file("out/base/foreign-in-the-way", "mine\n")
            .with_link("out/base/link-in-the-way")
            .with_file("out/base/left", sealed("old\n"))
            .with_file("out/base/left-edited", sealed("old\n") + "edit\n")
            .with_file("out/base/foreign", "mine\n")
            .with_link("out/base/link")
            .with_file("out/base/secret", "mine\n")
            .with_file("out/elsewhere", sealed("old\n"));
        let desired = [
            "same",
            "same-crlf",
            "stale",
            "edited",
            "foreign-in-the-way",
            "link-in-the-way",
            "new",
            "secret.example",
        ];
        let desired = desired.map(|name| format!("base/{name}"));
        let expected = [
            ("edited", State::Edited),
            ("foreign", State::Foreign(Kind::File)),
            ("foreign-in-the-way", in_the_way("base/foreign-in-the-way", Kind::File)),
            ("left", State::LeftOver),
            ("left-edited", State::EditedLeftOver),
            ("link", State::Foreign(Kind::Link)),
            ("link-in-the-way", in_the_way("base/link-in-the-way", Kind::Link)),
            ("new", State::Missing),
            ("same", State::Same),
            ("same-crlf", State::Same),
            ("secret", State::Companion),
            ("secret.example", State::Missing),
            ("stale", State::Stale),
        ];
        let expected = expected.map(|(name, state)| (format!("base/{name}"), state));
        assert_eq!(states(&host, &desired.each_ref().map(String::as_str)), expected);
    }

    #[test]
    fn a_parent_that_is_no_folder_is_in_the_way() {
        let host = MemoryHost::default().with_link("out/base").with_file("out/a", "mine\n");
        let survey = states(&host, &["base/x", "a/b/c"]);
        assert_eq!(survey[0], ("a/b/c".into(), in_the_way("a", Kind::File)));
        assert_eq!(survey[1], ("base/x".into(), in_the_way("base", Kind::Link)));
    }

    #[test]
    fn what_is_left_over_is_in_nobodys_way() {
        let host = MemoryHost::default()
            .with_file("out/base/file", sealed("old\n"))
            .with_file("out/base/folder/x", sealed("old\n"))
            .with_file("out/base/full/x", sealed("old\n"))
            .with_file("out/base/full/y", "mine\n");
        let survey = states(&host, &["base/file/below", "base/folder", "base/full"]);
        let state = |path: &str| &survey.iter().find(|(found, _)| found == path).expect("it is surveyed").1;
        assert_eq!(state("base/file/below"), &State::Missing);
        assert_eq!(state("base/folder"), &State::Missing);
        assert_eq!(state("base/full"), &in_the_way("base/full", Kind::Folder));
    }

    #[test]
    fn a_path_that_leaves_the_output_is_refused() {
        for path in ["../x", "/etc/x", "a/../x", "./x", ""] {
            assert!(survey(&MemoryHost::default(), Path::new("out"), &plan(&[path])).is_err(), "{path}");
        }
    }
}

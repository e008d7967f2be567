//! The tree writer on a real disk: what is written, what is kept and what is refused.

mod adversity;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bayplan::host::{
    Cause, EditedFiles, File, Host, HostError, Kind, MemoryHost, OsHost, Outcome, Plan, Scopes, State, survey,
};
use bayplan::source::stamp::{StampStyle, seal};
use proptest::prelude::*;

/// A folder of a platform, with an output folder `out` in it.
pub(super) struct Platform {
    folder: tempfile::TempDir,
}

impl Platform {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// In memory where the system has such a place: a test that writes much should not wait for the disk.
    pub(super) fn in_memory() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        Self { folder: folder.expect("a temporary folder can be made") }
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn out(&self, path: &str) -> PathBuf {
        self.root().join("out").join(path)
    }

    /// Puts a file into the output folder.
    pub(super) fn put(&self, path: &str, text: &str) {
        let path = self.out(path);
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    pub(super) fn host(&self) -> OsHost {
        OsHost::new(self.root())
    }

    pub(super) fn commit(&self, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
        self.host().commit(Path::new("out"), plan)
    }

    pub(super) fn tree(&self) -> BTreeMap<String, String> {
        tree(&self.out(""))
    }

    /// What lies beside the output folder; nothing should, after a commit.
    pub(super) fn beside(&self) -> Vec<String> {
        let entries = fs::read_dir(self.root()).expect("the folder can be read");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().display().to_string()).collect();
        names.sort();
        names
    }
}

/// Every file, link and folder below `root`, with what tells it from another.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut tree = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let Ok(entry) = entry else { continue };
        let path = entry.path().strip_prefix(root).expect("it is below").display().to_string();
        let kind = entry.file_type();
        let what = if kind.is_dir() {
            "a folder".to_owned()
        } else if kind.is_symlink() {
            format!("-> {}", fs::read_link(entry.path()).expect("it is a link").display())
        } else if kind.is_file() {
            String::from_utf8_lossy(&fs::read(entry.path()).expect("it can be read")).into_owned()
        } else {
            "something else".to_owned()
        };
        tree.insert(path, what);
    }
    tree
}

fn sealed(text: &str) -> String {
    seal(text, StampStyle::Hash)
}

fn file(text: &str) -> File {
    File { bytes: sealed(text).into_bytes(), executable: false }
}

/// The plan to have these files and nothing else in `base/`, `rendered/` and `README.md`.
fn plan(files: &[(&str, &str)]) -> Plan {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), file(text))).collect();
    Plan::new(files, Scopes::of(["base/", "rendered/", "README.md"]))
}

fn causes(refusal: Result<Outcome, Vec<HostError>>) -> Vec<(String, Cause)> {
    let errors = refusal.expect_err("the commit is refused");
    errors.into_iter().map(|error| (error.path, error.cause)).collect()
}

#[test]
fn a_first_render_writes_everything_and_leaves_nothing_beside_it() {
    let platform = Platform::new();
    let mut wanted = plan(&[("base/a/x.yaml", "a: 1\n"), ("README.md", "r\n")]);
    let script = File { bytes: sealed("#!/bin/sh\n").into_bytes(), executable: true };
    wanted.files.insert("base/run.sh".into(), script);
    let outcome = platform.commit(&wanted).expect("it is written");
    assert_eq!(outcome.written, ["README.md", "base/a/x.yaml", "base/run.sh"]);
    assert_eq!((outcome.removed.len(), outcome.unchanged.len(), outcome.kept.len()), (0, 0, 0));
    assert_eq!(platform.tree()["base/a/x.yaml"], sealed("a: 1\n"));
    let mode = |path| fs::metadata(platform.out(path)).expect("it exists").permissions().mode();
    assert_eq!(mode("base/run.sh") & 0o100, 0o100);
    assert_eq!(mode("README.md") & 0o111, 0);
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn an_output_folder_may_be_deep_and_outside_the_platform() {
    let (platform, elsewhere) = (Platform::new(), Platform::new());
    let host = platform.host();
    let wanted = plan(&[("base/x", "1\n")]);
    host.commit(Path::new("a/b/out"), &wanted).expect("it is written");
    host.commit(&elsewhere.root().join("deep/out"), &wanted).expect("it is written");
    assert!(platform.root().join("a/b/out/base/x").is_file());
    assert!(elsewhere.root().join("deep/out/base/x").is_file());
}

#[test]
fn when_nothing_changes_nothing_is_touched() {
    let platform = Platform::new();
    let wanted = plan(&[("base/x", "1\n"), ("base/y", "2\n")]);
    platform.commit(&wanted).expect("it is written");
    let identity = || {
        let of = |path| {
            fs::metadata(platform.out(path)).map(|now| (now.ino(), now.ctime_nsec(), now.mtime_nsec()))
        };
        ["", "base", "base/x"].map(|path| of(path).expect("it exists"))
    };
    let before = identity();
    let outcome = platform.commit(&wanted).expect("it is settled");
    assert_eq!(identity(), before);
    assert_eq!(outcome.unchanged, ["base/x", "base/y"]);
    assert!(outcome.written.is_empty() && outcome.removed.is_empty());
}

#[test]
fn a_file_that_does_not_change_stays_the_same_file_when_others_do() {
    let platform = Platform::new();
    platform.commit(&plan(&[("base/x", "1\n"), ("base/y", "2\n")])).expect("it is written");
    platform.put("notes/mine.txt", "mine");
    fs::set_permissions(platform.out("base"), fs::Permissions::from_mode(0o750))
        .expect("the mode can be set");
    let identity =
        |path| fs::metadata(platform.out(path)).map(|now| (now.ino(), now.mtime(), now.mtime_nsec())).ok();
    let before = (identity("base/x"), identity("notes/mine.txt"));
    let outcome = platform.commit(&plan(&[("base/x", "1\n"), ("base/y", "3\n")])).expect("it is written");
    assert_eq!(outcome.written, ["base/y"]);
    assert_eq!((identity("base/x"), identity("notes/mine.txt")), before);
    assert_eq!(fs::metadata(platform.out("base")).expect("it exists").mode() & 0o777, 0o750);
    assert_eq!(fs::metadata(platform.out("base/x")).expect("it exists").nlink(), 1);
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn our_left_over_files_go_with_their_folders_and_everything_else_stays() {
    let platform = Platform::new();
    platform
        .commit(&plan(&[("base/a/x", "1\n"), ("base/b/c/y", "1\n"), ("base/z", "1\n"), ("README.md", "1\n")]))
        .expect("it is written");
    platform.put("base/a/mine.txt", "mine");
    platform.put("elsewhere/ours", &sealed("not in a scope\n"));
    fs::create_dir(platform.out("base/empty")).expect("a folder can be made");
    fs::create_dir(platform.out("empty")).expect("a folder can be made");
    symlink("../elsewhere", platform.out("base/link")).expect("a link can be made");
    let outcome = platform.commit(&plan(&[("base/z", "1\n")])).expect("it is written");
    assert_eq!(outcome.removed, ["README.md", "base/a/x", "base/b/c/y"]);
    assert_eq!(outcome.kept, ["base/a/mine.txt", "base/link"]);
    assert_eq!(outcome.unchanged, ["base/z"]);
    let expected = [
        ("base", "a folder".to_owned()),
        ("base/a", "a folder".to_owned()),
        ("base/a/mine.txt", "mine".to_owned()),
        ("base/empty", "a folder".to_owned()),
        ("base/link", "-> ../elsewhere".to_owned()),
        ("base/z", sealed("1\n")),
        ("elsewhere", "a folder".to_owned()),
        ("elsewhere/ours", sealed("not in a scope\n")),
        ("empty", "a folder".to_owned()),
    ];
    let expected = expected.map(|(path, what)| (path.to_owned(), what));
    assert_eq!(platform.tree(), BTreeMap::from(expected));
}

#[test]
fn an_edited_file_is_named_and_only_overwritten_when_told_to() {
    let platform = Platform::new();
    let old = [("base/x", "1\n"), ("base/y", "1\n"), ("base/gone", "1\n")];
    platform.commit(&plan(&old)).expect("it is written");
    for path in ["base/x", "base/y", "base/gone"] {
        platform.put(path, &(sealed("1\n") + "replicas: 5\n"));
    }
    let before = platform.tree();
    let wanted = plan(&[("base/x", "2\n"), ("base/y", "1\n"), ("base/new", "1\n")]);
    let refused = causes(platform.commit(&wanted));
    assert_eq!(refused, [("out/base/x".into(), Cause::Edited), ("out/base/y".into(), Cause::Edited)]);
    assert_eq!(platform.tree(), before);
    assert_eq!(platform.beside(), ["out"]);

    let only_new = plan(&[("base/new", "1\n")]);
    let kept = platform.commit(&only_new).expect("an edited file in nobody's way is kept").kept;
    assert_eq!(kept, ["base/gone", "base/x", "base/y"]);

    let outcome =
        platform.commit(&wanted.with_edited(EditedFiles::Overwrite)).expect("the edits are discarded");
    assert_eq!((outcome.written.len(), outcome.removed), (2, vec!["base/gone".to_owned()]));
    assert_eq!(platform.tree()["base/x"], sealed("2\n"));
}

#[test]
fn what_bayplan_did_not_write_is_never_overwritten() {
    let platform = Platform::new();
    platform.put("base/file", "mine");
    platform.put("base/folder/mine", "mine");
    platform.put("base/parent", "mine");
    symlink("/etc/hostname", platform.out("base/link")).expect("a link can be made");
    let before = platform.tree();
    let desired = ["base/file", "base/folder", "base/link", "base/parent/x", "base/parent/y", "base/new"];
    let wanted = plan(&desired.map(|path| (path, "1\n"))).with_edited(EditedFiles::Overwrite);
    let refused = causes(platform.commit(&wanted));
    let expected = [
        ("out/base/file".into(), Cause::InTheWay(Kind::File)),
        ("out/base/folder".into(), Cause::InTheWay(Kind::Folder)),
        ("out/base/link".into(), Cause::InTheWay(Kind::Link)),
        ("out/base/parent".into(), Cause::InTheWay(Kind::File)),
    ];
    assert_eq!(refused, expected);
    assert_eq!(platform.tree(), before);
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn a_link_that_leads_out_of_the_output_is_not_written_through() {
    let (platform, elsewhere) = (Platform::new(), Platform::new());
    fs::create_dir(platform.out("")).expect("a folder can be made");
    symlink(elsewhere.root(), platform.out("base")).expect("a link can be made");
    let wanted = plan(&[("base/x", "1\n")]);
    let expected = [("out/base".into(), Cause::InTheWay(Kind::Link))];
    assert_eq!(causes(platform.commit(&wanted)), expected);
    assert!(tree(elsewhere.root()).is_empty());

    let second = Platform::new();
    symlink(elsewhere.root(), second.root().join("out")).expect("a link can be made");
    assert_eq!(causes(second.commit(&wanted)), [("out".into(), Cause::NotAFolder(Kind::Link))]);
    assert!(tree(elsewhere.root()).is_empty());
}

#[test]
fn an_output_folder_that_cannot_be_one_is_refused() {
    let platform = Platform::new();
    fs::write(platform.root().join("out"), "mine").expect("a file can be written");
    let wanted = plan(&[("base/x", "1\n")]);
    assert_eq!(causes(platform.commit(&wanted)), [("out".into(), Cause::NotAFolder(Kind::File))]);
    let above = platform.root().parent().expect("the folder lies in one");
    for folder in [Path::new("."), Path::new(".."), Path::new(""), platform.root(), above] {
        let refused = causes(platform.host().commit(folder, &wanted));
        assert_eq!(refused, [(folder.display().to_string(), Cause::HoldsPlatform)]);
    }
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn the_real_secret_beside_its_example_is_kept_and_not_named() {
    let platform = Platform::new();
    platform.put("base/secret.yaml", "password: real");
    let outcome = platform.commit(&plan(&[("base/secret.yaml.example", "1\n")])).expect("it is written");
    assert_eq!((outcome.written.len(), outcome.kept.len()), (1, 0));
    assert_eq!(platform.tree()["base/secret.yaml"], "password: real");
}

#[test]
fn what_is_left_over_makes_room_for_a_file_or_folder_of_its_name() {
    let platform = Platform::new();
    platform.commit(&plan(&[("base/a", "1\n"), ("base/b/c/x", "1\n")])).expect("it is written");
    platform.commit(&plan(&[("base/a/x", "1\n"), ("base/b", "1\n")])).expect("it is written");
    let files: Vec<String> =
        platform.tree().into_iter().filter(|(_, what)| what != "a folder").map(|f| f.0).collect();
    assert_eq!(files, ["base/a/x", "base/b"]);
    assert_eq!(fs::metadata(platform.out("base/b")).expect("it exists").mode() & 0o111, 0);
}

#[test]
fn a_checkout_with_windows_line_endings_is_up_to_date() {
    let platform = Platform::new();
    let wanted = plan(&[("base/x", "1\n2\n")]);
    platform.put("base/x", &sealed("1\n2\n").replace('\n', "\r\n"));
    let survey = survey(&platform.host(), Path::new("out"), &wanted).expect("it can be read");
    assert_eq!(survey.get("base/x"), Some(&State::Same));
    assert!(survey.is_settled());
}

#[test]
fn a_file_that_is_no_longer_executable_is_stale() {
    let platform = Platform::new();
    let mut wanted = plan(&[("base/run.sh", "#!/bin/sh\n")]);
    platform.commit(&wanted).expect("it is written");
    wanted.files.get_mut("base/run.sh").expect("it is planned").executable = true;
    assert_eq!(platform.commit(&wanted).expect("it is written").written, ["base/run.sh"]);
    assert_eq!(platform.commit(&wanted).expect("it is settled").unchanged, ["base/run.sh"]);
}

#[test]
fn names_that_are_no_text_and_files_that_are_none_survive() {
    use std::os::unix::ffi::OsStrExt;
    let platform = Platform::new();
    platform.commit(&plan(&[("base/x", "1\n")])).expect("it is written");
    let odd = platform.out("base").join(std::ffi::OsStr::from_bytes(b"\xFFodd"));
    fs::write(&odd, "mine").expect("a file can be written");
    let made = Command::new("mkfifo").arg(platform.out("base/pipe")).status();
    assert!(made.expect("mkfifo is on every system with pipes").success());
    let outcome = platform.commit(&plan(&[("base/x", "2\n")])).expect("it is written");
    assert_eq!(outcome.kept, ["base/pipe", "base/\u{FFFD}odd"]);
    assert_eq!(fs::read(&odd).expect("it survives"), b"mine");
    assert_eq!(platform.tree()["base/pipe"], "something else");
    let refused = causes(platform.commit(&plan(&[("base/pipe", "2\n")])));
    assert_eq!(refused, [("out/base/pipe".into(), Cause::InTheWay(Kind::Special))]);
}

#[test]
fn two_runs_do_not_trample_each_other() {
    let platform = Platform::new();
    let parent = fs::File::open(platform.root()).expect("the folder can be opened");
    parent.lock().expect("the folder can be locked");
    let wanted = plan(&[("base/x", "1\n")]);
    let hasty = platform.host().with_patience(Duration::from_millis(30));
    assert_eq!(causes(hasty.commit(Path::new("out"), &wanted)), [("out".into(), Cause::Busy)]);
    assert!(platform.beside().is_empty());
    std::thread::scope(|scope| {
        let patient = scope.spawn(|| platform.commit(&wanted));
        std::thread::sleep(Duration::from_millis(30));
        parent.unlock().expect("the lock can be given back");
        let written = patient.join().expect("the thread ends").expect("its turn came");
        assert_eq!(written.written, ["base/x"]);
    });
}

#[test]
fn many_threads_write_one_folder_in_turn() {
    let platform = Platform::new();
    std::thread::scope(|scope| {
        for text in ["1\n", "2\n", "3\n", "4\n"] {
            let platform = &platform;
            scope.spawn(move || {
                for _ in 0..5 {
                    platform.commit(&plan(&[("base/x", text), ("base/y", text)])).expect("its turn comes");
                }
            });
        }
    });
    let tree = platform.tree();
    assert_eq!(tree["base/x"], tree["base/y"]);
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn what_a_killed_run_left_is_cleaned_up_and_nothing_else() {
    let platform = Platform::new();
    let beside = |path: &str, text: &str| {
        let path = platform.root().join(path);
        fs::create_dir_all(path.parent().expect("the path has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    beside(".out.bayplan-1/BAYPLAN", "");
    beside(".out.bayplan-1/new/base/x", "half a tree");
    fs::create_dir(platform.root().join(".out.bayplan-2")).expect("a folder can be made");
    beside(".out.bayplan-3/mine", "mine");
    beside(".other.bayplan-4/BAYPLAN", "");
    platform.commit(&plan(&[("base/x", "1\n")])).expect("it is written");
    assert_eq!(platform.beside(), [".other.bayplan-4", ".out.bayplan-3", "out"]);
}

#[test]
fn a_tree_that_a_killed_run_had_moved_aside_comes_back() {
    let platform = Platform::new();
    let wanted = plan(&[("base/x", "1\n")]);
    platform.commit(&wanted).expect("it is written");
    platform.put("base/mine", "mine");
    let aside = platform.root().join(".out.bayplan-1");
    fs::create_dir(&aside).expect("a folder can be made");
    fs::write(aside.join("BAYPLAN"), "").expect("a file can be written");
    fs::rename(platform.out(""), aside.join("old")).expect("the tree can be moved");
    let outcome = platform.commit(&wanted).expect("the old tree is back");
    assert_eq!((outcome.unchanged, outcome.kept), (vec!["base/x".to_owned()], vec!["base/mine".to_owned()]));
    assert_eq!(platform.beside(), ["out"]);
}

/// What may stand at a path before a render.
fn before() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec!["1\n", "2\n"]);
    (0..3, text).prop_map(|(what, text)| match what {
        0 => sealed(text),
        1 => sealed(text) + "edited\n",
        _ => text.to_owned(),
    })
}

fn some_path() -> impl Strategy<Value = String> {
    let part = || prop::sample::select(vec!["a", "b", "c.example", "c"]);
    prop::collection::vec(part(), 1..4).prop_map(|parts| parts.join("/"))
}

/// Paths of which none lies below another, so that they can all be files.
fn without_clashes<T>(files: BTreeMap<String, T>) -> BTreeMap<String, T> {
    let paths: Vec<String> = files.keys().cloned().collect();
    let clashes = |path: &str| paths.iter().any(|other| path.starts_with(&format!("{other}/")));
    files.into_iter().filter(|(path, _)| !clashes(path)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The host in memory is what other programs test against: it must do what the disk does.
    #[test]
    fn memory_and_disk_agree(
        existing in prop::collection::btree_map(some_path(), before(), 0..8),
        desired in prop::collection::btree_map(some_path(), prop::sample::select(vec!["1\n", "2\n"]), 0..8),
        scope in prop::sample::select(vec!["", "a/", "b"]),
        edited in prop::sample::select(vec![EditedFiles::Refuse, EditedFiles::Overwrite]),
    ) {
        let existing = without_clashes(existing);
        let files = without_clashes(desired).into_iter().map(|(path, text)| (path, file(text))).collect();
        let wanted = Plan::new(files, Scopes::of([scope])).with_edited(edited);
        let platform = Platform::in_memory();
        let mut memory = MemoryHost::default();
        for (path, text) in &existing {
            platform.put(path, text);
            memory = memory.with_file(format!("out/{path}"), text.clone());
        }
        let before = platform.tree();
        let on_disk = platform.commit(&wanted);
        prop_assert_eq!(&on_disk, &memory.commit(Path::new("out"), &wanted));
        let after: BTreeMap<String, String> =
            platform.tree().into_iter().filter(|(_, what)| what != "a folder").collect();
        let in_memory = memory.files().into_iter().map(|(path, file)| {
            (path.trim_start_matches("out/").to_owned(), String::from_utf8_lossy(&file.bytes).into_owned())
        });
        prop_assert_eq!(&after, &in_memory.collect::<BTreeMap<_, _>>());
        if on_disk.is_err() {
            prop_assert_eq!(platform.tree(), before);
        } else {
            prop_assert!(platform.commit(&wanted).is_ok_and(|again| again.written.is_empty() && again.removed.is_empty()));
        }
        prop_assert!(platform.beside().iter().all(|name| name == "out"));
    }
}

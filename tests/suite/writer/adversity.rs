//! That a kill at any moment, a full disk, a missing right or a mounted volume leaves the old tree or the new one.
#![allow(clippy::disallowed_types, reason = "the kills are spread over the time that a render takes")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use bayplan::host::{Cause, Host, OsHost, Plan, Scopes};

use super::{Platform, causes, file, plan, sealed};

/// Set for a copy of this test binary that is to carry out one step of a test in another process.
const STEP: &str = "BAYPLAN_TEST_WRITER_STEP";

/// Runs the test `name` of this file, which is ignored otherwise, in a process of its own.
fn step(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("the test knows its own binary"));
    command
        .args([&format!("writer::adversity::{name}"), "--exact", "--ignored", "--nocapture"])
        .env(STEP, folder);
    command
}

fn step_folder() -> Option<PathBuf> {
    std::env::var_os(STEP).map(PathBuf::from)
}

const NOBODY: u32 = 65534;

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[test]
fn folders_without_the_right_to_write_are_named_and_nothing_is_lost() {
    let platform = Platform::new();
    platform.put("base/x", &sealed("1\n"));
    let mut command = step("step_without_rights", platform.root());
    if is_root() {
        let status = Command::new("chown").args(["-R", &NOBODY.to_string()]).arg(platform.root()).status();
        assert!(status.expect("chown is on every system").success());
        command.uid(NOBODY);
    }
    let output = command.output().expect("the test can run itself");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(platform.tree()["base/x"], sealed("1\n"));
}

#[test]
#[ignore = "a step of another test"]
fn step_without_rights() {
    let Some(root) = step_folder() else { return };
    let allow = |path: &str, mode| {
        fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).expect("the mode can be set");
    };
    let host = OsHost::new(&root);
    let commit = || host.commit(Path::new("out"), &plan(&[("base/x", "2\n"), ("README.md", "2\n")]));
    let denied = || Cause::NotWritable("permission denied".into());
    allow("out", 0o555);
    allow("out/base", 0o555);
    assert_eq!(causes(commit()), [("out".into(), denied()), ("out/base".into(), denied())]);
    allow("out", 0o755);
    assert_eq!(causes(commit()), [("out/base".into(), denied())]);
    allow("out/base", 0o755);
    allow("", 0o555);
    assert_eq!(causes(commit()), [(".".into(), denied())]);
    allow("", 0o755);
    allow("out/base/x", 0o000);
    let unreadable = ("out/base/x".into(), Cause::Unreadable("permission denied".into()));
    assert_eq!(causes(commit()), [unreadable]);
    allow("out/base/x", 0o644);
    fs::create_dir(root.join("out/locked")).expect("a folder can be made");
    fs::write(root.join("out/locked/mine"), "mine").expect("a file can be written");
    allow("out/locked", 0o555);
    let outcome = commit().expect("a read-only folder in which nothing changes is no obstacle");
    assert_eq!((outcome.written.len(), outcome.left_behind), (2, None));
    assert_eq!(fs::metadata(root.join("out/locked")).expect("it is kept").mode() & 0o777, 0o555);
    let entries = fs::read_dir(&root).expect("it can be read").count();
    assert_eq!(entries, 1, "nothing is left beside the output");
    allow("out/locked", 0o755);
    host.commit(Path::new("out"), &plan(&[("base/x", "1\n")])).expect("it is written back");
}

/// A file system in memory, mounted for one test. Only root can.
struct Mount(PathBuf);

impl Mount {
    fn new(place: &Path, size: &str) -> Option<Self> {
        Self::of("tmpfs", &format!("size={size}"), place)
    }

    fn of(kind: &str, options: &str, place: &Path) -> Option<Self> {
        let mounted = Command::new("mount").args(["-t", kind, "-o", options, kind]).arg(place).output();
        let mounted = is_root() && mounted.is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: no file system can be mounted here");
        }
        mounted.then(|| Self(place.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_the_old_tree() {
    let platform = Platform::new();
    let Some(_mount) = Mount::new(platform.root(), "256k") else { return };
    let small = plan(&[("base/x", "1\n"), ("base/y", "1\n")]);
    platform.commit(&small).expect("there is room for it");
    let before = platform.tree();
    let big = "a line\n".repeat(10_000);
    let large: Vec<(String, &str)> = (0..10).map(|n| (format!("base/{n}"), big.as_str())).collect();
    let large: Vec<(&str, &str)> = large.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let refused = causes(platform.commit(&plan(&large)));
    assert_eq!(refused.len(), 1);
    assert!(refused[0].0.starts_with("out/base/") && refused[0].1 == Cause::Full, "{refused:?}");
    assert_eq!(platform.tree(), before);
    assert_eq!(platform.beside(), ["out"]);
    platform.commit(&plan(&[("base/x", "2\n")])).expect("the room is free again");
}

#[test]
fn a_limit_on_the_size_of_files_leaves_the_old_tree() {
    let platform = Platform::new();
    platform.put("base/x", &sealed("1\n"));
    let binary = std::env::current_exe().expect("the test knows its own binary");
    let script =
        "trap '' XFSZ; ulimit -f 8; exec \"$0\" writer::adversity::step_with_a_limit --exact --ignored";
    let output = Command::new("sh").args(["-c", script]).arg(binary).env(STEP, platform.root()).output();
    let output = output.expect("there is a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(platform.tree()["base/x"], sealed("1\n"));
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
#[ignore = "a step of another test"]
fn step_with_a_limit() {
    let Some(root) = step_folder() else { return };
    let big = "a line\n".repeat(10_000);
    let refused =
        causes(OsHost::new(&root).commit(Path::new("out"), &plan(&[("base/big", &big), ("base/x", "2\n")])));
    assert_eq!(refused, [("out/base/big".into(), Cause::Full)]);
}

#[test]
fn a_mounted_output_folder_is_written_file_by_file() {
    let platform = Platform::new();
    fs::create_dir(platform.out("")).expect("a folder can be made");
    let Some(_mount) = Mount::new(&platform.out(""), "1m") else { return };
    platform.put("base/mine", "mine");
    platform.commit(&plan(&[("base/x", "1\n"), ("base/old/y", "1\n")])).expect("it is written");
    let outcome = platform.commit(&plan(&[("base/x", "2\n"), ("base/new/y", "1\n")])).expect("it is written");
    assert_eq!((outcome.written.len(), outcome.removed.len(), outcome.kept.len()), (2, 1, 1));
    let files: Vec<String> = platform.tree().into_keys().collect();
    assert_eq!(files, ["base", "base/mine", "base/new", "base/new/y", "base/x"]);
    assert_eq!(platform.tree()["base/x"], sealed("2\n"));
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
fn a_volume_mounted_inside_the_output_is_not_moved_away() {
    let platform = Platform::new();
    fs::create_dir_all(platform.out("volume")).expect("a folder can be made");
    let Some(_mount) = Mount::new(&platform.out("volume"), "1m") else { return };
    platform.put("volume/mine", "mine");
    platform.commit(&plan(&[("base/x", "1\n")])).expect("it is written");
    assert_eq!(platform.tree()["volume/mine"], "mine");
    assert_eq!(platform.tree()["base/x"], sealed("1\n"));
    assert_eq!(platform.beside(), ["out"]);
}

/// As in an image of a container that was built with the output in it: its folders cannot be renamed.
#[test]
fn an_output_from_a_lower_layer_of_an_overlay_is_written() {
    let (layers, platform) = (Platform::new(), Platform::new());
    let Some(_memory) = Mount::new(layers.root(), "1m") else { return };
    for layer in ["upper", "work"] {
        fs::create_dir(layers.root().join(layer)).expect("a folder can be made");
    }
    layers.commit(&plan(&[("base/x", "1\n"), ("base/old/y", "1\n")])).expect("the lower layer is written");
    fs::rename(layers.root().join("out"), layers.root().join("lower")).expect("it can be moved");
    let lower = layers.root().join("lower");
    let lower_out = lower.join("out");
    fs::create_dir(&lower_out).expect("a folder can be made");
    fs::rename(lower.join("base"), lower_out.join("base")).expect("it can be moved");
    let layer = |name: &str| layers.root().join(name).display().to_string();
    let options =
        format!("lowerdir={},upperdir={},workdir={}", layer("lower"), layer("upper"), layer("work"));
    let Some(_overlay) = Mount::of("overlay", &options, platform.root()) else { return };
    let outcome = platform.commit(&plan(&[("base/x", "2\n"), ("base/z", "1\n")])).expect("it is written");
    assert_eq!((outcome.written.len(), outcome.removed.len(), outcome.left_behind), (2, 1, None));
    let files: Vec<String> = platform.tree().into_keys().collect();
    assert_eq!(files, ["base", "base/x", "base/z"]);
    assert_eq!(platform.beside(), ["out"]);
}

/// The two trees between which a render is killed: files that stay, change, go and come.
fn tree_to_kill(version: &str) -> Plan {
    let mut files = BTreeMap::new();
    for n in 0..100 {
        files.insert(format!("base/{}/same-{n}", n % 7), file(&format!("same {n}\n")));
        files.insert(format!("rendered/{}/changed-{n}", n % 5), file(&format!("{version} {n}\n")));
        files.insert(format!("rendered/{version}/{}/only-{n}", n % 3), file(&format!("only {n}\n")));
    }
    Plan::new(files, Scopes::everything())
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_tree_or_the_new_one() {
    let platform = Platform::in_memory();
    platform.commit(&tree_to_kill("b")).expect("it is written");
    platform.put("mine", "mine");
    let new = platform.tree();
    let start = Instant::now();
    platform.commit(&tree_to_kill("a")).expect("it is written");
    let twice = start.elapsed() * 2;
    let old = platform.tree();
    let mut seen = BTreeMap::from([("old", 0), ("new", 0), ("left beside", 0)]);
    let mut moment = 1_u64;
    for _ in 0..100 {
        let mut child = step("step_renders_forever", platform.root())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test can run itself");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        assert!(lines.any(|line| line.is_ok_and(|line| line.contains("rendering"))));
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(twice.mul_f64(f64::from((moment >> 33) as u32) / f64::from(u32::MAX >> 1)));
        child.kill().expect("it is running");
        child.wait().expect("it is dead");
        let now = platform.tree();
        assert!(now == old || now == new, "half a tree: {:?}", now.keys());
        *seen.entry(if now == old { "old" } else { "new" }).or_default() += 1;
        *seen.entry("left beside").or_default() += platform.beside().len() - 1;
    }
    println!("{seen:?}");
    assert!(seen.values().all(|count| *count > 0), "the kills hit every phase: {seen:?}");
    platform.commit(&tree_to_kill("b")).expect("it is written");
    platform.commit(&tree_to_kill("a")).expect("it is written");
    assert_eq!(platform.tree(), old);
    assert_eq!(platform.beside(), ["out"]);
}

#[test]
#[ignore = "a step of another test"]
fn step_renders_forever() {
    let Some(root) = step_folder() else { return };
    let host = OsHost::new(&root);
    let plans = [tree_to_kill("a"), tree_to_kill("b")];
    println!("rendering");
    for plan in plans.iter().cycle() {
        host.commit(Path::new("out"), plan).expect("it is written");
    }
}

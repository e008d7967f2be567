//! What a folder may hold beside files that can be read: each is named or refused with a reason, and never waited for.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use bayplan::host::{Cause, Date, Entry, File, Host, HostError, MemoryHost, OsHost, Outcome, Plan};
use bayplan::judge::{Request, Verdict, judge};

use super::{DEPLOYMENT, NAMESPACE, request};

fn told(verdict: &Verdict) -> Vec<String> {
    verdict.diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect()
}

/// The verdict of the profile of the API server on some paths of a real folder.
fn judged(folder: &Path, paths: &[&str]) -> Verdict {
    judge(&OsHost::new(folder), &Request { paths: paths.iter().map(Into::into).collect(), ..request("") })
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_named_and_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("n.yaml"), NAMESPACE).unwrap();
    // Whoever opened the pipe would wait for ever: nobody writes into it.
    assert!(std::process::Command::new("mkfifo").arg(at("pipe.yaml")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.yaml")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", at("zero.yaml")).unwrap();
    let verdict = judged(folder.path(), &["."]);
    let passed: Vec<String> =
        verdict.passed.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
    assert_eq!(
        passed,
        ["pipe.yaml: not a regular file", "socket.yaml: not a regular file", "zero.yaml: not a regular file"]
    );
    assert!(verdict.complete && verdict.objects == 1, "{:?}", told(&verdict));
    let asked = judged(folder.path(), &["pipe.yaml"]);
    assert!(!asked.complete);
    assert_eq!(told(&asked)[0], "`pipe.yaml` is no regular file, and is not opened");
}

#[cfg(unix)]
#[test]
fn links_lead_to_files_wherever_they_are() {
    use std::os::unix::fs::symlink;
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(elsewhere.path().join("n.yaml"), NAMESPACE).unwrap();
    symlink(elsewhere.path().join("n.yaml"), folder.path().join("out.yaml")).unwrap();
    symlink(elsewhere.path(), folder.path().join("outer")).unwrap();
    symlink("me@here.1", folder.path().join(".#n.yaml")).unwrap();
    let verdict = judged(folder.path(), &["."]);
    assert!(verdict.complete && verdict.objects == 1, "{:?}", told(&verdict));
    assert_eq!(verdict.passed.len(), 1, "the folder is named and not followed");
    symlink("gone.yaml", folder.path().join("dangling.yaml")).unwrap();
    let verdict = judged(folder.path(), &["."]);
    assert!(!verdict.complete && verdict.objects == 1);
    assert_eq!(told(&verdict), ["`dangling.yaml` is a link that leads nowhere"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_said() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"a\xFF.yaml");
    fs::write(folder.path().join(name), NAMESPACE).unwrap();
    let verdict = judged(folder.path(), &["."]);
    assert!(!verdict.complete);
    assert_eq!(told(&verdict)[0], "`a\u{FFFD}.yaml` cannot be named: its name is not UTF-8");
}

#[test]
fn what_is_named_twice_is_read_once() {
    let host =
        MemoryHost::default().with_file("k8s/n.yaml", NAMESPACE).with_input(NAMESPACE.replace("shop", "a"));
    let paths = ["k8s", "k8s/n.yaml", "./k8s/../k8s/n.yaml", "-", "-"].map(Into::into).to_vec();
    let verdict = judge(&host, &Request { paths, profile: None, ..request("") });
    assert_eq!((verdict.files, verdict.objects), (2, 2));
    assert!(told(&verdict).iter().all(|it| !it.contains("twice")), "{:?}", told(&verdict));
}

/// A host on which one file cannot be read from the given reading on, or is another one.
struct Faulty {
    host: MemoryHost,
    path: &'static str,
    good: usize,
    then: Result<&'static str, &'static str>,
    read: AtomicUsize,
}

impl Host for Faulty {
    fn read(&self, path: &str) -> Result<Vec<u8>, HostError> {
        self.host.read(path)
    }
    fn find(&self, pattern: &str) -> Result<Vec<String>, HostError> {
        self.host.find(pattern)
    }
    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.host.list(folder)
    }
    fn read_below(&self, folder: &Path, path: &str) -> Result<File, HostError> {
        if path == self.path && self.read.fetch_add(1, Ordering::SeqCst) >= self.good {
            return match self.then {
                Ok(text) => Ok(File { bytes: text.into(), executable: false }),
                Err(why) => Err(HostError::new(path, Cause::Unreadable(why.into()))),
            };
        }
        self.host.read_below(folder, path)
    }
    fn input(&self, most: u64) -> Result<Vec<u8>, HostError> {
        self.host.input(most)
    }
    fn commit(&self, folder: &Path, plan: &Plan) -> Result<Outcome, Vec<HostError>> {
        self.host.commit(folder, plan)
    }
    fn today(&self) -> Date {
        self.host.today()
    }
    fn variable(&self, name: &str) -> Option<String> {
        self.host.variable(name)
    }
}

/// A tree in which something is found from one object to another, in a file that is read as often as `good` says.
fn faulty(good: usize, then: Result<&'static str, &'static str>) -> Verdict {
    let pod = DEPLOYMENT.replace("\"2\"   # a text", "2");
    let host = MemoryHost::default().with_file("k8s/api.yaml", pod).with_file("k8s/n.yaml", NAMESPACE);
    let host = Faulty { host, path: "api.yaml", good, then, read: AtomicUsize::new(0) };
    judge(&host, &Request { profile: None, ..request("k8s") })
}

#[test]
fn a_file_that_nobody_may_read_is_said() {
    let verdict = faulty(0, Err("permission denied"));
    assert!(!verdict.complete);
    assert_eq!(verdict.objects, 1, "the other file is judged");
    let told = told(&verdict);
    assert!(told.contains(&"`api.yaml` cannot be read: permission denied".to_owned()), "{told:?}");
}

#[test]
fn a_file_that_vanishes_or_changes_takes_no_finding_with_it() {
    let dangling = "there is no Secret shop/db".to_owned();
    let verdict = faulty(9, Err(""));
    assert!(verdict.complete && told(&verdict).contains(&dangling), "{:?}", told(&verdict));
    for then in [Err("it is gone"), Ok("a: [1,\n"), Ok("")] {
        let verdict = faulty(1, then);
        let told = told(&verdict);
        assert!(!verdict.complete, "{then:?}");
        assert!(told.contains(&dangling), "{then:?}: {told:?}");
        assert!(told.contains(&"`k8s/api.yaml` changed while it was read".to_owned()), "{then:?}: {told:?}");
    }
}

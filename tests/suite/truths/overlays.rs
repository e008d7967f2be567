//! Truth 1: `kustomize build out/overlays/<env>` gives exactly the objects of `out/rendered/<env>`, list order included.
//!
//! The files are those that a user gets, byte for byte. A process per environment is what this costs, so the random
//! platforms are fewer here, and several processes run at a time.

use std::sync::Mutex;
use std::thread;

use bayplan::Selection;

use super::{SUBJECTS, Subject, written};
use crate::kustomize::oracle::{Tool, compare_files};

const RANDOM_PLATFORMS: usize = 14;

#[test]
fn kustomize_builds_what_is_rendered() {
    let Some(tool) = Tool::find() else { return };
    let subjects = &SUBJECTS[..written() + RANDOM_PLATFORMS];
    let environments = |subject: &'static Subject| {
        subject.compilation.environments.keys().map(move |name| (subject, name.as_str()))
    };
    let jobs: Vec<_> = subjects.iter().flat_map(environments).collect();
    assert!(jobs.len() > RANDOM_PLATFORMS, "most random platforms have an environment");
    let (jobs, failures) = (Mutex::new(jobs), Mutex::new(Vec::new()));
    let work = || {
        while let Some((subject, name)) = jobs.lock().ok().and_then(|mut jobs| jobs.pop()) {
            let files = subject.compilation.files(&Selection::Everything);
            if let Err(failure) = compare_files(&tool, &files, name) {
                let failure = format!("{}, {name}: {failure}\n{}", subject.name, subject.written);
                failures.lock().expect("no thread panics").push(failure);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().expect("no thread panics");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

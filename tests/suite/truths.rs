//! What is always true, of every reference platform and of random ones. `ARCHITECTURE.md` lists the truths; each has a
//! file here that says how it is shown.

mod bytes;
mod charts;
mod connections;
mod hostile;
mod judged;
mod overlays;
mod readers;
mod references;
mod secrets;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use bayplan::compile::Compiled;
use bayplan::host::OsHost;
use bayplan::{Compilation, Request, compile};

use crate::generated;
use crate::golden::platforms;

/// A platform that a truth is shown on.
struct Subject {
    name: String,
    /// What to show of it when the truth fails, besides its name.
    written: String,
    compilation: Compilation,
}

impl Subject {
    /// The base and every environment, each with a name for a failure.
    fn compiled(&self) -> impl Iterator<Item = (String, &Compiled)> {
        let base = std::iter::once(("the base".to_owned(), &self.compilation.base));
        let environments =
            self.compilation.environments.iter().map(|(name, compiled)| (name.clone(), compiled));
        base.chain(environments).map(|(name, compiled)| (format!("{}, {name}", self.name), compiled))
    }
}

/// The small platforms of `tests/cases/platform/ok-edge-*`: each shows a part of the language.
fn small() -> Vec<(String, PathBuf)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/platform");
    let entries = std::fs::read_dir(folder).expect("the cases are part of the checkout");
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let named = folders.filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), path)));
    let mut small: Vec<(String, PathBuf)> = named.filter(|(name, _)| name.starts_with("ok-edge-")).collect();
    small.sort();
    small
}

/// How many subjects are not random.
fn written() -> usize {
    platforms::all().len() + small().len()
}

/// The reference platforms, the small ones, and as many random ones as a test can afford that looks at all of them.
static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    let references = platforms::all().into_iter().map(|platform| Subject {
        written: String::new(),
        compilation: platform.compile(),
        name: platform.name,
    });
    let random = generated::sample(40).into_iter().enumerate().map(|(at, platform)| Subject {
        name: format!("random platform {at}"),
        written: format!("{platform:?}"),
        compilation: platform.compile().unwrap_or_else(|report| panic!("{report}\n{platform:?}")),
    });
    let small = small().into_iter().map(|(name, folder)| Subject {
        written: String::new(),
        compilation: compile(&OsHost::new(&folder), &Request::default())
            .into_result()
            .unwrap_or_else(|unsound| panic!("{name}:\n{unsound}")),
        name,
    });
    references.chain(small).chain(random).collect()
});

/// Holds `property`, which names what breaks it, against the base and every environment of every subject.
fn hold(property: impl Fn(&Compiled) -> Vec<String>) {
    for subject in &*SUBJECTS {
        for (name, compiled) in subject.compiled() {
            let breaches = property(compiled);
            assert!(breaches.is_empty(), "{name}:\n{}\n{}", breaches.join("\n"), subject.written);
        }
    }
}

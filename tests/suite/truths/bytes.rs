//! Truth 6: rendering twice, on any number of threads and wherever and however the program runs, gives the same bytes.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::thread;

use bayplan::Selection;
use bayplan::host::File;

use crate::generated::{self, Generated};
use crate::golden::platforms::{self, Reference};

fn files(platform: &Generated) -> BTreeMap<String, File> {
    let compilation = platform.compile().unwrap_or_else(|report| panic!("{report}\n{platform:?}"));
    compilation.files(&Selection::Everything)
}

#[test]
fn every_thread_renders_the_same_bytes() {
    let references = platforms::all();
    let random = generated::sample(8);
    let render = || {
        let render = |platform: &Reference| platform.compile().files(&Selection::Everything);
        let references: Vec<_> = references.iter().map(render).collect();
        (references, random.iter().map(files).collect::<Vec<_>>())
    };
    let once = render();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(render)).collect();
        for thread in threads {
            assert!(thread.join().expect("the library does not panic") == once, "two threads differ");
        }
    });
}

#[test]
fn rendering_one_environment_gives_its_part_of_everything() {
    for subject in &*super::SUBJECTS {
        let everything = subject.compilation.files(&Selection::Everything);
        for name in subject.compilation.environments.keys() {
            let selection = Selection::Environments([name.clone()].into());
            for (path, file) in subject.compilation.files(&selection) {
                assert_eq!(everything.get(&path), Some(&file), "{}: {path}", subject.name);
            }
        }
    }
}

#[test]
fn neither_place_nor_locale_nor_time_zone_matters() {
    let (here, elsewhere) =
        (render_from("/", "C", "UTC"), tempfile::tempdir().expect("a folder can be made"));
    let place = elsewhere.path().to_str().expect("the folder has a plain name");
    assert!(render_from(place, "tr_TR.UTF-8", "Pacific/Chatham") == here, "two places differ");
    assert!(here.len() > 100, "everything is rendered");
}

/// What the program writes for the root platform when it stands in the folder `place`.
fn render_from(place: &str, locale: &str, zone: &str) -> BTreeMap<String, Vec<u8>> {
    let output = tempfile::tempdir().expect("a temporary folder can be made");
    let status = Command::new(env!("CARGO_BIN_EXE_bayplan"))
        .args(["render", "--quiet", "--file"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("platform.toml"))
        .arg("--output-dir")
        .arg(output.path().join("out"))
        .current_dir(place)
        .envs([("LC_ALL", locale), ("LANG", locale), ("TZ", zone)])
        .status();
    assert!(status.is_ok_and(|status| status.success()));
    let files = walkdir::WalkDir::new(output.path()).into_iter().map(|entry| entry.expect("it can be read"));
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(output.path()).expect("it lies below");
            (path.display().to_string(), std::fs::read(entry.path()).expect("it can be read"))
        })
        .collect()
}

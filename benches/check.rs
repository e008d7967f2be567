//! How fast manifests are read and judged: `cargo bench --bench check`.
//!
//! It makes a tree of the committed output, each file many times over in folders of their own, and takes the whole way
//! from the bytes on disk to the findings. A plain harness: minimum and median of several rounds are all that is wanted.
//!
//! To run kubeconform beside it, with the same schemas on the same tree:
//!
//! ```sh
//! go install github.com/yannh/kubeconform/cmd/kubeconform@latest
//! cargo run --release --example kubeconform_schemas -- 1.35 target/kubeconform
//! cargo bench --bench check -- --keep target/bench-tree
//! time kubeconform -strict -summary -ignore-missing-schemas \
//!     -schema-location 'target/kubeconform/{{.ResourceKind}}{{.KindSuffix}}.json' target/bench-tree
//! time target/release/bayplan check target/bench-tree --profile api --summary --kubernetes 1.35
//! ```
//!
//! Seen on two processors with a release build, in turn with kubeconform, the tree read once before each run, medians of whole
//! processes: 5,180 files took 0.112 s of processor time and 0.068 s by the clock with profile `api`, and kubeconform 1.34 s and
//! 0.71 s. 49,950 files took 1.07 s and 0.57 s against 12.9 s and 6.7 s. Other runs on the same machine gave from 8.9 to 11.8 times by
//! the clock; where the tree had gone from the system's cache, to read it was most of the time. Memory: 16 MB and 38 MB, and
//! kubeconform 42 MB and 49 MB. Profile `default` took 2.3 s for the larger tree and 156 MB, `strict` 2.4 s and 269 MB, most of it
//! what was found.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::cast_precision_loss,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark measures the world"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bayplan::check::Profile;
use bayplan::host::OsHost;
use bayplan::judge::{Request, judge};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;

const ROUNDS: usize = 7;
const COPIES: usize = 70;

fn main() {
    let kept = std::env::args().skip_while(|argument| argument != "--keep").nth(1).map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let tree = kept.unwrap_or_else(|| temporary.path().to_owned());
    let texts = make_tree(&tree);
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} documents, {:.1} MB", texts.len(), bytes as f64 / 1e6);
    report("read", texts.len(), bytes, || {
        texts.iter().map(|text| manifest::read("a.yaml", text.as_bytes().to_vec()).objects.len()).sum()
    });
    for profile in Profile::ALL {
        for threads in [1, 0] {
            let name = format!(
                "judge, profile {profile}, {}",
                if threads == 1 { "1 thread" } else { "all threads" }
            );
            let request = Request {
                paths: vec![tree.clone()],
                kubernetes: Some(KubernetesVersion::V1_35),
                profile: Some(profile),
                threads: (threads > 0).then_some(threads),
                ..Request::default()
            };
            report(&name, texts.len(), bytes, || judge(&OsHost::new("."), &request).objects);
        }
    }
}

fn report(name: &str, documents: usize, bytes: usize, mut work: impl FnMut() -> usize) {
    let mut rounds: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(work(), documents, "{name} lost documents");
            start.elapsed()
        })
        .collect();
    rounds.sort_unstable();
    let (least, median) = (rounds[0].as_secs_f64(), rounds[ROUNDS / 2].as_secs_f64());
    println!(
        "{name:<40} {:>8.0} documents/s at the median, {:>8.0} at best, {:>6.1} MB/s",
        documents as f64 / median,
        documents as f64 / least,
        bytes as f64 / 1e6 / median
    );
}

/// The production output of the root platform, in so many folders, each with namespaces of its own.
fn make_tree(tree: &Path) -> Vec<String> {
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("out/rendered/production");
    let walk = walkdir::WalkDir::new(out).sort_by_file_name().into_iter().map(Result::unwrap);
    let yaml = walk.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "yaml"));
    let texts: Vec<String> = yaml.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect();
    let mut all = Vec::new();
    for copy in 0..COPIES {
        let folder = tree.join(format!("t{copy:03}"));
        fs::create_dir_all(&folder).unwrap();
        for (index, text) in texts.iter().enumerate() {
            let text = text.replace("namespace: ", &format!("namespace: t{copy}-"));
            fs::write(folder.join(format!("{index:03}.yaml")), &text).unwrap();
            all.push(text);
        }
    }
    all
}

//! Writes `schemas/kubernetes/<version>/` and `src/check/schema/embedded.rs` from k8s-openapi's types.
//!
//! ```text
//! cargo run --example generate_schemas              writes them
//! cargo run --example generate_schemas -- --check   writes nothing, names each stale file, exits 1
//! ```
//!
//! One build of k8s-openapi holds one Kubernetes version, so this program runs itself once per version with the
//! matching feature (`emit`, in `emit.rs`). The kinds of a version are no list kept by hand: `scan.rs` reads them out of
//! the source of k8s-openapi that cargo resolved, and writes them as Rust into `kinds.rs` before the versions are built.
//! `cargo test` compares the committed files with `fingerprint.rs`'s record of what they were made from.
#![allow(clippy::disallowed_methods, reason = "a generator reads sources and writes files")]

mod bundle;
#[cfg(feature = "generate")]
mod emit;
mod fingerprint;
#[cfg(feature = "generate")]
#[rustfmt::skip]
mod kinds;
mod scan;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The Kubernetes versions that the crate has a feature for.
const VERSIONS: [&str; 5] = ["1.33", "1.34", "1.35", "1.36", "1.37"];

type Files = BTreeMap<PathBuf, String>;

fn main() -> ExitCode {
    let argument = std::env::args().nth(1);
    let outcome = match argument.as_deref() {
        None => write(Path::new(".")),
        Some("--check") => check(Path::new(".")),
        #[cfg(feature = "generate")]
        Some("emit") => emit::print(),
        Some(other) => Err(format!("unknown argument {other:?}; there is only --check").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(root: &Path) -> Result<(), Box<dyn Error>> {
    let kinds = scan::kinds_source()?;
    write_if_changed(&root.join(scan::KINDS), &kinds)?;
    let files = generate()?;
    for stale in left_over(root, &files)? {
        fs::remove_file(root.join(stale))?;
    }
    for (path, text) in &files {
        write_if_changed(&root.join(path), text)?;
    }
    let record = fingerprint::of(root)?;
    write_if_changed(&root.join(fingerprint::RECORD), &record)?;
    eprintln!("wrote {} files of {} versions", files.len(), VERSIONS.len());
    Ok(())
}

fn check(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut stale = Vec::new();
    if fs::read_to_string(root.join(scan::KINDS))? != scan::kinds_source()? {
        stale.push(PathBuf::from(scan::KINDS));
    }
    let files = generate()?;
    stale.extend(left_over(root, &files)?);
    for (path, text) in &files {
        if fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            stale.push(path.clone());
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = stale.iter().map(|path| format!("  {}", path.display())).collect();
    Err(format!("stale:\n{}\nrun `{}`", names.join("\n"), fingerprint::REMEDY).into())
}

/// All generated files but `kinds.rs`, by their path from the root of the repository.
fn generate() -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for version in VERSIONS {
        let definitions = serde_json::from_str(&emitted(version)?)?;
        for (name, text) in bundle::files(definitions)? {
            files.insert(Path::new(fingerprint::FOLDER).join(version).join(name), text);
        }
    }
    let embedded = bundle::embedded_source(files.keys().map(PathBuf::as_path));
    files.insert(PathBuf::from(bundle::EMBEDDED), embedded);
    Ok(files)
}

/// What this program prints when it is built for `version`.
fn emitted(version: &str) -> Result<String, Box<dyn Error>> {
    let features = format!("generate,kubernetes-{}", version.replace('.', "_"));
    eprintln!("generating {version}");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "run",
            "--quiet",
            "--example",
            "generate_schemas",
            "--no-default-features",
            "--features",
            &features,
        ])
        .args(["--", "emit"])
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the build for Kubernetes {version} failed").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Schema files on disk that are no longer produced.
fn left_over(root: &Path, files: &Files) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let present = fingerprint::schema_files(root)?;
    Ok(present.into_iter().filter(|path| !files.contains_key(path)).collect())
}

fn write_if_changed(path: &Path, text: &str) -> Result<(), Box<dyn Error>> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}

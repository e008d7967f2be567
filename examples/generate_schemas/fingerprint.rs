//! What the committed schema files were made from, and what came out: enough to know, without generating anything,
//! whether they are stale or were edited by hand. The test suite includes this file too.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

/// The folder of the generated schemas, from the root of the repository.
pub const FOLDER: &str = "schemas/kubernetes";
/// The record, from the root of the repository.
pub const RECORD: &str = "schemas/kubernetes/fingerprint.txt";
/// The command that mends a stale file.
pub const REMEDY: &str = "cargo run --example generate_schemas";

/// The record as it ought to be: a line for k8s-openapi, one for the generator, one for each version's files.
pub fn of(root: &Path) -> Result<String, Box<dyn Error>> {
    let mut record = format!("k8s-openapi {}\n", locked_version(&root.join("Cargo.lock"))?);
    let generator = files(&root.join("examples/generate_schemas"), "rs")?;
    writeln!(record, "generator {}", digest(root, &generator)?)?;
    writeln!(record, "embedded {}", digest(root, &[root.join("src/check/schema/embedded.rs")])?)?;
    for version in WalkDir::new(root.join(FOLDER)).min_depth(1).max_depth(1).sort_by_file_name() {
        let version = version?;
        if version.file_type().is_dir() {
            writeln!(
                record,
                "{} {}",
                version.file_name().to_string_lossy(),
                digest(root, &files(version.path(), "json")?)?
            )?;
        }
    }
    Ok(record)
}

/// The schema files that are there, as paths from `root`.
pub fn schema_files(root: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let found = files(&root.join(FOLDER), "json")?;
    found.iter().map(|path| Ok(path.strip_prefix(root)?.to_path_buf())).collect()
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry?.into_path();
        if path.extension().is_some_and(|it| it == extension) {
            found.push(path);
        }
    }
    Ok(found)
}

fn digest(root: &Path, files: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.strip_prefix(root)?.to_string_lossy().as_bytes());
        hash.update(fs::read_to_string(file)?.replace("\r\n", "\n").as_bytes());
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

fn locked_version(lock: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(lock)?;
    let mut lines = text.lines().skip_while(|line| *line != "name = \"k8s-openapi\"");
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    Ok(version.ok_or("k8s-openapi is not in Cargo.lock")?.to_owned())
}

//! Finds every kind of k8s-openapi in its own source. Takes nothing but what `cargo metadata` says; gives the text of
//! `kinds.rs`; fails where the source is not laid out as it expects.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

/// The generated list, from the root of the repository.
pub const KINDS: &str = "examples/generate_schemas/kinds.rs";

/// The text of `kinds.rs`: one `register` function per version.
pub fn kinds_source() -> Result<String, Box<dyn Error>> {
    let source = k8s_openapi_source()?;
    let mut text = String::from(
        "//! Every kind of k8s-openapi, by Kubernetes version. Written by `cargo run --example generate_schemas`.\n\n\
         use super::emit::Collector;\n",
    );
    for version in super::VERSIONS {
        let module = format!("v{}", version.replace('.', "_"));
        let feature = format!("kubernetes-{}", version.replace('.', "_"));
        writeln!(text, "\n#[cfg(feature = \"{feature}\")]\npub fn register(into: &mut Collector) {{")?;
        for path in kinds(&source.join(&module))? {
            writeln!(text, "    into.add::<k8s_openapi::{path}>();")?;
        }
        text.push_str("}\n");
    }
    Ok(text)
}

/// The paths of all listable kinds below one version's module: `api::apps::v1::Deployment`.
fn kinds(module: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(module).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(entry.path())?;
        if text.contains("type Scope = crate::SubResourceScope;") {
            continue;
        }
        let kind = text
            .lines()
            .find_map(|line| line.strip_prefix("impl crate::ListableResource for ")?.strip_suffix(" {"));
        if let Some(kind) = kind {
            found.push(format!("{}::{kind}", module_path(module, entry.path())?));
        }
    }
    if found.is_empty() {
        return Err(format!("no kind found below {}", module.display()).into());
    }
    Ok(found)
}

/// `api::apps::v1` for `…/v1_35/api/apps/v1/deployment.rs`.
fn module_path(module: &Path, file: &Path) -> Result<String, Box<dyn Error>> {
    let folder = file.parent().ok_or("a source file without a folder")?.strip_prefix(module)?;
    let parts: Vec<_> = folder.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("::"))
}

fn k8s_openapi_source() -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .output()?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let package = packages
        .iter()
        .find(|package| package["name"] == "k8s-openapi")
        .ok_or("k8s-openapi is not a dependency")?;
    let manifest = package["manifest_path"].as_str().ok_or("k8s-openapi has no manifest")?;
    Ok(Path::new(manifest).with_file_name("src"))
}

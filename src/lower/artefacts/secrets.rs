//! Examples of Secrets: what a person copies, fills in and keeps out of Git.
//!
//! The comments are what makes an example worth reading, and `emit/` writes none, so these files are texts. Every
//! scalar goes through [`scalar`], which quotes what any YAML reader could take for something other than text.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Artefact;
use super::template::one_line;
use crate::model::{Platform, Secret, SecretKey};

/// What stands in place of a value.
pub(super) const PLACEHOLDER: &str = "CHANGE-ME";

/// Words that some YAML reader takes for a truth value or for nothing.
const RESERVED: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// One file a name: Secrets of one name in several namespaces hold the same values, so one person fills them in at once.
pub(super) fn examples(platform: &Platform) -> Vec<Artefact> {
    let mut by_name: BTreeMap<&str, Vec<&Secret>> = BTreeMap::new();
    for secret in platform.secrets.iter().filter(|secret| !secret.provided) {
        by_name.entry(secret.name.as_str()).or_default().push(secret);
    }
    let artefact = |(name, secrets): (&str, Vec<&Secret>)| {
        Artefact::text(format!("secrets/{name}.yaml.example"), example(name, &secrets))
    };
    by_name.into_iter().map(artefact).collect()
}

fn example(name: &str, secrets: &[&Secret]) -> String {
    let mut text = format!(
        "# Copy this file to secrets/{name}.yaml, which Git ignores, and put a real value in place of each\n\
         # placeholder.\n"
    );
    if secrets.len() > 1 {
        text.push_str(
            "# A pod reads Secrets of its own namespace only: every document below takes the same values.\n",
        );
    }
    let documents: Vec<String> = secrets.iter().map(|secret| document(secret)).collect();
    text + &documents.join("---\n")
}

fn document(secret: &Secret) -> String {
    let mut text = String::new();
    for reader in &secret.readers {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "# Read by {}.", one_line(reader));
    }
    let _ = write!(
        text,
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {}\n  namespace: {}\ntype: {}\n",
        scalar(secret.name.as_str()),
        scalar(secret.namespace.as_str()),
        scalar(&secret.r#type),
    );
    if !secret.keys.is_empty() {
        text.push_str("stringData:\n");
    }
    text.extend(secret.keys.iter().map(entry));
    text
}

fn entry(key: &SecretKey) -> String {
    let mut text = String::new();
    if !key.description.is_empty() {
        let _ = writeln!(text, "  # {}", one_line(&key.description));
    }
    if !key.generate.is_empty() {
        let _ = writeln!(text, "  # Make one: {}", one_line(&key.generate));
    }
    let _ = writeln!(text, "  {}: {PLACEHOLDER}", scalar(key.name.as_str()));
    text
}

/// The text as a YAML scalar that every reader takes for this text: bare where that is beyond doubt, else in quotes.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let sure = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain);
    if sure && !RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(c));
            }
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scalar_is_text_to_every_reader() {
        for (text, written) in [
            ("authentik-secrets", "authentik-secrets"),
            ("kubernetes.io/tls", "kubernetes.io/tls"),
            ("No", "\"No\""),
            ("1e3", "\"1e3\""),
            ("-a", "\"-a\""),
            ("a: b", "\"a: b\""),
            ("a\"\u{85}", "\"a\\\"\\U00000085\""),
        ] {
            assert_eq!(scalar(text), written);
        }
    }
}

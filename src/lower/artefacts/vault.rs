//! What is handed to the owner of a Vault: a policy for each workload that reads from it, and a script that writes
//! policies and roles.
//!
//! Roles are JSON. They stand in the script because JSON has no comments, and a file without a header could not be told
//! from somebody else's.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::Artefact;
use super::template::{one_line, word};
use crate::model::{Platform, Vault, VaultGrant};
use crate::value::json;

/// The files of `vault/`; none where no workload reads from a Vault.
pub(super) fn files(platform: &Platform) -> Vec<Artefact> {
    let Some(vault) = platform.surroundings.vault.as_ref().filter(|vault| !vault.grants.is_empty()) else {
        return Vec::new();
    };
    let policies = vault
        .grants
        .iter()
        .map(|grant| Artefact::text(format!("vault/{}.hcl", grant.role), policy(vault, grant)));
    policies.chain([Artefact::script("vault/apply.sh", script(vault))]).collect()
}

fn policy(vault: &Vault, grant: &VaultGrant) -> String {
    let mut text = format!("# What the pods of {}/{} may read.\n", grant.namespace, grant.account);
    let paths: BTreeSet<&str> = grant.secrets.iter().map(|secret| secret.path.as_str()).collect();
    for path in paths {
        // Writing to a String cannot fail.
        let _ = write!(text, "\npath {} {{\n  capabilities = [\"read\"]\n}}\n", json!(data(vault, path)));
    }
    text
}

/// A secret of a key-value store of version 2 is read below `data/`.
fn data(vault: &Vault, path: &str) -> String {
    format!("{}/data/{path}", vault.mount)
}

fn script(vault: &Vault) -> String {
    let mut text = "#!/usr/bin/env bash\n\
                    # For whoever owns the Vault: writes the policies beside this script and the roles that use them.\n\
                    # Needs VAULT_ADDR and a token that may write policies and roles. Run again, it changes nothing.\n\
                    set -euo pipefail\n\
                    cd \"$(dirname \"$0\")\"\n"
        .to_owned();
    for grant in &vault.grants {
        let _ = write!(
            text,
            "\nvault policy write {role} {file}\nvault write {path} - <<'JSON'\n{json}\nJSON\n",
            role = word(&grant.role),
            file = word(&format!("{}.hcl", grant.role)),
            path = word(&format!("{}/role/{}", vault.auth_path, grant.role)),
            json = role(grant),
        );
    }
    text.push_str("\n# The values that must be there:\n");
    let secrets: BTreeSet<_> = vault.grants.iter().flat_map(|grant| &grant.secrets).collect();
    for path in secrets.iter().map(|secret| secret.path.as_str()).collect::<BTreeSet<_>>() {
        let _ = write!(text, "#   vault kv put -mount={} {}", word(&vault.mount), word(path));
        let fields = || secrets.iter().filter(|secret| secret.path == path);
        for secret in fields() {
            let _ = write!(text, " {}=…", secret.field);
        }
        text.push('\n');
        for secret in fields().filter(|secret| !secret.description.is_empty()) {
            let _ = writeln!(text, "#     {}: {}", secret.field, one_line(&secret.description));
        }
    }
    text
}

/// The role of the Kubernetes auth method
/// (<https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#create-update-role>).
fn role(grant: &VaultGrant) -> String {
    let role = json!({
        "bound_service_account_names": [grant.account],
        "bound_service_account_namespaces": [grant.namespace],
        "token_policies": [grant.role],
        "token_ttl": "1h",
    });
    format!("{role:#}")
}

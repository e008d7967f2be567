//! Secrets encrypted where the API server keeps them, on a cluster of kind.
//!
//! The API server reads an `EncryptionConfiguration` with a key in it
//! (<https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/>). The key is made by the set-up script, beside the
//! kustomization, in a file that Git ignores; what is in the tree says where it is and how it is read.

use super::cluster_config::KindMount;

/// The file with the key, relative to the environment's folder.
pub(super) const FILE: &str = "encryption/configuration.yaml";
/// The folder that holds it.
pub(super) const FOLDER: &str = "encryption";
/// Where the node has it.
const ON_NODE: &str = "/etc/kubernetes/encryption";

/// The folder, as the node sees it. Kind takes a relative path as one of the folder that it is run in.
pub(super) fn mount() -> KindMount {
    KindMount { host_path: format!("./{FOLDER}"), container_path: ON_NODE }
}

/// What kubeadm tells the API server. Arguments are a map up to kubeadm v1beta3, which kind writes for Kubernetes below 1.36, and
/// a list after it. A patch without a version may be a map for both: kind translates it
/// (<https://github.com/kubernetes-sigs/kind/pull/4173>).
pub(super) fn kubeadm_patch() -> String {
    format!(
        "kind: ClusterConfiguration\n\
         apiServer:\n\
         \x20 extraArgs:\n\
         \x20   encryption-provider-config: {ON_NODE}/configuration.yaml\n\
         \x20 extraVolumes:\n\
         \x20   - name: encryption\n\
         \x20     hostPath: {ON_NODE}\n\
         \x20     mountPath: {ON_NODE}\n\
         \x20     readOnly: true\n\
         \x20     pathType: Directory\n"
    )
}

/// The lines of the set-up script that make the key, once: another key could not read what the first one wrote.
pub(super) fn make_key() -> String {
    format!(
        "  # The key that Secrets are encrypted with at rest. It stays on this machine: Git ignores the folder.\n\
         \x20 if [ ! -f {FILE} ]; then\n\
         \x20   mkdir -p {FOLDER}\n\
         \x20   chmod 700 {FOLDER}\n\
         \x20   (umask 077 && cat > {FILE} <<CONFIGURATION\n\
         apiVersion: apiserver.config.k8s.io/v1\n\
         kind: EncryptionConfiguration\n\
         resources:\n\
         - resources: [secrets]\n\
         \x20 providers:\n\
         \x20 - secretbox:\n\
         \x20     keys:\n\
         \x20     - name: local\n\
         \x20       secret: $(head -c 32 /dev/urandom | base64)\n\
         \x20 - identity: {{}}\n\
         CONFIGURATION\n\
         \x20   )\n\
         \x20 fi"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{Value, json};

    #[test]
    fn the_patch_is_yaml_that_says_what_is_meant() {
        let patch: Value = serde_saphyr::from_str(&kubeadm_patch()).unwrap_or_default();
        let argument = json!({"encryption-provider-config": "/etc/kubernetes/encryption/configuration.yaml"});
        assert_eq!(patch["apiServer"]["extraArgs"], argument);
        assert_eq!(patch["apiServer"]["extraVolumes"][0]["hostPath"], mount().container_path);
    }

    #[test]
    fn the_configuration_encrypts_secrets_and_still_reads_old_ones() {
        let script = make_key();
        let (_, rest) = script.split_once("CONFIGURATION\n").unwrap_or_default();
        let (text, _) = rest.split_once("CONFIGURATION\n").unwrap_or_default();
        let value: Value = serde_saphyr::from_str(text).unwrap_or_default();
        assert_eq!(value["resources"][0]["resources"], json!(["secrets"]));
        let providers = value["resources"][0]["providers"].as_array().cloned().unwrap_or_default();
        assert!(
            providers[0].get("secretbox").is_some() && providers[1] == json!({"identity": {}}),
            "{value}"
        );
    }
}

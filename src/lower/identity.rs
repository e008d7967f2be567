//! Workload identity as each cloud reads it: annotations of service accounts, and a label of pods on Azure.
//!
//! Sources: <https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity>,
//! <https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html>,
//! <https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html>.

use crate::lower::metadata::pairs;
use crate::model::{Identity, Pairs};

/// The annotations of a service account.
pub(super) fn annotations(identity: Option<&Identity>) -> Pairs {
    match identity {
        None => Pairs::new(),
        Some(Identity::Google(account)) => pairs([("iam.gke.io/gcp-service-account", account)]),
        Some(Identity::Aws(role)) => pairs([("eks.amazonaws.com/role-arn", role)]),
        Some(Identity::Azure(client)) => pairs([("azure.workload.identity/client-id", client)]),
    }
}

/// The labels of the pods that use the account. Azure's webhook looks at pods, and leaves those without alone.
pub(super) fn pod_labels(identity: Option<&Identity>) -> Pairs {
    match identity {
        Some(Identity::Azure(_)) => pairs([("azure.workload.identity/use", "true")]),
        _ => Pairs::new(),
    }
}

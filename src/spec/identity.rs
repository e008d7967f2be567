//! Who something is to the cloud that runs the cluster.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema::short;

/// An identity of the cloud. A text is its id.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = short(&[("string", "id"), ("boolean", "enabled")]))]
pub struct Identity {
    /// `false` takes back what a weaker layer says: clusters on a developer's machine give no identity.
    pub enabled: Option<bool>,
    /// On GKE a service account of Google: `app@project.iam.gserviceaccount.com`. On EKS the ARN of a role:
    /// `arn:aws:iam::123456789012:role/app`. On AKS the client id of a managed identity.
    pub id: Option<String>,
}

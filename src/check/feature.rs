//! The features of the API server that came to be on in one of the versions that we judge against.
//!
//! Before that version a cluster drops the fields of a feature, unless its operators have switched it on: whatever
//! they hold is accepted, and nothing comes of it. Rules ask [`Subject::serves`] before they look at such a field.

use super::KubernetesVersion;
use super::subject::Subject;

/// A feature, called as its gate is in `pkg/features/kube_features.go` of Kubernetes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    /// `clusterTrustBundle` in a projected volume.
    ClusterTrustBundleProjection,
    /// `restartPolicy` and `restartPolicyRules` of any container.
    ContainerRestartRules,
    /// `serviceAccountTokenInSecrets` of a `CSIDriver`.
    CsiServiceAccountTokenSecrets,
    /// `extendedResourceName` of a `DeviceClass`.
    DraExtendedResource,
    /// `resourceClaims` of a pod, and `resources.claims` of its containers.
    DynamicResourceAllocation,
    /// `fileKeyRef` of a variable.
    EnvFiles,
    /// `evictionResponders` of a pod.
    EvictionRequestApi,
    /// `workloadRef` and `schedulingGroup` of a pod.
    GenericWorkload,
    /// `hostnameOverride` of a pod.
    HostnameOverride,
    /// `tolerance` in the behaviour of a `HorizontalPodAutoscaler`.
    HpaConfigurableTolerance,
    /// `minReplicas: 0` of a `HorizontalPodAutoscaler`.
    HpaScaleToZero,
    /// A volume with the contents of an image.
    ImageVolume,
    /// `maxUnavailable` of a `StatefulSet`.
    MaxUnavailableStatefulSet,
    /// `nodeAllocatableUpdatePeriodSeconds` of a `CSIDriver`.
    MutableCsiNodeAllocatableCount,
    /// `podCertificate` in a projected volume.
    PodCertificateRequest,
    /// `resources` of a pod as a whole.
    PodLevelResources,
    /// The newer words for `trafficDistribution` of a `Service`, and `forNodes` of an `EndpointSlice`.
    PreferSameTrafficDistribution,
    /// Names of a `Service` that begin with a digit.
    RelaxedServiceNameValidation,
    /// The action `RestartAllContainers` of a rule for restarts, and rules on sidecars.
    RestartAllContainersOnContainerExits,
    /// `MountOption` as the `seLinuxChangePolicy` of a pod.
    SeLinuxMount,
    /// `volumeAttributesClassName` of a claim.
    VolumeAttributesClass,
}

impl Feature {
    /// Whether it is on in a version where nobody has switched it.
    pub(crate) fn is_on(self, version: KubernetesVersion) -> bool {
        self.since().is_some_and(|since| version >= since)
    }

    /// The first version in which it is on; `None` where no version has come to that yet.
    const fn since(self) -> Option<KubernetesVersion> {
        Some(match self {
            Self::DynamicResourceAllocation
            | Self::PodLevelResources
            | Self::PreferSameTrafficDistribution
            | Self::VolumeAttributesClass => KubernetesVersion::V1_34,
            Self::ContainerRestartRules
            | Self::CsiServiceAccountTokenSecrets
            | Self::EnvFiles
            | Self::HostnameOverride
            | Self::HpaConfigurableTolerance
            | Self::ImageVolume
            | Self::MutableCsiNodeAllocatableCount => KubernetesVersion::V1_35,
            Self::DraExtendedResource
            | Self::RelaxedServiceNameValidation
            | Self::RestartAllContainersOnContainerExits => KubernetesVersion::V1_36,
            Self::ClusterTrustBundleProjection
            | Self::HpaScaleToZero
            | Self::MaxUnavailableStatefulSet
            | Self::PodCertificateRequest
            | Self::SeLinuxMount => KubernetesVersion::V1_37,
            Self::EvictionRequestApi | Self::GenericWorkload => return None,
        })
    }
}

impl Subject<'_> {
    /// Whether the cluster that the object is for looks at the fields of a feature.
    pub(crate) fn serves(&self, feature: Feature) -> bool {
        feature.is_on(self.version())
    }
}

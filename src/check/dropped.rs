//! What a cluster drops before it looks: fields of features that its version has not switched on.
//!
//! The shape of such a field is decoded all the same, so a word where a number belongs is refused by every version; what
//! validation would ask of it is not asked. Takes findings; leaves out those that no validation of that version makes.

use super::feature::Feature;
use super::finding::Finding;
use super::subject::PodTemplate;
use super::unvalidated::is_of_validation;
use super::values::Fields;
use super::{Context, KubernetesVersion};
use crate::object::Object;
use crate::source::Segment;
use crate::value::Value;

/// Fields of a pod, and the feature without which each is dropped with all that is in it: the `dropDisabledFields` of
/// `pkg/api/pod/util.go`.
const OF_PODS: [(&str, Feature); 9] = [
    ("claims", Feature::DynamicResourceAllocation),
    ("clusterTrustBundle", Feature::ClusterTrustBundleProjection),
    ("evictionResponders", Feature::EvictionRequestApi),
    ("fileKeyRef", Feature::EnvFiles),
    ("podCertificate", Feature::PodCertificateRequest),
    ("resourceClaims", Feature::DynamicResourceAllocation),
    ("restartPolicyRules", Feature::ContainerRestartRules),
    ("schedulingGroup", Feature::GenericWorkload),
    ("workloadRef", Feature::GenericWorkload),
];

/// Takes out what is said of fields that the cluster drops.
pub(super) fn forget(findings: &mut Vec<Finding>, objects: &[Object], context: &Context<'_>) {
    let version = context.schemas.version();
    findings.retain(|finding| {
        let object = finding.object.and_then(|index| objects.get(index));
        !object.is_some_and(|object| {
            is_of_validation(finding.diagnostic.code.name)
                && is_dropped(object, finding.field.segments(), version)
        })
    });
}

fn is_dropped(object: &Object, field: &[Segment], version: KubernetesVersion) -> bool {
    match (object.id.gvk.kind.as_str(), field) {
        ("PersistentVolumeClaim", [Segment::Key(spec), Segment::Key(source), ..])
            if spec == "spec" && source == "dataSource" =>
        {
            !is_kept_source(&object.value["spec"]["dataSource"])
        }
        (kind, _) if PodTemplate::of(kind, &object.value).is_some() => {
            is_dropped_in_pod(&object.value, field, version)
        }
        _ => false,
    }
}

/// `EnforceDataSourceBackwardsCompatibility`: a `dataSource` is another claim or a snapshot, and anything else is passed over.
fn is_kept_source(source: &Value) -> bool {
    matches!(
        (source.text_or_empty("apiGroup"), source.text_or_empty("kind")),
        ("", "PersistentVolumeClaim") | ("snapshot.storage.k8s.io", "VolumeSnapshot")
    )
}

fn is_dropped_in_pod(root: &Value, field: &[Segment], version: KubernetesVersion) -> bool {
    let images_are_dropped = !Feature::ImageVolume.is_on(version);
    let mut value = Some(root);
    let mut list = "";
    for segment in field {
        match segment {
            Segment::Key(key) => {
                // A label may be called as a field is.
                let is_claim_of_container = key != "claims" || list == "resources";
                if key == "metadata" {
                    return false;
                }
                if is_claim_of_container
                    && OF_PODS.iter().any(|(name, feature)| name == key && !feature.is_on(version))
                {
                    return true;
                }
                value = value.and_then(|value| value.get(key));
                list = key;
            }
            Segment::Index(index) => {
                value = value.and_then(|value| value.get(index));
                let is_image = || value.is_some_and(|volume| volume.child("image").is_some());
                if images_are_dropped && list == "volumes" && is_image() {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{accepts_in, refuses_in};
    use crate::check::{KubernetesVersion, rule};
    use crate::diag::Code;

    const POD: &str = "spec.template.spec";

    fn code(name: &str) -> &'static Code {
        rule(name).expect("there is such a rule").code
    }

    #[test]
    fn what_a_dropped_field_lacks_is_not_missed() {
        let bundle = format!(
            "{POD}.volumes[2]: {{ name: a, projected: {{ sources: [{{ clusterTrustBundle: {{ name: b }} }}] }} }}"
        );
        let at = format!("{POD}.volumes[2].projected.sources[0].clusterTrustBundle.path");
        accepts_in(KubernetesVersion::V1_36, "Deployment", &bundle);
        refuses_in(KubernetesVersion::V1_37, code("schema-required"), "Deployment", &bundle, &at);
        accepts_in(KubernetesVersion::V1_35, "Deployment", &format!("{POD}.workloadRef: {{}}"));
    }

    #[test]
    fn its_shape_is_decoded_all_the_same() {
        let shapeless = format!("{POD}.resourceClaims: gpu");
        let at = format!("{POD}.resourceClaims");
        refuses_in(KubernetesVersion::V1_33, code("schema-type"), "Deployment", &shapeless, &at);
    }

    #[test]
    fn a_volume_of_an_image_is_dropped_whole() {
        let volume = format!("{POD}.volumes[2]: {{ name: A_b, image: {{ reference: a }} }}");
        let at = format!("{POD}.volumes[2].name");
        accepts_in(KubernetesVersion::V1_34, "Deployment", &volume);
        refuses_in(KubernetesVersion::V1_35, code("volume-name"), "Deployment", &volume, &at);
    }

    #[test]
    fn a_claim_is_made_from_a_claim_or_a_snapshot() {
        let source = "spec.dataSource: { name: a }";
        accepts_in(KubernetesVersion::V1_35, "PersistentVolumeClaim", source);
        let reference = "spec.dataSourceRef: { apiGroup: a.b, name: a }";
        let (code, at) = (code("schema-required"), "spec.dataSourceRef.kind");
        refuses_in(KubernetesVersion::V1_35, code, "PersistentVolumeClaim", reference, at);
    }
}

//! `csi-fields`: what storage drivers say of themselves, in a `CSIDriver`, a `CSINode`, a `CSIStorageCapacity` and a
//! `VolumeAttributesClass`.

use std::collections::BTreeSet;

use super::ask::Ask;
use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format;
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::{Fields, decoded};
use crate::value::Value;

code! {
    "csi-fields", Error,
    means: "A CSIDriver has an unknown mode or policy, two tokens for one audience or one that lives for less than 10 minutes; a CSINode a driver twice, without a name, or with keys that no labels have; a CSIStorageCapacity a class or an amount that there cannot be; or a VolumeAttributesClass no parameters.",
    matters: "The API server refuses the object.",
    example: "kind: CSIDriver\nspec: { tokenRequests: [{ audience: vault, expirationSeconds: 60 }] }",
    instead: "kind: CSIDriver\nspec: { tokenRequests: [{ audience: vault, expirationSeconds: 600 }] }",
    source: "ValidateCSIDriver, ValidateCSINode, ValidateCSIStorageCapacity and ValidateVolumeAttributesClass in pkg/apis/storage/validation"
}

/// The longest name that a driver may give a node, in bytes.
const LONGEST_NODE: usize = 256;

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let mut ask = Ask::new(&CODE, found);
    match (subject.kind, subject.spec()) {
        ("CSIDriver", Some(spec)) => driver(subject, spec, &mut ask),
        ("CSINode", Some(spec)) => node(spec, &mut ask),
        ("CSIStorageCapacity", _) => capacity(subject.value, &mut ask),
        ("VolumeAttributesClass", _) => attributes(subject.value, &mut ask),
        _ => {}
    }
}

fn driver<'a>(subject: &Subject<'a>, spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.word(spec, "fsGroupPolicy", &["File", "None", "ReadWriteOnceWithFSType"]);
    ask.words(spec, "volumeLifecycleModes", &["Ephemeral", "Persistent"]);
    ask.keyed_once(spec.items("tokenRequests"), "audience");
    for token in spec.items("tokenRequests") {
        ask.number(token, "expirationSeconds", 600..=1 << 32);
    }
    if subject.serves(Feature::MutableCsiNodeAllocatableCount) {
        ask.number(spec, "nodeAllocatableUpdatePeriodSeconds", 10..=i64::MAX);
    }
    let in_secrets = spec.child("serviceAccountTokenInSecrets").is_some();
    if in_secrets
        && spec.items("tokenRequests").is_empty()
        && subject.serves(Feature::CsiServiceAccountTokenSecrets)
    {
        ask.refuse((spec, "serviceAccountTokenInSecrets"), "there are no `tokenRequests` to be kept secret");
    }
}

fn node<'a>(spec: &'a Value, ask: &mut Ask<'_, 'a>) {
    let drivers = spec.items("drivers");
    ask.keyed_once(drivers, "name");
    for driver in drivers {
        ask.form(driver, "name", format::driver_name);
        ask.filled(driver, "nodeID");
        if driver.text_or_empty("nodeID").len() > LONGEST_NODE {
            ask.refuse((driver, "nodeID"), format!("the name has more than {LONGEST_NODE} characters"));
        }
        if let Some(allocatable) = driver.child("allocatable") {
            ask.number(allocatable, "count", 0..=i64::MAX);
        }
        let mut seen = BTreeSet::new();
        for key in driver.items("topologyKeys") {
            let Some(text) = decoded(key) else { continue };
            if let Some(problem) = format::qualified_name(text) {
                ask.refuse(key, format!("the label key `{text}` is {problem}"));
            } else if !seen.insert(text) {
                ask.refuse(key, format!("`{text}` is there twice"));
            }
        }
    }
}

fn attributes<'a>(class: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(class, "driverName", |text| format::qualified_name(&text.to_lowercase()));
    if class.entries("parameters").next().is_none() {
        ask.refuse((class, "parameters"), "the class has no parameters, which are all that it is for");
    }
    if class.entries("parameters").any(|(key, _)| key.is_empty()) {
        ask.refuse((class, "parameters"), "a parameter has no name");
    }
}

fn capacity<'a>(capacity: &'a Value, ask: &mut Ask<'_, 'a>) {
    ask.form(capacity, "storageClassName", format::dns_subdomain);
    if let Some(amount) = capacity.child("capacity")
        && Quantity::of(amount).is_some_and(Quantity::is_negative)
    {
        ask.refuse(amount, format!("the capacity is negative: {amount}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, finds, refuses};

    #[test]
    fn drivers_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "CSIDriver", &format!("spec.{edit}"), &format!("spec.{field}"));
        };
        refused("fsGroupPolicy: Some", "fsGroupPolicy");
        refused("volumeLifecycleModes: [Inline]", "volumeLifecycleModes[0]");
        refused("tokenRequests[0].expirationSeconds: 599", "tokenRequests[0].expirationSeconds");
        refused("tokenRequests: [{ audience: a }, { audience: a }]", "tokenRequests[1].audience");
        accepts("CSIDriver", "spec: {}");
    }

    #[test]
    fn nodes_and_capacities_are_well_formed() {
        let refused = |edit: &str, field: &str| {
            refuses(
                &CODE,
                "CSINode",
                &format!("spec.drivers[0].{edit}"),
                &format!("spec.drivers[0].{field}"),
            );
        };
        refused("name: a b", "name");
        refused("nodeID: ''", "nodeID");
        refused("allocatable.count: -1", "allocatable.count");
        refused("topologyKeys: [a b]", "topologyKeys[0]");
        refuses(&CODE, "CSIStorageCapacity", "storageClassName: A", "storageClassName");
        refuses(&CODE, "CSIStorageCapacity", "capacity: -1", "capacity");
        accepts("CSINode", "spec: { drivers: [] }");
    }

    #[test]
    fn attributes_are_there() {
        let class = |parameters: &str| {
            format!(
                "apiVersion: storage.k8s.io/v1\nkind: VolumeAttributesClass\nmetadata: {{ name: fast }}\n\
                 driverName: a.b\nparameters: {{ {parameters} }}"
            )
        };
        finds(&CODE, &class("iops: '3000'"), &[]);
        finds(&CODE, &class(""), &[("VolumeAttributesClass fast", "parameters")]);
    }
}

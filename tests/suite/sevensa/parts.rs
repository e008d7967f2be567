//! Section M: phases, and products by themselves.

use std::collections::BTreeSet;

use bayplan::compile::Compilation;

use super::compiled;

/// The namespaces of what production has.
fn namespaces(compilation: &Compilation) -> BTreeSet<&str> {
    let objects = &compilation.environments["prod"].objects;
    let is_namespace = |kind: &str| kind == "Namespace";
    objects
        .iter()
        .map(|object| {
            if is_namespace(&object.id.gvk.kind) {
                object.id.name.as_str()
            } else {
                object.id.namespace.as_deref().unwrap_or("")
            }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn a_phase_brings_its_groups_and_those_before() {
    let ground = ["logging", "monitoring", "velero"];
    let infra = ["infra", "ingress"];
    let applications = ["ai", "psra", "rentguy", "wpcs"];
    let mut wanted = BTreeSet::from(ground);
    for (phase, more, row) in
        [(1, &[][..], "S3-154"), (2, &infra[..], "S3-155"), (3, &applications[..], "S3-156")]
    {
        wanted.extend(more);
        let mut compilation = compiled();
        compilation.keep_phases(phase);
        assert_eq!(namespaces(&compilation), wanted, "{row}");
    }
    let mut compilation = compiled();
    compilation.keep_phases(0);
    assert!(compilation.environments.is_empty(), "S3-154: before phase 1 there is no cluster");
}

#[test]
fn a_product_is_selected_by_itself() {
    for product in ["rentguy", "psra", "wpcs", "ai"] {
        let mut compilation = compiled();
        compilation.select_groups(&[product.to_owned()]).expect("the group is there");
        assert_eq!(namespaces(&compilation), BTreeSet::from([product]), "S3-156");
        assert!(!compilation.environments["prod"].objects.is_empty(), "S3-156");
    }
    let unknown = compiled().select_groups(&["rentgy".to_owned()]).expect_err("there is no such group");
    assert_eq!(unknown[0].hints, ["did you mean `rentguy`?"]);
}

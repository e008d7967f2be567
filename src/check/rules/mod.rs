//! The rules: one a file, each with its code, its documentation, a failing and a clean case.
//!
//! A rule looks at one object, or at all objects of an environment. It takes what the schema refuses for granted as
//! refused: a value of the wrong type is passed over in silence, because it has been reported already.

mod api;
mod reachability;
mod references;
mod schema;

use super::finding::Findings;
use super::scene::Scene;
use super::subject::Subject;
use crate::diag::Code;

/// How a rule looks at the objects.
enum Check {
    /// One by one.
    Object(for<'a> fn(&Subject<'a>, &mut Findings<'a>)),
    /// All at once.
    Scene(for<'a> fn(&Scene<'a>, &mut Findings<'a>)),
    /// Not at all: another rule reports under this code.
    Elsewhere,
}

/// Declares the code of a rule, with its documentation under the four headings.
macro_rules! code {
    ($name:literal, $severity:ident, means: $means:literal, matters: $matters:literal, example: $example:literal,
     instead: $instead:literal, source: $source:literal) => {
        /// The code under which the rule reports.
        pub(crate) static CODE: crate::diag::Code = crate::diag::Code {
            name: $name,
            severity: crate::diag::Severity::$severity,
            docs: concat!(
                "## What it means\n",
                $means,
                "\n\n## Why it matters\n",
                $matters,
                "\n\n## Example\n```yaml\n",
                $example,
                "\n```\n\n## Instead\n```yaml\n",
                $instead,
                "\n```\n\nSource: ",
                $source,
                "\n"
            ),
        };
    };
}
use code;

/// The table of all rules, sorted by code.
macro_rules! table {
    ($($family:ident::$rule:ident => $check:tt,)*) => {
        /// The codes of all rules, sorted by name.
        pub static CODES: &[&Code] = &[$(&$family::$rule::CODE,)*];

        static CHECKS: &[Check] = &[$(table!(@ $check $family $rule),)*];
    };
    (@ object $family:ident $rule:ident) => { Check::Object($family::$rule::check) };
    (@ scene $family:ident $rule:ident) => { Check::Scene($family::$rule::check) };
    (@ elsewhere $family:ident $rule:ident) => { Check::Elsewhere };
}

table! {
    api::annotation_syntax => object,
    api::container_name_duplicate => object,
    api::container_required => object,
    api::cronjob_schedule => object,
    api::data_keys => object,
    references::duplicate_object => scene,
    reachability::edge_cut => scene,
    api::env_duplicate => object,
    api::env_name => object,
    api::env_source => object,
    api::host_network => object,
    api::hpa_fields => object,
    api::image_reference => object,
    api::ingress_class_fields => object,
    api::ingress_rules => object,
    api::init_container_fields => object,
    api::job_fields => object,
    api::label_selector => object,
    api::label_syntax => object,
    schema::list_map_duplicate => elsewhere,
    api::meta_name => object,
    api::meta_namespace => object,
    api::meta_namespace_scope => object,
    api::meta_owners => object,
    api::network_policy_fields => object,
    api::node_port_range => object,
    api::object_size => object,
    api::owner_managed_field => object,
    api::pdb_fields => object,
    api::pod_affinity => object,
    api::pod_dns => object,
    api::pod_enums => object,
    api::pod_misc => object,
    api::pod_os => object,
    api::pod_resources => object,
    api::pod_security_conflict => object,
    api::pod_tolerations => object,
    api::pod_topology_spread => object,
    api::port_duplicate => object,
    api::port_name => object,
    api::port_number => object,
    api::priority_class_fields => object,
    api::probe_constraints => object,
    api::probe_handler => object,
    api::pvc_fields => object,
    api::quantity_fraction => object,
    schema::quantity_syntax => elsewhere,
    api::quota_limits => object,
    api::rbac_binding => object,
    api::rbac_rules => object,
    references::ref_config_map => scene,
    references::ref_dns_name => scene,
    references::ref_hpa_target => scene,
    references::ref_ingress_class => scene,
    references::ref_ingress_service => scene,
    references::ref_namespace => scene,
    references::ref_network_policy_peer => scene,
    references::ref_network_policy_target => scene,
    references::ref_pdb_target => scene,
    references::ref_port_name => scene,
    references::ref_priority_class => scene,
    references::ref_pull_secret => scene,
    references::ref_pvc => scene,
    references::ref_role => scene,
    references::ref_secret => scene,
    references::ref_selector_overlap => scene,
    references::ref_service_account => scene,
    references::ref_service_port_undeclared => scene,
    references::ref_service_selector => scene,
    references::ref_service_target_port => scene,
    references::ref_stateful_set_service => scene,
    references::ref_storage_class => scene,
    references::ref_subject => scene,
    references::ref_tls_secret => scene,
    api::resource_limits => object,
    api::resource_names => object,
    api::restart_policy => object,
    schema::schema_constraint => elsewhere,
    schema::schema_null => elsewhere,
    schema::schema_required => elsewhere,
    schema::schema_type => object,
    schema::schema_unknown_field => elsewhere,
    api::secret_type_keys => object,
    api::selector_matches_template => object,
    api::service_addresses => object,
    api::service_ports => object,
    api::service_type_fields => object,
    api::spec_required => object,
    api::stateful_set_fields => object,
    api::storage_class_fields => object,
    api::typed_reference => object,
    schema::unknown_kind => object,
    api::volume_mount_defined => object,
    api::volume_mount_path => object,
    api::volume_name => object,
    api::volume_source => object,
    api::workload_counts => object,
    api::workload_strategy => object,
}

/// Runs every rule.
pub(super) fn apply<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for check in CHECKS {
        match check {
            Check::Object(check) => {
                scene.subjects.iter().for_each(|subject| check(subject, found.of(subject.index)));
            }
            Check::Scene(check) => check(scene, found),
            Check::Elsewhere => {}
        }
    }
}

/// Runs the rules that concern one object by itself.
#[cfg(test)]
pub(super) fn apply_alone<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for check in CHECKS {
        if let Check::Object(check) = check {
            scene.subjects.iter().for_each(|subject| check(subject, found.of(subject.index)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_code_stands_once() {
        for pair in CODES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
        }
    }

    #[test]
    fn every_code_is_documented() {
        for code in CODES {
            let headings: Vec<_> = code.docs.lines().filter(|line| line.starts_with("## ")).collect();
            let wanted = ["## What it means", "## Why it matters", "## Example", "## Instead"];
            assert_eq!(headings, wanted, "{}", code.name);
            assert!(code.docs.contains("\nSource: "), "{}", code.name);
        }
    }

    #[test]
    fn codes() {
        let lines: Vec<_> =
            CODES.iter().map(|code| format!("{} {}", code.name, code.severity.as_str())).collect();
        insta::with_settings!({ snapshot_path => "../../../snapshots/check", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("codes", lines.join("\n"));
        });
    }
}

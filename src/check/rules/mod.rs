//! The rules: one a file, each with its code, its documentation, a failing and a clean case.
//!
//! A rule looks at one object, or at all objects of an environment. It takes what the schema refuses for granted as
//! refused: a value of the wrong type is passed over in silence, because it has been reported already.

mod api;
mod deprecations;
mod hygiene;
mod networking;
mod reachability;
mod references;
mod reliability;
mod resources;
mod schema;
pub(super) mod security;

use super::finding::Findings;
use super::rule::{Profile, Rule};
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
    ($name:literal, $severity:ident, means: $means:literal, $(passes: $passes:literal,)? matters: $matters:literal, example: $example:literal,
     instead: $instead:literal, source: $source:literal) => {
        /// The code under which the rule reports.
        pub(crate) static CODE: crate::diag::Code = crate::diag::Code {
            name: $name,
            severity: crate::diag::Severity::$severity,
            docs: concat!(
                "## What it means\n",
                $means,
                $("\n\n## What is passed over\n", $passes,)?
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

/// The table of all rules, sorted by code: the module, how it looks at objects, the first profile that it runs in, and
/// the rows of the catalogue that it answers.
macro_rules! table {
    ($($family:ident::$rule:ident => $check:tt, $profile:ident, $rows:literal;)*) => {
        /// Every rule, sorted by the name of its code.
        pub static RULES: &[Rule] = &[$(Rule {
            code: &$family::$rule::CODE,
            family: $family::FAMILY,
            profile: Profile::$profile,
            rows: $rows,
        },)*];

        /// The codes of all rules, sorted by name.
        pub static CODES: &[&Code] = &[$(&$family::$rule::CODE,)*];

        static CHECKS: &[Check] = &[$(table!(@ $check $family $rule),)*];
    };
    (@ object $family:ident $rule:ident) => { Check::Object($family::$rule::check) };
    (@ scene $family:ident $rule:ident) => { Check::Scene($family::$rule::check) };
    (@ elsewhere $family:ident $rule:ident) => { Check::Elsewhere };
}

table! {
    api::admission_policy_fields => object, Api, "";
    api::annotation_syntax => object, Api, "annotation-key";
    api::api_service_fields => object, Api, "";
    api::certificate_request_fields => object, Api, "";
    api::container_name_duplicate => object, Api, "container-name-duplicate";
    api::container_required => object, Api, "container-required";
    api::container_restart_rules => object, Api, "pod-enums";
    schema::crd_structural => object, Api, "crd-structural";
    api::cronjob_schedule => object, Api, "cronjob-schedule";
    api::csi_fields => object, Api, "";
    hygiene::custom_rule => object, Default, "hyg-custom-rule";
    api::data_keys => object, Api, "configmap-secret-keys";
    deprecations::dep_annotation_label => object, Default, "dep-annotation-label";
    deprecations::dep_crd_version => scene, Default, "dep-crd-version";
    deprecations::dep_deprecated_api => object, Default, "dep-deprecated-api";
    deprecations::dep_field => object, Default, "dep-field";
    api::device_fields => object, Api, "";
    references::dup_ingress_route => scene, Strict, "dup-ingress-route";
    references::duplicate_object => scene, Default, "dup-resource";
    reachability::edge_cut => scene, Default, "net-reachability";
    api::endpoint_fields => object, Api, "";
    api::env_duplicate => object, Default, "env-duplicate";
    api::env_name => object, Api, "env-name";
    api::env_source => object, Api, "env-value-xor-from";
    api::flow_schema_fields => object, Api, "";
    api::host_network => object, Api, "pod-hostnetwork-deps";
    api::hpa_fields => object, Api, "hpa-fields";
    hygiene::hyg_forbidden_annotations => object, Default, "hyg-forbidden-annotations";
    hygiene::hyg_namespace_explicit => object, Default, "hyg-namespace-explicit";
    hygiene::hyg_required_annotations => object, Default, "hyg-required-annotations";
    hygiene::hyg_required_labels => object, Strict, "hyg-required-labels";
    hygiene::hyg_unused_object => scene, Default, "hyg-unused-object";
    api::image_reference => object, Default, "";
    api::immutable_field => elsewhere, Api, "selector-immutable";
    api::ingress_class_fields => object, Api, "priorityclass-webhook-misc";
    api::ingress_rules => object, Api, "ingress-rules";
    api::init_container_fields => object, Api, "init-container-fields";
    api::job_fields => object, Api, "job-fields";
    api::label_selector => object, Api, "label-selector-valid";
    api::label_syntax => object, Api, "label-key-value";
    api::lease_fields => object, Api, "";
    schema::list_map_duplicate => elsewhere, Api, "list-map-duplicate";
    api::meta_name => object, Api, "meta-name-required meta-name-format";
    api::meta_namespace => object, Api, "meta-namespace-scope";
    api::meta_namespace_scope => object, Default, "meta-namespace-scope";
    api::meta_owners => object, Api, "";
    networking::net_app_protocol => object, Strict, "net-app-protocol";
    networking::net_dns_egress => scene, Default, "net-dns-egress";
    networking::net_external_traffic_policy => object, Strict, "net-external-traffic-policy";
    networking::net_ingress_tls => scene, Default, "net-ingress-tls";
    networking::net_ingress_wildcard => object, Default, "net-ingress-wildcard";
    networking::net_named_ports => object, Strict, "net-named-ports";
    networking::net_ndots => object, Strict, "net-ndots";
    networking::net_pod_isolated => scene, Default, "net-pod-isolated";
    networking::net_policy_empty_selector => object, Default, "net-policy-empty-selector";
    networking::net_service_loadbalancer => object, Default, "net-service-loadbalancer";
    networking::net_service_nodeport => object, Default, "net-service-nodeport";
    api::network_policy_fields => object, Api, "networkpolicy-fields";
    api::node_fields => object, Api, "";
    api::node_port_range => object, Default, "service-ports";
    api::object_size => object, Default, "object-size";
    api::owner_managed_field => object, Default, "server-owned-field";
    api::pdb_fields => object, Api, "pdb-fields";
    api::persistent_volume_fields => object, Api, "";
    api::pod_affinity => object, Api, "pod-affinity-terms";
    api::pod_dns => object, Api, "pod-dns-config";
    api::pod_enums => object, Api, "pod-enums";
    api::pod_misc => object, Api, "pod-misc";
    api::pod_os => object, Api, "pod-os-fields";
    api::pod_resources => object, Api, "resource-request-le-limit";
    api::pod_security_conflict => object, Api, "pod-security-conflict";
    api::pod_security_label => object, Api, "";
    api::pod_tolerations => object, Api, "pod-tolerations";
    api::pod_topology_spread => object, Api, "pod-topology-spread";
    reachability::policy_not_judged => elsewhere, Default, "";
    reachability::policy_refused => scene, Default, "";
    reachability::policy_reported => elsewhere, Default, "";
    api::port_duplicate => object, Api, "port-duplicate";
    api::port_name => object, Api, "port-name";
    api::port_number => object, Api, "port-number";
    api::priority_class_fields => object, Api, "priorityclass-webhook-misc";
    api::probe_constraints => object, Api, "probe-constraints";
    api::probe_handler => object, Api, "probe-one-handler";
    api::pvc_fields => object, Api, "pvc-fields";
    api::quantity_fraction => object, Default, "resource-fractional-byte";
    schema::quantity_syntax => elsewhere, Api, "quantity-syntax";
    api::quota_limits => object, Api, "quota-limitrange";
    api::rbac_binding => object, Api, "rbac-fields";
    api::rbac_rules => object, Api, "rbac-fields";
    references::ref_config_map => scene, Default, "ref-configmap";
    references::ref_crd_order => scene, Default, "ref-crd-order";
    references::ref_dns_name => scene, Default, "";
    references::ref_env_interpolation => object, Default, "ref-env-interpolation";
    references::ref_hpa_target => scene, Default, "ref-hpa-target";
    references::ref_http_route => scene, Default, "ref-ingress-service";
    references::ref_ingress_class => scene, Default, "ref-ingress-class-tls";
    references::ref_ingress_route => scene, Default, "ref-ingress-service";
    references::ref_ingress_service => scene, Default, "ref-ingress-service";
    references::ref_namespace => scene, Default, "ref-namespace";
    references::ref_network_policy_peer => scene, Default, "ref-networkpolicy-peer";
    references::ref_network_policy_target => scene, Default, "ref-networkpolicy-target";
    references::ref_owner_cert => scene, Default, "ref-owner-cert";
    references::ref_pdb_target => scene, Default, "ref-pdb-target";
    references::ref_port_name => scene, Default, "ref-port-name";
    references::ref_priority_class => scene, Default, "ref-priorityclass";
    references::ref_pull_secret => scene, Default, "ref-image-pull-secret";
    references::ref_pvc => scene, Default, "ref-pvc";
    references::ref_role => scene, Default, "ref-role";
    references::ref_secret => scene, Default, "ref-secret";
    references::ref_selector_overlap => scene, Default, "ref-selector-overlap";
    references::ref_service_account => scene, Default, "ref-service-account";
    references::ref_service_overlap => scene, Default, "ref-service-overlap";
    references::ref_service_port_undeclared => scene, Default, "ref-service-target-port";
    references::ref_service_selector => scene, Default, "ref-service-selector";
    references::ref_service_target_port => scene, Default, "ref-service-target-port";
    references::ref_servicemonitor => scene, Default, "ref-servicemonitor";
    references::ref_stateful_set_service => scene, Default, "ref-statefulset-service";
    references::ref_storage_class => scene, Default, "ref-storageclass";
    references::ref_subject => scene, Default, "ref-role";
    references::ref_tls_secret => scene, Default, "ref-ingress-class-tls";
    references::ref_webhook_service => scene, Default, "ref-webhook-service";
    hygiene::reject_kind => object, Default, "reject-kind";
    reliability::rel_anti_affinity => scene, Default, "rel-anti-affinity";
    reliability::rel_config_rollout => scene, Default, "rel-config-rollout";
    reliability::rel_cronjob_concurrency => object, Default, "rel-cronjob-concurrency";
    reliability::rel_cronjob_deadline => object, Default, "rel-cronjob-deadline";
    reliability::rel_hpa_min => object, Default, "rel-hpa-min";
    reachability::rel_hpa_replicas_conflict => scene, Default, "rel-hpa-replicas-conflict";
    reliability::rel_image_digest => object, Default, "rel-image-digest";
    reliability::rel_image_pinned => object, Default, "rel-image-pinned";
    reliability::rel_image_pull_policy => object, Strict, "rel-image-pull-policy";
    reliability::rel_image_registry => object, Default, "rel-image-registry";
    reliability::rel_job_ttl => object, Default, "rel-job-ttl";
    reliability::rel_liveness_probe => object, Default, "rel-liveness-probe";
    reliability::rel_naked_pod => object, Default, "rel-naked-pod";
    reliability::rel_node_affinity => object, Strict, "rel-node-affinity";
    reachability::rel_pdb_blocks => scene, Default, "rel-pdb-blocks";
    reliability::rel_pdb_eviction_policy => object, Default, "rel-pdb-eviction-policy";
    reliability::rel_pdb_exists => scene, Default, "rel-pdb-exists";
    reliability::rel_prestop => object, Strict, "rel-prestop";
    reliability::rel_priority_class => object, Strict, "rel-priority-class";
    reliability::rel_probe_timing => object, Strict, "rel-probe-timing";
    reliability::rel_probes_identical => object, Default, "rel-probes-identical";
    reliability::rel_readiness_probe => scene, Default, "rel-readiness-probe";
    reliability::rel_replicas_min => scene, Default, "rel-replicas-min";
    reliability::rel_rolling_update => scene, Default, "rel-rolling-update";
    reachability::rel_rwo_multi_replica => scene, Default, "rel-rwo-multi-replica";
    reliability::rel_service_single_endpoint => scene, Strict, "rel-service-single-endpoint";
    reliability::rel_spread_schedulable => scene, Default, "rel-spread-schedulable";
    reliability::rel_statefulset_vct_annotation => object, Default, "rel-statefulset-vct-annotation";
    resources::res_cpu_limit => scene, Strict, "res-cpu-limit";
    resources::res_cpu_request => scene, Default, "res-cpu-request";
    resources::res_emptydir_limit => object, Default, "res-emptydir-limit";
    resources::res_ephemeral_storage => object, Strict, "res-ephemeral-storage";
    resources::res_hpa_max_fit => scene, Default, "res-hpa-max-fit";
    resources::res_memory_limit => scene, Default, "res-memory-limit";
    resources::res_memory_request => scene, Default, "res-memory-request";
    resources::res_namespace_quota_present => scene, Strict, "res-namespace-quota-present";
    resources::res_node_fit => scene, Default, "res-node-fit";
    resources::res_quota_fit => scene, Default, "res-quota-fit";
    resources::res_ratio => object, Default, "res-ratio";
    resources::res_request_eq_limit => object, Strict, "res-request-eq-limit";
    api::resource_limits => object, Api, "resource-request-le-limit";
    api::resource_names => object, Api, "resource-name";
    api::restart_policy => object, Api, "restart-policy-by-kind";
    api::runtime_class_fields => object, Api, "";
    schema::schema_constraint => elsewhere, Api, "schema-enum cr-schema";
    schema::schema_null => elsewhere, Default, "schema-null";
    schema::schema_required => elsewhere, Api, "schema-required cr-schema";
    schema::schema_rule => elsewhere, Api, "cr-cel";
    schema::schema_rule_unjudged => scene, Default, "";
    schema::schema_type => object, Api, "schema-type cr-schema";
    schema::schema_unknown_field => elsewhere, Api, "schema-unknown-field cr-schema";
    security::sec_apparmor => object, Default, "sec-apparmor";
    security::sec_automount_token => scene, Default, "sec-automount-token";
    security::sec_capabilities_baseline => object, Default, "sec-capabilities-baseline";
    security::sec_capabilities_net_raw => object, Default, "sec-capabilities-net-raw";
    security::sec_capabilities_restricted => object, Default, "sec-capabilities-restricted";
    security::sec_default_service_account => object, Default, "sec-default-service-account";
    security::sec_endpointslice_local => object, Default, "sec-endpointslice-local";
    security::sec_high_uid_gid => object, Default, "sec-high-uid-gid";
    security::sec_host_aliases => object, Default, "sec-host-aliases";
    security::sec_host_namespaces => object, Default, "sec-host-namespaces";
    security::sec_host_path => object, Default, "sec-host-path";
    security::sec_host_path_sensitive => object, Default, "sec-host-path-sensitive";
    security::sec_host_path_writable => object, Default, "sec-host-path-writable";
    security::sec_host_port => object, Default, "sec-host-port";
    security::sec_host_probe_host => object, Default, "sec-host-probe-host";
    security::sec_host_process => object, Default, "sec-host-process";
    security::sec_ingress_nginx_snippet => object, Default, "sec-ingress-nginx-snippet";
    security::sec_known_bad_image => object, Strict, "sec-known-bad-image";
    security::sec_linux_hardening => object, Strict, "sec-linux-hardening";
    security::sec_namespace_pss_label => scene, Default, "sec-namespace-pss-label";
    security::sec_privilege_escalation => object, Default, "sec-privilege-escalation";
    security::sec_privileged => object, Default, "sec-privileged";
    security::sec_privileged_port => object, Default, "sec-privileged-port";
    security::sec_proc_mount => object, Default, "sec-proc-mount";
    security::sec_rbac_anonymous => object, Default, "sec-rbac-anonymous";
    security::sec_rbac_cluster_admin => scene, Default, "sec-rbac-cluster-admin";
    security::sec_rbac_create_pods => scene, Default, "sec-rbac-create-pods";
    security::sec_rbac_escalate => object, Default, "sec-rbac-escalate";
    security::sec_rbac_exec => object, Default, "sec-rbac-exec";
    security::sec_rbac_secrets => scene, Default, "sec-rbac-secrets";
    security::sec_rbac_webhook_csr => object, Default, "sec-rbac-webhook-csr";
    security::sec_rbac_wildcard => object, Default, "sec-rbac-wildcard";
    security::sec_read_only_rootfs => object, Default, "sec-read-only-rootfs";
    security::sec_run_as_non_root => object, Default, "sec-run-as-non-root";
    security::sec_run_as_user => object, Default, "sec-run-as-user";
    security::sec_runtime_socket => object, Default, "sec-runtime-socket";
    security::sec_scc => object, Strict, "sec-scc";
    security::sec_seccomp_baseline => object, Default, "sec-seccomp-baseline";
    security::sec_seccomp_restricted => object, Default, "sec-seccomp-restricted";
    security::sec_secret_committed => object, Default, "sec-secret-committed";
    security::sec_secret_in_env => object, Default, "sec-secret-in-env";
    security::sec_secret_literal => object, Default, "sec-secret-literal";
    security::sec_selinux => object, Default, "sec-selinux";
    security::sec_service_external_ip => object, Default, "sec-service-external-ip";
    security::sec_ssh_port => object, Default, "sec-ssh-port";
    security::sec_sysctls => object, Default, "sec-sysctls";
    security::sec_user_namespace => object, Default, "sec-user-namespace";
    security::sec_volume_types => object, Default, "sec-volume-types";
    api::secret_type_keys => object, Api, "configmap-secret-keys";
    api::selector_matches_template => object, Api, "selector-matches-template";
    api::service_addresses => object, Api, "service-ip-cidr";
    api::service_ports => object, Api, "service-ports";
    api::service_range_fields => object, Api, "";
    api::service_type_fields => object, Api, "service-type-fields";
    api::spec_required => object, Api, "schema-required";
    api::stateful_set_fields => object, Api, "";
    api::storage_class_fields => object, Api, "";
    api::typed_reference => object, Api, "";
    schema::unknown_custom_resource => elsewhere, Api, "cr-schema";
    schema::unknown_kind => object, Api, "gvk-unknown dep-removed-api dep-psp";
    api::volume_mount_defined => object, Api, "volume-mount-defined";
    api::volume_mount_path => object, Api, "volume-mount-path";
    api::volume_name => object, Api, "volume-name";
    api::volume_source => object, Api, "volume-source-fields";
    api::webhook_fields => object, Api, "priorityclass-webhook-misc";
    api::windows_options => object, Api, "pod-os-fields";
    api::workload_counts => object, Api, "workload-nonnegative";
    api::workload_strategy => object, Api, "workload-strategy";
}

/// The code of changes that a cluster refuses, which are found between two trees.
pub(super) use api::immutable_field::CODE as IMMUTABLE_FIELD;

/// The rule that reports under a code.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.binary_search_by_key(&code, |rule| rule.code.name).ok().map(|index| &RULES[index])
}

/// Runs every rule of the profile.
pub(super) fn apply<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (_, check) in RULES.iter().zip(CHECKS).filter(|(rule, _)| runs(rule, scene)) {
        check.apply(scene, found);
    }
}

/// Runs the rules that concern one object by itself.
pub(super) fn apply_alone<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (rule, check) in RULES.iter().zip(CHECKS).filter(|(_, check)| matches!(check, Check::Object(_))) {
        if runs(rule, scene) {
            check.apply(scene, found);
        }
    }
}

/// Runs the rules that look from one object to another.
pub(super) fn apply_across<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for (rule, check) in RULES.iter().zip(CHECKS).filter(|(_, check)| matches!(check, Check::Scene(_))) {
        if runs(rule, scene) {
            check.apply(scene, found);
        }
    }
}

/// Whether a rule of the profile looks from one object to another.
pub(super) fn looks_across(profile: Profile) -> bool {
    RULES.iter().zip(CHECKS).any(|(rule, check)| matches!(check, Check::Scene(_)) && rule.profile <= profile)
}

impl Check {
    fn apply<'a>(&self, scene: &Scene<'a>, found: &mut Findings<'a>) {
        match self {
            Self::Object(check) => {
                scene.subjects.iter().for_each(|subject| check(subject, found.of(subject.index)));
            }
            Self::Scene(check) => check(scene, found),
            Self::Elsewhere => {}
        }
    }
}

fn runs(rule: &Rule, scene: &Scene<'_>) -> bool {
    let context = scene.context;
    // Who states a rule asks for it.
    let is_asked_for = !rule.family.is_practice() || rule.code == &hygiene::custom_rule::CODE;
    rule.profile <= context.profile && (context.practice || is_asked_for)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::CATALOGUE;

    #[test]
    fn the_table_is_sorted_and_each_code_stands_once() {
        for pair in CODES.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} stands before {}", pair[0].name, pair[1].name);
        }
    }

    /// What the reader of files says of a tree answers these rows; it has no objects to give to a rule yet.
    const OF_THE_READER: [&str; 9] = [
        "dep-upgrade-window",
        "gvk-missing",
        "hyg-empty-file",
        "hyg-sorted-keys",
        "hyg-suppression-unused",
        "list-expand",
        "yaml-duplicate-key",
        "yaml-parse",
        "yaml11-ambiguous-scalar",
    ];

    #[test]
    fn every_row_of_the_catalogue_has_a_rule() {
        let rows: Vec<&str> = CATALOGUE.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
        assert_eq!(rows.len(), 215);
        let answered: BTreeSet<&str> = RULES.iter().flat_map(Rule::rows).chain(OF_THE_READER).collect();
        let open: Vec<_> = rows.iter().filter(|row| !answered.contains(*row)).collect();
        assert_eq!(open, Vec::<&&str>::new(), "no rule answers these rows");
        let unknown: Vec<_> = answered.iter().filter(|row| !rows.contains(row)).collect();
        assert_eq!(unknown, Vec::<&&str>::new(), "there are no such rows");
    }

    #[test]
    fn every_code_is_documented() {
        for code in CODES {
            let mut headings: Vec<_> = code.docs.lines().filter(|line| line.starts_with("## ")).collect();
            if headings.get(1) == Some(&"## What is passed over") {
                headings.remove(1);
            }
            let wanted = ["## What it means", "## Why it matters", "## Example", "## Instead"];
            assert_eq!(headings, wanted, "{}", code.name);
            assert!(code.docs.contains("\nSource: "), "{}", code.name);
        }
    }

    #[test]
    fn codes() {
        let lines: Vec<_> = RULES
            .iter()
            .map(|rule| format!("{} {} {} {}", rule.code.name, rule.family, rule.level(), rule.profile))
            .collect();
        insta::with_settings!({ snapshot_path => "../../../snapshots/check", prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("codes", lines.join("\n"));
        });
    }
}

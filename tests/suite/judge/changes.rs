//! What a house asks for itself: rules of its own, the weight that fails a run, and the tree that another is to replace.

use std::path::PathBuf;

use bayplan::check::Profile;
use bayplan::diag::Severity;
use bayplan::host::MemoryHost;
use bayplan::judge::{Request, judge};
use bayplan::names::KubernetesVersion;

use super::{DEPLOYMENT, found, request};

fn deployment(selector: &str) -> String {
    DEPLOYMENT.replace("\"2\"", "2").replace("app: api", &format!("app: {selector}"))
}

#[test]
fn a_selector_that_changes_is_told_with_its_place() {
    let host = MemoryHost::default()
        .with_file("old/api.yaml", deployment("api"))
        .with_file("new/api.yaml", deployment("web"));
    let against = |old: &str| Request { against: Some(PathBuf::from(old)), ..request("new") };
    let verdict = judge(&host, &against("old"));
    assert_eq!(found(&verdict), ["immutable-field new/api.yaml:8:13 Deployment shop/api spec.selector"]);
    assert!(found(&judge(&host, &against("new"))).is_empty());
    assert!(!judge(&host, &against("nowhere")).complete);
}

#[test]
fn a_rule_of_the_house_is_asked_and_can_be_excepted_from() {
    let rule = "[[rule]]\nid = \"replicas\"\nkinds = [\"Deployment\"]\nexpression = \"object.spec.replicas >= 3\"\n\
                message = \"run three\"\nseverity = \"error\"\n";
    let run = |more: &str| {
        let host = MemoryHost::default()
            .with_file("k8s/api.yaml", deployment("api"))
            .with_file("bayplan-check.toml", format!("{rule}{more}"));
        judge(&host, &Request { profile: Some(Profile::Default), ..request("k8s") })
    };
    let verdict = run("");
    let own = verdict.diagnostics.iter().find(|it| it.code.name == "custom-rule").expect("a finding");
    assert_eq!((own.severity, own.message.as_str()), (Severity::Error, "replicas: run three"));
    let allow = "[[allow]]\nrule = \"custom-rule/replicas\"\nbecause = \"it is small\"\n";
    let excused = found(&run(allow));
    assert!(
        !excused.iter().any(|it| it.starts_with("custom-rule") || it.starts_with("unknown-rule")),
        "{excused:?}"
    );
    assert!(
        found(&run("[[rule]]\nid = \"x\"\nkinds = [\"*\"]\nexpression = \"object.\"\nmessage = \"m\"\n"))
            .iter()
            .any(|it| it.starts_with("bad-check-config bayplan-check.toml"))
    );
}

#[test]
fn what_fails_a_run_is_the_configuration_s_to_say_and_the_caller_s() {
    let host = |config: &str| {
        MemoryHost::default().with_file("k8s/api.yaml", DEPLOYMENT).with_file("bayplan-check.toml", config)
    };
    assert_eq!(judge(&host(""), &request("k8s")).fail_on, Severity::Warning);
    assert_eq!(judge(&host("fail-on = \"error\"\n"), &request("k8s")).fail_on, Severity::Error);
    let told = Request { fail_on: Some(Severity::Note), ..request("k8s") };
    assert_eq!(judge(&host("fail-on = \"error\"\n"), &told).fail_on, Severity::Note);
    assert!(!judge(&host("fail-on = \"often\"\n"), &request("k8s")).complete);
}

/// A rehearsal: the same tree against the version that a cluster runs and the one that it will run.
#[test]
fn an_upgrade_is_rehearsed_by_naming_its_version() {
    let policy = "apiVersion: admissionregistration.k8s.io/v1beta1\nkind: MutatingAdmissionPolicy\nmetadata: { name: a }\n";
    let host = MemoryHost::default().with_file("k8s/policy.yaml", policy);
    let codes = |version: KubernetesVersion| {
        let verdict = judge(&host, &Request { kubernetes: Some(version), ..request("k8s") });
        verdict.diagnostics.iter().map(|it| it.code.name).collect::<Vec<_>>()
    };
    assert!(
        codes(KubernetesVersion::V1_33).contains(&"unknown-kind"),
        "{:?}",
        codes(KubernetesVersion::V1_33)
    );
    assert!(
        !codes(KubernetesVersion::V1_35).contains(&"unknown-kind"),
        "{:?}",
        codes(KubernetesVersion::V1_35)
    );
}

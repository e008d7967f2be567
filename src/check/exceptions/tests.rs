//! Which findings an exception excuses, and what becomes of one that excuses none.

use super::*;
use crate::check::{Context, KubernetesVersion, Profile, Schemas, run};
use crate::value::{Value, json};

fn pod(annotations: &Value) -> Object {
    let value = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a", "namespace": "shop", "annotations": annotations },
        "spec": { "containers": [{ "name": "c", "image": "i:1", "securityContext": { "privileged": true } }] }
    });
    Object::from_value(value, "", KeyPath::root())
}

fn codes(annotations: &Value, exceptions: Vec<Exception>) -> Vec<&'static str> {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let mut policy = Context::new(&schemas);
    policy.profile = Profile::Default;
    policy.exceptions = exceptions;
    policy.today = "2026-06-15".to_owned();
    run(&[pod(annotations)], &policy).into_iter().map(|finding| finding.diagnostic.code.name).collect()
}

fn allow(rule: &str, on: Option<&str>, until: Option<&str>) -> Exception {
    Exception {
        rule: rule.to_owned(),
        on: on.map(str::to_owned),
        because: "it has to".to_owned(),
        until: until.map(str::to_owned),
        span: None,
    }
}

#[test]
fn an_exception_of_the_policy_excuses_what_it_names() {
    assert!(codes(&json!({}), vec![]).contains(&"sec-privileged"));
    for on in [None, Some("Pod/a"), Some("Pod shop/a"), Some("Pod shop/*"), Some("* shop/*")] {
        let found = codes(&json!({}), vec![allow("sec-privileged", on, Some("2026-06-15"))]);
        assert!(!found.contains(&"sec-privileged") && !found.contains(&"unused-allow"), "{on:?}: {found:?}");
    }
    let found = codes(&json!({}), vec![allow("sec-privileged", Some("Pod/b"), None)]);
    assert!(found.contains(&"sec-privileged") && found.contains(&"unused-allow"));
}

#[test]
fn an_exception_that_has_run_out_excuses_nothing() {
    for until in ["2026-06-14", "soon", "2026-13-01"] {
        let found = codes(&json!({}), vec![allow("sec-privileged", None, Some(until))]);
        assert!(found.contains(&"sec-privileged") && found.contains(&"expired-allow"), "{until}: {found:?}");
        assert!(!found.contains(&"unused-allow"));
    }
}

#[test]
fn an_exception_without_a_reason_or_a_rule_is_reported() {
    let mut silent = allow("sec-privileged", None, None);
    silent.because = " ".to_owned();
    assert!(codes(&json!({}), vec![silent]).contains(&"unreasoned-allow"));
    assert!(codes(&json!({}), vec![allow("sec-privilegd", None, None)]).contains(&"unknown-rule"));
}

#[test]
fn annotations_excuse_on_the_object_and_are_judged_themselves() {
    let ours = |value: &str| codes(&json!({ "bayplan.dev/allow.sec-privileged": value }), vec![]);
    assert!(!ours("a device plug-in").contains(&"sec-privileged"));
    assert!(!ours("a device plug-in (until 2026-07-01)").contains(&"sec-privileged"));
    assert!(ours("a device plug-in (until 2026-01-01)").contains(&"expired-allow"));
    assert!(ours("").contains(&"unreasoned-allow"));
    let idle = codes(&json!({ "bayplan.dev/allow.sec-host-path": "it has none" }), vec![]);
    assert!(idle.contains(&"unused-allow"));
}

#[test]
fn annotations_of_other_tools_are_honoured() {
    for (key, value) in [
        ("ignore-check.kube-linter.io/privileged-container", "needed"),
        ("kube-linter.io/ignore-all", "needed"),
        ("kube-score/ignore", "pod-networkpolicy, container-security-context-privileged"),
        ("polaris.fairwinds.com/runAsPrivileged-exempt", "true"),
        ("polaris.fairwinds.com/run-as-privileged-exempt", "true"),
        ("polaris.fairwinds.com/exempt", "true"),
        ("checkov.io/skip1", "CKV_K8S_16=needed"),
    ] {
        let found = codes(&json!({ key: value }), vec![]);
        assert!(!found.contains(&"sec-privileged"), "{key}");
        assert!(!found.contains(&"unused-allow"), "{key}");
    }
    for (key, value) in [
        ("polaris.fairwinds.com/exempt", "false"),
        ("checkov.io/skip1", "CKV_K8S_9999=needed"),
        ("kube-score/ignore", "pod-networkpolicy"),
    ] {
        assert!(codes(&json!({ key: value }), vec![]).contains(&"sec-privileged"), "{key}");
    }
}

#[test]
fn a_star_stands_for_any_characters() {
    for (pattern, text, expected) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("*", "", true),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*b*c", "a-b-c", true),
        ("a*b*c", "acb", false),
        ("*a*", "bab", true),
    ] {
        assert_eq!(stars(pattern, text), expected, "{pattern} {text}");
    }
}

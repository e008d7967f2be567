//! Group, names, scope and versions.

use std::collections::BTreeSet;

use crate::check::format;
use crate::check::rules::schema::crd_structural::Flaws;
use crate::check::values::Fields;
use crate::source::KeyPath;
use crate::value::Value;

pub(in crate::check::rules::schema) fn check(definition: &Value, spec: &Value, flaws: &mut Flaws) {
    group(definition, spec, flaws);
    named(spec, flaws);
    let scope = spec.text_or_empty("scope");
    if spec.text("scope").is_some() && !["Namespaced", "Cluster"].contains(&scope) {
        let message = format!("the scope is Namespaced or Cluster, and not `{scope}`");
        flaws.push((KeyPath::of(["spec", "scope"]), message));
    }
    if spec.is_true("preserveUnknownFields") {
        let message = "`preserveUnknownFields: true` is a thing of apiextensions.k8s.io/v1beta1".to_owned();
        flaws.push((KeyPath::of(["spec", "preserveUnknownFields"]), message));
    }
    versions(spec, flaws);
}

fn group(definition: &Value, spec: &Value, flaws: &mut Flaws) {
    let group = spec.text_or_empty("group");
    let at = KeyPath::of(["spec", "group"]);
    if group.is_empty() {
        flaws.push((at, "the group is missing".to_owned()));
        return;
    }
    if let Some(problem) = format::dns_subdomain(group) {
        flaws.push((at, format!("the group `{group}` is {problem}")));
    } else if !group.contains('.') {
        flaws.push((at, format!("the group `{group}` should be a domain with at least one dot")));
    }
    let expected = format!("{}.{group}", spec.child("names").map_or("", |it| it.text_or_empty("plural")));
    let name = definition.below(&["metadata", "name"]).and_then(Value::as_str).unwrap_or_default();
    if !name.is_empty() && name != expected {
        let message = format!("the name has to be `{expected}`: the plural, a dot and the group");
        flaws.push((KeyPath::of(["metadata", "name"]), message));
    }
    approval(definition, group, flaws);
}

/// Groups of the Kubernetes community are protected.
///
/// <https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/2337-k8s.io-group-protection>
fn approval(definition: &Value, group: &str, flaws: &mut Flaws) {
    const ANNOTATION: &str = "api-approved.kubernetes.io";
    let is_protected =
        ["k8s.io", "kubernetes.io"].iter().any(|own| group == *own || group.ends_with(&format!(".{own}")));
    if !is_protected {
        return;
    }
    let said = definition.below(&["metadata", "annotations", ANNOTATION]).and_then(Value::as_str);
    let is_approved = said.is_some_and(|it| it.starts_with("unapproved") || is_url(it));
    if !is_approved {
        let message = format!(
            "the group `{group}` is protected: the annotation `{ANNOTATION}` names the pull request that approved it, or says `unapproved`"
        );
        flaws.push((KeyPath::of(["metadata", "annotations", ANNOTATION]), message));
    }
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        !scheme.is_empty()
            && scheme.bytes().all(|it| it.is_ascii_alphanumeric())
            && !rest.starts_with('/')
            && !rest.is_empty()
    })
}

fn named(spec: &Value, flaws: &mut Flaws) {
    let at = KeyPath::of(["spec", "names"]);
    let Some(names) = spec.child("names") else { return };
    let mut label = |at: KeyPath, text: &str| {
        if let Some(problem) = format::dns_1035_label(text) {
            flaws.push((at, format!("`{text}` is {problem}")));
        }
    };
    for key in ["plural", "singular"] {
        if let Some(text) = names.text(key).filter(|it| !it.is_empty()) {
            label(at.key(key), text);
        }
    }
    for key in ["kind", "listKind"] {
        if let Some(text) = names.text(key).filter(|it| !it.is_empty()) {
            label(at.key(key), &text.to_lowercase());
        }
    }
    for key in ["shortNames", "categories"] {
        for (index, text) in names.texts(key).enumerate() {
            label(at.key(key).index(index), text);
        }
    }
    for key in ["plural", "kind"] {
        if names.text(key) == Some("") {
            flaws.push((at.key(key), format!("`{key}` is empty")));
        }
    }
    if names.text("listKind").is_some_and(|it| !it.is_empty() && names.text("kind") == Some(it)) {
        flaws.push((at.key("listKind"), "the kind and the kind of lists may not be the same".to_owned()));
    }
}

fn versions(spec: &Value, flaws: &mut Flaws) {
    let at = KeyPath::of(["spec", "versions"]);
    let versions = spec.items("versions");
    if spec.get("versions").is_some_and(|it| !it.is_null()) && versions.is_empty() {
        flaws.push((at, "there has to be a version".to_owned()));
        return;
    }
    let stored = versions.iter().filter(|version| version.is_true("storage")).count();
    if !versions.is_empty() && stored != 1 {
        let message = format!("exactly one version is the stored one (`storage: true`), and not {stored}");
        flaws.push((at.clone(), message));
    }
    let mut seen = BTreeSet::new();
    for (index, version) in versions.iter().enumerate() {
        let at = at.index(index);
        if let Some(name) = version.text("name") {
            if let Some(problem) = format::dns_1035_label(name) {
                flaws.push((at.key("name"), format!("the version `{name}` is {problem}")));
            }
            if !seen.insert(name) {
                flaws.push((
                    KeyPath::of(["spec", "versions"]),
                    format!("the version `{name}` is there twice"),
                ));
            }
        }
        deprecation(version, &at, flaws);
    }
}

fn deprecation(version: &Value, at: &KeyPath, flaws: &mut Flaws) {
    let Some(warning) = version.text("deprecationWarning") else { return };
    let problem = if !version.is_true("deprecated") {
        "a version that is not deprecated warns of nothing"
    } else if warning.len() > 256 {
        "the warning has more than 256 bytes"
    } else if warning.is_empty() {
        "the warning is empty"
    } else if warning.chars().any(char::is_control) {
        "the warning has a character that cannot be printed"
    } else {
        return;
    };
    flaws.push((at.key("deprecationWarning"), problem.to_owned()));
}

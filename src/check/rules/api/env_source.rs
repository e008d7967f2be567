//! `env-source`: a variable has a value or exactly one source, and the source is well-formed.

use crate::check::feature::Feature;
use crate::check::finding::Findings;
use crate::check::format::{self, Problem};
use crate::check::quantity::Quantity;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "env-source", Error,
    means: "An environment variable has both a value and a source, or none or several sources; or a source names no object, no key, or a field of the pod that variables cannot have.",
    matters: "The API server refuses the object.",
    example: "env:\n  - name: PASSWORD\n    value: x\n    valueFrom: { secretKeyRef: { name: api, key: password } }",
    instead: "env:\n  - name: PASSWORD\n    valueFrom: { secretKeyRef: { name: api, key: password } }",
    source: "validateEnvVarValueFrom and ValidateEnvFrom in pkg/apis/core/validation"
}

/// The sources of `valueFrom`.
const SOURCES: [&str; 5] = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

/// The fields of a pod that a variable can have beside labels and annotations.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        for variable in container.items("env") {
            if let Some(source) = variable.child("valueFrom") {
                check_value_from(subject, variable, source, found);
            }
        }
        for source in container.items("envFrom") {
            check_env_from(source, found);
        }
    }
    if subject.serves(Feature::EnvFiles) {
        check_volumes_of_files(&pod, found);
    }
}

fn check_value_from<'a>(
    subject: &Subject<'a>,
    variable: &'a Value,
    source: &'a Value,
    found: &mut Findings<'a>,
) {
    let name = variable.text_or_empty("name");
    let of_files = subject.serves(Feature::EnvFiles);
    let count = SOURCES
        .iter()
        .filter(|key| source.child(key).is_some() && (of_files || **key != "fileKeyRef"))
        .count();
    if count == 0 {
        found.add(&CODE, source, format!("the variable `{name}` has a `valueFrom` without a source"));
    } else if !variable.text_or_empty("value").is_empty() {
        found.add(&CODE, source, format!("the variable `{name}` has both a value and a source"));
    } else if count > 1 {
        found.add(&CODE, source, format!("the variable `{name}` has {count} sources"));
    }
    for key in ["configMapKeyRef", "secretKeyRef"] {
        if let Some(reference) = source.child(key) {
            check_key_reference(reference, found);
        }
    }
    if let Some(reference) = source.child("fileKeyRef").filter(|_| of_files) {
        check_file(reference, found);
    }
    if let Some(reference) = source.child("fieldRef") {
        check_field(reference, &FIELDS, found);
    }
    if let Some(reference) = source.child("resourceFieldRef") {
        check_resource_field(reference, found);
    }
}

fn check_key_reference<'a>(reference: &'a Value, found: &mut Findings<'a>) {
    let name = reference.text_or_empty("name");
    if let Some(problem) = format::dns_subdomain(name) {
        found.add(&CODE, (reference, "name"), format!("the name `{name}` is {problem}"));
    }
    if let Some(key) = reference.text("key")
        && let Some(problem) = format::data_key(key)
    {
        found.add(&CODE, (reference, "key"), format!("the key `{key}` is {problem}"));
    }
}

/// Says what is wrong with a text.
type Form = fn(&str) -> Problem;

/// `validateFileKeySelector`: a variable of a file in a volume.
fn check_file<'a>(reference: &'a Value, found: &mut Findings<'a>) {
    let parts: [(&str, Form); 3] = [
        ("key", format::environment_name),
        ("volumeName", format::dns_label),
        ("path", |path| if path.is_empty() { Some("empty") } else { format::no_backsteps(path) }),
    ];
    for (key, form) in parts {
        let text = reference.text_or_empty(key);
        if let Some(problem) = form(text) {
            found.add(&CODE, (reference, key), format!("the {key} `{text}` is {problem}"));
        }
    }
}

/// `validateFileKeyRefVolumes`: a file is in a volume of the pod that begins empty.
fn check_volumes_of_files<'a>(pod: &PodTemplate<'a>, found: &mut Findings<'a>) {
    let variables = pod.containers().flat_map(|container| container.items("env"));
    let mut references = variables.filter_map(|it| it.below(&["valueFrom", "fileKeyRef"])).peekable();
    if references.peek().is_none() {
        return;
    }
    let volumes = pod.volumes_by_name();
    for reference in references {
        if let Some(name) = reference.text("volumeName").filter(|name| format::dns_label(name).is_none()) {
            check_volume_of_file(reference, volumes.get(name).copied(), found);
        }
    }
}

fn check_volume_of_file<'a>(reference: &'a Value, volume: Option<&Value>, found: &mut Findings<'a>) {
    let name = reference.text_or_empty("volumeName");
    let place = (reference, "volumeName");
    match volume {
        None => found.add(&CODE, place, format!("the pod has no volume named `{name}`")),
        // A volume without a source is an emptyDir.
        Some(volume)
            if volume.as_object().is_some_and(|it| it.len() > 1) && volume.child("emptyDir").is_none() =>
        {
            found.add(&CODE, place, format!("the volume `{name}` is no `emptyDir`"));
        }
        Some(_) => {}
    }
}

/// `validateObjectFieldSelector`: a known field, or one label or annotation.
pub(super) fn check_field<'a>(reference: &'a Value, fields: &[&str], found: &mut Findings<'a>) {
    let version = reference.text_or_empty("apiVersion");
    if !matches!(version, "" | "v1") {
        found.add(
            &CODE,
            (reference, "apiVersion"),
            format!("the fields of a pod are those of v1, not of `{version}`"),
        );
    }
    let Some(path) = reference.text("fieldPath") else { return };
    let subscript = path.strip_suffix("']").and_then(|path| path.split_once("['"));
    let fits = match subscript {
        Some(("metadata.labels", key)) => format::qualified_name(key).is_none(),
        Some(("metadata.annotations", key)) => format::qualified_name(&key.to_lowercase()).is_none(),
        Some(_) => false,
        // An older name that the API server still translates.
        None => fields.contains(&path) || path == "spec.host" && fields.contains(&"spec.nodeName"),
    };
    if !fits {
        found.add(&CODE, (reference, "fieldPath"), format!("the pod field `{path}` cannot be read here"));
    }
}

/// `validateContainerResourceFieldSelector`.
pub(super) fn check_resource_field<'a>(reference: &'a Value, found: &mut Findings<'a>) {
    let Some(resource) = reference.text("resource") else { return };
    let known = resource.split_once('.').is_some_and(|(side, name)| {
        let names = matches!(name, "cpu" | "memory" | "ephemeral-storage") || name.starts_with("hugepages-");
        matches!(side, "limits" | "requests") && names
    });
    if !known {
        found.add(&CODE, (reference, "resource"), format!("the resource `{resource}` cannot be read here"));
    }
    let divisor =
        reference.child("divisor").filter(|it| Quantity::of(it).is_some_and(|it| it != Quantity::ZERO));
    if let Some(divisor) = divisor.filter(|divisor| known && !is_divisor(resource, divisor)) {
        found.add(&CODE, divisor, format!("the resource `{resource}` cannot be divided by {divisor}"));
    }
}

/// `validateContainerResourceDivisor`: one unit of some size.
fn is_divisor(resource: &str, divisor: &Value) -> bool {
    let units: &[&str] = if matches!(resource, "limits.cpu" | "requests.cpu") {
        &["1m", "1"]
    } else {
        &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
    };
    units.iter().any(|unit| Quantity::parse(unit) == Quantity::of(divisor))
}

fn check_env_from<'a>(source: &'a Value, found: &mut Findings<'a>) {
    let references: Vec<_> =
        ["configMapRef", "secretRef"].iter().filter_map(|key| source.child(key)).collect();
    if references.len() != 1 {
        found.add(&CODE, source, format!("an entry of `envFrom` has one source, not {}", references.len()));
    }
    for reference in references {
        let name = reference.text_or_empty("name");
        // A generated name goes on after its prefix, which is what the API server allows for here.
        let masked = name.strip_suffix('-').filter(|_| name.len() > 1).unwrap_or(name);
        if let Some(problem) = format::dns_subdomain(masked) {
            found.add(&CODE, (reference, "name"), format!("the name `{name}` is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    const ENV: &str = "spec.template.spec.containers[0].env";

    #[test]
    fn a_variable_has_one_source() {
        refuses(&CODE, "Deployment", &format!("{ENV}[0].value: x"), &format!("{ENV}[0].valueFrom"));
        refuses(&CODE, "Deployment", &format!("{ENV}[0].valueFrom: {{}}"), &format!("{ENV}[0].valueFrom"));
        refuses(
            &CODE,
            "Deployment",
            &format!("{ENV}[0].valueFrom.secretKeyRef: {{ name: a, key: b }}"),
            &format!("{ENV}[0].valueFrom"),
        );
        accepts("Deployment", &format!("{ENV}[0].value: ''"));
    }

    #[test]
    fn a_source_is_well_formed() {
        refuses(
            &CODE,
            "Deployment",
            &format!("{ENV}[1].valueFrom.secretKeyRef.key: a/b"),
            &format!("{ENV}[1].valueFrom.secretKeyRef.key"),
        );
        refuses(
            &CODE,
            "Deployment",
            &format!("{ENV}[1].valueFrom.secretKeyRef.name: A"),
            &format!("{ENV}[1].valueFrom.secretKeyRef.name"),
        );
        let from = "spec.template.spec.containers[0].envFrom[0]";
        refuses(&CODE, "Deployment", &format!("{from}: {{ prefix: A }}"), from);
        refuses(&CODE, "Deployment", &format!("{from}.secretRef: {{ name: a }}"), from);
    }

    #[test]
    fn a_variable_of_a_file_says_which() {
        let source = format!("{ENV}[0].valueFrom");
        let file = |path: &str| {
            format!(
                "{source}: {{ fileKeyRef: {{ key: A, volumeName: scratch, path: {path} }} }}\n\
                 spec.template.spec.volumes[2]: {{ name: scratch, emptyDir: {{}} }}"
            )
        };
        refuses(&CODE, "Deployment", &file("../a"), &format!("{source}.fileKeyRef.path"));
        accepts("Deployment", &file("a.env"));
        let elsewhere =
            |name: &str| file("a.env").replace("volumeName: scratch", &format!("volumeName: {name}"));
        for name in ["nowhere", "config"] {
            refuses(&CODE, "Deployment", &elsewhere(name), &format!("{source}.fileKeyRef.volumeName"));
        }
    }

    #[test]
    fn a_field_of_the_pod_is_one_that_variables_can_have() {
        let field = |path: &str| {
            format!("{ENV}[2]: {{ name: X, valueFrom: {{ fieldRef: {{ fieldPath: \"{path}\" }} }} }}")
        };
        let at = format!("{ENV}[2].valueFrom.fieldRef.fieldPath");
        for bad in ["spec.replicas", "metadata.labels", "spec['a']"] {
            refuses(&CODE, "Deployment", &field(bad), &at);
        }
        for good in ["status.podIP", "metadata.labels['app']", "metadata.annotations['Example.com/A']"] {
            accepts("Deployment", &field(good));
        }
        let resource = |name: &str| {
            format!("{ENV}[2]: {{ name: X, valueFrom: {{ resourceFieldRef: {{ resource: {name} }} }} }}")
        };
        refuses(
            &CODE,
            "Deployment",
            &resource("limits.gpu"),
            &format!("{ENV}[2].valueFrom.resourceFieldRef.resource"),
        );
        accepts("Deployment", &resource("limits.memory"));
    }
}

//! `ref-dns-name`: the in-cluster DNS names that stand in values lead to Services, and to ports of them.

use crate::check::finding::Findings;
use crate::check::rules::api::service_type_fields::{is_headless, service_type};
use crate::check::rules::code;
use crate::check::scene::Scene;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::diag::did_you_mean;
use crate::value::Value;

code! {
    "ref-dns-name", Error,
    means: "A value holds a name of the form `<service>.<namespace>.svc`, with or without `.cluster.local`, and there is no such Service; or a port follows that the Service does not have.",
    passes: "- A namespace that the tree does not bring and whose name is not one letter off that of one that it does: others fill it.\n- A Service that `[external]` of `bayplan-check.toml` names.\n- A name in a namespace where a program of the tree may make Services: a pod runs there whose account a role of the tree lets create them. A name that is one letter off that of a Service of the tree is a slip all the same (`databse`; but `db-2` beside `db-1` is not).\n- A host of `[external] hosts`.",
    matters: "The connection fails when the program first makes it, which may be long after the roll-out.",
    example: "env: [{ name: URL, value: \"http://apy.core.svc.cluster.local:3000\" }]",
    instead: "env: [{ name: URL, value: \"http://api.core.svc.cluster.local:3000\" }]",
    source: "https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/"
}

pub(crate) fn check<'a>(scene: &Scene<'a>, found: &mut Findings<'a>) {
    for subject in scene.subjects {
        for (key, value) in subject.value.as_object().into_iter().flatten() {
            if key != "metadata" && key != "status" {
                search((scene, subject), value, found.of(subject.index));
            }
        }
    }
}

fn search<'a>(asker: (&Scene<'a>, &Subject<'a>), value: &'a Value, found: &mut Findings<'a>) {
    match value {
        Value::String(text) if text.contains(".svc") => {
            for (problem, remedy) in names(text).filter_map(|name| problem(asker, &name)) {
                found.add_with_hint(&CODE, value, problem, Some(remedy));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| search(asker, item, found)),
        Value::Object(fields) => fields.values().for_each(|value| search(asker, value, found)),
        _ => {}
    }
}

/// A name found in a text.
struct Name<'t> {
    service: &'t str,
    namespace: &'t str,
    port: Option<u16>,
}

/// The in-cluster names of a text. Lines that start with `#` or `//` are comments of whatever the text is.
fn names(text: &str) -> impl Iterator<Item = Name<'_>> {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#') && !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.match_indices(".svc").filter_map(move |(at, _)| name_at(line, at)))
}

fn name_at(line: &str, at: usize) -> Option<Name<'_>> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
    let start = line[..at].trim_end_matches(is_name).len();
    let mut rest = &line[at + ".svc".len()..];
    rest = rest.strip_prefix(".cluster.local").unwrap_or(rest);
    let rest = rest.strip_prefix('.').filter(|rest| !rest.starts_with(is_name)).unwrap_or(rest);
    // `.svc.example.com` and `.svcs` are something else, and so is what a variable or a wildcard stands before.
    let before = line[..start].chars().next_back();
    if rest.starts_with(|c| is_name(c) || c == '_') || matches!(before, Some('_' | ')' | '}' | '*' | '%')) {
        return None;
    }
    let mut labels = line[start..at].rsplit('.');
    let (namespace, service) = (labels.next()?, labels.next()?);
    let digits = rest
        .strip_prefix(':')
        .map(|rest| &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())]);
    let port = digits.and_then(|digits| digits.parse().ok());
    (!service.is_empty() && !namespace.is_empty()).then_some(Name { service, namespace, port })
}

/// What is wrong with a name, and what would be right.
fn problem((scene, asker): (&Scene<'_>, &Subject<'_>), name: &Name<'_>) -> Option<(String, String)> {
    let host = format!("{}.{}.svc", name.service, name.namespace);
    let Some(service) = scene.near(asker, "Service", name.namespace, name.service) else {
        let is_known = is_outside(scene, name, &host) || !scene.is_ours(asker.namespace(), name.namespace);
        return (!is_known).then(|| (format!("`{host}` leads to no Service"), nearest(scene, name)));
    };
    let port = name.port?;
    let remedy = "write a port that the Service has, or none where the default is meant";
    let lacks = || (format!("the Service behind `{host}` has no port {port}"), remedy.to_owned());
    (!has_port(scene, service, port)).then(lacks)
}

/// The Service of that namespace that was probably meant. Of many only the first are looked at.
fn nearest(scene: &Scene<'_>, name: &Name<'_>) -> String {
    const LOOKED_AT: usize = 50;
    let own = scene.of_kind_in("Service", name.namespace).map(Subject::name);
    let external = scene.context.external.objects.iter();
    let external = external.filter(|(kind, namespace, _)| kind == "Service" && namespace == name.namespace);
    let known = own.take(LOOKED_AT).chain(external.map(|(.., name)| name.as_str()).take(LOOKED_AT));
    match did_you_mean(name.service, known) {
        Some(near) => format!("did you mean `{near}.{}.svc`?", name.namespace),
        None => "write the name of a Service that is there".to_owned(),
    }
}

fn is_outside(scene: &Scene<'_>, name: &Name<'_>, host: &str) -> bool {
    let builtin =
        matches!((name.namespace, name.service), ("default", "kubernetes") | ("kube-system", "kube-dns"));
    let external = &scene.context.external;
    let of_chart = external.shared_namespaces.contains(name.namespace);
    builtin
        || of_chart
        || external.hosts.contains(host)
        || scene.exists("Service", name.namespace, name.service)
}

/// Behind a headless Service the name leads to the pods themselves, so their ports count too.
fn has_port(scene: &Scene<'_>, service: &Subject<'_>, port: u16) -> bool {
    let Some(spec) = service.spec() else { return true };
    let number = i64::from(port);
    if service_type(spec) == "ExternalName"
        || spec.items("ports").iter().any(|it| it.integer("port") == Some(number))
    {
        return true;
    }
    if !is_headless(spec) {
        return false;
    }
    let Some(selector) = spec.child("selector") else { return true };
    let selected = scene.mapped(service.namespace(), selector);
    selected.flat_map(|pods| pods.template.ports()).any(|it| it.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::External;
    use crate::check::testing::{finds, finds_with};

    fn tree(value: &str) -> String {
        format!(
            "{{fixture: Service, edits: 'spec.ports: [{{ port: 80 }}]'}}\n---\n\
             {{fixture: Pod, edits: 'metadata.labels: {{ app: api }}'}}\n---\n\
             {{fixture: ConfigMap, edits: \"data: {{ URL: '{value}' }}\"}}"
        )
    }

    #[test]
    fn a_name_leads_to_a_service_and_a_port() {
        let at = [("ConfigMap core/api", "data[URL]")];
        for bad in [
            "http://apy.core.svc",
            "api.cor.svc.cluster.local",
            "http://api.core.svc:8080/",
            "a.core.svc,api.core.svc",
            "→apy.core.svc",
        ] {
            finds(&CODE, &tree(bad), &at);
        }
        for good in [
            "http://api.core.svc.cluster.local:80/x",
            "api.core.svc.",
            "pod-0.api.core.svc",
            "https://kubernetes.default.svc",
            "db.$(NS).svc",
            "*.core.svc",
            "a.b.svc.example.com",
            "a.b.svcs",
            "# see apy.core.svc",
            "api.svc",
        ] {
            finds(&CODE, &tree(good), &[]);
        }
    }

    #[test]
    fn others_are_declared() {
        let external = External { hosts: ["db.infra.svc".to_owned()].into(), ..External::default() };
        finds_with(&external, &CODE, &tree("db.infra.svc.cluster.local:5432"), &[]);
    }
}

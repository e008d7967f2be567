//! What reaches into the node: folders of it in a pod, and processes that are root.
//!
//! A collector of logs needs both. Each wants a namespace whose Pod Security level allows it, so that the exception is
//! written where the whole namespace is seen, and what else runs there can be weighed against it.

use super::codes::POD_SECURITY_REFUSES;
use super::container::{Place, label};
use super::scope::Scope;
use crate::diag::Diagnostic;
use crate::model::{Mount, Volume, VolumeSource};
use crate::names::DnsLabel;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::PodSecurity;
use crate::spec::codes::BAD_VALUE;

/// A folder of the node at a path of the container.
pub(super) fn mount(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    place: &Place,
    (at, mount): (&str, &spec::Mount),
) -> Option<(Mount, Volume)> {
    let host = mount.host.as_deref()?;
    if mount.name.is_some() {
        scope.one_of(path, &["host", "name"]);
        return None;
    }
    let climbs = host.split('/').any(|part| part == "..");
    if !host.starts_with('/') || climbs {
        let message = format!("`{path}.host`: a folder of the node is an absolute path without `..`");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("host")), "");
        scope.report(problem.hint("write it as in `\"/var/log\"`"));
        return None;
    }
    if mount.read_only == Some(false) {
        let message = format!("`{path}`: a folder of the node is mounted read-only");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("read-only")), "");
        scope.report(problem.hint("remove `read-only`, and write to a volume or to `scratch`"));
        return None;
    }
    refuse(scope, (&path.key("host"), place), "a folder of the node", PodSecurity::Privileged);
    let name = DnsLabel::parse(&label(&format!("host{host}"))).ok()?;
    let volume = Volume { name: name.clone(), source: VolumeSource::Host(host.to_owned()) };
    Some((Mount { path: at.to_owned(), volume: name, sub_path: String::new(), read_only: true }, volume))
}

/// Reports processes that are root in a namespace that refuses them.
pub(super) fn check_user(scope: &mut Scope<'_>, place: &Place, security: Option<&spec::Security>) {
    if security.and_then(|security| security.user) == Some(0) {
        let path = place.source.key("security").key("user");
        refuse(scope, (&path, place), "a process that is root", PodSecurity::Baseline);
    }
}

/// Reports what the namespace's level refuses, which must be `least` or weaker.
fn refuse(scope: &mut Scope<'_>, (path, place): (&KeyPath, &Place), what: &str, least: PodSecurity) {
    let declared = scope.spec.namespaces.iter().flatten();
    let mut own = declared.filter(|(key, _)| scope.namespaces.get(*key) == Some(&place.namespace));
    let Some((key, namespace)) = own.next() else { return };
    let (key, external) = (key.clone(), namespace.external == Some(true));
    let level = namespace.pod_security.unwrap_or(PodSecurity::Restricted);
    let allowed = match least {
        PodSecurity::Privileged => level == PodSecurity::Privileged,
        _ => level != PodSecurity::Restricted,
    };
    if allowed || external {
        return;
    }
    let word = |level| match level {
        PodSecurity::Privileged => "privileged",
        PodSecurity::Baseline => "baseline",
        PodSecurity::Restricted => "restricted",
    };
    let message = format!("`{path}`: namespace `{key}` enforces `{}`, which refuses {what}", word(level));
    let at = KeyPath::of(["namespaces", &key, "pod-security"]);
    let problem = Diagnostic::new(&POD_SECURITY_REFUSES, message)
        .at(scope.span(path), "")
        .at(scope.written_span(&at), "the level of its namespace");
    scope.report(
        problem.hint(format!("move it to a namespace of its own with `pod-security = \"{}\"`", word(least))),
    );
}

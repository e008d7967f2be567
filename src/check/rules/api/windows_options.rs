//! `windows-options`: the Windows settings of a pod are well-formed, and agree with each other.

use std::sync::LazyLock;

use regex::Regex;

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::{PodTemplate, Subject};
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "windows-options", Error,
    means: "`windowsOptions` have a `gmsaCredentialSpecName` that is no DNS name, an empty `gmsaCredentialSpec` or one above 64 KiB, a `runAsUserName` that Windows does not have, or `hostProcess` for some containers, without `hostNetwork` or against the pod.",
    matters: "The API server refuses the object.",
    example: "windowsOptions: { runAsUserName: \"a/b\" }",
    instead: "windowsOptions: { runAsUserName: \"NT AUTHORITY\\\\\\\\NETWORK SERVICE\" }",
    source: "validateWindowsSecurityContextOptions and validateWindowsHostProcessPod in pkg/apis/core/validation"
}

const LONGEST_SPEC: usize = 64 * 1024;
const LONGEST_USER: usize = 104;
const LONGEST_DOMAIN: usize = 255;

/// What a domain looks like: a NetBIOS name, or a DNS name.
static DOMAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"^([^\\/:\*\?"<>|]{1,15}|([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)$"#).ok()
});

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let contexts = pod.containers().filter_map(|it| it.child("securityContext")).chain(pod.security());
    for options in contexts.filter_map(|context| context.child("windowsOptions")) {
        check_options(options, found);
    }
    host_process(&pod, found);
}

fn check_options<'a>(options: &'a Value, found: &mut Findings<'a>) {
    if let Some(name) = options.text("gmsaCredentialSpecName")
        && let Some(problem) = format::dns_subdomain(name)
    {
        found.add(&CODE, (options, "gmsaCredentialSpecName"), format!("the name `{name}` is {problem}"));
    }
    if options.text("gmsaCredentialSpec").is_some_and(|spec| spec.is_empty() || spec.len() > LONGEST_SPEC) {
        found.add(
            &CODE,
            (options, "gmsaCredentialSpec"),
            "the specification is empty, or longer than 64 KiB",
        );
    }
    if let Some(name) = options.text("runAsUserName").filter(|name| !is_user_name(name)) {
        found.add(&CODE, (options, "runAsUserName"), format!("{name:?} is no user of Windows"));
    }
}

/// `DOMAIN\\user`, or a user alone.
fn is_user_name(name: &str) -> bool {
    let (domain, user) = match name.split_once('\\') {
        Some((domain, user)) => (Some(domain), user),
        None => (None, name),
    };
    let is_domain = |domain: &str| {
        domain.len() < LONGEST_DOMAIN && DOMAIN.as_ref().is_some_and(|form| form.is_match(domain))
    };
    let letters =
        !user.contains(['"', '/', '\\', ':', ';', '|', '=', ',', '+', '*', '?', '<', '>', '@', '[', ']']);
    let blank = user.chars().all(|c| matches!(c, '.' | ' '));
    !name.chars().any(char::is_control)
        && domain.is_none_or(is_domain)
        && letters
        && !blank
        && user.len() <= LONGEST_USER
}

/// Either all containers are processes of the node, or none is.
fn host_process<'a>(pod: &PodTemplate<'a>, found: &mut Findings<'a>) {
    let setting = |context: Option<&'a Value>| {
        let options = context.and_then(|it| it.child("windowsOptions"))?;
        options.get("hostProcess").and_then(Value::as_bool).map(|value| (options, value))
    };
    let of_pod = setting(pod.security()).map(|(_, value)| value);
    let (mut all, mut some) = (true, false);
    for container in pod.containers() {
        let own = setting(container.child("securityContext"));
        if let (Some((options, own)), Some(of_pod)) = (own, of_pod)
            && own != of_pod
        {
            found.add(&CODE, (options, "hostProcess"), "the pod says otherwise");
        }
        let is_process = own.map(|(_, own)| own).or(of_pod).unwrap_or(false);
        all &= is_process;
        some |= is_process;
    }
    if some && !all {
        found.add(&CODE, pod.spec, "either all containers are processes of the node, or none is");
    }
    if some && !pod.is_on_host_network() {
        found.add(&CODE, (pod.spec, "hostNetwork"), "processes of the node need `hostNetwork`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn settings_are_well_formed() {
        let at = "spec.template.spec.securityContext.windowsOptions";
        let refused = |field: &str, value: &str| {
            refuses(&CODE, "DaemonSet", &format!("{at}.{field}: {value}"), &format!("{at}.{field}"));
        };
        refused("gmsaCredentialSpecName", "A_b");
        refused("runAsUserName", "a/b");
        refused("runAsUserName", "'...'");
        accepts("DaemonSet", &format!("{at}.runAsUserName: 'NT AUTHORITY\\NETWORK SERVICE'"));
        accepts("DaemonSet", &format!("{at}.runAsUserName: ContainerUser"));
        refuses(&CODE, "DaemonSet", &format!("{at}.hostProcess: true"), "spec.template.spec.hostNetwork");
        accepts("DaemonSet", &format!("{at}.hostProcess: true\nspec.template.spec.hostNetwork: true"));
    }
}

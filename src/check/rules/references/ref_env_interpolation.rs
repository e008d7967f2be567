//! `ref-env-interpolation`: a variable in a text was defined before it.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;

code! {
    "ref-env-interpolation", Warning,
    means: "A value, an argument or a command refers to `$(NAME)`, and the container defines `NAME` only later, or the reference is misspelt for one that it defines.",
    matters: "What is not defined stays as it is written: the program gets the text `$(NAME)`.",
    example: "env: [{ name: URL, value: \"http://$(HOST)\" }, { name: HOST, value: api }]",
    instead: "env: [{ name: HOST, value: api }, { name: URL, value: \"http://$(HOST)\" }]",
    source: "https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    for container in pod.containers() {
        let names: Vec<&str> = container.items("env").iter().filter_map(|it| it.text("name")).collect();
        // What a Secret or a ConfigMap brings, and the variables of Services, are not known by name.
        let others = !container.items("envFrom").is_empty();
        for (index, variable) in container.items("env").iter().enumerate() {
            let later = names.get(index..).unwrap_or_default();
            if let Some(value) = variable.child("value") {
                let broken = references(value.as_str().unwrap_or_default()).find(|name| later.contains(name));
                if let Some(name) =
                    broken.filter(|name| !names.get(..index).unwrap_or_default().contains(name))
                {
                    let hint = Some(format!("move `{name}` before it"));
                    found.add_with_hint(
                        &CODE,
                        value,
                        format!("`$({name})` is defined only later, and stays as it is written"),
                        hint,
                    );
                }
            }
        }
        if others {
            continue;
        }
        for text in ["command", "args"].into_iter().flat_map(|key| container.items(key)) {
            let unknown = |name: &&str| !names.contains(name) && near(name, &names);
            if let Some(name) = references(text.as_str().unwrap_or_default()).find(unknown) {
                let hint = crate::diag::did_you_mean(name, names.iter().copied())
                    .map(|near| format!("did you mean `$({near})`?"));
                found.add_with_hint(
                    &CODE,
                    text,
                    format!("`$({name})` is no variable of the container"),
                    hint,
                );
            }
        }
    }
}

/// A shell's own `$(command)` looks the same, so only what nearly is a variable counts.
fn near(name: &str, names: &[&str]) -> bool {
    crate::diag::did_you_mean(name, names.iter().copied()).is_some()
}

/// The names in `$(NAME)`; `$$(NAME)` is none.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split("$(").skip(1);
    let starts = text.match_indices("$(").map(|(at, _)| at);
    let free = starts.map(|at| !text[..at].ends_with('$'));
    parts
        .zip(free)
        .filter(|(_, free)| *free)
        .filter_map(|(rest, _)| rest.split_once(')').map(|(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::finds_of;

    #[test]
    fn variables_come_first() {
        let at = "spec.template.spec.containers[0]";
        let later =
            format!("{at}.env: [{{ name: URL, value: 'http://$(HOST)' }}, {{ name: HOST, value: api }}]");
        finds_of(
            &CODE,
            &format!("{{fixture: DaemonSet, edits: \"{later}\"}}"),
            &[("DaemonSet core/agent", "spec.template.spec.containers[0].env[0].value")],
        );
        let earlier = format!(
            "{at}.env: [{{ name: HOST, value: api }}, {{ name: URL, value: 'http://$(HOST) $$(URL)' }}]"
        );
        finds_of(&CODE, &format!("{{fixture: DaemonSet, edits: \"{earlier}\"}}"), &[]);
        let argument = |text: &str| {
            format!(
                "{{fixture: DaemonSet, edits: \"{at}.env: [{{ name: HOST, value: api }}]\\n{at}.args: ['{text}']\"}}"
            )
        };
        finds_of(
            &CODE,
            &argument("$(HOTS)"),
            &[("DaemonSet core/agent", "spec.template.spec.containers[0].args[0]")],
        );
        finds_of(&CODE, &argument("$(date)"), &[]);
    }
}

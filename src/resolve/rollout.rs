//! Where an environment stands in the adoption of the platform, and what its namespaces may be called.

use super::border::NAMESPACE_PATTERN;
use super::scope::{Scope, enabled};
use crate::diag::Diagnostic;
use crate::model::{Elsewhere, Group, Namespace, Rollout};
use crate::source::Node;
use crate::source::wildcard::stars;

/// The phase of the environment, and what it is promoted from.
pub(super) fn build(scope: &Scope<'_>) -> Rollout {
    let groups = groups(scope);
    let Some(environment) = scope.spec.environment.as_ref() else {
        return Rollout { groups, ..Rollout::default() };
    };
    Rollout {
        phase: environment.phase,
        trigger: environment.trigger.clone().unwrap_or_default(),
        action: environment.action.clone().unwrap_or_default(),
        promotes_from: environment.promotes_from.clone().unwrap_or_default(),
        groups,
    }
}

/// The products, in order of their keys.
fn groups(scope: &Scope<'_>) -> Vec<Group> {
    let groups = enabled(scope.spec.groups.as_ref(), |group| group.enabled).into_iter();
    let group = |(key, group): (&str, &crate::spec::Group)| Group {
        key: key.to_owned(),
        description: group.description.clone().unwrap_or_default(),
        phase: group.phase,
        namespace: group.namespace.clone(),
    };
    groups.map(group).collect()
}

/// An environment that runs on no cluster.
pub(super) fn elsewhere(name: &str, environment: &Node) -> Elsewhere {
    let text = |key: &str| environment.get(key).and_then(Node::as_str).unwrap_or_default().to_owned();
    let phase = environment.get("phase").and_then(|phase| phase.to_json().as_u64()?.try_into().ok());
    let rollout = Rollout { phase, trigger: text("trigger"), action: text("action"), ..Rollout::default() };
    Elsewhere { name: name.to_owned(), place: "Docker Compose".to_owned(), rollout }
}

/// Reports namespaces of the platform whose names do not match what was agreed.
pub(super) fn check_names(scope: &mut Scope<'_>, namespaces: &[Namespace]) {
    let info = scope.spec.platform.as_ref();
    let Some(pattern) = info.and_then(|info| info.namespace_pattern.as_deref()) else { return };
    for namespace in namespaces.iter().filter(|namespace| !namespace.external) {
        if !stars(pattern, namespace.name.as_str()) {
            let message = format!("namespace {} does not match `{pattern}`", namespace.name);
            let problem = Diagnostic::new(&NAMESPACE_PATTERN, message).about(&namespace.source);
            let place = scope.span(&namespace.source.key("name"));
            scope.report(problem.at(place, "").hint("rename it, or mark it `external = true`"));
        }
    }
}

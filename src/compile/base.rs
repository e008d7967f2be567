//! Errors of the base alone: what every environment sets and the platform does not.

use crate::diag::Diagnostic;

/// The errors of the base of a platform that has environments, those that no environment shares with a word on why the base has to compile at all.
pub(super) fn explain(of_base: Vec<Diagnostic>, of_environments: &[Diagnostic]) -> Vec<Diagnostic> {
    of_base
        .into_iter()
        .map(|problem| {
            let shared = of_environments.iter().any(|other| is_twin(other, &problem));
            if shared || !problem.is_error() {
                return problem;
            }
            problem.hint(
                "only `out/base/` has this mistake: it holds the platform with no environment applied, so what the \
                 environments set needs a value outside them too",
            )
        })
        .collect()
}

fn is_twin(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && one.message == other.message && one.labels.first() == other.labels.first()
}

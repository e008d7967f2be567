//! What a `MutatingAdmissionPolicy` changes.
//!
//! Reports under the code of the rule that asks. The types that its expressions write out, `Object{…}` and `JSONPatch{…}`, are
//! not looked into: of expressions that write any it is only asked that they are there.

use super::ask::Ask;
use super::policy_expressions::{self, Scope};
use crate::check::values::Fields;
use crate::value::Value;

/// `validateMutation`.
pub(super) fn check<'a>(spec: &'a Value, scope: &Scope<'a>, ask: &mut Ask<'_, 'a>) {
    ask.needed_list(spec, "mutations");
    ask.needed(spec, "reinvocationPolicy");
    ask.word(spec, "reinvocationPolicy", &["Never", "IfNeeded"]);
    for mutation in spec.items("mutations") {
        ask.word(mutation, "patchType", &["ApplyConfiguration", "JSONPatch"]);
        let (own, other) = match mutation.text("patchType") {
            Some("JSONPatch") => ("jsonPatch", "applyConfiguration"),
            Some("ApplyConfiguration") => ("applyConfiguration", "jsonPatch"),
            _ => continue,
        };
        ask.absent(mutation, other, "beside that type of patch");
        match mutation.child(own) {
            None => ask.refuse((mutation, own), format!("`{own}` is missing")),
            Some(patch) => {
                let text = patch.text_or_empty("expression");
                if text.trim().is_empty() {
                    ask.refuse((patch, "expression"), "the expression is missing");
                } else if !text.contains('{') {
                    policy_expressions::check(patch, "expression", scope, &[], ask);
                }
            }
        }
    }
}

//! `[vars]`: variables that refer to one another in any order, each evaluated after those that it refers to.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::VARIABLE_CYCLE;
use super::expressions::{Evaluator, Known, insert_aliased, is_expression};
use super::graph::{Graph, SHOWN, circles, ordered, shown};
use crate::diag::Diagnostic;
use crate::source::{KeyPath, Node};
use crate::value::{Value, json};

/// Evaluates `[vars]` in place and gives `known` with them. A variable that fails, or that is part of a circle, is lost:
/// what refers to it fails without a word.
pub(super) fn evaluate(evaluator: &mut Evaluator<'_>, document: &mut Node, mut known: Value) -> Value {
    let vars = document.as_table_mut().and_then(|fields| fields.get_mut("vars")).and_then(Node::as_table_mut);
    let Some(vars) = vars else { return known };
    let graph = references(evaluator, vars);
    let (order, circular) = ordered(&graph);
    for circle in circles(graph.clone()) {
        evaluator.problems.push(report_circle(vars, &circle));
        circle.iter().for_each(|name| evaluator.lose_variable(name));
    }
    for name in order.iter().chain(&circular) {
        let Some(node) = vars.get_mut(name).filter(|_| !evaluator.is_lost_variable(name)) else { continue };
        // Only what it refers to: a thousand variables would otherwise see a thousand each.
        let needed = Known::over(&narrowed(&known, graph.get(name)), &known);
        let before = evaluator.failures();
        evaluator.walk(node, &KeyPath::of(["vars", name]), &needed);
        if evaluator.failures() > before {
            evaluator.lose_variable(name);
        } else {
            insert_aliased(&mut known["vars"], name, node.to_json());
        }
    }
    known
}

/// The variables that each variable refers to. One that refers to `vars` as a whole refers to all the others.
fn references(evaluator: &Evaluator<'_>, vars: &BTreeMap<String, Node>) -> Graph {
    let aliases: BTreeMap<String, &String> = vars.keys().map(|key| (key.replace('-', "_"), key)).collect();
    let of = |name: &String, node: &Node| -> Vec<String> {
        let Some(text) = node.as_str().filter(|text| is_expression(text)) else { return Vec::new() };
        let used = evaluator.used(text);
        if used.contains("vars") {
            return vars.keys().filter(|other| *other != name).cloned().collect();
        }
        let named = used.iter().filter_map(|path| path.strip_prefix("vars.")?.split('.').next());
        let found = named.filter_map(|word| aliases.get(word).map(|key| (*key).clone()));
        found.collect::<BTreeSet<_>>().into_iter().collect()
    };
    vars.iter().map(|(name, node)| (name.clone(), of(name, node))).collect()
}

/// `known` with those of its variables that are named.
fn narrowed(known: &Value, names: Option<&Vec<String>>) -> Value {
    let mut vars = json!({});
    for name in names.into_iter().flatten() {
        if let Some(value) = known["vars"].get(name) {
            insert_aliased(&mut vars, name, value.clone());
        }
    }
    json!({"platform": known["platform"], "env": known["env"], "vars": vars})
}

fn report_circle(vars: &BTreeMap<String, Node>, circle: &[String]) -> Diagnostic {
    let message = match circle {
        [own] => format!("variable `{own}` refers to itself"),
        _ => format!("variables refer to one another in a circle: {}", shown(circle)),
    };
    let places = circle.iter().take(SHOWN).filter_map(|name| vars.get(name)?.place());
    let problem = Diagnostic::new(&VARIABLE_CYCLE, message);
    places
        .fold(problem, |problem, place| problem.at(Some(place), ""))
        .hint("give one of them a value of its own")
}

//! The rules of a `ClusterPolicy` or a `Policy` of Kyverno that judge objects.
//!
//! Source: <https://kyverno.io/docs/policy-types/cluster-policy/>. Rules that change or make objects, and those that verify images,
//! judge no object by its fields and are passed over.

use super::{Asks, Filter, KindPattern, Reading, Rule, pattern};
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

/// The parts of a rule that are read, or that say nothing about what it asks for.
const OF_RULE: [&str; 5] = ["match", "name", "reportProperties", "skipBackgroundRequests", "validate"];
const OF_VALIDATE: [&str; 5] =
    ["allowExistingViolations", "anyPattern", "failureAction", "message", "pattern"];
const OF_FILTER: [&str; 3] = ["kinds", "namespaces", "operations"];

pub(super) fn rules<'a>(policy: &'a Subject<'a>) -> Vec<Reading<'a>> {
    let rules = policy.spec().into_iter().flat_map(|spec| spec.items("rules"));
    let rules = rules.filter(|rule| rule.child("validate").is_some());
    rules
        .map(|rule| {
            let name = rule.text_or_empty("name");
            match read(policy, rule) {
                Ok(rule) => Reading::Rule(rule),
                Err(why) => Reading::Beyond { name, why },
            }
        })
        .collect()
}

fn read<'a>(policy: &'a Subject<'a>, rule: &'a Value) -> Result<Rule<'a>, String> {
    only(rule, &OF_RULE)?;
    let validate = rule.child("validate").unwrap_or(&Value::Null);
    only(validate, &OF_VALIDATE)?;
    let mut patterns: Vec<&Value> = validate.items("anyPattern").iter().collect();
    patterns.extend(validate.child("pattern"));
    if let Some(why) = patterns.iter().find_map(|pattern| pattern::beyond(pattern)) {
        return Err(why.to_owned());
    }
    if patterns.is_empty() {
        return Err("it has no pattern".to_owned());
    }
    let spec = policy.spec().unwrap_or(&Value::Null);
    if !spec.items("validationFailureActionOverrides").is_empty() {
        return Err("it has `validationFailureActionOverrides`".to_owned());
    }
    let of_all = spec.text("validationFailureAction");
    let action = validate.text("failureAction").or(of_all).unwrap_or("Audit");
    Ok(Rule {
        policy,
        name: rule.text_or_empty("name"),
        enforced: action.eq_ignore_ascii_case("enforce"),
        message: validate.text_or_empty("message"),
        filters: filters(policy, rule.child("match").unwrap_or(&Value::Null))?,
        asks: Asks::Patterns(patterns),
    })
}

/// Refuses what is not read: whatever it asks for would be passed over.
fn only(value: &Value, known: &[&str]) -> Result<(), String> {
    let fields = value.as_object().into_iter().flatten();
    let mut unknown = fields.filter(|(key, value)| !known.contains(&key.as_str()) && !value.is_null());
    unknown.next().map_or(Ok(()), |(key, _)| Err(format!("it has `{key}`")))
}

fn filters<'a>(policy: &'a Subject<'a>, matched: &'a Value) -> Result<Vec<Filter<'a>>, String> {
    only(matched, &["any", "all", "resources"])?;
    let (any, all) = (matched.items("any"), matched.items("all"));
    // One filter is the same in either list; several that must all hold are rare, and not read.
    if all.len() > 1 || !all.is_empty() && !any.is_empty() {
        return Err("it has several filters in `match.all`".to_owned());
    }
    let alone = matched.child("resources").map(|_| matched);
    any.iter().chain(all).chain(alone).map(|filter| read_filter(policy, filter)).collect()
}

fn read_filter<'a>(policy: &'a Subject<'a>, filter: &'a Value) -> Result<Filter<'a>, String> {
    only(filter, &["resources"])?;
    let resources = filter.child("resources").unwrap_or(&Value::Null);
    only(resources, &OF_FILTER)?;
    let operations: Vec<&str> = resources.texts("operations").collect();
    if !operations.is_empty() && !operations.contains(&"CREATE") {
        return Err("it judges nothing that is created".to_owned());
    }
    let kinds = resources.texts("kinds");
    let kinds: Option<Vec<KindPattern<'a>>> = kinds.map(KindPattern::read).collect();
    let mut namespaces: Vec<&str> = resources.texts("namespaces").collect();
    if policy.object.id.gvk.kind == "Policy" {
        namespaces = vec![policy.namespace()];
    }
    Ok(Filter { kinds: kinds.ok_or("it names a subresource")?, namespaces })
}

//! `bayplan rules`: the rules by which objects are judged.

use super::End;
use super::arguments::Format;
use super::session::{Session, print};
use crate::check::{RULES, Rule};
use crate::value::json;

pub(super) fn run(session: &Session) -> End {
    if session.format() == Format::Json {
        let rules: Vec<crate::value::Value> = RULES.iter().map(as_json).collect();
        print(&format!("{:#}\n", crate::value::Value::Array(rules)));
    } else {
        print(&table());
    }
    End::Fine
}

fn as_json(rule: &Rule) -> crate::value::Value {
    json!({
        "code": rule.code.name,
        "level": rule.level().as_str(),
        "family": rule.family.as_str(),
        "profile": rule.profile.as_str(),
        "summary": summary(rule),
        "catalogue": rule.rows().collect::<Vec<_>>(),
    })
}

fn table() -> String {
    let widest = RULES.iter().map(|rule| rule.code.name.len()).max().unwrap_or_default();
    let row = |code: &str, level: &str, family: &str, profile: &str, text: &str| {
        format!("{code:<widest$}  {level:<7}  {family:<12}  {profile:<7}  {text}\n")
    };
    let mut text = row("RULE", "LEVEL", "FAMILY", "PROFILE", "WHAT IT FINDS");
    for rule in RULES {
        let (level, family) = (rule.level().as_str(), rule.family.as_str());
        text.push_str(&row(rule.code.name, level, family, rule.profile.as_str(), &summary(rule)));
    }
    text
}

/// The first sentence of what it means.
fn summary(rule: &Rule) -> String {
    let meaning = rule.code.docs.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
    let meaning = meaning.unwrap_or_default();
    meaning.split_once(". ").map_or(meaning, |(first, _)| first).trim_end_matches('.').to_owned()
}

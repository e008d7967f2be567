//! Expressions whose types fit, and expressions that a server refuses in a definition; both kinds were shown to
//! kube-apiserver 1.35.4.

use std::collections::BTreeMap;

use super::Type;
use crate::check::cel::Expression;

fn object() -> Type {
    let part =
        Type::object(BTreeMap::from([("name".to_owned(), Type::Text), ("port".to_owned(), Type::Int)]));
    let other = Type::object(BTreeMap::from([("name".to_owned(), Type::Text)]));
    Type::object(BTreeMap::from([
        ("name".to_owned(), Type::Text),
        ("size".to_owned(), Type::Int),
        ("ratio".to_owned(), Type::Double),
        ("on".to_owned(), Type::Bool),
        ("any".to_owned(), Type::Dyn),
        ("since".to_owned(), Type::Time),
        ("wait".to_owned(), Type::Duration),
        ("raw".to_owned(), Type::Bytes),
        ("tags".to_owned(), Type::list(Type::Text)),
        ("labels".to_owned(), Type::map(Type::Text, Type::Text)),
        ("ports".to_owned(), Type::list(part)),
        ("part".to_owned(), other),
        ("__namespace__".to_owned(), Type::Text),
        ("a__dash__b".to_owned(), Type::Int),
    ]))
}

fn given(text: &str, minor: u32) -> Result<Type, String> {
    let expression = Expression::parse(text).map_err(|flaw| flaw.why)?;
    let object = object();
    let variables = [("self", object.clone()), ("oldSelf", object)];
    expression.check(&variables, minor).map(|it| it.gives)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn what_fits_is_taken() {
    for line in lines(include_str!("fits.txt")) {
        assert_eq!(given(line, 35), Ok(Type::Bool), "{line}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    for line in lines(include_str!("refused.txt")) {
        let found = given(line, 35);
        assert!(found.as_ref().is_err() || found != Ok(Type::Bool), "{line}");
    }
}

#[test]
fn a_function_is_there_from_its_version_on() {
    assert_eq!(given("semver('1.2.3').major() == 1", 34), Ok(Type::Bool));
    assert!(given("semver('1.2.3').major() == 1", 33).is_err_and(|why| why.contains("1.34")));
    assert!(given("[2, 1].sort() == [1, 2]", 34).is_err_and(|why| why.contains("1.35")));
}

#[test]
fn types_without_end_are_given_up() {
    let step = ".map(a, {a: a})";
    let text = format!("[[]]{}.size() == 1", step.repeat(80));
    assert_eq!(given(&text, 35), Ok(Type::Bool));
}

#[test]
fn what_is_asked_of_the_old_object_is_seen() {
    let asks = |text: &str| {
        let expression = Expression::parse(text).expect("an expression");
        let variables = [("self", object()), ("oldSelf", object())];
        expression.check(&variables, 35).expect("it fits").asks.contains("oldSelf")
    };
    assert!(asks("self.size == oldSelf.size"));
    assert!(!asks("self.tags.all(oldSelf, oldSelf != '')"));
}

#[test]
fn whatever_may_be_called_can_be_evaluated() {
    for line in lines(include_str!("declarations.txt")) {
        let name = line.split_once('(').map_or(line, |(name, _)| name);
        let name = name.rsplit(' ').next().unwrap_or(name);
        let is_method = name.starts_with('.');
        let name = name.trim_start_matches('.');
        // What the table writes for macros and for operators of the same kind.
        // What somebody may do shows in a cluster alone.
        let asks_a_cluster = line.contains("kubernetes.authorization.");
        let inner = asks_a_cluster || ["negative", "compare", "in", "sortBy", "mapInsert"].contains(&name);
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner {
            assert!(super::super::functions::is_known(name, is_method), "{line}");
        }
    }
}

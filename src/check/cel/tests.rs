//! Expressions and what they come to. What Kubernetes documents is taken from its reference of CEL.

use super::{Expression, Failure, Value};
use crate::value::json;

fn outcome(text: &str) -> Result<bool, Failure> {
    let object = json!({
        "replicas": 3, "ratio": 1.5, "name": "api", "empty": "", "list": ["a", "b"], "gone": null,
        "ports": [{ "name": "http", "port": 80 }, { "name": "https", "port": 443 }],
        "labels": { "app": "api", "a/b": "c" }, "namespace": "shop", "a-b": 1, "c.d": 2, "e/f": 3, "g__h": 4,
    });
    let expression = Expression::parse(text).unwrap_or_else(|flaw| panic!("{text}: {flaw:?}"));
    let mut fuel = 100_000;
    let value = expression.evaluate([("self", Value::of(&object, None))], &mut fuel)?;
    match value {
        Value::Bool(it) => Ok(it),
        other => panic!("{text} is {other:?}"),
    }
}

#[test]
fn what_holds_holds() {
    let lines = include_str!("holds.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        assert_eq!(outcome(line), Ok(true), "{line}");
    }
}

#[test]
fn what_fails_fails_as_it_does_in_a_cluster() {
    for text in [
        "self.missing == 1",
        "self.list[2] == 'c'",
        "1 / (self.replicas - 3) == 1",
        "9223372036854775807 + 1 > 0",
        "optional.none().value() == 1",
        "quantity('x') == quantity('1')",
        "url('x') == url('y')",
        "self.ports.all(it, it.missing == 1)",
        "{'a': 1, 'a': 2}.size() == 1",
    ] {
        assert!(matches!(outcome(text), Err(Failure::Wrong(_))), "{text}: {:?}", outcome(text));
    }
}

#[test]
fn what_is_not_known_here_is_said() {
    for text in [
        "self.name.frobnicate()",
        "authorizer.group('')",
        "self.name.matches('(?=x)')",
        "base64.encode(b'a')",
    ] {
        let expression = Expression::parse(text).expect("an expression");
        assert!(expression.beyond().is_some(), "{text}");
    }
    for text in ["self.name + 1 == 2", "stranger == 1", "'%e'.format([1.0]) == ''"] {
        assert!(matches!(outcome(text), Err(Failure::Beyond(_))), "{text}: {:?}", outcome(text));
    }
}

#[test]
fn what_is_no_expression_is_refused() {
    for text in [
        "",
        "self.",
        "self ==",
        "(self",
        "[1, 2",
        "{'a' 1}",
        "'open",
        "1 2",
        "self.all(1, true)",
        "has(self)",
        "a ? b",
        "99999999999999999999",
        "#",
        "'\\q'",
        "self.map(x)(y)",
    ] {
        assert!(Expression::parse(text).is_err(), "{text}");
    }
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(Expression::parse(&deep).is_err());
    assert!(Expression::parse(&format!("a{}", ".a".repeat(300_000))).is_err());
}

#[test]
fn what_takes_too_long_ends() {
    let items: Vec<u32> = (0..1000).collect();
    let object = json!(items);
    let text = "self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d >= 0))))";
    let expression = Expression::parse(text).expect("an expression");
    let mut fuel = 100_000;
    let value = expression.evaluate([("self", Value::of(&object, None))], &mut fuel);
    assert_eq!(value.err(), Some(Failure::TooCostly));
    assert_eq!(fuel, 0);
}

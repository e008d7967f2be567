//! What Helm would lose if it were written as one would write it first: numbers that a float cannot hold, nulls, actions
//! of the template language in texts, lines that end in blanks, types that change. In three environments at once.

use bayplan::object::{Object, ObjectSet};
use bayplan::source::KeyPath;
use bayplan::value::{Value, json};

use super::oracle::Helm;
use super::{all_hold, in_parallel};
use crate::kustomize::generated::Random;

#[test]
fn nothing_is_lost_on_the_way_through_helm() {
    let Some(helm) = Helm::find() else { return };
    in_parallel((1..=24).collect(), |seed| {
        let mut random = Random(*seed);
        let sets: Vec<ObjectSet> =
            environments(&mut random).into_iter().map(|set| ObjectSet::collect(set).0).collect();
        let names = ["", "staging", "production", "local"];
        let named: Vec<(&str, &ObjectSet)> = names.into_iter().zip(&sets).collect();
        all_hold(&helm, &named).map_err(|failure| format!("seed {seed}: {failure}"))
    });
}

/// Objects of every environment: each field is a trap, or missing, or the same as in the environment before.
fn environments(random: &mut Random) -> Vec<Vec<Object>> {
    let mut sets: Vec<Vec<Object>> = vec![Vec::new(); 4];
    for number in 0..24 {
        let mut spec = json!({});
        let mut data = json!({});
        for set in &mut sets {
            for field in 0..6 {
                change(&mut spec, &format!("field{field}"), random, trap);
                change(&mut data, &format!("key.{field}-x"), random, text);
            }
            if random.below(8) > 0 {
                set.push(object(json!({"apiVersion": "example.com/v1", "kind": "Widget",
                    "metadata": {"name": format!("widget-{number}"), "namespace": "a"}, "spec": spec})));
                set.push(object(json!({"apiVersion": "v1", "kind": "ConfigMap",
                    "metadata": {"name": format!("config-{number}"), "namespace": "a"}, "data": data})));
            }
        }
    }
    sets
}

fn change(table: &mut Value, key: &str, random: &mut Random, any: fn(&mut Random) -> Value) {
    let fields = table.as_object_mut().expect("it is a table");
    match random.below(5) {
        0 => drop(fields.remove(key)),
        1 | 2 => drop(fields.insert(key.to_owned(), any(random))),
        _ => {}
    }
}

fn object(value: Value) -> Object {
    Object::from_value(value, "traps", KeyPath::root())
}

fn trap(random: &mut Random) -> Value {
    match random.below(22) {
        0 => json!(u64::MAX),
        1 => json!(i64::MIN),
        2 => json!((1_u64 << 53) + 1),
        3 => json!(1_000_000),
        4 => json!(12_345_678),
        5 => json!(0.1),
        6 => json!(1e21),
        7 => json!(-0.5),
        8 => Value::Null,
        9 => json!([null, {"a": null}]),
        10 => json!({"a": null, "b": {"c": 1}}),
        11 => json!({}),
        12 => json!([]),
        13 => json!(true),
        14 => json!(0),
        15 => json!({"a.b/c-d": {"on": trap(random)}, "name": text(random)}),
        16 => json!([{"name": "one", "value": text(random)}, {"name": "two", "value": trap(random)}]),
        17 => json!([{"name": "two", "value": text(random)}]),
        18 => json!([[text(random)], [1, [2]]]),
        19 => json!({"b": {"c": text(random)}}),
        _ => text(random),
    }
}

fn text(random: &mut Random) -> Value {
    let texts = [
        "{{ .Values.x }}",
        "{{- fail \"no\" -}}",
        "{{{",
        "a{",
        "}}",
        "{{/* a",
        "a\n\nb\n\n",
        "a\n  ",
        "a\n---\nb\n",
        "---",
        "  indented\nless\n",
        "# no comment",
        "no",
        "0o14",
        "1e3",
        "12:30:45",
        "9223372036854775808",
        "",
        " ",
        "\t",
        "\n",
        "a\tb",
        "quote\"s and 'others'",
        "back\\slash",
        "\u{7f}\u{85}\u{feff}\u{2028}",
        "🚢 grün",
        "<b>&amp;</b>",
        "null",
        "~",
        "a: b",
    ];
    texts[random.below(texts.len())].into()
}

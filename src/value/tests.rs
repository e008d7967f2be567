//! Values beside the JSON that they stand for, and maps beside a map of the standard library.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Map, Text, Value, json};

/// JSON values of many shapes, keys that repeat and keys of any length among them.
fn any_json() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[a-zé/~]{0,40}".prop_map(Json::from),
    ];
    scalar.prop_recursive(4, 60, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Json::from),
            prop::collection::vec(("[a-c~/]{0,2}|[a-z]{20,28}", inner), 0..14)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_says_what_its_json_says(json in any_json()) {
        let value = Value::from(&json);
        prop_assert_eq!(&value, &json);
        prop_assert_eq!(&value, &Value::from(json.clone()));
        prop_assert_eq!(Json::from(&value), json.clone());
        prop_assert_eq!(value.to_string(), json.to_string());
        prop_assert_eq!(format!("{value:#}"), format!("{json:#}"));
        prop_assert_eq!(&serde_json::from_str::<Value>(&json.to_string()).expect("JSON"), &value);
        prop_assert_eq!(value.typed::<Json>().expect("any JSON"), json);
    }

    #[test]
    fn pointers_lead_where_they_lead_in_json(json in any_json(), pointer in "(/([a-c]|~0|~1|0|1|01){0,2}){0,3}|x") {
        let mut value = Value::from(&json);
        prop_assert_eq!(value.pointer(&pointer).map(Json::from), json.pointer(&pointer).cloned());
        prop_assert_eq!(value.pointer_mut(&pointer).map(|it| Json::from(&*it)), json.pointer(&pointer).cloned());
    }

    #[test]
    fn a_map_is_a_map(steps in prop::collection::vec(("[a-e]{1,2}", 0_u8..4, any::<u32>()), 0..60)) {
        let mut map = Map::new();
        let mut model = std::collections::BTreeMap::<String, u32>::new();
        for (key, step, number) in steps {
            match step {
                0 => prop_assert_eq!(map.remove(&key), model.remove(&key).map(Value::from)),
                1 => {
                    let had = map.entry(key.as_str()).or_insert(number.into()).as_u64();
                    prop_assert_eq!(had, Some(u64::from(*model.entry(key).or_insert(number))));
                }
                _ => prop_assert_eq!(map.insert(key.as_str(), number.into()), model.insert(key, number).map(Value::from)),
            }
            let own: Vec<(&str, u64)> =
                map.iter().map(|(key, value)| (key.as_str(), value.as_u64().unwrap_or_default())).collect();
            let other: Vec<(&str, u64)> = model.iter().map(|(key, value)| (key.as_str(), (*value).into())).collect();
            prop_assert_eq!(own, other);
        }
    }

    #[test]
    fn the_last_of_several_entries_counts(keys in prop::collection::vec("[a-d]{1,2}", 0..30)) {
        let entries: Vec<(Text, Value)> =
            keys.iter().enumerate().map(|(index, key)| (key.into(), index.into())).collect();
        let mut twice = Vec::new();
        let map = Map::collected(entries.clone(), |index| twice.push(index));
        twice.sort_unstable();
        let again: Vec<usize> = (0..keys.len()).filter(|at| keys[..*at].contains(&keys[*at])).collect();
        prop_assert_eq!(twice, again);
        let model: std::collections::BTreeMap<Text, Value> = entries.into_iter().collect();
        prop_assert_eq!(map.into_iter().collect::<Vec<_>>(), model.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_value_takes_half_a_line_of_cache() {
    assert_eq!(size_of::<Value>(), 32);
    assert_eq!(size_of::<(Text, Value)>(), 56);
}

#[test]
fn a_missing_field_is_null_and_is_made_where_it_is_set() {
    let mut value = Value::Null;
    value["spec"]["replicas"] = 2.into();
    assert_eq!(value, json!({"spec": {"replicas": 2}}));
    assert!(value["spec"]["nothing"]["at all"].is_null());
}

#[test]
fn enums_and_options_are_read_as_serde_json_reads_them() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    enum Way {
        Plain,
        One(u8),
        Two(u8, u8),
        Named { at: Option<u8> },
    }
    let ways = json!(["Plain", {"One": 1}, {"Two": [1, 2]}, {"Named": {"at": null}}, {"Named": {"at": 3}}]);
    let wanted =
        [Way::Plain, Way::One(1), Way::Two(1, 2), Way::Named { at: None }, Way::Named { at: Some(3) }];
    assert_eq!(ways.typed::<Vec<Way>>().expect("they are ways"), wanted);
    for wrong in [
        json!(["Other"]),
        json!([{"One": "x"}]),
        json!([{"Two": [1]}]),
        json!([{"Two": [1, 2, 3]}]),
        json!([1]),
    ] {
        let plain = serde_json::from_value::<Vec<Way>>(Json::from(&wrong));
        assert!(wrong.typed::<Vec<Way>>().is_err() && plain.is_err(), "{wrong}");
    }
}

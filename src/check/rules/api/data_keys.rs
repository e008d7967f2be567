//! `data-keys`: the keys of `ConfigMaps` and Secrets.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "data-keys", Error,
    means: "A key of a ConfigMap or Secret has others than letters, digits, `-`, `_` and `.`, more than 253 characters, or stands in both `data` and `binaryData`.",
    matters: "The API server refuses the object.",
    example: "data: { \"conf/app.toml\": x }",
    instead: "data: { app.toml: x }",
    source: "ValidateConfigMap and ValidateSecret in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let maps: &[&str] = match subject.kind {
        "ConfigMap" => &["data", "binaryData"],
        "Secret" => &["data", "stringData"],
        _ => return,
    };
    for map in maps.iter().filter_map(|key| subject.value.child(key)) {
        check_keys(map, found);
    }
    if let Some(data) = subject.value.child("data").filter(|_| subject.kind == "ConfigMap") {
        let twice =
            subject.value.entries("binaryData").map(|(key, _)| key).filter(|key| data.get(key).is_some());
        for key in twice {
            found.add(&CODE, (data, key), format!("the key `{key}` stands in `data` and in `binaryData`"));
        }
    }
}

fn check_keys<'a>(map: &'a Value, found: &mut Findings<'a>) {
    for (key, _) in map.as_object().into_iter().flatten() {
        if let Some(problem) = format::data_key(key) {
            found.add(&CODE, (map, key.as_str()), format!("the key `{key}` is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn keys_have_a_form() {
        refuses(&CODE, "ConfigMap", "data[conf/app]: x", "data[conf/app]");
        refuses(&CODE, "Secret", "data[a b]: YQ==", "data[a b]");
        refuses(&CODE, "Secret", "stringData[..a]: x", "stringData[..a]");
        refuses(&CODE, "ConfigMap", "binaryData.LEVEL: YQ==", "data[LEVEL]");
        accepts("ConfigMap", "data[.hidden_A-1]: x");
    }
}

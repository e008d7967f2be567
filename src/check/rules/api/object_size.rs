//! `object-size`: objects are not larger than a cluster can store.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "object-size", Error,
    means: "The values of a ConfigMap or Secret exceed 1 MiB, or an object exceeds the 1.5 MiB that etcd takes in one request.",
    matters: "The API server, or etcd behind it, refuses the object.",
    example: "data: { dump.sql: \"… two megabytes …\" }",
    instead: "# in an image, a volume, or a bucket",
    source: "MaxSecretSize in pkg/apis/core; https://etcd.io/docs/latest/dev-guide/limit/"
}

const MOST_DATA: usize = 1024 * 1024;
const MOST_OBJECT: usize = 1536 * 1024;

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let data = match subject.kind {
        "ConfigMap" => plain(subject.value, "data") + encoded(subject.value, "binaryData"),
        "Secret" => encoded(subject.value, "data") + plain(subject.value, "stringData"),
        _ => 0,
    };
    if data > MOST_DATA {
        found.add(
            &CODE,
            (subject.value, "data"),
            format!("the values have {data} bytes, more than {MOST_DATA}"),
        );
        return;
    }
    let size = size(subject.value);
    if size > MOST_OBJECT {
        found.add(
            &CODE,
            subject.value,
            format!("the object has {size} bytes, more than the {MOST_OBJECT} that etcd takes"),
        );
    }
}

fn plain(value: &Value, key: &str) -> usize {
    value.strings(key).map(|(_, text)| text.len()).sum()
}

fn encoded(value: &Value, key: &str) -> usize {
    value.strings(key).map(|(_, text)| text.trim_end_matches('=').len() * 3 / 4).sum()
}

/// About as many bytes as the object has as JSON.
fn size(value: &Value) -> usize {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>() + 2
        }
        Value::Array(items) => items.iter().map(|item| 1 + size(item)).sum::<usize>() + 2,
        Value::String(text) => text.len() + 2,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn sizes_are_bounded() {
        refuses(&CODE, "ConfigMap", &format!("data: {{ a: {} }}", "x".repeat(MOST_DATA + 1)), "data");
        accepts("ConfigMap", &format!("data: {{ a: {} }}", "x".repeat(MOST_DATA)));
        let arguments = format!("spec.template.spec.containers[0].args: [{}]", "x".repeat(MOST_OBJECT));
        refuses(&CODE, "DaemonSet", &arguments, "");
    }
}

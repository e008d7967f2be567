//! `secret-type-keys`: a typed Secret has the keys that its type asks for.

use crate::check::finding::Findings;
use crate::check::rules::code;
use crate::check::schema::formats;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "secret-type-keys", Error,
    means: "A Secret of a known type lacks a key of that type: `tls.crt` and `tls.key`, `.dockerconfigjson`, `ssh-privatekey`, `username` or `password`.",
    matters: "The API server refuses the object.",
    example: "type: kubernetes.io/tls\ndata: { tls.crt: YQ== }",
    instead: "type: kubernetes.io/tls\ndata: { tls.crt: YQ==, tls.key: YQ== }",
    source: "https://kubernetes.io/docs/concepts/configuration/secret/#secret-types; ValidateSecret in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    if subject.kind != "Secret" {
        return;
    }
    let has = |key: &str| ["data", "stringData"].iter().any(|map| subject.value.below(&[map, key]).is_some());
    let kind = subject.value.text_or_empty("type");
    let wanted: &[&str] = match kind {
        "kubernetes.io/tls" => &["tls.crt", "tls.key"],
        "kubernetes.io/dockerconfigjson" => &[".dockerconfigjson"],
        "kubernetes.io/dockercfg" => &[".dockercfg"],
        "kubernetes.io/ssh-auth" => &["ssh-privatekey"],
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => &["username"],
        "kubernetes.io/service-account-token" => return account(subject, found),
        _ => return,
    };
    content(subject, kind, found);
    let data = subject.value.child("data").unwrap_or(subject.value);
    for key in wanted.iter().filter(|key| !has(key)) {
        found.add(&CODE, (data, *key), format!("a Secret of type {kind} needs the key `{key}`"));
    }
}

/// A login is a JSON object, and a key is not empty. The value itself is never shown.
fn content<'a>(subject: &Subject<'a>, kind: &str, found: &mut Findings<'a>) {
    let key = match kind {
        "kubernetes.io/dockerconfigjson" => ".dockerconfigjson",
        "kubernetes.io/dockercfg" => ".dockercfg",
        "kubernetes.io/ssh-auth" => "ssh-privatekey",
        _ => return,
    };
    let plain = subject.value.below(&["stringData", key]);
    let Some(value) = plain.or_else(|| subject.value.below(&["data", key])) else { return };
    let Some(text) = value.as_str() else { return };
    let fits = match (kind, plain.is_some()) {
        ("kubernetes.io/ssh-auth", _) => !text.is_empty(),
        (_, true) => is_json_object(text.as_bytes()),
        (_, false) => formats::decode_base64(text).is_none_or(|bytes| is_json_object(&bytes)),
    };
    if !fits {
        found.add(&CODE, value, format!("the key `{key}` does not hold what a Secret of type {kind} holds"));
    }
}

fn is_json_object(bytes: &[u8]) -> bool {
    serde_json::from_slice::<crate::value::Map>(bytes).is_ok()
}

fn account<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    const KEY: &str = "kubernetes.io/service-account.name";
    let Some(metadata) = subject.metadata() else { return };
    let named =
        metadata.below(&["annotations", KEY]).and_then(Value::as_str).is_some_and(|name| !name.is_empty());
    if !named {
        let place = (metadata.child("annotations").unwrap_or(metadata), KEY);
        found.add(&CODE, place, format!("a token names its account in the annotation {KEY}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn types_have_their_keys() {
        refuses(&CODE, "Secret", "type: kubernetes.io/tls\ndata: { tls.crt: YQ== }", "data[tls.key]");
        refuses(&CODE, "Secret", "type: kubernetes.io/dockerconfigjson", "data[.dockerconfigjson]");
        refuses(&CODE, "Secret", "type: kubernetes.io/basic-auth\ndata: { a: YQ== }", "data[username]");
        accepts("Secret", "type: kubernetes.io/basic-auth");
        accepts("Secret", "type: kubernetes.io/tls\ndata: { tls.crt: YQ== }\nstringData: { tls.key: a }");
        accepts("Secret", "type: example.com/own");
    }
}

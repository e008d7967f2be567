//! `[oauth2-proxies]`: each is written out as a workload, a config and a secret, under what the user says of those.
//!
//! Takes the tables of the platform before entities are merged, so that defaults, environments, expressions and edges
//! treat the proxy as they treat any workload. Reports what is missing where the proxy is written.
//!
//! The settings are those of <https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview>, in its variables.

use std::collections::BTreeMap;

use crate::diag::Diagnostic;
use crate::source::{KeyPath, Layer, Node, NodeValue};
use crate::spec::codes::{MISSING_KEY, UNKNOWN_KEY};
use crate::value::json;

/// The port that it listens on unless told otherwise.
const PORT: u16 = 4180;
/// The keys that a workload has too.
const OF_WORKLOAD: [&str; 6] = ["namespace", "component", "image", "replicas", "resources", "uses"];

/// Writes out every proxy that is enabled.
pub(super) fn write_out(fields: &mut BTreeMap<String, Node>) -> Vec<Diagnostic> {
    let proxies = fields.get("oauth2-proxies").and_then(Node::as_table).cloned().unwrap_or_default();
    let mut problems = Vec::new();
    for (key, proxy) in &proxies {
        if proxy.get("enabled").is_some_and(|on| on.value == NodeValue::Bool(false)) {
            continue;
        }
        problems.extend(missing(key, proxy));
        let secret = proxy.get("secret").and_then(Node::as_str);
        put(fields, ("workloads", key), workload(proxy, secret.unwrap_or(key), key), proxy);
        put(fields, ("configs", key), config(proxy), proxy);
        if secret.is_none() {
            put(fields, ("secrets", key), self::secret(proxy), proxy);
        }
    }
    problems
}

/// Puts an entity under what the user wrote of it.
fn put(fields: &mut BTreeMap<String, Node>, (noun, key): (&str, &str), mut made: Node, proxy: &Node) {
    made.origin = proxy.origin.clone();
    let table = fields.entry(noun.to_owned()).or_insert_with(|| Node::empty_table(Layer::Builtin));
    let Some(entities) = table.as_table_mut() else { return };
    if let Some(own) = entities.get(key) {
        made.overlay(own);
    }
    entities.insert(key.to_owned(), made);
}

fn missing(key: &str, proxy: &Node) -> Vec<Diagnostic> {
    let path = KeyPath::of(["oauth2-proxies", key]);
    let has = |key: &str| proxy.get(key).is_some();
    let place = proxy.origin.key.or(proxy.origin.span);
    let lacks = |key: &str, hint: &str| {
        Diagnostic::new(&MISSING_KEY, format!("`{path}` lacks `{key}`")).at(place, "").hint(hint.to_owned())
    };
    let mut problems = Vec::new();
    if !has("client") && !has("issuer") {
        let hint = "add `issuer = \"https://login.example.com/realms/app\"`, or `client` with a key of `[oidc-clients]`";
        problems.push(lacks("issuer", hint));
    }
    if !has("client") && !has("client-id") {
        problems.push(lacks("client-id", "add `client-id = \"app\"`, as the provider knows it"));
    }
    if has("client") && (has("issuer") || has("client-id")) {
        let other = if has("issuer") { "issuer" } else { "client-id" };
        let message = format!("`{path}` has `client`, which says what `{other}` says again");
        let at = proxy.get(other).and_then(|node| node.origin.key.or(node.origin.span));
        let problem = Diagnostic::new(&UNKNOWN_KEY, message).at(at, "");
        problems.push(problem.hint(format!("remove `{other}`")));
    }
    problems
}

fn workload(proxy: &Node, secret: &str, key: &str) -> Node {
    let read = |name: &str| json!({"secret": secret, "key": name});
    let mut workload = Node::from_json(
        &json!({
            "ports": {"http": {"container": PORT}},
            "env-from": [key],
            "env": {
                "OAUTH2_PROXY_CLIENT_SECRET": read("client-secret"),
                "OAUTH2_PROXY_COOKIE_SECRET": read("cookie-secret"),
            },
            "probes": {"liveness": {"http": "/ping"}, "readiness": {"http": "/ready"}},
            "security": {"user": 65532, "group": 65532, "read-only-root": true},
        }),
        &Layer::Builtin,
    );
    copy(proxy, &mut workload, &OF_WORKLOAD);
    workload
}

fn copy(from: &Node, to: &mut Node, keys: &[&str]) {
    let Some(fields) = to.as_table_mut() else { return };
    for key in keys {
        fields.extend(from.get(key).map(|node| ((*key).to_owned(), node.clone())));
    }
}

/// What it is told: that it stands behind a controller, and answers 202 to who is signed in.
fn config(proxy: &Node) -> Node {
    let flag = |key: &str, usual: bool| {
        proxy.get(key).map_or(usual, |on| on.value == NodeValue::Bool(true)).to_string()
    };
    let listed = |key: &str, usual: &str| match proxy.get(key).map(|node| &node.value) {
        Some(NodeValue::Array(items)) => items.iter().filter_map(Node::as_str).collect::<Vec<_>>().join(","),
        _ => usual.to_owned(),
    };
    let scope = proxy.get("scope").and_then(Node::as_str).unwrap_or("openid email profile");
    let (issuer, client) = identity(proxy);
    let mut data = BTreeMap::from([
        ("PROVIDER", "oidc".to_owned()),
        ("HTTP_ADDRESS", format!("0.0.0.0:{PORT}")),
        ("REVERSE_PROXY", "true".to_owned()),
        ("UPSTREAMS", "static://202".to_owned()),
        ("SKIP_PROVIDER_BUTTON", "true".to_owned()),
        ("SCOPE", scope.to_owned()),
        ("EMAIL_DOMAINS", listed("email-domains", "*")),
        ("PASS_ACCESS_TOKEN", flag("pass-access-token", false)),
        ("SET_XAUTHREQUEST", flag("set-xauthrequest", true)),
        ("OIDC_ISSUER_URL", issuer),
        ("CLIENT_ID", client),
    ]);
    let domains = listed("cookie-domains", "");
    if !domains.is_empty() {
        data.insert("COOKIE_DOMAINS", domains.clone());
        data.insert("WHITELIST_DOMAINS", domains);
    }
    let mut data: BTreeMap<String, String> =
        data.into_iter().map(|(key, value)| (format!("OAUTH2_PROXY_{key}"), value)).collect();
    for (flag, value) in proxy.get("settings").and_then(Node::as_table).into_iter().flatten() {
        let name = flag.to_ascii_uppercase().replace('-', "_");
        data.extend(value.as_str().map(|value| (format!("OAUTH2_PROXY_{name}"), value.to_owned())));
    }
    let mut config = Node::from_json(&json!({"data": data}), &Layer::Builtin);
    copy(proxy, &mut config, &["namespace", "component"]);
    config
}

/// Issuer and client id, which an expression takes from the client where one is named.
fn identity(proxy: &Node) -> (String, String) {
    let text = |key: &str| proxy.get(key).and_then(Node::as_str);
    text("client").map_or_else(
        || {
            let own = |key: &str| text(key).unwrap_or_default().to_owned();
            (own("issuer"), own("client-id"))
        },
        |client| {
            let client = client.replace('-', "_");
            let field = |name: &str| format!("{{{{ oidc_clients.{client}.{name} }}}}");
            (field("issuer"), field("id"))
        },
    )
}

fn secret(proxy: &Node) -> Node {
    let mut secret = Node::from_json(
        &json!({"keys": {
            "client-secret": {"description": "The secret of the client at the identity provider, who makes it"},
            "cookie-secret": {
                "description": "Encrypts the cookies of people who are signed in; changing it signs everybody out",
                "generate": "openssl rand -base64 32 | tr -- '+/' '-_'",
            },
        }}),
        &Layer::Builtin,
    );
    copy(proxy, &mut secret, &["namespace", "component"]);
    secret
}

//! `examples/tenant_api.rs`, started on a port of this machine and asked over HTTP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use bayplan::value::{Value, json};

use super::folder;

#[path = "../../../examples/tenant_api.rs"]
#[allow(dead_code, clippy::pedantic, missing_docs, reason = "a program, of which the test is the other user")]
mod tenant_api;

/// Starts the service in a thread of its own, for as long as the tests run.
fn start() -> SocketAddr {
    let platform =
        tenant_api::compiled(&folder().join("platform.toml"), "aks").expect("the platform compiles");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    listener.set_nonblocking(true).expect("tokio wants it so");
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("it is a listener");
            tenant_api::serve(listener, platform).await.expect("it serves");
        });
    });
    address
}

/// What the service answered.
struct Answer {
    status: u16,
    kind: String,
    location: String,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

fn ask(address: SocketAddr, method: &str, path: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("it reads");
    stream.write_all(body.as_bytes()).expect("it reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it answers text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let field = |name: &str| {
        let value = head.lines().filter_map(|line| line.split_once(": ")).find(|(key, _)| *key == name);
        value.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    Answer {
        status: head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status"),
        kind: field("content-type"),
        location: field("location"),
        body: body.to_owned(),
    }
}

#[test]
fn a_tenant_is_made_changed_and_given_out() {
    let address = start();
    let made = ask(address, "POST", "/tenants", r#"{"name": "ACME Corp", "owner": "alice@acme.example"}"#);
    assert_eq!((made.status, made.location.as_str()), (201, "/tenants/acme-corp/manifests"), "{}", made.body);
    assert_eq!(made.json()["namespace"], "org-acme-corp");
    assert_eq!(made.json()["quota"]["requests.storage"], "10Gi");

    let again = ask(address, "POST", "/tenants", r#"{"name": "acme-corp", "owner": "bob@acme.example"}"#);
    assert_eq!((again.status, again.kind.as_str()), (409, "application/problem+json"));

    let larger = ask(address, "PATCH", "/tenants/acme-corp/quota", r#"{"storage": "50Gi"}"#);
    assert_eq!(larger.status, 200, "{}", larger.body);
    let before = made.json()["quota"].clone();
    let mut expected = before.clone();
    expected["requests.storage"] = json!("50Gi");
    assert_eq!(larger.json()["quota"], expected, "the other figures stay");

    let given = ask(address, "GET", &made.location, "");
    assert_eq!((given.status, given.kind.as_str()), (200, "application/yaml"));
    let objects: Vec<Value> = serde_saphyr::from_multiple(&given.body).expect("it is YAML");
    assert_eq!(objects.len(), made.json()["objects"].as_array().map_or(0, Vec::len));
    let quota = objects.iter().find(|object| object["kind"] == "ResourceQuota").expect("there is a quota");
    assert_eq!(quota["spec"]["hard"], expected);
    let namespace =
        objects.iter().find(|object| object["kind"] == "Namespace").expect("there is a namespace");
    assert_eq!(namespace["metadata"]["annotations"]["bayplan.dev/title"], "ACME Corp");
}

#[test]
fn what_is_wrong_comes_back_as_a_problem_with_every_mistake() {
    let address = start();
    let problem = |answer: &Answer, status: u16| {
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (status, "application/problem+json"),
            "{}",
            answer.body
        );
        let body = answer.json();
        assert_eq!((&body["status"], &body["type"]), (&json!(status), &json!("about:blank")));
        body
    };
    let wrong = ask(
        address,
        "POST",
        "/tenants",
        r#"{"name": "acme", "owner": "a", "qouta": {}, "quota": {"cpu": "10", "memroy": "1Gi"}}"#,
    );
    let body = problem(&wrong, 422);
    let codes: Vec<&str> =
        body["errors"].as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect();
    assert_eq!(codes, ["unknown-key", "unknown-key"], "{body:#}");
    let hints: Vec<&Value> =
        body["errors"].as_array().into_iter().flatten().map(|one| &one["hints"][0]).collect();
    assert_eq!(hints, ["did you mean `memory`?", "did you mean `quota`?"]);

    // Nothing was kept of it, nor of a change that does not hold.
    problem(&ask(address, "GET", "/tenants/acme/manifests", ""), 404);
    assert_eq!(ask(address, "POST", "/tenants", r#"{"name": "acme", "owner": "a"}"#).status, 201);
    problem(&ask(address, "PATCH", "/tenants/acme/quota", r#"{"memory": "much"}"#), 422);
    let kept = ask(address, "PATCH", "/tenants/acme/quota", r#"{"cpu": "20"}"#).json();
    assert_eq!(
        (&kept["quota"]["requests.memory"], &kept["quota"]["requests.cpu"]),
        (&json!("20Gi"), &json!("20"))
    );

    problem(&ask(address, "POST", "/tenants", "[]"), 400);
    problem(&ask(address, "POST", "/tenants", "{"), 400);
    problem(&ask(address, "POST", "/tenants", r#"{"owner": "a"}"#), 422);
    problem(&ask(address, "POST", "/tenants", r#"{"name": "b", "owner": "a", "role": "admin"}"#), 422);
    problem(&ask(address, "PATCH", "/tenants/nobody/quota", "{}"), 404);
}

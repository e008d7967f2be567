//! That the reader and the rules take time in proportion to what they read: a file of twice the size takes about twice
//! the work, however it is made.

#![expect(clippy::disallowed_types, reason = "it measures time")]

use std::time::{Duration, Instant};

use bayplan::check::{Policy, Schemas};
use bayplan::check::{Profile, findings};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;

/// Makes a text of about that many bytes.
type Shape = fn(usize) -> String;

/// The shapes that have made parsers and checkers take quadratic time. Each makes a text of about that many bytes.
const SHAPES: [(&str, Shape); 9] = [
    ("many documents", |size| {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n".repeat(size / 55)
    }),
    ("many keys", |size| {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n".to_owned();
        (0..size / 12).fold(head, |text, index| format!("{text}  k{index}: v\n"))
    }),
    ("many ports", |size| {
        let head = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n".to_owned();
        (0..size / 26).fold(head, |text, index| format!("{text}  - {{name: p{index}, port: {index}}}\n"))
    }),
    ("many variables", |size| {
        let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b\n    env:\n".to_owned();
        (0..size / 30).fold(head, |text, index| format!("{text}    - {{name: V{index}, value: a}}\n"))
    }),
    ("a long line", |size| format!("kind: {}\n", "a ".repeat(size / 2))),
    ("a long block", |size| format!("kind: |\n{}", "  x\n".repeat(size / 4))),
    ("many comments", |size| format!("kind: a\n{}", "# c\n".repeat(size / 4))),
    ("many aliases", |size| format!("kind: &a b\nx: [{}]\n", "*a,".repeat(size / 3))),
    ("many open brackets", |size| format!("kind: {}", "[".repeat(size))),
];

fn work(text: &str) -> Duration {
    let schemas = Schemas::new(KubernetesVersion::V1_35);
    let mut policy = Policy::new(&schemas);
    policy.profile = Profile::Strict;
    let start = Instant::now();
    let reading = manifest::read("a.yaml", text.as_bytes().to_vec());
    let found = findings(&reading.objects, &policy);
    for finding in found.iter().take(50) {
        let place = reading.locate(finding.object.unwrap_or_default(), &finding.field);
        assert!(reading.text.get(place.shown(&reading.text)).is_some());
    }
    start.elapsed()
}

#[test]
fn no_shape_takes_more_than_linear_time() {
    for (name, shape) in SHAPES {
        let (small, large) = (shape(8_000), shape(64_000));
        let best = |text: &str| (0..3).map(|_| work(text)).min().unwrap_or_default();
        let (small, large) = (best(&small).max(Duration::from_millis(4)), best(&large));
        // Eight times the size: twenty times leaves room for a busy machine, and quadratic would be sixty-four.
        assert!(large < small * 30, "{name}: {small:?} for 8 kB and {large:?} for 64 kB");
    }
}

//! That the reader and the rules take time in proportion to what they read: a file of twice the size takes about twice
//! the work, however it is made.

#![expect(clippy::disallowed_types, reason = "it measures time")]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use bayplan::check::{Policy, Schemas};
use bayplan::check::{Profile, findings};
use bayplan::manifest;
use bayplan::names::KubernetesVersion;

/// Makes a text of about that many bytes.
type Shape = fn(usize) -> String;

/// A workload up to its pods' own fields.
const WORKLOAD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: a}}\n    spec:\n";

/// The shapes that have made parsers and checkers take quadratic time. Each makes a text of about that many bytes.
const SHAPES: [(&str, Shape); 18] = [
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
    ("many containers", |size| {
        let head = format!("{WORKLOAD}      containers:\n");
        (0..size / 58).fold(head, |text, index| {
            format!("{text}      - {{name: c{index}, image: b, ports: [{{containerPort: {index}}}]}}\n")
        })
    }),
    ("many volumes", |size| {
        let volumes = (0..size / 80).fold(String::new(), |text, index| {
            format!("{text}      - {{name: v{index}, configMap: {{name: c{index}}}}}\n")
        });
        let mounts = (0..size / 80).fold(String::new(), |text, index| {
            format!("{text}        - {{name: v{index}, mountPath: /v{index}}}\n")
        });
        format!(
            "{WORKLOAD}      volumes:\n{volumes}      containers:\n      - name: a\n        image: b\n        volumeMounts:\n{mounts}"
        )
    }),
    ("many peers", |size| {
        let head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n".to_owned();
        (0..size / 50).fold(head, |text, index| {
            format!("{text}    - podSelector: {{matchLabels: {{app: a{index}}}}}\n")
        })
    }),
    ("many rights", |size| {
        let head =
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\nrules:\n".to_owned();
        (0..size / 62).fold(head, |text, index| {
            format!("{text}- {{apiGroups: [g{index}], resources: [r{index}], verbs: [create]}}\n")
        })
    }),
    ("many paths", |size| {
        let head = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec:\n  rules:\n  - http:\n      paths:\n".to_owned();
        (0..size / 95).fold(head, |text, index| {
            format!("{text}      - {{path: /p{index}, pathType: Prefix, backend: {{service: {{name: s{index}, port: {{number: 80}}}}}}}}\n")
        })
    }),
    ("many labels", |size| {
        let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n".to_owned();
        (0..size / 14).fold(head, |text, index| format!("{text}    l{index}: v\n"))
    }),
    ("many expressions", |size| {
        let head = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: a}\nspec:\n  selector:\n    matchExpressions:\n".to_owned();
        (0..size / 46)
            .fold(head, |text, index| format!("{text}    - {{key: k{index}, operator: In, values: [a]}}\n"))
    }),
    ("many twins", |size| {
        let item = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
        format!("apiVersion: v1\nkind: List\nitems:\n{}", item.repeat(size / item.len()))
    }),
    ("many workloads that select each other's pods", |size| {
        (0..size / 230).fold(String::new(), |text, index| {
            let own = WORKLOAD.replace("name: a", &format!("name: w{index}"));
            format!("{text}{own}      containers: [{{name: a, image: b}}]\n---\n")
        })
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
    let start = spent();
    let reading = manifest::read("a.yaml", text.as_bytes().to_vec());
    let found = findings(&reading.objects, &policy);
    for finding in found.iter().take(50) {
        let place = reading.locate(finding.object.unwrap_or_default(), &finding.field);
        assert!(reading.text.get(place.shown(&reading.text)).is_some());
    }
    spent().saturating_sub(start)
}

/// The time that this thread has been on a processor, as far as the system tells: what other tests and programs take on a
/// busy machine is not the work of this one.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| BEGINNING.elapsed(), Duration::from_nanos)
}

static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);

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

//! `bayplan check PATH…` as a library and as a program: what it reads, what it passes over, and what it says of both.

mod changes;
mod formats;
mod hostile;
mod images;
mod odd;
mod performance;
mod program;
mod public;
mod trees;

use std::path::PathBuf;

use bayplan::check::Profile;
use bayplan::host::{Date, MemoryHost};
use bayplan::judge::{Request, Verdict, judge};
use bayplan::names::KubernetesVersion;

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: \"2\"   # a text
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: registry.example/api:1.2.3
          envFrom: [{ secretRef: { name: db } }]
";

const NAMESPACE: &str = "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n";

const DEFINITION: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: boats.example.com }
spec:
  group: example.com
  names: { kind: Boat, plural: boats, singular: boat, listKind: BoatList }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { length: { type: integer, maximum: 400 } } }
";

const BOAT: &str = "apiVersion: example.com/v1\nkind: Boat\nmetadata: { name: b, namespace: shop }\nspec: { length: long }\n";

/// A folder with everything that a repository of manifests is known to hold.
fn repository() -> MemoryHost {
    MemoryHost::default()
        .on(Date { year: 2026, month: 6, day: 15 })
        .with_file("k8s/api.yaml", DEPLOYMENT)
        .with_file(
            "k8s/all.json",
            format!(
                r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#,
                r#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#
            ),
        )
        .with_file("k8s/kustomization.yaml", "resources: [api.yaml]\npatches: [{ path: patches/api.yaml }]\n")
        .with_file("k8s/patches/api.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\n")
        .with_file("k8s/chart/Chart.yaml", "name: shop\n")
        .with_file("k8s/chart/values.yaml", "image: a\n")
        .with_file("k8s/chart/templates/pod.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n")
        .with_file("k8s/kind.yaml", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n")
        .with_file("k8s/compose.yaml", "services: {}\n")
        .with_file("k8s/README.md", "# not YAML: [\n")
}

fn request(path: &str) -> Request {
    Request {
        paths: vec![PathBuf::from(path)],
        kubernetes: Some(KubernetesVersion::V1_35),
        profile: Some(Profile::Api),
        ..Request::default()
    }
}

/// Each finding as `code file:line:column object field`.
fn found(verdict: &Verdict) -> Vec<String> {
    let one = |diagnostic: &bayplan::diag::Diagnostic| {
        let place = diagnostic.labels.first().map_or(String::new(), |label| {
            let at = verdict.sources.locate(label.span.file, label.span.start);
            format!(" {}:{}:{}", verdict.sources.name(label.span.file), at.line, at.column)
        });
        let object = diagnostic.object.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        let field = diagnostic.field.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        format!("{}{place}{object}{field}", diagnostic.code.name)
    };
    verdict.diagnostics.iter().map(one).collect()
}

#[test]
fn a_finding_names_file_line_column_object_and_field() {
    let verdict = judge(&repository(), &request("k8s"));
    assert_eq!(found(&verdict), ["schema-type k8s/api.yaml:7:13 Deployment shop/api spec.replicas"]);
    assert_eq!((verdict.objects, verdict.files, verdict.complete), (2, 9, true));
}

#[test]
fn what_is_no_object_is_passed_over_by_name() {
    let verdict = judge(&repository(), &request("k8s"));
    let passed: Vec<String> = verdict.passed.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    assert_eq!(
        passed,
        [
            "k8s/chart/Chart.yaml: Helm chart",
            "k8s/chart/templates/pod.yaml: Helm template",
            "k8s/chart/values.yaml: Helm values",
            "k8s/compose.yaml: no Kubernetes object",
            "k8s/kind.yaml: configuration of a tool (kind.x-k8s.io/v1alpha4 Cluster)",
            "k8s/kustomization.yaml: kustomization",
            "k8s/patches/api.yaml: patch of a kustomization",
        ]
    );
}

#[test]
fn rules_across_objects_see_the_whole_tree_and_point_into_it() {
    let mut request = request("k8s");
    request.profile = Some(Profile::Default);
    let verdict = judge(&repository(), &request);
    let secret = "ref-secret k8s/api.yaml:15:42 Deployment shop/api \
                  spec.template.spec.containers[0].envFrom[0].secretRef.name";
    assert!(found(&verdict).contains(&secret.to_owned()), "{:#?}", found(&verdict));
    // The namespace is in another file.
    assert!(!found(&verdict).iter().any(|it| it.starts_with("ref-namespace")));
}

#[test]
fn what_others_create_is_declared_and_what_is_meant_is_excused() {
    let config = "profile = \"default\"\n[external]\nobjects = [\"Secret shop/db\"]\n\
                  [[allow]]\nrule = \"schema-type\"\non = \"Deployment shop/*\"\nbecause = \"a test\"\nuntil = 2026-12-31\n\
                  [[allow]]\nrule = \"ref-pvc\"\nbecause = \"a test\"\n";
    let host = repository().with_file("bayplan-check.toml", config);
    let verdict = judge(&host, &Request { profile: None, ..request("k8s") });
    let found = found(&verdict);
    assert!(
        !found.iter().any(|it| it.starts_with("schema-type") || it.starts_with("ref-secret")),
        "{found:#?}"
    );
    assert!(found.contains(&"unused-allow bayplan-check.toml:9:1".to_owned()), "{found:#?}");
}

#[test]
fn a_configuration_that_cannot_be_read_is_refused() {
    for (config, place) in [
        ("profil = 1\n", "1:1"),
        ("profile = \"lax\"\n", "1:11"),
        ("kubernetes = \"1.2\"\n", "1:14"),
        ("[external]\nobjects = [\"db\"]\n", "2:12"),
        ("[[allow]]\non = 1\n", "2:6"),
    ] {
        let verdict = judge(&repository().with_file("bayplan-check.toml", config), &request("k8s"));
        assert!(!verdict.complete);
        assert!(
            found(&verdict).contains(&format!("bad-check-config bayplan-check.toml:{place}")),
            "{:?}",
            found(&verdict)
        );
    }
}

#[test]
fn a_custom_resource_is_judged_by_a_definition_in_the_tree_or_beside_it() {
    let alone = MemoryHost::default().with_file("k8s/b.yaml", BOAT).with_file("k8s/n.yaml", NAMESPACE);
    assert_eq!(
        found(&judge(&alone, &request("k8s"))),
        ["unknown-custom-resource k8s/b.yaml:1:13 Boat shop/b apiVersion"]
    );
    let wrong = ["schema-type k8s/b.yaml:4:17 Boat shop/b spec.length"];
    let together = MemoryHost::default().with_file("k8s/b.yaml", BOAT).with_file("k8s/crd.yaml", DEFINITION);
    assert_eq!(found(&judge(&together, &request("k8s"))), wrong);
    let beside = MemoryHost::default().with_file("k8s/b.yaml", BOAT).with_file("crds/boat.yaml", DEFINITION);
    let request = Request { crds: vec![PathBuf::from("crds")], ..request("k8s") };
    assert_eq!(found(&judge(&beside, &request)), wrong);
}

#[test]
fn a_tree_without_objects_does_not_pass_in_silence() {
    for host in [
        MemoryHost::default().with_file("k8s/a.yaml", "a: 1\n"),
        MemoryHost::default().with_file("k8s/README.md", "a"),
        MemoryHost::default().with_file("k8s/a.yaml", "# nothing\n---\n"),
    ] {
        assert_eq!(found(&judge(&host, &request("k8s"))), ["nothing-to-check"]);
    }
    let missing = judge(&MemoryHost::default(), &request("k8s"));
    assert_eq!((found(&missing), missing.complete), (vec!["file-unreadable".to_owned()], false));
}

#[test]
fn the_standard_input_is_read_once() {
    let host = MemoryHost::default().with_input(format!("{NAMESPACE}---\n{DEPLOYMENT}"));
    assert_eq!(
        found(&judge(&host, &request("-"))),
        ["schema-type <stdin>:11:13 Deployment shop/api spec.replicas"]
    );
}

#[test]
fn a_broken_file_hides_no_other() {
    let host = MemoryHost::default()
        .with_file("k8s/a.yaml", "kind: Pod\nspec:\n\tx: 1\n")
        .with_file("k8s/b.yaml", b"kind: \xff".to_vec())
        .with_file("k8s/c.yaml", format!("{NAMESPACE}---\nkind: [\n"))
        .with_file("k8s/d.yaml", DEPLOYMENT);
    let verdict = judge(&host, &request("k8s"));
    let codes: Vec<String> =
        found(&verdict).iter().map(|it| it.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        codes,
        [
            "yaml-parse k8s/a.yaml:3:2",
            "yaml-parse k8s/b.yaml:1:7",
            "yaml-parse k8s/c.yaml:5:7",
            "schema-type k8s/d.yaml:7:13"
        ]
    );
    assert_eq!(verdict.objects, 2);
}

#[test]
fn what_comes_out_does_not_depend_on_the_number_of_threads() {
    let mut host = repository();
    for index in 0..200 {
        host =
            host.with_file(format!("k8s/{index:03}.yaml"), DEPLOYMENT.replace("api", &format!("api{index}")));
    }
    let with = |threads| {
        let request = Request { threads: Some(threads), profile: Some(Profile::Strict), ..request("k8s") };
        let verdict = judge(&host, &request);
        bayplan::diag::render::json(&verdict.diagnostics, &verdict.sources)
    };
    assert_eq!(with(1), with(5));
}

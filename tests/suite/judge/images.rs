//! Images that kustomizations exchange: a base that names none of a certain version is what its overlays make of it.

use std::path::PathBuf;

use bayplan::host::MemoryHost;
use bayplan::judge::{Request, judge};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: { name: api }\nspec: { containers: [{ name: api, image: registry.example/api }] }\n";

/// What is found wrong with the versions of images, in a base with two overlays that say this of images.
fn unpinned(dev: &str, prod: &str) -> Vec<String> {
    let overlay = |images: &str| format!("resources: [../base]\nimages: [{images}]\n");
    let host = MemoryHost::default()
        .with_file("k8s/base/pod.yaml", POD)
        .with_file("k8s/base/kustomization.yaml", "resources: [pod.yaml]\n")
        .with_file("k8s/dev/kustomization.yaml", overlay(dev))
        .with_file("k8s/prod/kustomization.yaml", overlay(prod));
    let verdict = judge(&host, &Request { paths: vec![PathBuf::from("k8s")], ..Request::default() });
    let found = verdict.diagnostics.into_iter().filter(|it| it.code.name == "rel-image-pinned");
    found.map(|diagnostic| diagnostic.message).collect()
}

#[test]
fn overlays_say_which_version_it_is() {
    let (tag, digest) = (
        "{ name: registry.example/api, newTag: 1.2.3 }",
        "{ name: registry.example/api, digest: sha256:00 }",
    );
    assert!(unpinned(tag, digest).is_empty());
    assert_eq!(unpinned(tag, ""), ["the image `registry.example/api` is of no certain version"]);
    let other = "{ name: registry.example/other, newTag: 1.2.3 }";
    assert_eq!(unpinned(other, other), ["the image `registry.example/api` is of no certain version"]);
    let moved = "{ name: registry.example/api, newName: mirror.example/api, newTag: latest }";
    assert_eq!(unpinned(moved, tag), ["the image `mirror.example/api:latest` is of no certain version"]);
}

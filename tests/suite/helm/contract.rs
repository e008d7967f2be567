//! What a chart's user is promised: the layout, the names of values, switches, and a schema that refuses the rest.
//!
//! The platform is the one of `tests/cases/platform/ok-helm-charts`.

use std::path::Path;

use bayplan::host::OsHost;
use bayplan::layout::Content;
use bayplan::value::{Value, json};
use bayplan::{Compilation, Request, Selection, compile};

use super::oracle::{Helm, Written};

/// A shop with a database and a cache as sub-charts, and a Keycloak that can be switched off.
pub(crate) fn shop() -> Compilation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/platform/ok-helm-charts");
    let output = compile(&OsHost::new(&folder), &Request::default());
    output.into_result().unwrap_or_else(|unsound| panic!("{unsound}"))
}

fn yaml(compilation: &Compilation, path: &str) -> Value {
    match compilation.tree(&Selection::Everything).get(path) {
        Some(Content::Yaml(value)) => Value::clone(value),
        other => panic!("{path} is {other:?}"),
    }
}

/// The names of objects of a kind that Helm gives with `arguments`.
fn names(helm: &Helm, written: &Written, kind: &str, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let built = helm.template(&written.chart("shop"), &arguments).unwrap_or_else(|error| panic!("{error}"));
    let of_kind = built.iter().filter(|object| object["kind"] == kind);
    let mut names: Vec<String> =
        of_kind.map(|object| object["metadata"]["name"].as_str().unwrap_or_default().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_chart_is_laid_out_as_charts_are() {
    let tree = shop().tree(&Selection::Everything);
    let files: Vec<&str> = tree.iter().filter_map(|(path, _)| path.strip_prefix("helm/shop/")).collect();
    for file in [
        "Chart.yaml",
        "README.md",
        "charts/postgresql/Chart.yaml",
        "charts/postgresql/templates/statefulset.yaml",
        "charts/postgresql/values.yaml",
        "charts/redis/values.schema.json",
        "templates/configmap.yaml",
        "templates/deployment.yaml",
        "templates/ingress.yaml",
        "templates/service.yaml",
        "templates/serviceaccount.yaml",
        "values-production.yaml",
        "values-staging.yaml",
        "values.schema.json",
        "values.yaml",
    ] {
        assert!(files.contains(&file), "{file} is not among {files:?}");
    }
}

#[test]
fn values_have_the_names_that_users_of_helm_know() {
    let shop = shop();
    let values = yaml(&shop, "helm/shop/values.yaml");
    assert_eq!(values["replicaCount"], 3);
    let image = json!({"repository": "registry.example/shop-api", "tag": "1.4.2", "pullPolicy": ""});
    assert_eq!(values["image"], image);
    assert_eq!(values["tolerations"], json!([]));
    assert_eq!(values["web"]["ingress"]["annotations"], json!({}));
    assert_eq!(values["resources"]["limits"], json!({"cpu": "500m", "memory": "512Mi"}));
    assert_eq!(values["service"], json!({"type": "ClusterIP", "port": 3000, "targetPort": "http"}));
    assert_eq!(values["web"]["ingress"]["hosts"][0]["host"], "shop.example.com");
    assert_eq!(values["database"]["enabled"], true);
    assert_eq!(values["database"]["persistence"]["shopDbData"]["size"], "10Gi");
    assert_eq!(values["keycloak"], json!({"enabled": true, "realm": "shop", "existingSecret": "keycloak"}));
    let production = yaml(&shop, "helm/shop/values-production.yaml");
    assert_eq!(production["replicaCount"], 5);
    assert_eq!(production["redis"], json!({"enabled": false}));
    assert_eq!(production["keycloak"], json!({"realm": "shop-live"}));
    assert_eq!(production.get("image"), None, "what is the same is not said again");
}

#[test]
fn a_switch_takes_away_what_it_is_for_and_nothing_else() {
    let Some(helm) = Helm::find() else { return };
    let written = Written::output(&shop().files(&Selection::Everything));
    assert_eq!(names(&helm, &written, "StatefulSet", &[]), ["shop-cache", "shop-db"]);
    assert_eq!(names(&helm, &written, "StatefulSet", &["--set", "database.enabled=false"]), ["shop-cache"]);
    assert_eq!(
        names(&helm, &written, "Ingress", &["--set", "web.ingress.enabled=false"]),
        Vec::<String>::new()
    );
    assert_eq!(
        names(&helm, &written, "Namespace", &["--set", "createNamespace=false"]),
        Vec::<String>::new()
    );
    let off = ["--set".to_owned(), "keycloak.enabled=false".to_owned()];
    let built = helm.template(&written.chart("shop"), &off).unwrap_or_else(|error| panic!("{error}"));
    let deployment = built
        .iter()
        .find(|object| object["metadata"]["name"] == "shop-api" && object["kind"] == "Deployment");
    let env = deployment.map(|object| object["spec"]["template"]["spec"]["containers"][0]["env"].clone());
    let names: Vec<&Value> =
        env.iter().filter_map(Value::as_array).flatten().map(|env| &env["name"]).collect();
    assert_eq!(names, ["DATABASE_HOST"]);
}

#[test]
fn the_schema_refuses_what_the_templates_do_not_look_at() {
    let Some(helm) = Helm::find() else { return };
    let written = Written::output(&shop().files(&Selection::Everything));
    for (wrong, said) in [
        ("replicaCuont=4", "replicaCuont"),
        ("image.tga=x", "tga"),
        ("database.replicaCuont=4", "replicaCuont"),
        ("image.tag=a b", "tag"),
        ("global.namespaces.shop=Shop", "shop"),
    ] {
        let refused = helm.template(&written.chart("shop"), &["--set-string".to_owned(), wrong.to_owned()]);
        let said_of_it = refused.expect_err(wrong);
        assert!(said_of_it.contains(said), "{wrong}: {said_of_it}");
    }
    let refused =
        helm.template(&written.chart("shop"), &["--set-string".to_owned(), "replicaCount=4".to_owned()]);
    assert!(refused.is_err_and(|said| said.contains("replicaCount")));
}

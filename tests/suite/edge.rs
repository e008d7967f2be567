//! The way in from outside: `tests/cases/platform/ok-edge-*` on the finished objects.
//!
//! What holds on every platform (kustomize equality, exactly the declared edges, sound references) is shown of these by
//! `truths`. Here stands what is special: one route in three forms, the order in which requests pass middlewares, what a
//! controller's pods may reach, and the custom resources against the definitions of their makers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use bayplan::check::reach::{Connection, Peer, Pod, Policies, Protocol};
use bayplan::compile::Compiled;
use bayplan::host::OsHost;
use bayplan::object::Object;
use bayplan::object::custom::gateway::{Gateway, HttpRoute};
use bayplan::object::custom::traefik::{IngressRoute, Middleware};
use bayplan::value::json;
use bayplan::{Compilation, Request, compile};
use k8s_openapi::api::networking::v1::Ingress;

use crate::custom_resources::upstream;

fn compiled(case: &str) -> Compilation {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/platform").join(case);
    let output = compile(&OsHost::new(&folder), &Request::default());
    output.into_result().unwrap_or_else(|unsound| panic!("{case}:\n{unsound}"))
}

static TRAEFIK: LazyLock<Compilation> = LazyLock::new(|| compiled("ok-edge-traefik"));
static SIGN_IN: LazyLock<Compilation> = LazyLock::new(|| compiled("ok-edge-sign-in"));
static NGINX: LazyLock<Compilation> = LazyLock::new(|| compiled("ok-edge-nginx"));

fn named<'a>(compiled: &'a Compiled, kind: &str, name: &str) -> &'a Object {
    let found = compiled.objects.iter().find(|object| object.id.gvk.kind == kind && object.id.name == name);
    found.unwrap_or_else(|| panic!("there is no {kind} {name}"))
}

/// Host, path, whether it is exact, and the Service of each path.
type Leads = BTreeSet<(String, String, bool, String)>;

fn of_ingresses(compiled: &Compiled) -> Leads {
    let ingresses = compiled.objects.iter().filter_map(Object::typed::<Ingress>);
    let rules = ingresses.flat_map(|ingress| ingress.spec.and_then(|spec| spec.rules).unwrap_or_default());
    let paths = rules.flat_map(|rule| {
        let host = rule.host.unwrap_or_default();
        let paths = rule.http.map(|http| http.paths).unwrap_or_default();
        paths.into_iter().map(move |path| {
            let service = path.backend.service.map(|service| service.name).unwrap_or_default();
            (host.clone(), path.path.unwrap_or_default(), path.path_type == "Exact", service)
        })
    });
    paths.collect()
}

fn of_http_routes(compiled: &Compiled) -> Leads {
    let routes = compiled.objects.iter().filter_map(Object::typed::<HttpRoute>);
    let rules = routes.flat_map(|route| {
        let host = route.spec.hostnames[0].clone();
        route.spec.rules.into_iter().map(move |rule| (host.clone(), rule))
    });
    // A rule that sends clients elsewhere has no backend.
    let leads = rules.filter_map(|(host, rule)| {
        let path = rule.matches[0].path.clone();
        Some((host, path.value, path.type_ == "Exact", rule.backend_refs.first()?.name.clone()))
    });
    leads.collect()
}

#[test]
fn a_route_leads_to_the_same_services_in_each_form() {
    let ingresses = of_ingresses(&TRAEFIK.environments["ing"]);
    assert_eq!(ingresses.len(), 4);
    let elsewhere = |lead: &(String, String, bool, String)| {
        (lead.0.replace("shop.localhost", "shop.example"), lead.1.clone(), lead.2, lead.3.clone())
    };
    let moved: Leads = ingresses.iter().map(elsewhere).collect();
    assert_eq!(moved, of_http_routes(&TRAEFIK.environments["gw"]));
    let rules: BTreeSet<(String, String)> = TRAEFIK.environments["rt"]
        .objects
        .iter()
        .filter_map(Object::typed::<IngressRoute>)
        .flat_map(|route| route.spec.routes)
        .map(|rule| (rule.match_, rule.services[0].name.clone()))
        .collect();
    let wanted: BTreeSet<(String, String)> = ingresses
        .into_iter()
        .map(|(host, path, exact, service)| match (path.as_str(), exact) {
            ("/", _) => (format!("Host(`{host}`)"), service),
            (path, true) => (format!("Host(`{host}`) && Path(`{path}`)"), service),
            (path, false) => {
                (format!("Host(`{host}`) && (Path(`{path}`) || PathPrefix(`{path}/`))"), service)
            }
        })
        .collect();
    assert_eq!(rules, wanted);
}

#[test]
fn requests_pass_middlewares_in_the_order_that_is_written() {
    let rt = &TRAEFIK.environments["rt"];
    let route: IngressRoute = named(rt, "IngressRoute", "api").typed().expect("it is one");
    let passed = |path: &str| -> Vec<String> {
        let rule = route.spec.routes.iter().find(|rule| rule.match_.contains(path)).expect("it is routed");
        rule.middlewares.iter().map(|middleware| middleware.name.clone()).collect()
    };
    assert_eq!(passed("/api/v1/orders"), ["chain", "jwt"]);
    assert_eq!(passed("/api/v2/orders"), ["chain", "jwt", "cors"]);
    assert_eq!(passed("/api/v1/health"), ["chain"], "S4-88: what needs no token says so");
    let chain: Middleware = named(rt, "Middleware", "chain").typed().expect("it is one");
    let members: Vec<&str> =
        chain.spec.chain.iter().flat_map(|chain| &chain.middlewares).map(|one| one.name.as_str()).collect();
    assert_eq!(members, ["strip", "limit"]);
    // What a client sent as its country is gone before the validator's answer sets it.
    let strip: Middleware = named(rt, "Middleware", "strip").typed().expect("it is one");
    assert_eq!(strip.spec.headers.expect("it has headers").custom_request_headers["X-User-Country"], "");
    let jwt: Middleware = named(rt, "Middleware", "jwt").typed().expect("it is one");
    let auth = jwt.spec.forward_auth.expect("it asks somebody");
    assert_eq!(auth.address, "http://validator.core.svc.cluster.local:8090/verify");
    assert!(auth.auth_response_headers.contains(&"X-User-Country".to_owned()));
}

#[test]
fn an_ingress_of_traefik_names_its_middlewares_with_their_namespace() {
    let ingress = named(&TRAEFIK.environments["ing"], "Ingress", "api-cors");
    let annotation = |key: &str| {
        &ingress.value["metadata"]["annotations"][format!("traefik.ingress.kubernetes.io/router.{key}")]
    };
    assert_eq!(
        annotation("middlewares"),
        "core-chain@kubernetescrd,core-jwt@kubernetescrd,core-cors@kubernetescrd"
    );
    assert_eq!(annotation("entrypoints"), "websecure");
    assert_eq!(annotation("tls"), "true");
    assert_eq!(ingress.value["spec"]["ingressClassName"], "traefik");
    assert!(ingress.value["metadata"]["annotations"]["cert-manager.io/cluster-issuer"].is_null());
    assert_eq!(
        named(&TRAEFIK.environments["ing"], "Certificate", "api-tls").value["spec"]["secretName"],
        "api-tls"
    );
}

#[test]
fn a_gateway_has_a_listener_for_each_host_and_takes_the_routes_of_their_namespaces() {
    let gw = &TRAEFIK.environments["gw"];
    let gateway: Gateway = named(gw, "Gateway", "shop").typed().expect("it is one");
    let listeners: Vec<(&str, u16, Option<&str>)> = gateway
        .spec
        .listeners
        .iter()
        .map(|listener| (listener.name.as_str(), listener.port, listener.hostname.as_deref()))
        .collect();
    assert_eq!(
        listeners,
        [
            ("http", 8000, None),
            ("https-api-shop-example", 8443, Some("api.shop.example")),
            ("https-shop-example", 8443, Some("shop.example")),
        ]
    );
    let names: BTreeSet<&str> = listeners.iter().map(|(name, ..)| *name).collect();
    for route in gw.objects.iter().filter_map(Object::typed::<HttpRoute>) {
        let parent = &route.spec.parent_refs[0];
        assert_eq!((parent.name.as_str(), parent.namespace.as_str()), ("shop", "ingress"));
        assert!(names.contains(parent.section_name.as_str()));
        let selector =
            gateway.spec.listeners[0].allowed_routes.namespaces.selector.clone().expect("it selects");
        assert!(
            selector.match_expressions[0].values.contains(&route.metadata.namespace.expect("it has one"))
        );
    }
}

#[test]
fn the_pods_of_a_chart_reach_what_is_routed_and_nothing_else() {
    let rt = &TRAEFIK.environments["rt"];
    let spaces = ["core", "ingress", "web"].map(|name| (name.to_owned(), BTreeMap::default())).into();
    let policies = Policies::new(rt.objects.iter(), spaces);
    let traefik = Peer::Pod(Pod {
        namespace: "ingress".to_owned(),
        labels: [("app.kubernetes.io/name".to_owned(), "traefik".to_owned())].into(),
        ports: Vec::new(),
    });
    let reaches = |name: &str, port: u16| {
        let pod = Peer::Pod(Pod::of(named(rt, "Deployment", name)).expect("it has pods"));
        policies.allow(Connection { from: &traefik, to: &pod, port, protocol: Protocol::Tcp })
    };
    for (name, port) in [("frontend", 3000), ("orders-v1", 8080), ("orders-v2", 8080), ("validator", 8090)] {
        assert!(reaches(name, port), "{name}");
        assert!(!reaches(name, 80), "a policy sees the port of the pod, and {name} does not listen on 80");
    }
    let frontend = Peer::Pod(Pod::of(named(rt, "Deployment", "frontend")).expect("it has pods"));
    let back = Connection { from: &frontend, to: &traefik, port: 8443, protocol: Protocol::Tcp };
    assert!(!policies.allow(back), "nobody calls the controller from inside");
}

#[test]
fn ingress_nginx_is_told_the_same_in_annotations() {
    let local = &NGINX.environments["local"];
    let annotations = |name: &str| &named(local, "Ingress", name).value["metadata"]["annotations"];
    let with =
        |name: &str, key: &str| annotations(name)[format!("nginx.ingress.kubernetes.io/{key}")].clone();
    assert_eq!(with("app", "auth-url"), "http://guard.core.svc.cluster.local:9000/verify");
    assert_eq!(with("app", "auth-response-headers"), "X-User");
    assert_eq!(with("app", "limit-rps"), "10");
    assert_eq!(with("app", "limit-burst-multiplier"), "5");
    assert_eq!(with("app", "proxy-body-size"), "1048576");
    assert_eq!(with("app", "proxy-next-upstream-tries"), "2");
    assert_eq!(with("app", "auth-type"), json!(null), "one path alone asks for a password");
    assert_eq!(with("app-office-password", "auth-type"), "basic");
    assert_eq!(with("app-office-password", "auth-secret"), "operators");
    assert_eq!(with("app-office-password", "whitelist-source-range"), "192.0.2.0/24");
    assert_eq!(with("app-office-password", "limit-rps"), "10", "and is limited as the others are");
    assert_eq!(with("open", "cors-allow-origin"), "https://app.example");
    assert_eq!(with("open", "cors-max-age"), "600");
    assert_eq!(with("open", "force-ssl-redirect"), "true");
    assert!(local.objects.iter().all(|object| object.id.gvk.kind != "Middleware"), "nginx reads none");
}

#[test]
fn every_custom_resource_fits_the_definition_of_its_maker() {
    let mut judged = BTreeSet::new();
    for compilation in [&*TRAEFIK, &*NGINX, &*SIGN_IN] {
        for compiled in compilation.environments.values() {
            for object in compiled.objects.iter() {
                let Some(validator) = upstream(&object.id.gvk.api_version, &object.id.gvk.kind) else {
                    continue;
                };
                let problems: Vec<String> = validator
                    .iter_errors(&(&*object.value).into())
                    .map(|problem| problem.to_string())
                    .collect();
                assert_eq!(problems, Vec::<String>::new(), "{}", object.id);
                judged.insert(object.id.gvk.kind.clone());
            }
        }
    }
    let all = ["Certificate", "Gateway", "HTTPRoute", "IngressRoute", "Middleware", "TLSOption"];
    if judged.is_empty() {
        return eprintln!("skipped: no definition lies in schemas/crds or beside the checkout");
    }
    assert_eq!(judged.iter().map(String::as_str).collect::<Vec<_>>(), all);
}

#[test]
fn people_sign_in_before_they_get_through() {
    let traefik = &SIGN_IN.environments["traefik"];
    let login: Middleware = named(traefik, "Middleware", "login").typed().expect("it is one");
    let auth = login.spec.forward_auth.expect("it asks the proxy");
    assert_eq!(auth.address, "http://login.auth.svc.cluster.local:4180");
    assert!(auth.auth_response_headers.contains(&"X-Auth-Request-Access-Token".to_owned()), "S2-62");
    let middlewares = |compiled: &Compiled, name: &str| {
        named(compiled, "Ingress", name).value["metadata"]["annotations"]["traefik.ingress.kubernetes.io/router.middlewares"].clone()
    };
    assert_eq!(middlewares(traefik, "web"), "core-login@kubernetescrd");
    assert_eq!(middlewares(traefik, "web-open"), json!(null), "what says `auth = false` is open");
    assert_eq!(middlewares(traefik, "web-login"), json!(null), "the way to sign in is open");
    let deployment = named(traefik, "Deployment", "login");
    assert_eq!(deployment.value["spec"]["replicas"], 2, "an environment overrides it as any workload");
    let config = &named(traefik, "ConfigMap", "login").value["data"];
    assert_eq!(config["OAUTH2_PROXY_OIDC_ISSUER_URL"], "https://login.example/realms/shop");
    assert_eq!(config["OAUTH2_PROXY_CLIENT_ID"], "app");
    assert_eq!(config["OAUTH2_PROXY_PASS_ACCESS_TOKEN"], "true");
    let nginx = named(&SIGN_IN.environments["nginx"], "Ingress", "web");
    let told = |key: &str| {
        nginx.value["metadata"]["annotations"][format!("nginx.ingress.kubernetes.io/{key}")].clone()
    };
    assert_eq!(told("auth-url"), "http://login.auth.svc.cluster.local:4180/oauth2/auth");
    assert_eq!(told("auth-signin"), "https://$host/oauth2/start?rd=$escaped_request_uri");
    assert_eq!(told("ssl-redirect"), "true");
}

#[test]
fn the_proxy_answers_on_every_host_that_it_stands_before() {
    for (name, compiled) in &SIGN_IN.environments {
        let leads: Leads = match name.as_str() {
            "gateway" => of_http_routes(compiled),
            "rules" => continue,
            _ => of_ingresses(compiled),
        };
        let of_proxy: BTreeSet<&str> = leads
            .iter()
            .filter(|(_, path, _, service)| path == "/oauth2" && service == "login")
            .map(|(host, ..)| host.as_str())
            .collect();
        assert_eq!(of_proxy.into_iter().collect::<Vec<_>>(), ["api.app.example", "app.example"], "{name}");
    }
}

#[test]
fn plain_http_is_sent_to_https_where_a_route_says_so() {
    let rules = &SIGN_IN.environments["rules"];
    let plain: IngressRoute = named(rules, "IngressRoute", "web-http").typed().expect("it is one");
    assert_eq!(plain.spec.entry_points, ["web"]);
    assert_eq!(plain.spec.tls, None);
    let passed = &plain.spec.routes[0].middlewares;
    assert_eq!(passed.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["redirect-to-https"]);
    let gateway = &SIGN_IN.environments["gateway"];
    let plain: HttpRoute = named(gateway, "HTTPRoute", "web-http").typed().expect("it is one");
    assert_eq!(plain.spec.parent_refs[0].section_name, "http");
    let redirect = plain.spec.rules[0].filters[0].request_redirect.clone().expect("it redirects");
    assert_eq!((redirect.scheme.as_str(), redirect.status_code), ("https", 301));
    assert!(plain.spec.rules[0].backend_refs.is_empty());
}

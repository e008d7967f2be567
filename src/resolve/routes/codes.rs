//! The diagnostics of routes: what a controller cannot do, and what APIs promised.

use crate::diag::{Code, Severity};

/// Something that the ingress controller cannot do.
pub static CONTROLLER_CANNOT: Code = Code {
    name: "controller-cannot",
    severity: Severity::Error,
    docs: "## What it means\n\
           A route has a form or a middleware that the controller of `[ingress]` does not understand.\n\
           \n\
           ## Why it matters\n\
           The controller would ignore it: requests would get through unlimited or unauthenticated, or the route would not exist at all.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [ingress]\n\
           controller = \"ingress-nginx\"\n\
           [middlewares.shield]\n\
           circuit-breaker = \"NetworkErrorRatio() > 0.3\"\n\
           [routes.web]\n\
           middlewares = [\"shield\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Use what the controller has, as the hint says, or `controller = \"traefik\"`, which has all of them.",
};

/// Two routes for the same requests.
pub static DUPLICATE_ROUTE: Code = Code {
    name: "duplicate-route",
    severity: Severity::Error,
    docs: "## What it means\n\
           Two paths of one host match the same requests. `/api` and `/api/` are the same prefix.\n\
           \n\
           ## Why it matters\n\
           Which of them wins is up to the controller: for an Ingress the older object, for Traefik whichever comes first.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [routes.a]\n\
           host = \"shop.example\"\n\
           paths = { \"/api\" = \"old:http\" }\n\
           [routes.b]\n\
           host = \"shop.example\"\n\
           paths = { \"/api/\" = \"new:http\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Keep one of them, or give one another host or path.",
};

/// A header that is removed after it was set.
pub static MIDDLEWARE_ORDER: Code = Code {
    name: "middleware-order",
    severity: Severity::Error,
    docs: "## What it means\n\
           Requests pass a middleware that sets a header, and after it one that removes the same header.\n\
           \n\
           ## Why it matters\n\
           The workload never sees it. What a client sent under that name must be removed *before* it is set.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [middlewares.strip]\n\
           headers.request.remove = [\"X-User-Country\"]\n\
           [middlewares.country]\n\
           forward-auth = { to = \"geo:http\", response-headers = [\"X-User-Country\"] }\n\
           [routes.web]\n\
           middlewares = [\"country\", \"strip\"]\n\
           ```\n\
           \n\
           ## Instead\n\
           Put the one that removes it first: `middlewares = [\"strip\", \"country\"]`.",
};

/// A path of an API that says nothing about tokens.
pub static PATH_WITHOUT_JWT: Code = Code {
    name: "path-without-jwt",
    severity: Severity::Error,
    docs: "## What it means\n\
           `[ingress.api]` says `jwt = true`, and a path of an API has no `jwt`.\n\
           \n\
           ## Why it matters\n\
           Requests without a valid token would reach the workload, which relies on the edge to refuse them.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [ingress.api]\n\
           jwt = true\n\
           [routes.orders]\n\
           paths = { \"/api/v1/orders\" = \"orders:http\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Add `jwt = \"…\"` to the route, or to `[defaults.routes]` for all of them. Where everybody may come in, say so: `jwt = false`.",
};

/// A path of an API without a version.
pub static UNVERSIONED_PATH: Code = Code {
    name: "unversioned-path",
    severity: Severity::Error,
    docs: "## What it means\n\
           `[ingress.api]` says `versioned = true`, and a path of an API does not go on with a major version.\n\
           \n\
           ## Why it matters\n\
           Clients would depend on a path that no second version can stand beside.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [ingress.api]\n\
           versioned = true\n\
           [routes.orders]\n\
           paths = { \"/api/orders\" = \"orders:http\" }\n\
           ```\n\
           \n\
           ## Instead\n\
           Write `\"/api/v1/orders\"`.",
};

/// A middleware that no route uses.
pub static UNUSED_MIDDLEWARE: Code = Code {
    name: "unused-middleware",
    severity: Severity::Warning,
    docs: "## What it means\n\
           A key of `[middlewares]` stands in no `middlewares`, `chain`, `jwt` or `[ingress]` of the platform.\n\
           \n\
           ## Why it matters\n\
           Nothing passes it: what it was to protect is open.\n\
           \n\
           ## Example\n\
           ```toml\n\
           [middlewares.limit]\n\
           rate-limit = { average = 100, burst = 50 }\n\
           ```\n\
           \n\
           ## Instead\n\
           Add it to a route, `middlewares = [\"limit\"]`, or to all of them in `[defaults.routes]`; else remove it.",
};

/// Every diagnostic of routes, by name.
pub static CODES: &[&Code] = &[
    &CONTROLLER_CANNOT,
    &DUPLICATE_ROUTE,
    &MIDDLEWARE_ORDER,
    &PATH_WITHOUT_JWT,
    &UNUSED_MIDDLEWARE,
    &UNVERSIONED_PATH,
];

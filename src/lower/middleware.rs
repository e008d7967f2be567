//! Middlewares of Traefik. Other controllers say the same in annotations or filters of the routes themselves.

use std::collections::BTreeMap;

use super::{absent, labels, metadata};
use crate::model::{Action, Cors, ForwardAuth, Headers, Middleware, Platform, RateLimit, RequestSource};
use crate::object::Object;
use crate::object::custom::traefik::{
    Middleware as MiddlewareObject, MiddlewareSpec, TraefikAddPrefix, TraefikBasicAuth, TraefikBuffering,
    TraefikChain, TraefikCircuitBreaker, TraefikCompress, TraefikForwardAuth, TraefikHeaders,
    TraefikInFlight, TraefikIpAllowList, TraefikIpStrategy, TraefikRateLimit, TraefikRedirectRegex,
    TraefikRedirectScheme, TraefikReference, TraefikRetry, TraefikSource, TraefikStripPrefix,
};
use crate::value::Value;

const COMPONENT: &str = "middlewares";

pub(super) fn lower(platform: &Platform) -> Vec<Object> {
    let object = |middleware: &Middleware| {
        let labels = labels::of_platform(platform);
        let meta = metadata::of(middleware.name.as_str(), &middleware.namespace, labels);
        let typed = MiddlewareObject::new(meta, spec(&middleware.action));
        Object::from_typed(&typed, COMPONENT, middleware.source.clone())
    };
    platform.routing.middlewares.iter().map(object).collect()
}

fn spec(action: &Action) -> MiddlewareSpec {
    let none = MiddlewareSpec::default();
    match action {
        Action::ForwardAuth(auth) => MiddlewareSpec { forward_auth: Some(forward_auth(auth)), ..none },
        Action::RateLimit(limit) => MiddlewareSpec { rate_limit: Some(rate_limit(limit)), ..none },
        Action::Headers(headers) => MiddlewareSpec { headers: Some(self::headers(headers)), ..none },
        Action::RedirectScheme { .. } | Action::RedirectRegex { .. } => redirect(action),
        Action::StripPrefix(prefixes) => {
            let strip = TraefikStripPrefix { prefixes: prefixes.clone() };
            MiddlewareSpec { strip_prefix: Some(strip), ..none }
        }
        Action::AddPrefix(prefix) => {
            MiddlewareSpec { add_prefix: Some(TraefikAddPrefix { prefix: prefix.clone() }), ..none }
        }
        Action::BasicAuth { .. } | Action::IpAllowList { .. } | Action::InFlight { .. } => guard(action),
        Action::Chain(names) => {
            let middlewares = names.iter().map(|name| TraefikReference { name: name.to_string() }).collect();
            MiddlewareSpec { chain: Some(TraefikChain { middlewares }), ..none }
        }
        Action::Plugin { name, config, .. } => {
            let config = Value::Object(config.clone());
            MiddlewareSpec { plugin: Some(BTreeMap::from([(name.clone(), config)])), ..none }
        }
        Action::Compress { .. }
        | Action::Retry { .. }
        | Action::CircuitBreaker { .. }
        | Action::Buffering { .. } => transport(action),
    }
}

fn redirect(action: &Action) -> MiddlewareSpec {
    let mut spec = MiddlewareSpec::default();
    match action {
        Action::RedirectScheme { scheme, port, permanent } => {
            spec.redirect_scheme = Some(TraefikRedirectScheme {
                scheme: scheme.clone(),
                port: port.map(|port| port.to_string()),
                permanent: *permanent,
            });
        }
        Action::RedirectRegex { regex, replacement, permanent } => {
            spec.redirect_regex = Some(TraefikRedirectRegex {
                regex: regex.clone(),
                replacement: replacement.clone(),
                permanent: *permanent,
            });
        }
        _ => {}
    }
    spec
}

/// Who gets in.
fn guard(action: &Action) -> MiddlewareSpec {
    let mut spec = MiddlewareSpec::default();
    match action {
        Action::BasicAuth { secret, realm, remove_header, .. } => {
            spec.basic_auth = Some(TraefikBasicAuth {
                secret: secret.clone(),
                realm: absent::text(realm),
                remove_header: remove_header.then_some(true),
            });
        }
        Action::IpAllowList { ranges, depth } => {
            spec.ip_allow_list = Some(TraefikIpAllowList {
                source_range: ranges.iter().map(ToString::to_string).collect(),
                ip_strategy: depth.map(|depth| ip_strategy(Some(depth), &[])),
            });
        }
        Action::InFlight { amount, source } => {
            let amount = i64::from(*amount);
            let source_criterion = source.as_ref().map(self::source);
            spec.in_flight_req = Some(TraefikInFlight { amount, source_criterion });
        }
        _ => {}
    }
    spec
}

/// How answers come about.
fn transport(action: &Action) -> MiddlewareSpec {
    let mut spec = MiddlewareSpec::default();
    match action {
        Action::Compress { excluded, min_size } => {
            spec.compress = Some(TraefikCompress {
                excluded_content_types: excluded.clone(),
                min_response_body_bytes: *min_size,
            });
        }
        Action::Retry { attempts, interval } => {
            let initial_interval = absent::text(interval);
            spec.retry = Some(TraefikRetry { attempts: i64::from(*attempts), initial_interval });
        }
        Action::CircuitBreaker { expression, check, fallback, recovery } => {
            spec.circuit_breaker = Some(TraefikCircuitBreaker {
                expression: expression.clone(),
                check_period: absent::text(check),
                fallback_duration: absent::text(fallback),
                recovery_duration: absent::text(recovery),
            });
        }
        Action::Buffering { max_request, max_response, request_memory } => {
            spec.buffering = Some(TraefikBuffering {
                max_request_body_bytes: *max_request,
                max_response_body_bytes: *max_response,
                mem_request_body_bytes: *request_memory,
            });
        }
        _ => {}
    }
    spec
}

fn forward_auth(auth: &ForwardAuth) -> TraefikForwardAuth {
    TraefikForwardAuth {
        address: auth.address.clone(),
        trust_forward_header: auth.trust_forward_header.then_some(true),
        auth_request_headers: auth.request_headers.clone(),
        auth_response_headers: auth.response_headers.clone(),
        auth_response_headers_regex: absent::text(&auth.response_headers_regex),
    }
}

fn rate_limit(limit: &RateLimit) -> TraefikRateLimit {
    TraefikRateLimit {
        average: limit.average.into(),
        burst: limit.burst.into(),
        period: (limit.period != 1).then(|| format!("{}s", limit.period)),
        source_criterion: limit.source.as_ref().map(source),
    }
}

fn source(source: &RequestSource) -> TraefikSource {
    match source {
        RequestSource::Address { depth, excluded } => {
            TraefikSource { ip_strategy: Some(ip_strategy(*depth, excluded)), ..TraefikSource::default() }
        }
        RequestSource::Header(name) => {
            TraefikSource { request_header_name: Some(name.clone()), ..TraefikSource::default() }
        }
        RequestSource::Host => TraefikSource { request_host: Some(true), ..TraefikSource::default() },
    }
}

fn ip_strategy(depth: Option<u32>, excluded: &[String]) -> TraefikIpStrategy {
    TraefikIpStrategy { depth: depth.map(i64::from), excluded_ips: excluded.to_vec() }
}

/// Traefik removes a header by giving it the empty text.
fn headers(headers: &Headers) -> TraefikHeaders {
    let change = |change: &crate::model::HeaderChange| {
        let removed = change.remove.iter().map(|name| (name.clone(), String::new()));
        removed.chain(change.set.clone()).collect::<BTreeMap<_, _>>()
    };
    let with_cors = headers.cors.as_ref().map(cors).unwrap_or_default();
    TraefikHeaders {
        custom_request_headers: change(&headers.request),
        custom_response_headers: change(&headers.response),
        ..with_cors
    }
}

fn cors(cors: &Cors) -> TraefikHeaders {
    TraefikHeaders {
        access_control_allow_credentials: cors.credentials.then_some(true),
        access_control_allow_headers: cors.headers.clone(),
        access_control_allow_methods: cors.methods.clone(),
        access_control_allow_origin_list: cors.origins.clone(),
        access_control_expose_headers: cors.expose.clone(),
        access_control_max_age: Some(cors.max_age.into()),
        add_vary_header: Some(true),
        ..TraefikHeaders::default()
    }
}

//! `[middlewares]`: each does one thing, which is read here once for all routes that use it.

use std::collections::BTreeMap;

use super::Targets;
use super::target::{edge, target};
use crate::diag::Diagnostic;
use crate::model::{
    Action, Cors, Edge, ForwardAuth, HeaderChange, Headers, RateLimit, RequestSource, Workload,
};
use crate::names::{Cidr, ConfigKey, DnsSubdomain, Duration, PortName, PortNumber, Quantity};
use crate::resolve::codes::{CONFLICTING_KEYS, USES_CYCLE};
use crate::resolve::graph::{circles, shown};
use crate::resolve::scope::Scope;
use crate::source::KeyPath;
use crate::spec;
use crate::spec::codes::{BAD_VALUE, MISSING_KEY};

/// A middleware that routes may name.
pub(super) struct Known {
    /// Its key.
    pub key: String,
    /// The noun that it belongs to: `middlewares` or `oauth2-proxies`.
    pub noun: &'static str,
    /// Where it is written.
    pub path: KeyPath,
    /// Whether it exists here.
    pub is_enabled: bool,
    /// Its name in the cluster.
    pub name: Option<DnsSubdomain>,
    /// What it does; `None` where that is wrong and was reported. A secret is named by its key in `[secrets]`.
    pub action: Option<Action>,
    /// The middlewares of a chain, by key.
    pub members: Vec<String>,
    /// The edge from the controller to the workload that it asks.
    pub edge: Option<Edge>,
}

/// The keys of which a middleware has one.
pub(in crate::resolve) const ACTIONS: &[&str] = &[
    "forward-auth",
    "rate-limit",
    "redirect",
    "headers",
    "strip-prefix",
    "add-prefix",
    "basic-auth",
    "ip-allow-list",
    "chain",
    "compress",
    "retry",
    "in-flight",
    "circuit-breaker",
    "buffering",
    "plugin",
];

/// Every middleware, by key.
pub(super) fn known(scope: &mut Scope<'_>, targets: &Targets<'_>) -> BTreeMap<String, Known> {
    let mut known = BTreeMap::new();
    for (key, middleware) in scope.spec.middlewares.iter().flatten() {
        let path = KeyPath::of(["middlewares", key]);
        let is_enabled = middleware.enabled != Some(false);
        let mut found = Known {
            key: key.clone(),
            noun: "middlewares",
            is_enabled,
            name: None,
            action: None,
            members: Vec::new(),
            edge: None,
            path,
        };
        if is_enabled {
            found.name = scope.name(&found.path, middleware.name.as_deref(), DnsSubdomain::parse);
            read(scope, &mut found, middleware, targets);
        }
        known.insert(key.clone(), found);
    }
    check_chains(scope, &mut known);
    proxies(scope, &mut known, targets);
    known
}

/// Every oauth2-proxy: requests pass it as they pass any service that is asked.
fn proxies(scope: &mut Scope<'_>, known: &mut BTreeMap<String, Known>, targets: &Targets<'_>) {
    for (key, proxy) in scope.spec.oauth2_proxies.iter().flatten() {
        let path = KeyPath::of(["oauth2-proxies", key]);
        if let Some(other) = known.get(key) {
            let message = format!("`{path}` and `{}` have one key", other.path);
            let problem = Diagnostic::new(&CONFLICTING_KEYS, message).at(scope.key_span(&path), "");
            let problem = problem.at(scope.key_span(&other.path), "the other one");
            scope.report(problem.hint("rename one of them: both become middlewares of that name"));
            continue;
        }
        let workload = targets.workloads.get(key.as_str()).copied();
        let service = workload.and_then(|workload| Some((workload, workload.services.first()?)));
        let port = service.and_then(|(_, service)| Some(service.ports.first()?.name.clone()));
        let asked = workload.zip(port.as_ref());
        let found = Known {
            key: key.clone(),
            noun: "oauth2-proxies",
            is_enabled: proxy.enabled != Some(false),
            name: DnsSubdomain::parse(key).ok(),
            action: asked.and_then(|(workload, port)| sign_in(scope.spec, proxy, (workload, port))),
            members: Vec::new(),
            edge: asked.and_then(|asked| edge(&path, targets.gateway.as_ref(), asked)),
            path,
        };
        known.insert(key.clone(), found);
    }
}

/// How a controller asks an oauth2-proxy. For Traefik it answers 202, or with the way to sign in; nginx only hears yes or no,
/// and sends people there itself
/// (<https://oauth2-proxy.github.io/oauth2-proxy/configuration/integration>).
fn sign_in(
    spec: &spec::Platform,
    proxy: &spec::Oauth2Proxy,
    (workload, port): (&Workload, &PortName),
) -> Option<Action> {
    let nginx = super::offers::Dialect::of(spec) == super::offers::Dialect::Nginx;
    let names = ["X-Auth-Request-User", "X-Auth-Request-Email", "X-Auth-Request-Groups"];
    let told = names.into_iter().filter(|_| proxy.set_xauthrequest != Some(false));
    let token = (proxy.pass_access_token == Some(true)).then_some("X-Auth-Request-Access-Token");
    Some(Action::ForwardAuth(ForwardAuth {
        address: address(workload, port, if nginx { "/oauth2/auth" } else { "/" })?,
        sign_in: if nginx {
            "https://$host/oauth2/start?rd=$escaped_request_uri".to_owned()
        } else {
            String::new()
        },
        trust_forward_header: true,
        request_headers: Vec::new(),
        response_headers: told.chain(token).map(str::to_owned).collect(),
        response_headers_regex: String::new(),
    }))
}

fn read(scope: &mut Scope<'_>, found: &mut Known, spec: &spec::Middleware, targets: &Targets<'_>) {
    let path = found.path.clone();
    let given = [
        spec.forward_auth.is_some(),
        spec.rate_limit.is_some(),
        spec.redirect.is_some(),
        spec.headers.is_some(),
        spec.strip_prefix.is_some(),
        spec.add_prefix.is_some(),
        spec.basic_auth.is_some(),
        spec.ip_allow_list.is_some(),
        spec.chain.is_some(),
        spec.compress.is_some(),
        spec.retry.is_some(),
        spec.in_flight.is_some(),
        spec.circuit_breaker.is_some(),
        spec.buffering.is_some(),
        spec.plugin.is_some(),
    ];
    match given.iter().filter(|given| **given).count() {
        1 => {}
        0 => {
            let message = format!("`{path}` does nothing");
            let problem = Diagnostic::new(&MISSING_KEY, message).at(scope.key_span(&path), "");
            return scope.report(problem.hint(format!("add one of `{}`", ACTIONS.join("`, `"))));
        }
        _ => return scope.one_of(&path, ACTIONS),
    }
    if let Some(auth) = &spec.forward_auth {
        let at = path.key("forward-auth");
        let asked = forward_auth(scope, &at, auth, targets);
        found.edge = asked.as_ref().and_then(|(_, asked)| {
            let (workload, port) = asked.as_ref()?;
            edge(&path, targets.gateway.as_ref(), (workload, port))
        });
        found.action = asked.map(|(auth, _)| Action::ForwardAuth(auth));
        return;
    }
    found.members = spec.chain.clone().unwrap_or_default();
    found.action = limits(scope, &path, spec).or_else(|| changes(scope, &path, spec));
}

/// What bounds or refuses requests.
fn limits(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Middleware) -> Option<Action> {
    if let Some(limit) = &spec.rate_limit {
        return rate_limit(scope, &path.key("rate-limit"), limit).map(Action::RateLimit);
    }
    if let Some(auth) = &spec.basic_auth {
        return basic_auth(scope, &path.key("basic-auth"), auth);
    }
    if let Some(list) = &spec.ip_allow_list {
        return ip_allow_list(scope, &path.key("ip-allow-list"), list);
    }
    if let Some(limit) = &spec.in_flight {
        let at = path.key("in-flight");
        let source = limit.source.as_ref().map(|source| request_source(scope, &at.key("source"), source));
        let amount = scope.required(&at, "amount", limit.amount)?;
        return Some(Action::InFlight { amount, source });
    }
    let spec::CircuitBreaker { expression, check, fallback, recovery } = spec.circuit_breaker.clone()?;
    let at = path.key("circuit-breaker");
    for (key, text) in [("check", &check), ("fallback", &fallback), ("recovery", &recovery)] {
        go_duration(scope, &at.key(key), text.as_deref());
    }
    let expression = scope.required(&at, "expression", expression)?;
    let text = Option::unwrap_or_default;
    Some(Action::CircuitBreaker {
        expression,
        check: text(check),
        fallback: text(fallback),
        recovery: text(recovery),
    })
}

/// What changes requests or answers.
fn changes(scope: &mut Scope<'_>, path: &KeyPath, spec: &spec::Middleware) -> Option<Action> {
    if let Some(redirect) = &spec.redirect {
        return self::redirect(scope, &path.key("redirect"), redirect);
    }
    if let Some(headers) = &spec.headers {
        return self::headers(scope, &path.key("headers"), headers).map(Action::Headers);
    }
    if let Some(prefixes) = &spec.strip_prefix {
        for (at, prefix) in prefixes.iter().enumerate() {
            check_prefix(scope, &path.key("strip-prefix").index(at), prefix);
        }
        return Some(Action::StripPrefix(prefixes.clone()));
    }
    if let Some(prefix) = &spec.add_prefix {
        check_prefix(scope, &path.key("add-prefix"), prefix);
        return Some(Action::AddPrefix(prefix.clone()));
    }
    if let Some(compress) = &spec.compress {
        let min_size = bytes(scope, &path.key("compress").key("min-size"), compress.min_size.as_deref());
        return Some(Action::Compress { excluded: compress.excluded.clone().unwrap_or_default(), min_size });
    }
    if let Some(retry) = &spec.retry {
        let at = path.key("retry");
        go_duration(scope, &at.key("interval"), retry.interval.as_deref());
        let attempts = scope.required(&at, "attempts", retry.attempts)?;
        return Some(Action::Retry { attempts, interval: retry.interval.clone().unwrap_or_default() });
    }
    if let Some(buffering) = &spec.buffering {
        let at = path.key("buffering");
        return Some(Action::Buffering {
            max_request: bytes(scope, &at.key("max-request"), buffering.max_request.as_deref()),
            max_response: bytes(scope, &at.key("max-response"), buffering.max_response.as_deref()),
            request_memory: bytes(scope, &at.key("request-memory"), buffering.request_memory.as_deref()),
        });
    }
    plugin(scope, &path.key("plugin"), spec.plugin.as_ref()?)
}

/// What is asked: the settings, and the workload and its port where it is one of ours.
type Asked<'a> = (ForwardAuth, Option<(&'a Workload, PortName)>);

fn forward_auth<'a>(
    scope: &mut Scope<'_>,
    path: &KeyPath,
    auth: &spec::ForwardAuth,
    targets: &Targets<'a>,
) -> Option<Asked<'a>> {
    let (address, asked) = match (&auth.to, &auth.address) {
        (Some(to), None) => {
            let (workload, port) = target(scope, &path.key("to"), to, targets)?;
            let below = auth.path.as_deref().unwrap_or("/");
            check_prefix(scope, &path.key("path"), below);
            (address(workload, &port, below)?, Some((workload, port)))
        }
        (None, Some(address)) => (address.clone(), None),
        _ => {
            scope.one_of(path, &["to", "address"]);
            return None;
        }
    };
    let auth = ForwardAuth {
        address,
        sign_in: String::new(),
        trust_forward_header: auth.trust_forward_header.unwrap_or(false),
        request_headers: auth.request_headers.clone().unwrap_or_default(),
        response_headers: auth.response_headers.clone().unwrap_or_default(),
        response_headers_regex: auth.response_headers_regex.clone().unwrap_or_default(),
    };
    Some((auth, asked))
}

/// The URL of a port of a workload inside the cluster.
pub(super) fn address(workload: &Workload, port: &PortName, path: &str) -> Option<String> {
    let service = workload.services.first()?;
    let number = service.ports.iter().find(|known| known.name == *port)?.number;
    let host = format!("{}.{}.svc.cluster.local", service.name, workload.namespace);
    let url = crate::resolve::externals::url_of("http", &host, number.get());
    Some(if path == "/" { url } else { format!("{url}{path}") })
}

fn rate_limit(scope: &mut Scope<'_>, path: &KeyPath, limit: &spec::RateLimit) -> Option<RateLimit> {
    let average = scope.required(path, "average", limit.average);
    let burst = scope.required(path, "burst", limit.burst);
    let period = scope.optional(&path.key("period"), limit.period.as_deref(), Duration::parse);
    let source = limit.source.as_ref().map(|source| request_source(scope, &path.key("source"), source));
    let period = period.map_or(1, |period| period.seconds());
    Some(RateLimit { average: average?, burst: burst?, period, source })
}

fn request_source(scope: &mut Scope<'_>, path: &KeyPath, source: &spec::Source) -> RequestSource {
    let by_address = source.depth.is_some() || source.excluded.is_some();
    match (by_address, &source.header, source.host) {
        (false, Some(header), None | Some(false)) => RequestSource::Header(header.clone()),
        (false, None, Some(true)) => RequestSource::Host,
        (true, None, None | Some(false)) => RequestSource::Address {
            depth: source.depth,
            excluded: source.excluded.clone().unwrap_or_default(),
        },
        _ => {
            scope.one_of(path, &["depth", "header", "host"]);
            RequestSource::Host
        }
    }
}

fn redirect(scope: &mut Scope<'_>, path: &KeyPath, redirect: &spec::Redirect) -> Option<Action> {
    let permanent = redirect.permanent.unwrap_or(true);
    match (&redirect.scheme, &redirect.regex) {
        (Some(scheme), None) => {
            if !matches!(scheme.as_str(), "http" | "https") {
                let message = format!("`{path}.scheme` cannot be `{scheme}`");
                let problem = Diagnostic::new(&BAD_VALUE, message).at(scope.span(&path.key("scheme")), "");
                scope.report(problem.hint("the values are `http`, `https`"));
            }
            let port = redirect.port.map(|port| port.to_string());
            let port = scope.optional(&path.key("port"), port.as_deref(), PortNumber::parse);
            Some(Action::RedirectScheme { scheme: scheme.clone(), port, permanent })
        }
        (None, Some(regex)) => {
            let replacement = scope.required(path, "replacement", redirect.replacement.clone())?;
            Some(Action::RedirectRegex { regex: regex.clone(), replacement, permanent })
        }
        _ => {
            scope.one_of(path, &["scheme", "regex"]);
            None
        }
    }
}

fn headers(scope: &mut Scope<'_>, path: &KeyPath, headers: &spec::Headers) -> Option<Headers> {
    let request = change(scope, &path.key("request"), headers.request.as_ref());
    let response = change(scope, &path.key("response"), headers.response.as_ref());
    let cors = headers.cors.as_ref().map(|cors| self::cors(scope, &path.key("cors"), cors));
    if request.is_empty() && response.is_empty() && cors.is_none() {
        scope.one_of(path, &["request", "response", "cors"]);
        return None;
    }
    Some(Headers { request, response, cors })
}

/// A header that is set loses what it had anyway, so it is not removed besides.
fn change(scope: &mut Scope<'_>, path: &KeyPath, change: Option<&spec::HeaderChange>) -> HeaderChange {
    let Some(change) = change else { return HeaderChange::default() };
    let set = change.set.clone().unwrap_or_default();
    for name in set.keys() {
        check_header(scope, &path.key("set").key(name), name);
    }
    for (at, name) in change.remove.iter().flatten().enumerate() {
        check_header(scope, &path.key("remove").index(at), name);
    }
    let is_set = |name: &&String| set.keys().any(|set| set.eq_ignore_ascii_case(name));
    let remove = change.remove.iter().flatten().filter(|name| !is_set(name)).cloned().collect();
    HeaderChange { set, remove }
}

/// The name of a header is a token (RFC 9110, section 5.6.2).
fn check_header(scope: &mut Scope<'_>, at: &KeyPath, name: &str) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{at}`: `{name}` is no name of a header"));
        scope.report(problem.at(scope.key_span(at), "").hint("write it as in `X-User-Country`"));
    }
}

fn cors(scope: &mut Scope<'_>, path: &KeyPath, cors: &spec::Cors) -> Cors {
    let origins = scope.required(path, "origins", cors.origins.clone()).unwrap_or_default();
    let credentials = cors.credentials.unwrap_or(false);
    if let Some(at) = origins.iter().position(|origin| origin == "*").filter(|_| credentials) {
        let place = scope.span(&path.key("origins").index(at));
        let message = format!("`{path}` lets every origin send cookies");
        let problem = Diagnostic::new(&BAD_VALUE, message).at(place, "");
        scope.report(problem.hint("name the origins: browsers refuse `*` together with `credentials`"));
    }
    let max_age = scope.optional(&path.key("max-age"), cors.max_age.as_deref(), Duration::parse);
    Cors {
        origins,
        methods: cors.methods.clone().unwrap_or_default(),
        headers: cors.headers.clone().unwrap_or_default(),
        expose: cors.expose.clone().unwrap_or_default(),
        credentials,
        max_age: max_age.map_or(5, |age| age.seconds()),
    }
}

/// Traefik and nginx each read a key of their own.
fn basic_auth(scope: &mut Scope<'_>, path: &KeyPath, auth: &spec::BasicAuth) -> Option<Action> {
    let secret = scope.required(path, "secret", auth.secret.clone())?;
    let nginx = super::offers::Dialect::of(scope.spec) == super::offers::Dialect::Nginx;
    Some(Action::BasicAuth {
        secret,
        key: ConfigKey::parse(if nginx { "auth" } else { "users" }).ok()?,
        realm: auth.realm.clone().unwrap_or_default(),
        remove_header: auth.remove_header.unwrap_or(true),
    })
}

fn ip_allow_list(scope: &mut Scope<'_>, path: &KeyPath, list: &spec::IpAllowList) -> Option<Action> {
    let ranges = scope.required(path, "ranges", list.ranges.as_ref())?;
    let parsed = ranges.iter().enumerate();
    let parsed =
        parsed.filter_map(|(at, range)| scope.parse(&path.key("ranges").index(at), range, Cidr::parse));
    Some(Action::IpAllowList { ranges: parsed.collect(), depth: list.depth })
}

/// A plugin is code that Traefik loads when it starts, so its static configuration must name it, with a version.
fn plugin(scope: &mut Scope<'_>, path: &KeyPath, plugin: &spec::PluginUse) -> Option<Action> {
    let name = scope.required(path, "name", plugin.name.clone())?;
    let declared = scope.spec.ingress.as_ref().and_then(|ingress| ingress.plugins.as_ref());
    if let Some(declared) = declared.and_then(|plugins| plugins.get(&name)) {
        let at = KeyPath::of(["ingress", "plugins", &name]);
        scope.required(&at, "module", declared.module.as_ref());
        scope.required(&at, "version", declared.version.as_ref());
    } else {
        let known: Vec<String> = declared.into_iter().flatten().map(|(key, _)| key.clone()).collect();
        let what = format!("plugin `{name}` in `[ingress.plugins]`");
        scope.unknown(&path.key("name"), &what, &name, &known);
    }
    Some(Action::Plugin {
        name,
        config: plugin.config.clone().unwrap_or_default(),
        sets: plugin.sets.clone().unwrap_or_default(),
    })
}

fn check_prefix(scope: &mut Scope<'_>, at: &KeyPath, prefix: &str) {
    if !prefix.starts_with('/') {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{at}`: a path begins with `/`"));
        scope.report(problem.at(scope.span(at), "").hint(format!("did you mean `/{prefix}`?")));
    }
}

/// A length of time as Go writes it, fractions of a second included: `100ms`.
fn go_duration(scope: &mut Scope<'_>, at: &KeyPath, text: Option<&str>) {
    let Some(text) = text else { return };
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &text[number.len()..];
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    if !is_number || !matches!(unit, "ms" | "s" | "m" | "h") {
        let problem = Diagnostic::new(&BAD_VALUE, format!("`{at}`: `{text}` is no length of time"));
        scope.report(problem.at(scope.span(at), "").hint("write it as in `100ms` or `10s`"));
    }
}

fn bytes(scope: &mut Scope<'_>, at: &KeyPath, text: Option<&str>) -> Option<i64> {
    scope.optional(at, text, Quantity::parse).and_then(|quantity| i64::try_from(quantity.units()).ok())
}

/// Reports members of chains that are not there, and chains that lead back to themselves, which are taken apart.
fn check_chains(scope: &mut Scope<'_>, known: &mut BTreeMap<String, Known>) {
    let keys: Vec<String> = known.keys().cloned().collect();
    for one in known.values_mut() {
        let path = one.path.key("chain");
        let mut at = 0;
        one.members.retain(|member| {
            let is_there = keys.contains(member);
            if !is_there {
                scope.unknown(&path.index(at), &format!("middleware `{member}`"), member, &keys);
            }
            at += 1;
            is_there
        });
    }
    let graph = known.iter().map(|(key, one)| (key.clone(), one.members.clone())).collect();
    for circle in circles(graph) {
        let first = circle.first().map_or("", String::as_str);
        let path = KeyPath::of(["middlewares", first, "chain"]);
        let message = format!("chains of middlewares lead back to themselves: {}", shown(&circle));
        let problem = Diagnostic::new(&USES_CYCLE, message).at(scope.span(&path), "");
        scope.report(problem.hint("take one of them out of the other's `chain`"));
        for key in &circle {
            known.get_mut(key).into_iter().for_each(|one| one.members.clear());
        }
    }
}

//! What each controller can do: middlewares as annotations of ingress-nginx, and as filters of the Gateway API.
//!
//! Sources: <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/> and
//! <https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter>.

use crate::model::{Action, Cors, Filter, Headers, Pairs, RateLimit};
use crate::spec;

/// Whose language annotations are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// That of ingress-nginx.
    Nginx,
    /// That of Traefik.
    Traefik,
    /// Nobody knows.
    Unknown,
}

impl Dialect {
    /// That of the platform's controller.
    pub fn of(spec: &spec::Platform) -> Self {
        let ingress = spec.ingress.as_ref().filter(|ingress| ingress.enabled != Some(false));
        match ingress.and_then(|ingress| ingress.controller) {
            Some(spec::Controller::IngressNginx) => Self::Nginx,
            Some(spec::Controller::Traefik) => Self::Traefik,
            Some(spec::Controller::Provided) | None => Self::Unknown,
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "ingress-nginx",
            Self::Traefik => "Traefik",
            Self::Unknown => "a controller that others provide",
        }
    }
}

/// The prefix of every annotation of ingress-nginx.
const NGINX: &str = "nginx.ingress.kubernetes.io/";

/// What ingress-nginx is told to do the same.
///
/// # Errors
/// What to do instead, where it cannot.
pub(super) fn nginx(action: &Action) -> Result<Pairs, &'static str> {
    let traefik_only = "it is for `controller = \"traefik\"`";
    let pairs: Vec<(&str, String)> = match action {
        Action::ForwardAuth(auth) if !auth.response_headers_regex.is_empty() => {
            return Err("list the headers in `response-headers` in place of the pattern");
        }
        Action::ForwardAuth(auth) if !auth.request_headers.is_empty() => {
            return Err("remove `request-headers`: it sends all of them");
        }
        Action::ForwardAuth(auth) => {
            let mut pairs = vec![("auth-url", auth.address.clone())];
            pairs.extend((!auth.sign_in.is_empty()).then(|| ("auth-signin", auth.sign_in.clone())));
            let headers = auth.response_headers.join(",");
            pairs.extend((!headers.is_empty()).then_some(("auth-response-headers", headers)));
            pairs
        }
        Action::RateLimit(limit) => rate_limit(limit)?,
        Action::RedirectScheme { scheme, port: None, .. } if scheme == "https" => {
            vec![("force-ssl-redirect", "true".to_owned())]
        }
        Action::Headers(headers) => cors_alone(headers)?,
        Action::BasicAuth { secret, realm, .. } => {
            let mut pairs = vec![("auth-type", "basic".to_owned()), ("auth-secret", secret.clone())];
            pairs.extend((!realm.is_empty()).then(|| ("auth-realm", realm.clone())));
            pairs
        }
        Action::IpAllowList { ranges, depth: None } => {
            let ranges: Vec<&str> = ranges.iter().map(crate::names::Cidr::as_str).collect();
            vec![("whitelist-source-range", ranges.join(","))]
        }
        Action::IpAllowList { .. } => {
            return Err("set `use-forwarded-headers` in `[ingress.config]` in place of `depth`");
        }
        Action::Retry { attempts, interval } if interval.is_empty() => {
            vec![("proxy-next-upstream-tries", attempts.to_string())]
        }
        Action::Buffering { max_request: Some(most), max_response: None, request_memory: None } => {
            vec![("proxy-body-size", most.to_string())]
        }
        Action::Compress { .. } => {
            return Err("set `use-gzip = \"true\"` in `[ingress.config]`, which is for all routes");
        }
        _ => return Err(traefik_only),
    };
    Ok(pairs.into_iter().map(|(key, value)| (format!("{NGINX}{key}"), value)).collect())
}

/// nginx counts by address, in a second or a minute, and its burst is a multiple of the average.
fn rate_limit(limit: &RateLimit) -> Result<Vec<(&'static str, String)>, &'static str> {
    let key = match (limit.period, &limit.source) {
        (1, None) => "limit-rps",
        (60, None) => "limit-rpm",
        (_, None) => return Err("give it a `period` of `\"1s\"` or `\"1m\"`"),
        (_, Some(_)) => return Err("remove `source`: it counts by the address of the client alone"),
    };
    let times = limit.burst.checked_div(limit.average).unwrap_or(0);
    if times == 0 || times.checked_mul(limit.average) != Some(limit.burst) {
        return Err("make `burst` a multiple of `average`, as nginx has it");
    }
    Ok(vec![(key, limit.average.to_string()), ("limit-burst-multiplier", times.to_string())])
}

fn cors_alone(headers: &Headers) -> Result<Vec<(&'static str, String)>, &'static str> {
    let Some(cors) =
        headers.cors.as_ref().filter(|_| headers.request.is_empty() && headers.response.is_empty())
    else {
        return Err(
            "it sets headers for all routes alone, with `proxy-set-headers` and `add-headers` of `[ingress.config]`",
        );
    };
    let mut pairs = vec![
        ("enable-cors", "true".to_owned()),
        ("cors-allow-origin", cors.origins.join(", ")),
        ("cors-allow-credentials", cors.credentials.to_string()),
        ("cors-max-age", cors.max_age.to_string()),
    ];
    for (key, words) in [
        ("cors-allow-methods", &cors.methods),
        ("cors-allow-headers", &cors.headers),
        ("cors-expose-headers", &cors.expose),
    ] {
        pairs.extend((!words.is_empty()).then(|| (key, words.join(", "))));
    }
    Ok(pairs)
}

/// The filters of the Gateway API that do the same to requests for `path`; `None` where it has none.
pub(super) fn filters(action: &Action, path: &str) -> Option<Vec<Filter>> {
    match action {
        Action::RedirectScheme { scheme, port, permanent } => {
            Some(vec![Filter::Redirect { scheme: scheme.clone(), port: *port, permanent: *permanent }])
        }
        Action::Headers(headers) => Some(of_headers(headers)),
        Action::StripPrefix(prefixes) => {
            let same = |prefix: &String| prefix.trim_end_matches('/') == path.trim_end_matches('/');
            matches!(prefixes.as_slice(), [only] if same(only)).then(|| vec![Filter::StripPrefix])
        }
        _ => None,
    }
}

fn of_headers(headers: &Headers) -> Vec<Filter> {
    let request = (!headers.request.is_empty()).then(|| Filter::Request(headers.request.clone()));
    let response = (!headers.response.is_empty()).then(|| Filter::Response(headers.response.clone()));
    let cors = headers.cors.clone().map(|cors: Cors| Filter::Cors(cors));
    request.into_iter().chain(response).chain(cors).collect()
}

/// Whether two filters are of one type, of which a rule may have one.
pub(super) fn same_type(one: &Filter, other: &Filter) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

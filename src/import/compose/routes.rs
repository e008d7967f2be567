//! Labels of Traefik as `[routes.<name>]`: <https://doc.traefik.io/traefik/routing/providers/docker/>.
//!
//! Hosts and path prefixes of a rule are carried over; a rule that says more is named.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Reads, label};
use super::project::{Service, Text};
use crate::spec;

const ROUTERS: &str = "traefik.http.routers.";

/// One router of a service.
#[derive(Debug, Default)]
struct Router<'a> {
    rule: Option<&'a Text>,
    service: Option<&'a Text>,
    middlewares: Option<&'a Text>,
    tls: bool,
    resolver: Option<&'a Text>,
}

/// The routes that the labels of a service declare.
pub(super) fn routes(
    draft: &mut Draft<'_>,
    (name, service): (&str, &Service),
    workload: &spec::Workload,
) -> BTreeMap<String, spec::Route> {
    let enabled = service.labels.get("traefik.enable").is_none_or(|label| label.text != "false");
    let mut found = BTreeMap::new();
    if !enabled {
        return found;
    }
    for (router, parts) in routers(service) {
        let Some(rule) = parts.rule else { continue };
        let target = target(service, parts.service.map(|it| it.text.as_str()), workload);
        let Some(port) = target else {
            let message = format!("the router `{router}` leads to no port of `{name}` that the file states");
            draft.not_carried(rule.span, message, "add the port to the workload, and write the route");
            continue;
        };
        let text = draft.text(&rule.text, Reads::Plainly, rule.span);
        let Some((hosts, prefixes)) = read_rule(&text) else {
            let message = format!("the rule of the router `{router}` says more than hosts and prefixes");
            draft.not_carried(rule.span, message, "write it as `[routes]`, with `exact` or a middleware");
            continue;
        };
        if let Some(middlewares) = parts.middlewares {
            let message = format!("requests to `{router}` pass the middlewares `{}`", middlewares.text);
            draft.not_carried(
                middlewares.span,
                message,
                "write each as `[middlewares]`, and name it in `middlewares` of the route",
            );
        }
        let secure = parts.tls || parts.resolver.is_some();
        for (at, host) in hosts.iter().enumerate() {
            let key = if at == 0 { label(&router) } else { format!("{}-{}", label(&router), at + 1) };
            found.insert(key, route(draft, (name, &port), (host, &prefixes), secure));
        }
    }
    found
}

fn route(
    draft: &Draft<'_>,
    (name, port): (&str, &str),
    (host, prefixes): (&str, &[String]),
    tls: bool,
) -> spec::Route {
    let to = format!("{}:{port}", draft.key(name));
    let path =
        |prefix: &String| (prefix.clone(), spec::RoutePath { to: Some(to.clone()), ..Default::default() });
    spec::Route {
        host: Some(host.to_owned()),
        paths: Some(prefixes.iter().map(path).collect()),
        tls: tls.then(|| spec::Tls { issuer: Some("letsencrypt".to_owned()), ..Default::default() }),
        ..Default::default()
    }
}

fn routers(service: &Service) -> BTreeMap<String, Router<'_>> {
    let mut found: BTreeMap<String, Router<'_>> = BTreeMap::new();
    for (key, value) in &service.labels {
        let Some((name, part)) = key.strip_prefix(ROUTERS).and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        let router = found.entry(name.to_owned()).or_default();
        match part {
            "rule" => router.rule = Some(value),
            "service" => router.service = Some(value),
            "middlewares" => router.middlewares = Some(value),
            "tls.certresolver" => router.resolver = Some(value),
            "tls" => router.tls = value.text == "true",
            part if part.starts_with("tls.") => router.tls = true,
            _ => {}
        }
    }
    found
}

/// The port, by its name, that a router leads to: the one that a label states, or the only one.
fn target(service: &Service, named: Option<&str>, workload: &spec::Workload) -> Option<String> {
    let ports = workload.ports.as_ref()?;
    let stated = service.labels.iter().find(|(key, _)| {
        let inner = key
            .strip_prefix("traefik.http.services.")
            .and_then(|rest| rest.strip_suffix(".loadbalancer.server.port"));
        inner.is_some_and(|service| named.is_none_or(|named| named.split('@').next() == Some(service)))
    });
    match stated.map(|(_, port)| port.text.parse::<u16>().ok()) {
        Some(number) => ports.iter().find(|(_, port)| port.container == number).map(|(name, _)| name.clone()),
        None if ports.len() == 1 => ports.keys().next().cloned(),
        None => ports.contains_key("http").then(|| "http".to_owned()),
    }
}

/// `Host(`a`, `b`) && PathPrefix(`/x`)`: the hosts and the prefixes. `None` for what says more.
fn read_rule(rule: &str) -> Option<(Vec<String>, Vec<String>)> {
    let (mut hosts, mut prefixes) = (Vec::new(), BTreeSet::new());
    let mut rest = rule.trim();
    while !rest.is_empty() {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '&' | '|'));
        if rest.is_empty() {
            break;
        }
        let (matcher, behind) = rest.split_once('(')?;
        let (arguments, behind) = behind.split_once(')')?;
        let arguments = arguments.split(',').map(|it| it.trim().trim_matches(['`', '"']).to_owned());
        match matcher.trim() {
            "Host" => hosts.extend(arguments),
            "PathPrefix" => prefixes.extend(arguments.filter(|path| path.starts_with('/'))),
            _ => return None,
        }
        rest = behind.trim_start();
    }
    // A prefix of one host only would be read as one of all.
    if hosts.is_empty() || rule.contains("||") && !prefixes.is_empty() && hosts.len() > 1 {
        return None;
    }
    if prefixes.is_empty() {
        prefixes.insert("/".to_owned());
    }
    Some((hosts, prefixes.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_hosts_and_prefixes_are_read() {
        let rule = |text: &str| read_rule(text).map(|(hosts, paths)| (hosts.join(","), paths.join(",")));
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(rule("Host(`a.example`)"), pair("a.example", "/"));
        assert_eq!(rule("Host(`a`, `b`) && (PathPrefix(`/x`) || PathPrefix(`/y`))"), None);
        assert_eq!(rule("Host(`a`) && (PathPrefix(`/x`) || PathPrefix(`/y`))"), pair("a", "/x,/y"));
        assert_eq!(rule("Host(`a`) || Host(`b`)"), pair("a,b", "/"));
        for more in
            ["HostRegexp(`.*`)", "Host(`a`) && Headers(`x`, `y`)", "!Host(`a`)", "PathPrefix(`/x`)", "Host("]
        {
            assert_eq!(rule(more), None, "{more}");
        }
    }
}

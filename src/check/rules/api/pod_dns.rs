//! `pod-dns`: the DNS settings of a pod.

use crate::check::finding::Findings;
use crate::check::format;
use crate::check::network::address_problem;
use crate::check::rules::code;
use crate::check::subject::Subject;
use crate::check::values::Fields;
use crate::value::Value;

code! {
    "pod-dns", Error,
    means: "`dnsPolicy: None` has no nameserver, there are more than 3 nameservers or 32 search paths, one of them is malformed, or a host alias is.",
    matters: "The API server refuses the object.",
    example: "dnsPolicy: None",
    instead: "dnsPolicy: None\ndnsConfig: { nameservers: [10.0.0.10] }",
    source: "validatePodDNSConfig and ValidateHostAliases in pkg/apis/core/validation"
}

pub(crate) fn check<'a>(subject: &Subject<'a>, found: &mut Findings<'a>) {
    let Some(pod) = subject.pod else { return };
    let config = pod.spec.child("dnsConfig");
    let servers = config.map_or(0, |config| config.items("nameservers").len());
    if pod.spec.text("dnsPolicy") == Some("None") && servers == 0 {
        found.add(&CODE, (pod.spec, "dnsConfig"), "the DNS policy `None` needs a nameserver in `dnsConfig`");
    }
    if let Some(config) = config {
        check_config(subject, config, found);
    }
    for alias in pod.spec.items("hostAliases") {
        check_alias(subject, alias, found);
    }
}

fn check_config<'a>(subject: &Subject<'a>, config: &'a Value, found: &mut Findings<'a>) {
    let (servers, searches) = (config.items("nameservers"), config.items("searches"));
    if servers.len() > 3 {
        found.add(
            &CODE,
            (config, "nameservers"),
            format!("there are {} nameservers, more than 3", servers.len()),
        );
    }
    for server in servers {
        if let Some(problem) = server.as_str().and_then(|text| address_problem(text, subject.version())) {
            found.add(&CODE, server, format!("the nameserver {server} is {problem}"));
        }
    }
    if searches.len() > 32 {
        found.add(
            &CODE,
            (config, "searches"),
            format!("there are {} search paths, more than 32", searches.len()),
        );
    }
    let length = config.texts("searches").map(|path| path.len() + 1).sum::<usize>().saturating_sub(1);
    if length > 2048 {
        found.add(
            &CODE,
            (config, "searches"),
            format!("the search paths have {length} characters, more than 2048"),
        );
    }
    for path in searches {
        if let Some(problem) = path.as_str().and_then(search_problem) {
            found.add(&CODE, path, format!("the search path {path} is {problem}"));
        }
    }
    for option in config.items("options") {
        if option.text_or_empty("name").is_empty() {
            found.add(&CODE, option, "a DNS option has no name");
        }
    }
}

fn search_problem(path: &str) -> format::Problem {
    if path == "." {
        return None;
    }
    format::dns_search(path.strip_suffix('.').unwrap_or(path))
}

fn check_alias<'a>(subject: &Subject<'a>, alias: &'a Value, found: &mut Findings<'a>) {
    if let Some(problem) = alias.text("ip").and_then(|text| address_problem(text, subject.version())) {
        found.add(&CODE, (alias, "ip"), format!("the address {} is {problem}", alias["ip"]));
    }
    for name in alias.items("hostnames") {
        if let Some(problem) = name.as_str().and_then(format::dns_subdomain) {
            found.add(&CODE, name, format!("the host name {name} is {problem}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{accepts, refuses};

    #[test]
    fn dns_settings() {
        let spec = "spec.template.spec";
        let refused = |edit: &str, field: &str| {
            refuses(&CODE, "DaemonSet", &format!("{spec}.{edit}"), &format!("{spec}.{field}"));
        };
        refused("dnsPolicy: None", "dnsConfig");
        refused("dnsConfig: { nameservers: [1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4] }", "dnsConfig.nameservers");
        refused("dnsConfig: { nameservers: [dns.example] }", "dnsConfig.nameservers[0]");
        refused("dnsConfig: { searches: ['a b'] }", "dnsConfig.searches[0]");
        refused("dnsConfig: { options: [{ value: '2' }] }", "dnsConfig.options[0]");
        refused("hostAliases: [{ ip: 10.0.0, hostnames: [a] }]", "hostAliases[0].ip");
        refused("hostAliases: [{ ip: 10.0.0.1, hostnames: [A] }]", "hostAliases[0].hostnames[0]");
        accepts(
            "DaemonSet",
            &format!(
                "{spec}.dnsConfig: {{ searches: [_tcp.example.com., .], options: [{{ name: ndots, value: '2' }}] }}"
            ),
        );
    }
}

//! Host names: where a request goes, and the pattern that a route answers to.

use std::net::Ipv4Addr;

use super::dns::{lowered, subdomain};
use super::error::Fault;
use super::text::text_name;

text_name! {
    /// The name of one host, without a wildcard: the target of an ExternalName Service, a TLS host.
    ///
    /// `validation.IsDNS1123Subdomain`, and no IP address, which Ingress refuses
    /// (`validateIngressRules` in `k8s.io/kubernetes/pkg/apis/networking/validation`).
    HostName, "a host name", host, lowered
}

text_name! {
    /// What a route answers to: a host name, or `*.` and a host name.
    ///
    /// `validation.IsWildcardDNS1123Subdomain`. The wildcard stands for exactly one label.
    HostPattern, "a host name", pattern, lowered_pattern
}

impl HostPattern {
    /// Whether it starts with `*.`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// Whether a request for `host` is answered.
    #[must_use]
    pub fn matches(&self, host: &HostName) -> bool {
        match self.0.strip_prefix("*.") {
            Some(rest) => host.as_str().split_once('.').is_some_and(|(_, parent)| parent == rest),
            None => self.0 == host.0,
        }
    }
}

impl From<HostName> for HostPattern {
    fn from(host: HostName) -> Self {
        Self(host.0)
    }
}

fn host(text: &str) -> Result<(), Fault> {
    if text.contains("://") {
        return Err(Fault::of("it is a URL, of which only the host belongs here"));
    }
    if text.parse::<Ipv4Addr>().is_ok() {
        return Err(Fault::of("it is an IP address"));
    }
    subdomain(text)
}

fn pattern(text: &str) -> Result<(), Fault> {
    match text.strip_prefix("*.") {
        Some("") => Err(Fault::of("a host name must follow `*.`")),
        Some(rest) => host(rest).map_err(|fault| fault.within("what follows `*.`", 2)),
        None if text.contains('*') => {
            Err(Fault::of("`*` may only be the whole first label, as in `*.example.com`"))
        }
        None => host(text),
    }
}

fn lowered_pattern(text: &str) -> Option<String> {
    match text.strip_prefix("*.") {
        Some(rest) => lowered(rest).map(|rest| format!("*.{rest}")),
        None => lowered(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_neither_address_nor_pattern_nor_url() {
        for text in ["localhost", "db.internal.example.com", "1.2.3", "a.b."] {
            assert_eq!(HostName::parse(text).is_ok(), text != "a.b.", "{text}");
        }
        for text in ["", "10.0.0.1", "*.example.com", "http://example.com", "a:80", "::1"] {
            assert!(HostName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_wildcard_is_the_whole_first_label() {
        for text in ["*.example.com", "*.a", "example.com"] {
            assert!(HostPattern::parse(text).is_ok(), "{text}");
        }
        for text in ["*", "*.", "a.*.com", "*a.com", "**.com", "*.*.com", "*.10.0.0.1"] {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_wildcard_stands_for_one_label() -> Result<(), crate::names::NameError> {
        let pattern = HostPattern::parse("*.example.com")?;
        assert!(pattern.is_wildcard());
        assert!(pattern.matches(&HostName::parse("a.example.com")?));
        assert!(!pattern.matches(&HostName::parse("a.b.example.com")?));
        assert!(!pattern.matches(&HostName::parse("example.com")?));
        assert!(HostPattern::parse("a.b")?.matches(&HostName::parse("a.b")?));
        Ok(())
    }

    #[test]
    fn a_guess_keeps_the_wildcard() {
        let error = HostPattern::parse("*.Example.com").expect_err("upper case");
        assert_eq!(error.suggestion(), Some("*.example.com"));
    }
}

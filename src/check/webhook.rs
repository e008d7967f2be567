//! Where the API server reaches a webhook: a URL, or the path of a Service.
//!
//! Each function takes a text and gives what is wrong with it, or `None`. After `pkg/util/webhook/validation.go` of
//! k8s.io/apiserver, and `net/url` of Go.

use super::format::{Problem, dns_subdomain};

/// `ValidateWebhookURL` of a URL that has to be of https.
pub(crate) fn url_problem(url: &str) -> Problem {
    let Some((scheme, rest)) = url.split_once(':').filter(|_| is_whole(url)) else {
        return Some("it has to begin with https://");
    };
    if !scheme.eq_ignore_ascii_case("https") {
        return Some("it has to begin with https://");
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let Some(authority) = rest.strip_prefix("//").and_then(|rest| rest.split('/').next()) else {
        return Some("the host is missing");
    };
    if !fragment.is_empty() {
        Some("a fragment has no place in it")
    } else if !query.is_empty() {
        Some("a query has no place in it")
    } else if authority.contains('@') {
        Some("a user has no place in it")
    } else if authority.is_empty() {
        Some("the host is missing")
    } else if !is_host(authority) {
        Some("the host is none")
    } else {
        None
    }
}

/// Whether nothing in it keeps Go from reading it: no control characters, and two digits after each percent sign.
fn is_whole(url: &str) -> bool {
    let escapes = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|c| c.is_ascii_hexdigit());
    !url.bytes().any(|c| c.is_ascii_control()) && url.split('%').skip(1).all(escapes)
}

fn is_host(authority: &str) -> bool {
    let port = match authority.rsplit_once(']') {
        Some((_, after)) => after,
        None => authority.rfind(':').map_or("", |at| &authority[at..]),
    };
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()));
    let is_closed = !authority.starts_with('[') || authority.contains(']');
    is_port && is_closed && !authority.contains([' ', '\\', '^', '{', '}', '|', '`', '%'])
}

/// The path of `ValidateWebhookService`.
pub(crate) fn path_problem(path: &str) -> Problem {
    if matches!(path, "" | "/") {
        return None;
    }
    let Some(steps) = path.strip_prefix('/') else { return Some("a path begins with `/`") };
    let steps = steps.strip_suffix('/').unwrap_or(steps);
    if steps.split('/').any(str::is_empty) {
        return Some("a path has no empty step");
    }
    steps
        .split('/')
        .any(|step| dns_subdomain(step).is_some())
        .then_some("each step of the path has to be a DNS name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_webhooks() {
        for good in ["https://a", "HTTPS://a.b:80/c", "https://[::1]:8/a", "https://a?", "https://a#"] {
            assert_eq!(url_problem(good), None, "{good}");
        }
        let bad =
            ["", "a", "http://a", "https://", "https:///a", "https://u@a", "https://a?b", "https://a#b"];
        for bad in
            bad.into_iter().chain(["https://a b", "https://a:b", "https://a/%zz", "https:a", "https://[::1"])
        {
            assert!(url_problem(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn paths_of_services() {
        for good in ["", "/", "/a", "/a/", "/a.b/c"] {
            assert_eq!(path_problem(good), None, "{good}");
        }
        for bad in ["a", "//", "/a//", "/A", "/a b"] {
            assert!(path_problem(bad).is_some(), "{bad}");
        }
    }
}

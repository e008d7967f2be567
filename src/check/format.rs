//! The forms that kube-apiserver asks of names, keys, ports and paths, from `k8s.io/apimachinery/pkg/util/validation`.
//!
//! Each function takes a text and gives what is wrong with it in words that follow "is", or `None`.

/// What is wrong with a text.
pub(crate) type Problem = Option<&'static str>;

fn problem(fits: bool, text: &'static str) -> Problem {
    (!fits).then_some(text)
}

/// `IsDNS1123Label`.
pub(crate) fn dns_label(text: &str) -> Problem {
    let fits = text.len() <= 63 && is_label(text);
    problem(fits, "no DNS label: at most 63 of a-z, 0-9 and `-`, a letter or digit at both ends")
}

/// `IsDNS1123Subdomain`.
pub(crate) fn dns_subdomain(text: &str) -> Problem {
    let fits = text.len() <= 253 && text.split('.').all(is_label);
    problem(
        fits,
        "no DNS name: at most 253 of a-z, 0-9, `-` and `.`, a letter or digit at both ends of each part",
    )
}

/// `IsDNS1123SubdomainWithUnderscore`, which DNS search paths are held to.
pub(crate) fn dns_search(text: &str) -> Problem {
    let part = |part: &str| {
        let inner = part.strip_prefix('_').unwrap_or(part);
        has_ends(inner, is_lower_or_digit)
            && inner.bytes().all(|c| is_lower_or_digit(c) || matches!(c, b'-' | b'_'))
    };
    problem(text.len() <= 253 && text.split('.').all(part), "no DNS search path")
}

/// `IsDNS1035Label`.
pub(crate) fn dns_1035_label(text: &str) -> Problem {
    let fits = dns_label(text).is_none() && text.starts_with(|c: char| c.is_ascii_lowercase());
    problem(fits, "no DNS-1035 label: at most 63 of a-z, 0-9 and `-`, a letter first, a letter or digit last")
}

/// `IsFullyQualifiedName`: a DNS name of three parts or more.
pub(crate) fn fully_qualified_name(text: &str) -> Problem {
    dns_subdomain(text)
        .or_else(|| problem(text.split('.').count() >= 3, "no name of three parts, as `a.example.com`"))
}

/// `IsFullyQualifiedDomainName`: a DNS name of two labels or more; a dot may end it.
pub(crate) fn fully_qualified_domain(text: &str) -> Problem {
    let text = text.strip_suffix('.').unwrap_or(text);
    let labels = text.split('.').filter(|label| dns_label(label).is_none()).count();
    let fits = text.len() <= 253 && labels >= 2 && labels == text.split('.').count();
    problem(fits, "no domain name of two parts or more")
}

/// `ValidateCSIDriverName`: a DNS name of at most 63 characters, in either case.
pub(crate) fn driver_name(text: &str) -> Problem {
    let fits = text.len() <= 63 && dns_subdomain(&text.to_lowercase()).is_none();
    problem(fits, "no name of a driver: a DNS name of at most 63 characters")
}

/// The name of an iSCSI initiator or target, of one of the three forms that there are.
pub(crate) fn iscsi_name(text: &str) -> Problem {
    let is_hex = |text: &str| text.bytes().all(|c| c.is_ascii_hexdigit());
    let is_authority = |text: &str| {
        let mut parts = text.splitn(2, '.');
        let month = parts.next().and_then(|it| it.split_once('-'));
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|c| c.is_ascii_digit());
        let named = parts
            .next()
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|c| c.is_ascii_graphic() || c == b' '));
        month.is_some_and(|(year, month)| digits(year, 4) && digits(month, 2)) && named
    };
    let fits = match text.split_once('.') {
        Some(("iqn", rest)) => is_authority(rest),
        Some(("eui", rest)) => rest.len() == 16 && is_hex(rest),
        Some(("naa", rest)) => rest.len() == 32 && is_hex(rest),
        _ => false,
    };
    problem(fits, "no name of iSCSI: `iqn.` with a month and a domain, `eui.` or `naa.` with their digits")
}

/// `IsWildcardDNS1123Subdomain`: `*.example.com`.
pub(crate) fn wildcard_dns_name(text: &str) -> Problem {
    let fits = text.len() <= 253 && text.strip_prefix("*.").is_some_and(|rest| rest.split('.').all(is_label));
    problem(fits, "no wildcard DNS name: `*.` and a DNS name")
}

/// `IsQualifiedName`: the key of a label, with or without a prefix.
pub(crate) fn qualified_name(text: &str) -> Problem {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    let fits = prefix.is_none_or(|prefix| dns_subdomain(prefix).is_none())
        && !name.is_empty()
        && is_label_text(name);
    problem(
        fits,
        "no qualified name: an optional DNS name and `/`, then at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
    )
}

/// `IsValidLabelValue`.
pub(crate) fn label_value(text: &str) -> Problem {
    problem(
        is_label_text(text),
        "no label value: at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
    )
}

/// `IsConfigMapKey`.
pub(crate) fn data_key(text: &str) -> Problem {
    let letters = text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'));
    let fits = !text.is_empty() && text.len() <= 253 && letters && text != "." && !text.starts_with("..");
    problem(fits, "no key: at most 253 letters, digits, `-`, `_` and `.`, not `.` and not starting with `..`")
}

/// `IsValidPortName`: an IANA service name.
pub(crate) fn port_name(text: &str) -> Problem {
    let letters = text.bytes().all(|c| is_lower_or_digit(c) || c == b'-');
    let fits = text.len() <= 15
        && letters
        && text.bytes().any(|c| c.is_ascii_lowercase())
        && !text.contains("--")
        && !text.starts_with('-')
        && !text.ends_with('-');
    problem(fits, "no port name: at most 15 of a-z, 0-9 and `-`, with a letter, no `-` at an end and no `--`")
}

/// `IsRelaxedEnvVarName`, in force since Kubernetes 1.32: printable ASCII without `=`.
pub(crate) fn environment_name(text: &str) -> Problem {
    let fits = !text.is_empty() && text.bytes().all(|c| (b' '..=b'~').contains(&c) && c != b'=');
    problem(fits, "no environment name: printable ASCII characters other than `=`")
}

/// `IsHTTPHeaderName`.
pub(crate) fn header_name(text: &str) -> Problem {
    let fits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    problem(fits, "no HTTP header name: letters, digits and `-`")
}

/// `IsValidPathSegmentName`: what may stand in a URL path, as the names of roles do.
pub(crate) fn path_segment(text: &str) -> Problem {
    let fits = text != "." && text != ".." && !text.contains(['/', '%']);
    problem(fits, "no path segment: not `.` or `..`, and without `/` and `%`")
}

/// `IsDomainPrefixedPath`: `example.com/path`.
pub(crate) fn domain_prefixed_path(text: &str) -> Problem {
    let path_letters = |c: u8| c.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&c);
    let fits = text.split_once('/').is_some_and(|(host, path)| {
        dns_subdomain(host).is_none() && !path.is_empty() && path.bytes().all(path_letters)
    });
    problem(fits, "no path with a domain before it, such as `example.com/controller`")
}

/// `validateLocalDescendingPath`: relative, and never upwards.
pub(crate) fn descending_path(text: &str) -> Problem {
    if text.starts_with('/') {
        return Some("absolute; it must be relative");
    }
    no_backsteps(text)
}

/// `validatePathNoBacksteps`.
pub(crate) fn no_backsteps(text: &str) -> Problem {
    problem(text.split('/').all(|part| part != ".."), "a path with `..` in it")
}

/// `ValidateLocalNonReservedPath`: a file below a volume.
pub(crate) fn volume_file_path(text: &str) -> Problem {
    descending_path(text).or_else(|| problem(!text.starts_with(".."), "a path that starts with `..`"))
}

/// `IsValidPercent`: digits and a percent sign; gives the number.
pub(crate) fn percent(text: &str) -> Option<u32> {
    let digits = text.strip_suffix('%').filter(|digits| !digits.is_empty())?;
    digits.bytes().all(|c| c.is_ascii_digit()).then(|| digits.parse().unwrap_or(u32::MAX))
}

fn is_label(text: &str) -> bool {
    has_ends(text, is_lower_or_digit) && text.bytes().all(|c| is_lower_or_digit(c) || c == b'-')
}

fn is_label_text(text: &str) -> bool {
    let ends = text.is_empty() || has_ends(text, |c| c.is_ascii_alphanumeric());
    let letters = text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.'));
    text.len() <= 63 && ends && letters
}

fn has_ends(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|c| fits(*c)) && bytes.last().is_some_and(|c| fits(*c))
}

const fn is_lower_or_digit(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_forms(check: fn(&str) -> Problem, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(check(text), None, "{text:?}");
        }
        for text in bad {
            assert!(check(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn names_of_objects() {
        assert_forms(
            dns_label,
            &["a", "0", "a-b", &"a".repeat(63)],
            &["", "A", "a.b", "-a", "a-", &"a".repeat(64), "a_b", "é"],
        );
        assert_forms(dns_1035_label, &["a1"], &["1a", ""]);
        assert_forms(dns_subdomain, &["a.b", "0"], &["a..b", ".a", "a.", &"a.".repeat(127)]);
        assert_forms(wildcard_dns_name, &["*.a.b"], &["*", "*a.b", "a.*.b", "*.*.a"]);
        assert_forms(path_segment, &["system:node", "a b"], &["a/b", "..", "a%b"]);
    }

    #[test]
    fn keys_and_values() {
        assert_forms(
            qualified_name,
            &["a", "a.b/C_d", "A"],
            &["", "/a", "a/", "a/b/c", "A.b/c", "-a", &"a".repeat(64)],
        );
        assert_forms(label_value, &["", "a", "A.b_c-1"], &["-a", "a ", "a/b", &"a".repeat(64)]);
        assert_forms(data_key, &["a", ".a", "-", "a..b"], &["", ".", "..", "..a", "a/b", "a b"]);
        assert_forms(
            port_name,
            &["a", "http-2", "123456789012a45"],
            &["", "A", "1", "a--b", "-a", "a-", "1234567890123456"],
        );
        assert_forms(environment_name, &["A", "1 BAD", "a.b"], &["", "A=B", "é", "a\n"]);
        assert_forms(domain_prefixed_path, &["a.b/c"], &["a.b", "/c", "a.b/", "A/b"]);
    }

    #[test]
    fn paths() {
        assert_forms(volume_file_path, &["a/b", ".a", "a..b"], &["/a", "a/../b", "..a", ".."]);
        assert_forms(no_backsteps, &["/a/b"], &["/a/../b"]);
        assert_eq!(percent("25%"), Some(25));
        assert_eq!(percent("%"), None);
        assert_eq!(percent("2.5%"), None);
    }
}

//! DNS names as Kubernetes has them: labels, subdomains and the names of Services.
//!
//! The rules are those of `k8s.io/apimachinery/pkg/util/validation`, which quotes RFC 1123 and RFC 1035.

use super::error::Fault;
use super::text::{
    Class, LOWER_ALPHANUMERIC, at_most, ends, every, hyphenated, is_lower_alphanumeric, starts, text_name,
};

/// The longest label of RFC 1123.
const LABEL_MOST: usize = 63;
/// The longest subdomain of RFC 1123.
const SUBDOMAIN_MOST: usize = 253;

const LABEL: Class =
    Class { holds: |c| is_lower_alphanumeric(c) || c == '-', name: "a lower-case letter, a digit or `-`" };
const LOWER: Class = Class { holds: |c| c.is_ascii_lowercase(), name: "a lower-case letter" };

text_name! {
    /// A DNS label: the name of a namespace, a container, a volume, a component.
    ///
    /// At most 63 lower-case letters, digits and `-`, with a letter or digit at both ends
    /// (`validation.IsDNS1123Label`).
    DnsLabel, "a DNS label", label, hyphenated
}

text_name! {
    /// DNS labels joined by dots: the name of most objects.
    ///
    /// At most 253 characters (`validation.IsDNS1123Subdomain`). The API server does not hold each label to 63
    /// characters, and neither does this type.
    DnsSubdomain, "a DNS subdomain", subdomain, lowered
}

text_name! {
    /// The name of a Service: a DNS label that starts with a letter.
    ///
    /// `validation.IsDNS1035Label`. Kubernetes 1.34 can relax this to a DNS label behind a feature gate that is off;
    /// until it is on everywhere the narrow rule holds.
    ServiceName, "a service name", service, hyphenated
}

impl From<DnsLabel> for DnsSubdomain {
    fn from(label: DnsLabel) -> Self {
        Self(label.0)
    }
}

impl From<ServiceName> for DnsLabel {
    fn from(name: ServiceName) -> Self {
        Self(name.0)
    }
}

impl From<ServiceName> for DnsSubdomain {
    fn from(name: ServiceName) -> Self {
        Self(name.0)
    }
}

fn label(text: &str) -> Result<(), Fault> {
    every(text, &LABEL)?;
    starts(text, &LOWER_ALPHANUMERIC)?;
    ends(text, &LOWER_ALPHANUMERIC)?;
    at_most(text, LABEL_MOST)
}

fn service(text: &str) -> Result<(), Fault> {
    every(text, &LABEL)?;
    starts(text, &LOWER)?;
    ends(text, &LOWER_ALPHANUMERIC)?;
    at_most(text, LABEL_MOST)
}

/// The rule of [`DnsSubdomain`], which other names contain.
pub(super) fn subdomain(text: &str) -> Result<(), Fault> {
    let mut start = 0;
    for part in text.split('.') {
        subdomain_part(part, text, start)?;
        start += part.len() + 1;
    }
    at_most(text, SUBDOMAIN_MOST)
}

fn subdomain_part(part: &str, text: &str, start: usize) -> Result<(), Fault> {
    if part.is_empty() {
        return Err(empty_part(text, start));
    }
    let rule = every(part, &LABEL)
        .and_then(|()| starts(part, &LOWER_ALPHANUMERIC))
        .and_then(|()| ends(part, &LOWER_ALPHANUMERIC));
    if part.len() == text.len() { rule } else { rule.map_err(|f| f.within(&format!("`{part}`"), start)) }
}

fn empty_part(text: &str, start: usize) -> Fault {
    match start {
        0 => Fault::of("it starts with a dot"),
        _ if start == text.len() => Fault::of("it ends with a dot"),
        _ => Fault::of("two dots follow each other"),
    }
}

/// The guess for a subdomain keeps its dots.
pub(super) fn lowered(text: &str) -> Option<String> {
    let parts: Option<Vec<String>> = text.split('.').map(hyphenated).collect();
    Some(parts?.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(text: &str) -> String {
        DnsLabel::parse(text).map_or_else(|error| error.to_string(), |label| format!("accepted {label}"))
    }

    #[test]
    fn labels_that_hold() {
        for text in ["a", "0", "api", "a-b", "a--b", "1password", &"a".repeat(63)] {
            assert_eq!(complaint(text), format!("accepted {text}"));
        }
    }

    #[test]
    fn labels_that_do_not_hold_say_why() {
        let allowed = "a lower-case letter, a digit or `-`";
        assert_eq!(complaint(""), "a DNS label may not be empty");
        assert_eq!(complaint("Api"), format!("`Api` is not a DNS label: character 1, `A`, is not {allowed}"));
        assert_eq!(complaint("a.b"), format!("`a.b` is not a DNS label: character 2, `.`, is not {allowed}"));
        assert_eq!(complaint("zé"), format!("`zé` is not a DNS label: character 2, `é`, is not {allowed}"));
        assert!(
            complaint("-a")
                .ends_with("character 1, `-`, is not a lower-case letter or a digit, as the first must be")
        );
        assert!(
            complaint("a-")
                .ends_with("character 2, `-`, is not a lower-case letter or a digit, as the last must be")
        );
        assert!(complaint(&"a".repeat(64)).ends_with("it has 64 characters, and 63 is the most"));
    }

    #[test]
    fn a_guess_is_made_where_one_is_evident() {
        let guess = |text: &str| DnsLabel::parse(text).err()?.suggestion().map(str::to_owned);
        assert_eq!(guess("My_App").as_deref(), Some("my-app"));
        assert_eq!(guess("-a.b-").as_deref(), Some("a-b"));
        assert_eq!(guess("straße"), None);
        assert_eq!(guess("--"), None);
        assert_eq!(guess(&"A".repeat(64)), None);
    }

    #[test]
    fn subdomains_are_labels_joined_by_dots() {
        let longest = format!("{}a", "a.".repeat(126));
        assert_eq!(longest.len(), 253);
        for text in ["a", "a.b", "db.example.com", "0.1", &"a".repeat(253), &longest] {
            assert!(DnsSubdomain::parse(text).is_ok(), "{text}");
        }
        for text in ["", ".", ".a", "a.", "a..b", "a.-b", "a-.b", "A.b", "a_b", "é.com", &"a".repeat(254)] {
            assert!(DnsSubdomain::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_fault_in_one_label_of_a_subdomain_is_placed() {
        let error = DnsSubdomain::parse("db.-x.com").map(|_| ());
        let error = error.expect_err("a hyphen may not start a label");
        assert_eq!(error.position(), Some(3));
        assert!(error.message().contains("in `-x`, character 1"), "{error}");
        assert_eq!(error.suggestion(), Some("db.x.com"));
    }

    #[test]
    fn a_service_starts_with_a_letter() {
        assert!(ServiceName::parse("a1").is_ok());
        assert!(ServiceName::parse(&"a".repeat(63)).is_ok());
        for text in ["", "1a", "a-", "-a", "A", "a.b", &"a".repeat(64)] {
            assert!(ServiceName::parse(text).is_err(), "{text}");
        }
    }
}

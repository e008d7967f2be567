//! Addresses and prefixes, as the API server reads them.

use std::net::IpAddr;

use super::KubernetesVersion;

/// An address range in CIDR notation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// Reads `10.0.0.0/8`; leading zeros in the parts of an IPv4 address are let through, as `ParseCIDRSloppy` does.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = parse_address(address)?;
        let digits = !prefix.is_empty() && prefix.len() <= 3 && prefix.bytes().all(|c| c.is_ascii_digit());
        let prefix = digits.then(|| prefix.parse().ok())??;
        let most = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= most).then_some(Self { address, prefix })
    }

    /// Whether an address is in the range. An IPv4 address in IPv6 notation counts as the IPv4 address that it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.prefix);
                shift == 32 || u32::from(own) >> shift == u32::from(other) >> shift
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.prefix);
                shift == 128 || u128::from(own) >> shift == u128::from(other) >> shift
            }
            _ => false,
        }
    }

    /// Whether another range is a part of this one, and not all of it.
    pub fn strictly_contains(&self, other: &Self) -> bool {
        self.contains(other.address) && self.prefix < other.prefix
    }

    /// Whether both are of IPv4, or both of IPv6.
    pub const fn is_of_the_family_of(&self, other: &Self) -> bool {
        self.address.is_ipv4() == other.address.is_ipv4()
    }

    /// Whether the address has bits beyond the prefix.
    fn has_host_bits(&self) -> bool {
        match self.address {
            IpAddr::V4(address) => self.prefix < 32 && u32::from(address) << self.prefix != 0,
            IpAddr::V6(address) => self.prefix < 128 && u128::from(address) << self.prefix != 0,
        }
    }
}

/// What keeps a text from being an address; `IsValidIPForLegacyField`, strict since Kubernetes 1.36.
pub(crate) fn address_problem(text: &str, version: KubernetesVersion) -> Option<&'static str> {
    match parse_address(text) {
        None => Some("no IP address"),
        Some(_) if version >= KubernetesVersion::V1_36 && !is_strict_address(text) => Some(
            "no IP address: leading zeros and IPv4 addresses in IPv6 notation are refused since Kubernetes 1.36",
        ),
        Some(_) => None,
    }
}

/// What keeps a text from being an address range; `IsValidCIDRForLegacyField`, strict since Kubernetes 1.36.
pub(crate) fn cidr_problem(text: &str, version: KubernetesVersion) -> Option<&'static str> {
    let Some(cidr) = Cidr::parse(text) else { return Some("no address range such as 10.0.0.0/8") };
    if version < KubernetesVersion::V1_36 {
        return None;
    }
    let (address, prefix) = text.split_once('/')?;
    let zeros = prefix.len() > 1 && prefix.starts_with('0');
    if !is_strict_address(address) || zeros {
        return Some("no address range: leading zeros are refused since Kubernetes 1.36");
    }
    cidr.has_host_bits()
        .then_some("no address range: bits beyond the prefix are refused since Kubernetes 1.36")
}

/// `IsValidIP`: an address in the one form that is written of it.
pub(crate) fn strict_address_problem(text: &str) -> Option<&'static str> {
    let is_plain = text.parse::<IpAddr>().is_ok_and(|address| address.to_string() == text);
    (!is_plain || !is_strict_address(text)).then_some("no IP address in its plain form")
}

/// `IsValidCIDR`: a range in the one form that is written of it, without bits beyond the prefix.
pub(crate) fn strict_cidr_problem(text: &str) -> Option<&'static str> {
    let is_plain = Cidr::parse(text)
        .is_some_and(|cidr| !cidr.has_host_bits() && format!("{}/{}", cidr.address, cidr.prefix) == text);
    let is_strict = text.split_once('/').is_some_and(|(address, _)| is_strict_address(address));
    (!is_plain || !is_strict).then_some("no address range in its plain form, as 10.0.0.0/8")
}

fn is_strict_address(text: &str) -> bool {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().is_none(),
        Ok(IpAddr::V4(_)) => true,
        Err(_) => false,
    }
}

/// Go's sloppy reading: an IPv4 part may have leading zeros.
pub(crate) fn parse_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let parts: Vec<_> = text.split('.').collect();
    let plain = |part: &&str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    if parts.len() != 4 || !parts.iter().all(plain) {
        return None;
    }
    let trimmed: Vec<_> = parts.iter().map(|part| part.trim_start_matches('0')).collect();
    let filled: Vec<_> = trimmed.iter().map(|part| if part.is_empty() { "0" } else { part }).collect();
    filled.join(".").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_what_is_in_them() {
        let range = Cidr::parse("10.1.0.0/16").expect("a range");
        assert!(range.contains([10, 1, 2, 3].into()));
        assert!(!range.contains([10, 2, 0, 0].into()));
        assert!(Cidr::parse("0.0.0.0/0").is_some_and(|all| all.contains([1, 2, 3, 4].into())));
        assert!(range.strictly_contains(&Cidr::parse("10.1.1.0/24").expect("a range")));
        assert!(!range.strictly_contains(&range));
        for bad in ["10.0.0.0", "10.0.0.0/33", "a/8", "10.0.0.0/", "::/129"] {
            assert_eq!(Cidr::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn legacy_forms_are_refused_only_by_versions_that_refuse_them() {
        assert_eq!(address_problem("010.0.0.1", KubernetesVersion::V1_35), None);
        assert!(address_problem("010.0.0.1", KubernetesVersion::V1_36).is_some());
        assert_eq!(cidr_problem("10.0.0.1/8", KubernetesVersion::V1_35), None);
        assert!(cidr_problem("10.0.0.1/8", KubernetesVersion::V1_36).is_some());
        assert!(address_problem("10.0.0", KubernetesVersion::V1_33).is_some());
    }
}

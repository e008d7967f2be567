//! Blocks of IP addresses: `10.0.0.0/8`, `fd00::/8`.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::NameError;
use super::error::Fault;
use super::text::{serialize_as_text, string_traits};

const WHAT: &str = "a block of IP addresses";

/// A block of addresses in its canonical form: no leading zeros, no bit set behind the prefix.
///
/// This is what Kubernetes moves to with `StrictIPCIDRValidation`. Older releases take `10.1.2.3/8` too and mean
/// `10.0.0.0/8`, which is hardly ever what the writer meant; the suggestion is the masked form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cidr {
    network: IpAddr,
    prefix: u8,
    text: String,
}

impl Cidr {
    /// Reads a block.
    ///
    /// # Errors
    /// States whether the address, the prefix length or the bits behind it are wrong.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let refuse = |reason: String| NameError::new(text, WHAT, Fault::of(reason));
        let Some((address, prefix)) = text.split_once('/') else {
            let whole = text.parse::<IpAddr>().ok().map(|address| format!("{address}/{}", width(address)));
            return Err(refuse("it has no `/` and prefix length".into()).suggest(whole));
        };
        let network: IpAddr =
            address.parse().map_err(|_| refuse("what stands before the `/` is no IP address".into()))?;
        if matches!(network, IpAddr::V6(v6) if v6.to_ipv4_mapped().is_some()) {
            return Err(refuse("an IPv4 address inside an IPv6 one is refused; write the IPv4 block".into()));
        }
        let prefix = prefix_length(prefix, network).map_err(refuse)?;
        let (masked, canonical) = (mask(network, prefix), Self::of(mask(network, prefix), prefix));
        if masked == network {
            return Ok(canonical);
        }
        Err(refuse(format!("bits are set behind the first {prefix}")).suggest(Some(canonical.text)))
    }

    fn of(network: IpAddr, prefix: u8) -> Self {
        Self { network, prefix, text: format!("{network}/{prefix}") }
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first address.
    #[must_use]
    pub const fn network(&self) -> IpAddr {
        self.network
    }

    /// How many leading bits all addresses of the block share.
    #[must_use]
    pub const fn prefix(&self) -> u8 {
        self.prefix
    }

    /// Whether the block holds `address`. A block of one family never holds an address of the other.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.network.is_ipv4() == address.is_ipv4() && mask(address, self.prefix) == self.network
    }

    /// Whether every address of `other` is one of this block's.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.prefix <= other.prefix && self.contains(other.network)
    }

    /// Whether it holds every address of its family.
    #[must_use]
    pub const fn is_everything(&self) -> bool {
        self.prefix == 0
    }
}

/// By address, IPv4 first, and the larger block first.
impl Ord for Cidr {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.network, self.prefix).cmp(&(other.network, other.prefix))
    }
}

impl PartialOrd for Cidr {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

string_traits!(Cidr);
serialize_as_text!(Cidr);

const fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn prefix_length(text: &str, network: IpAddr) -> Result<u8, String> {
    let most = width(network);
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && !(text.len() > 1 && text.starts_with('0'));
    let length = text.parse::<u8>().ok().filter(|length| plain && *length <= most);
    length.ok_or_else(|| format!("the prefix length is not a whole number from 0 to {most}"))
}

fn mask(address: IpAddr, prefix: u8) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let keep = u32::MAX.checked_shl(32_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & keep).into())
        }
        IpAddr::V6(v6) => {
            let keep = u128::MAX.checked_shl(128_u32.saturating_sub(prefix.into())).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & keep).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_hold() {
        for (text, canonical) in [
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.168.1.1/32", "192.168.1.1/32"),
            ("::/0", "::/0"),
            ("FD00::/8", "fd00::/8"),
            ("2001:db8:0:0::/64", "2001:db8::/64"),
            ("::1/128", "::1/128"),
        ] {
            assert_eq!(Cidr::parse(text).map(|block| block.to_string()), Ok(canonical.to_owned()));
        }
    }

    #[test]
    fn blocks_that_do_not_hold() {
        for text in [
            "",
            "10.0.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0/8",
            "010.0.0.0/8",
            "::/129",
            "::ffff:1.2.3.4/128",
            "a/8",
            "10.0.0.0/8/8",
            " 10.0.0.0/8",
            "fe80::1%eth0/64",
        ] {
            assert!(Cidr::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bits_behind_the_prefix_are_mended() {
        let error = Cidr::parse("10.1.2.3/8").expect_err("bits behind the prefix");
        assert_eq!(
            error.message(),
            "`10.1.2.3/8` is not a block of IP addresses: bits are set behind the first 8"
        );
        assert_eq!(error.suggestion(), Some("10.0.0.0/8"));
        let error = Cidr::parse("10.0.0.1").expect_err("no prefix");
        assert_eq!(error.suggestion(), Some("10.0.0.1/32"));
    }

    #[test]
    fn a_block_holds_its_addresses_and_smaller_blocks() -> Result<(), NameError> {
        let private = Cidr::parse("10.0.0.0/8")?;
        assert!(private.contains(IpAddr::from([10, 255, 0, 1])));
        assert!(!private.contains(IpAddr::from([11, 0, 0, 0])));
        assert!(!private.contains(IpAddr::from([0_u16; 8])));
        assert!(private.covers(&Cidr::parse("10.2.0.0/16")?));
        assert!(!Cidr::parse("10.2.0.0/16")?.covers(&private));
        assert!(Cidr::parse("::/0")?.is_everything());
        assert!(!Cidr::parse("::/0")?.covers(&private));
        Ok(())
    }
}

//! URLs, addresses and address ranges.

use std::net::{IpAddr, Ipv6Addr};
use std::rc::Rc;

use super::{count, truth, wrong};
use crate::check::cel::evaluate::Outcome;
use crate::check::cel::value::Value;

/// The parts of a URL, as Go's `url.ParseRequestURI` gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    scheme: String,
    /// Host and port.
    host: String,
    path: String,
    query: String,
}

pub(super) fn url<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    match values {
        [url @ Value::Url(_)] => Some(Ok(url.clone())),
        [Value::Text(text)] => match parse_url(text) {
            Some(url) => Some(Ok(Value::Url(Rc::new(url)))),
            None => wrong(format!("`{text}` is no URL")),
        },
        _ => None,
    }
}

pub(super) fn is_url<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    truth(parse_url(text).is_some())
}

/// An absolute URL, or an absolute path.
pub(super) fn parse_url(text: &str) -> Option<Url> {
    if text.bytes().any(|it| it.is_ascii_control()) || !escapes_are_whole(text) {
        return None;
    }
    let (text, query) = text.split_once('?').unwrap_or((text, ""));
    if text.starts_with('/') {
        return Some(Url {
            scheme: String::new(),
            host: String::new(),
            path: text.to_owned(),
            query: query.to_owned(),
        });
    }
    let (scheme, rest) = text.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it));
    if !is_scheme {
        return None;
    }
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let (_, port) = split_host(host);
    let is_host = !host.contains([' ', '<', '>', '"', '\\', '^', '{', '}', '|', '`'])
        && port.bytes().all(|it| it.is_ascii_digit());
    is_host.then(|| Url {
        scheme: scheme.to_ascii_lowercase(),
        host: host.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
    })
}

/// Whether two digits follow each percent sign.
fn escapes_are_whole(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|rest| rest.len() >= 2 && rest.bytes().take(2).all(|it| it.is_ascii_hexdigit()))
}

/// Host, without brackets, and port.
fn split_host(host: &str) -> (&str, &str) {
    if let Some((address, rest)) = host.strip_prefix('[').and_then(|it| it.split_once(']')) {
        return (address, rest.strip_prefix(':').unwrap_or(rest));
    }
    host.rsplit_once(':').unwrap_or((host, ""))
}

fn part<'a>(values: &[Value<'a>], of: fn(&Url) -> &str) -> Option<Outcome<'a>> {
    let [Value::Url(url)] = values else { return None };
    Some(Ok(Value::text(of(url).to_owned())))
}

pub(super) fn scheme<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |url| &url.scheme)
}

pub(super) fn host<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |url| &url.host)
}

pub(super) fn hostname<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |url| split_host(&url.host).0)
}

pub(super) fn port<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |url| split_host(&url.host).1)
}

pub(super) fn path<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    part(values, |url| &url.path)
}

/// A map from each key of the query to its values.
pub(super) fn query<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Url(url)] = values else { return None };
    let mut entries: Vec<(Value<'a>, Vec<Value<'a>>)> = Vec::new();
    for pair in url.query.split('&').filter(|it| !it.is_empty()).take(1000) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (Value::text(decoded(key)), Value::text(decoded(value)));
        match entries.iter_mut().find(|(own, _)| own.equals(&key)) {
            Some((_, list)) => list.push(value),
            None => entries.push((key, vec![value])),
        }
    }
    let entries = entries.into_iter().map(|(key, list)| (key, Value::list(list))).collect();
    Some(Ok(Value::Map(Rc::new(entries))))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let digits = String::from_utf8_lossy(&digits).into_owned();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// An address as Kubernetes takes it: no IPv4 within IPv6, no zone.
fn address(text: &str) -> Option<IpAddr> {
    let address: IpAddr = text.parse().ok()?;
    let mapped = matches!(address, IpAddr::V6(it) if it.to_ipv4_mapped().is_some());
    (!mapped).then_some(address)
}

pub(super) fn ip<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    match address(text) {
        Some(address) => Some(Ok(Value::Ip(address))),
        None => wrong(format!("`{text}` is no IP address")),
    }
}

pub(super) fn is_ip<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    truth(address(text).is_some())
}

pub(super) fn is_canonical<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    match address(text) {
        Some(address) => truth(address.to_string() == *text),
        None => wrong(format!("`{text}` is no IP address")),
    }
}

pub(super) fn family<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Ip(address)] = values else { return None };
    count(if address.is_ipv4() { 4 } else { 6 })
}

fn is<'a>(values: &[Value<'a>], so: fn(IpAddr) -> bool) -> Option<Outcome<'a>> {
    let [Value::Ip(address)] = values else { return None };
    truth(so(*address))
}

pub(super) fn is_unspecified<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    is(values, |it| it.is_unspecified())
}

pub(super) fn is_loopback<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    is(values, |it| it.is_loopback())
}

pub(super) fn is_link_local_multicast<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    is(values, link_local_multicast)
}

pub(super) fn is_link_local_unicast<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    is(values, link_local_unicast)
}

pub(super) fn is_global_unicast<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    is(values, |it| {
        let broadcast = matches!(it, IpAddr::V4(address) if address.is_broadcast());
        !broadcast
            && !it.is_unspecified()
            && !it.is_loopback()
            && !it.is_multicast()
            && !link_local_unicast(it)
    })
}

fn link_local_multicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.octets()[..3] == [224, 0, 0],
        IpAddr::V6(it) => it.octets()[0] == 0xff && it.octets()[1] & 0x0f == 0x02,
    }
}

const fn link_local_unicast(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_link_local(),
        IpAddr::V6(it) => it.segments()[0] & 0xffc0 == 0xfe80,
    }
}

fn range(text: &str) -> Option<(IpAddr, u8)> {
    let (start, bits) = text.split_once('/')?;
    let (start, bits) = (address(start)?, bits.parse::<u8>().ok()?);
    let plain = text.ends_with(&format!("/{bits}"));
    (plain && bits <= if start.is_ipv4() { 32 } else { 128 }).then_some((start, bits))
}

pub(super) fn cidr<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    match range(text) {
        Some((start, bits)) => Some(Ok(Value::Cidr(start, bits))),
        None => wrong(format!("`{text}` is no CIDR")),
    }
}

pub(super) fn is_cidr<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Text(text)] = values else { return None };
    truth(range(text).is_some())
}

pub(super) fn ip_of<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Cidr(start, _)] = values else { return None };
    Some(Ok(Value::Ip(*start)))
}

pub(super) fn prefix_length<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Cidr(_, bits)] = values else { return None };
    count(usize::from(*bits))
}

pub(super) fn masked<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Cidr(start, bits)] = values else { return None };
    Some(Ok(Value::Cidr(network_of(*start, *bits), *bits)))
}

pub(super) fn contains_ip<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Cidr(start, bits), other] = values else { return None };
    let other = match other {
        Value::Ip(other) => *other,
        Value::Text(text) => match address(text) {
            Some(other) => other,
            None => return wrong(format!("`{text}` is no IP address")),
        },
        _ => return None,
    };
    truth(covers(*start, *bits, other))
}

pub(super) fn contains_cidr<'a>(values: &[Value<'a>]) -> Option<Outcome<'a>> {
    let [Value::Cidr(start, bits), other] = values else { return None };
    let (inner, longer) = match other {
        Value::Cidr(inner, longer) => (*inner, *longer),
        Value::Text(text) => match range(text) {
            Some(range) => range,
            None => return wrong(format!("`{text}` is no CIDR")),
        },
        _ => return None,
    };
    truth(longer >= *bits && covers(*start, *bits, inner))
}

fn covers(start: IpAddr, bits: u8, other: IpAddr) -> bool {
    start.is_ipv4() == other.is_ipv4() && network_of(start, bits) == network_of(other, bits)
}

/// The first address of a range.
fn network_of(address: IpAddr, bits: u8) -> IpAddr {
    match address {
        IpAddr::V4(it) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            IpAddr::V4((u32::from(it) & mask).into())
        }
        IpAddr::V6(it) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
            IpAddr::V6(Ipv6Addr::from(u128::from(it) & mask))
        }
    }
}

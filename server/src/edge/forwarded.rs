//! Whose address counts where a proxy stands in between: only the proxies of the settings are believed.

use crate::config::Network;
use axum::http::{HeaderMap, HeaderName, header};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from: the other end of the connection, or, where that is a trusted proxy, the last address before
/// the trusted ones.
///
/// What cannot be read, and what the two headers say differently, counts for nothing: a proxy that writes one of them may
/// hand the other through as its client wrote it.
pub(super) fn source(proxies: &[Network], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    if !is_proxy(peer) {
        return peer;
    }
    let said = |name: HeaderName, read: fn(&str) -> Option<Vec<Hop>>| {
        headers.contains_key(&name).then(|| last_before(headers, &name, read, is_proxy))
    };
    let told = match (said(header::FORWARDED, forwarded), said(X_FORWARDED_FOR, listed)) {
        (Some(one), Some(other)) => one.filter(|_| one == other),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => None,
    };
    told.unwrap_or(peer)
}

/// An address that a proxy was asked from; none where it does not say, or says no address.
type Hop = Option<IpAddr>;

/// From the right, where the nearest proxy wrote: the first that is no trusted proxy. What stands left of it may be invented.
fn last_before(
    headers: &HeaderMap,
    name: &HeaderName,
    read: fn(&str) -> Option<Vec<Hop>>,
    is_proxy: impl Fn(IpAddr) -> bool,
) -> Hop {
    for line in headers.get_all(name).iter().rev() {
        for hop in read(line.to_str().ok()?)?.into_iter().rev() {
            let address = hop?.to_canonical();
            if !is_proxy(address) {
                return Some(address);
            }
        }
    }
    None
}

/// A line of `X-Forwarded-For`.
fn listed(line: &str) -> Option<Vec<Hop>> {
    Some(line.split(',').map(|hop| address(hop.trim())).collect())
}

/// A line of `Forwarded` (RFC 7239); none where it is not one.
fn forwarded(line: &str) -> Option<Vec<Hop>> {
    split(line, ',')?.into_iter().map(element).collect()
}

fn element(element: &str) -> Option<Hop> {
    let mut from = None;
    for pair in split(element, ';')? {
        let (name, value) = pair.trim().split_once('=')?;
        if name.eq_ignore_ascii_case("for") && from.replace(address(unquoted(value)?)).is_some() {
            return None;
        }
    }
    Some(from.flatten())
}

/// The parts between a sign outside of quotes; none where a quote stays open.
fn split(text: &str, sign: char) -> Option<Vec<&str>> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(|c: char| {
        let is_plain = !std::mem::take(&mut is_escaped);
        match c {
            '\\' if is_quoted && is_plain => is_escaped = true,
            '"' if is_plain => is_quoted = !is_quoted,
            _ => {}
        }
        !is_quoted && c == sign
    });
    let parts = parts.collect();
    (!is_quoted).then_some(parts)
}

/// A token, or what stands between quotes. An address needs no escapes, so that none are undone.
fn unquoted(value: &str) -> Option<&str> {
    let inner = match value.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => value,
    };
    (!inner.contains('"')).then_some(inner)
}

/// An address, with or without a port.
fn address(text: &str) -> Hop {
    if let Some(rest) = text.strip_prefix('[') {
        let (address, behind) = rest.split_once(']')?;
        let is_port = behind.is_empty() || behind.strip_prefix(':').is_some_and(is_port);
        return Some(address.parse::<Ipv6Addr>().ok().filter(|_| is_port)?.into());
    }
    text.parse().ok().or_else(|| {
        let (address, port) = text.split_once(':')?;
        Some(address.parse::<Ipv4Addr>().ok().filter(|_| is_port(port))?.into())
    })
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "10.0.0.5";
    const PROXIES: [&str; 2] = ["10.0.0.0/29", "fd00::/64"];

    /// Header lines `f: …` and `x: …`.
    fn from(peer: &str, lines: &[&str]) -> String {
        let proxies = PROXIES.map(|text| Network::try_from(text.to_owned()).unwrap());
        let mut headers = HeaderMap::new();
        for line in lines {
            let (name, value) = line.split_once(": ").unwrap();
            let name = if name == "f" { header::FORWARDED } else { X_FORWARDED_FOR };
            headers.append(name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        source(&proxies, peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn what_a_trusted_proxy_says_counts() {
        for (lines, source) in [
            (&["x: 192.0.2.1"][..], "192.0.2.1"),
            (&["x: 192.0.2.1:4711"], "192.0.2.1"),
            (&["x: 2001:db8::1"], "2001:db8::1"),
            (&["x: [2001:db8::1]:80"], "2001:db8::1"),
            (&["x: ::ffff:192.0.2.1"], "192.0.2.1"),
            (&["f: for=192.0.2.1"], "192.0.2.1"),
            (&["f: For=\"192.0.2.1:80\";proto=https;by=10.0.0.5"], "192.0.2.1"),
            (&["f: proto=https; for=\"[2001:db8::1]:80\""], "2001:db8::1"),
            (&["f: for=\"[2001:db8::1]\";host=\"a,b;c=\\\"d\""], "2001:db8::1"),
            // What stands left of the nearest stranger may be invented.
            (&["x: 203.0.113.9, 192.0.2.1"], "192.0.2.1"),
            (&["x: rubbish, 192.0.2.1"], "192.0.2.1"),
            (&["f: for=203.0.113.9, for=192.0.2.1"], "192.0.2.1"),
            (&["x: 203.0.113.9", "x: 192.0.2.1"], "192.0.2.1"),
            (&["f: for=\"never closed", "f: for=192.0.2.1"], "192.0.2.1"),
            // Proxies in a row.
            (&["x: 203.0.113.9, 192.0.2.1, 10.0.0.3, fd00::7"], "192.0.2.1"),
            (&["f: for=192.0.2.1, for=10.0.0.3", "f: for=\"[fd00::7]\""], "192.0.2.1"),
            (&["x: 192.0.2.1", "f: for=192.0.2.1"], "192.0.2.1"),
        ] {
            assert_eq!(from(PEER, lines), source, "{lines:?}");
            assert_eq!(from("fd00::9", lines), source, "{lines:?}");
            assert_eq!(
                from("10.0.0.8", lines),
                "10.0.0.8",
                "a stranger's word counts for nothing: {lines:?}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_or_is_contradicted_counts_for_nothing() {
        for lines in [
            &[][..],
            &["x: "],
            &["x: unknown"],
            &["x: 192.0.2.1,"],
            &["x: 192.0.2.1, rubbish"],
            &["x: 192.0.2.256"],
            &["x: 192.0.2.1:port"],
            &["x: 192.0.2.1:65536"],
            &["x: 192.0.2.1:+80"],
            &["x: [2001:db8::1"],
            &["x: [192.0.2.1]"],
            &["x: 192.0.2.1\u{e9}"],
            &["x: 10.0.0.3"],
            &["f: for=unknown"],
            &["f: for=_hidden"],
            &["f: proto=https"],
            &["f: 192.0.2.1"],
            &["f: for=192.0.2.1;for=192.0.2.2"],
            &["f: for=\"192.0.2.1"],
            &["f: for=192.0.2.1\"\""],
            &["f: for=\"192.0.2.1\"x"],
            // A client that opens a quote to swallow what the proxy adds.
            &["f: for=203.0.113.9;x=\", for=192.0.2.1"],
            &["f: for=203.0.113.9;x=\", for=\"192.0.2.1\""],
            &["f: for=203.0.113.9;x=\"\\\", for=\"192.0.2.1\";y=\"z\""],
            &["x: 192.0.2.1", "f: for=203.0.113.9"],
            &["x: 192.0.2.1", "f: for=\"never closed"],
        ] {
            assert_eq!(from(PEER, lines), PEER, "{lines:?}");
        }
    }
}

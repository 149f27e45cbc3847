//! Who counts as one: an address, and of IPv6 the network of a customer and the site it belongs to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tsumugi_protocol::limits;

/// Who counts as one source: an address, or the network of one IPv6 customer (/64).
pub(super) fn source_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => leading(address, 64).into(),
    }
}

/// The site of an IPv6 address (/48): whoever rents one has 65,536 networks to come from.
pub(super) fn site_of(address: IpAddr) -> Option<Ipv6Addr> {
    match address.to_canonical() {
        IpAddr::V4(_) => None,
        IpAddr::V6(address) => Some(leading(address, 48)),
    }
}

/// † The network that an address belongs to: its /24, or its site of IPv6 (/48). A phone and a computer behind one router are in
/// the same.
pub(super) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => Ipv4Addr::from_bits(address.to_bits() & !0xff).into(),
        IpAddr::V6(address) => leading(address, 48).into(),
    }
}

/// How many of all connections the source of an address may hold.
pub(super) fn share_of(address: IpAddr, all: usize) -> usize {
    let percent = match address.to_canonical() {
        IpAddr::V4(_) => limits::ADDRESS_PERCENT,
        IpAddr::V6(_) => limits::NETWORK_PERCENT,
    };
    all * percent / 100
}

/// How many of all connections a site may hold.
pub(super) fn share_of_site(all: usize) -> usize {
    all * limits::SITE_PERCENT / 100
}

fn leading(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    let rest = 128 - bits;
    Ipv6Addr::from_bits(address.to_bits() >> rest << rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_of_ipv6_is_one_source_and_a_site_has_many() {
        let address = |text: &str| -> IpAddr { text.parse().unwrap() };
        let of = |text: &str| source_of(address(text));
        assert_eq!(of("2001:db8:1:2::3"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::3"), of("2001:db8:1:3::3"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
        let site = |text: &str| site_of(address(text));
        assert_eq!(site("2001:db8:1:2::3"), site("2001:db8:1:ffff::3"));
        assert_ne!(site("2001:db8:1:2::3"), site("2001:db8:2:2::3"));
        assert_eq!((site("10.0.0.1"), site("::ffff:10.0.0.1")), (None, None));
        let network = |text: &str| network_of(address(text));
        assert_eq!(network("192.0.2.7"), network("::ffff:192.0.2.250"));
        assert_ne!(network("192.0.2.7"), network("192.0.3.7"));
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:9::1"));
        assert_ne!(network("2001:db8:1:2::3"), network("2001:db8:2:2::3"));
    }
}

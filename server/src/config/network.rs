//! An address or a network of addresses, as settings name it: `10.0.0.5`, `fd00::/64`.

use serde::Deserialize;
use std::net::IpAddr;

/// A network; one address is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    /// Leading bits that count.
    bits: u32,
}

impl Network {
    /// Whether an address lies in it, however it is spelled.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        leading(address.to_canonical(), self.bits) == leading(self.address, self.bits)
            && address.to_canonical().is_ipv4() == self.address.is_ipv4()
    }
}

fn size(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn leading(address: IpAddr, bits: u32) -> u128 {
    let all = match address {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    all.checked_shr(size(address).saturating_sub(bits)).unwrap_or_default()
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no address and no network, like 10.0.0.5 or fd00::/64");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u32>().map_err(|_| wrong())?)),
            None => (text.as_str(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        if address.to_canonical() != address {
            return Err(format!("{text:?} is an address of IPv4 in that of IPv6: write it as IPv4"));
        }
        let bits = bits.unwrap_or(size(address));
        if bits > size(address) {
            return Err(wrong());
        }
        if bits == 0 {
            return Err(format!("{text:?} is everybody"));
        }
        let rest = size(address) - bits;
        let all = leading(address, size(address));
        if all >> rest << rest != all {
            return Err(format!("{text:?} has bits behind its network: is a single address meant?"));
        }
        Ok(Self { address, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Result<Network, String> {
        Network::try_from(text.to_owned())
    }

    #[test]
    fn a_network_holds_what_lies_in_it() {
        for (of, inside, outside) in [
            ("10.0.0.5", "10.0.0.5", "10.0.0.6"),
            ("10.0.0.5", "::ffff:10.0.0.5", "::ffff:10.0.0.4"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.0.2.128/25", "192.0.2.128", "192.0.2.127"),
            ("fd00::/64", "fd00::1:2:3:4", "fd00:0:0:1::"),
            ("fd00::7", "fd00::7", "fd00::8"),
            ("::1", "::1", "0.0.0.1"),
            ("0.0.0.1", "0.0.0.1", "::1"),
        ] {
            let of = network(of).unwrap();
            assert!(of.holds(inside.parse().unwrap()), "{of:?} {inside}");
            assert!(!of.holds(outside.parse().unwrap()), "{of:?} {outside}");
        }
    }

    #[test]
    fn what_is_no_network_or_everybody_is_refused() {
        for wrong in [
            "",
            "proxy.example",
            "10.0.0.5/33",
            "fd00::/129",
            "10.0.0.5/8",
            "10.0.0.0/",
            "/8",
            "0.0.0.0/0",
            "::/0",
            "::ffff:10.0.0.5",
            "10.0.0.0/-1",
        ] {
            assert!(network(wrong).is_err(), "{wrong}");
        }
    }
}

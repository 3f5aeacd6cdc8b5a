//! `ClientAddressFilter` and `<addressfilter>`: the client addresses that may send requests.

use std::net::{IpAddr, Ipv4Addr};

use crate::{
    error::{Error, Result},
    limits,
};

/// The permitted networks, each an address and a prefix length in bits. An empty list permits all
/// clients.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AddressFilter(Vec<(IpAddr, u8)>);

impl AddressFilter {
    /// Parses `192.0.0.0/8, 192.168.2.117`, or IPv6 addresses. `name` is for the error. Fails for a
    /// malformed address, and for more than [`limits::ADDRESSES`].
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let wanted = "addresses such as 192.168.2.117 or 192.0.0.0/8, separated by commas";
        let network = |item: &str| -> Option<(IpAddr, u8)> {
            let (address, bits) = item.split_once('/').unwrap_or((item, ""));
            let address: IpAddr = address.trim().parse().ok()?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = if bits.is_empty() { most } else { bits.trim().parse().ok()? };
            (bits <= most).then_some((address, bits))
        };
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        let networks: Option<Vec<_>> = items.map(network).collect();
        match networks {
            Some(networks) if networks.len() <= limits::ADDRESSES => Ok(Self(networks)),
            Some(_) => {
                let limit = limits::ADDRESSES;
                Err(Error::too_large(format!("{name}: more than {limit} addresses")))
            }
            None => Err(Error::value(name, text, wanted)),
        }
    }

    /// Whether all clients are permitted: the list is empty or has a network `/0`.
    pub fn is_open(&self) -> bool {
        self.0.is_empty() || self.0.iter().any(|(_, bits)| *bits == 0)
    }

    /// Whether a client address is permitted. A missing or malformed one is permitted only if the
    /// filter [is open](Self::is_open).
    pub fn allows(&self, client: Option<&str>) -> bool {
        if self.is_open() {
            return true;
        }
        let Some(client) = client.and_then(|client| client.trim().parse().ok()) else {
            return false;
        };
        let client = plain(client);
        self.0.iter().any(|(network, bits)| same(*network, client, *bits))
    }
}

/// Converts `::ffff:192.0.2.1` to IPv4: a dual-stack IPv6 socket reports IPv4 clients this way.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, |four: Ipv4Addr| four.into()),
        IpAddr::V4(_) => address,
    }
}

fn same(network: IpAddr, client: IpAddr, bits: u8) -> bool {
    let (one, other, width) = match (network, client) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits().into(), other.to_bits().into(), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits(), other.to_bits(), 128),
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
    };
    let differing: u128 = one ^ other;
    differing.checked_shr(width - u32::from(bits)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(filter: &str, client: &str) -> bool {
        AddressFilter::parse("ClientAddressFilter", filter).unwrap().allows(Some(client))
    }

    #[test]
    fn the_examples_of_the_reference() {
        assert!(allows("0.0.0.0/0", "8.8.8.8"));
        assert!(allows("192.0.0.0/8", "192.1.2.3") && !allows("192.0.0.0/8", "193.1.2.3"));
        let hosts = ["192.168.12.0", "192.168.13.255"];
        assert!(hosts.into_iter().all(|host| allows("192.168.12.0/23", host)));
        assert!(!allows("192.168.12.0/23", "192.168.14.0"));
        for single in ["192.168.2.117", "192.168.2.117/32"] {
            assert!(allows(single, "192.168.2.117") && !allows(single, "192.168.2.118"));
        }
    }

    #[test]
    fn later_addresses_count_and_ipv6_works() {
        assert!(allows("10.0.0.1, 2001:db8::/32", "2001:db8::7"));
        assert!(allows("10.0.0.1", "::ffff:10.0.0.1"));
        assert!(!allows("10.0.0.1", "2001:db8::7"));
    }

    #[test]
    fn an_unknown_client_passes_only_where_everybody_does() {
        let filter = AddressFilter::parse("x", "10.0.0.1").unwrap();
        assert!(!filter.allows(None) && !filter.allows(Some("unix")));
        assert!(AddressFilter::default().allows(None));
    }

    #[test]
    fn a_bad_address_is_named() {
        for bad in ["300.0.0.1", "10.0.0.0/33", "localhost", "10.0.0.1/"] {
            let error = AddressFilter::parse("ClientAddressFilter", bad);
            if bad.ends_with('/') {
                assert!(error.is_ok());
                continue;
            }
            let error = error.unwrap_err();
            assert!(error.message.starts_with(&format!("ClientAddressFilter={bad}")), "{error}");
        }
    }
}

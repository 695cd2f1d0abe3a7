//! The network of an IP address. Limits count by network if one person can have many addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// The length of the IPv6 prefix that identifies one customer. A provider gives a home or an office at least a /56
/// (RIPE-690, 4.2). With /64, one customer would have 256 counts; with /48, neighbours would share one.
const IPV6_PREFIX: u32 = 56;

/// A whole IPv4 address, or the IPv6 network of one customer. An IPv4 address is not widened to its /24: each of the
/// 256 addresses belongs to another customer, so a neighbour could lock a member out, and each address costs an
/// attacker money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Network(IpAddr);

impl Network {
    pub(crate) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let host_bits = Ipv6Addr::BITS - IPV6_PREFIX;
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> host_bits << host_bits))
            }
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpAddr::V4(address) => address.fmt(formatter),
            IpAddr::V6(network) => write!(formatter, "{network}/{IPV6_PREFIX}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> String {
        Network::of(address.parse().unwrap()).to_string()
    }

    #[test]
    fn an_ipv4_address_is_a_network_of_its_own() {
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
        assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn an_ipv6_customer_is_one_network() {
        assert_eq!(network("2001:db8:0:1::1"), "2001:db8::/56");
        assert_eq!(network("2001:db8:0:ff:ffff::"), "2001:db8::/56");
        assert_eq!(network("2001:db8:0:100::1"), "2001:db8:0:100::/56");
    }
}

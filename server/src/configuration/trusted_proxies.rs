//! The trusted reverse proxies in front of the server: their forwarding headers determine the client address.

use super::error::ValueError;
use ipnet::IpNet;
use std::net::IpAddr;

/// The addresses and networks of trusted proxies. An address that is not listed is not trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Parses addresses and networks, separated by commas.
    ///
    /// # Errors
    /// The first entry that is neither an address nor a network, or that covers every address.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let networks = entries.map(parse_network).collect::<Result<Vec<_>, _>>()?;
        match networks.iter().find(|network| network.prefix_len() == 0) {
            Some(everybody) => Err(ValueError::Everybody(everybody.to_string())),
            None => Ok(Self(networks)),
        }
    }

    /// Whether this address belongs to a trusted proxy.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn parse_network(entry: &str) -> Result<IpNet, ValueError> {
    let address = entry.parse::<IpAddr>().map(IpNet::from).ok();
    address.or_else(|| entry.parse().ok()).ok_or_else(|| ValueError::NotANetwork(entry.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_and_networks_of_both_families_are_understood() {
        let proxies = TrustedProxies::parse(" 10.0.0.0/8, 192.0.2.7 ,2001:db8::/32,::1").unwrap();
        for inside in ["10.1.2.3", "192.0.2.7", "2001:db8::9", "::1"] {
            assert!(proxies.contains(address(inside)), "{inside}");
        }
        for outside in ["11.0.0.1", "192.0.2.8", "2001:db9::1", "::2"] {
            assert!(!proxies.contains(address(outside)), "{outside}");
        }
    }

    #[test]
    fn nobody_is_trusted_by_default() {
        assert_eq!(TrustedProxies::parse(""), Ok(TrustedProxies::default()));
        assert!(!TrustedProxies::default().contains(address("127.0.0.1")));
    }

    #[test]
    fn nobody_can_trust_everybody() {
        for everybody in ["0.0.0.0/0", "::/0"] {
            let parsed = TrustedProxies::parse(&format!("127.0.0.1,{everybody}"));
            assert_eq!(parsed, Err(ValueError::Everybody(everybody.to_owned())));
        }
    }

    #[test]
    fn what_is_no_network_is_named() {
        for entry in ["proxy.example.org", "10.0.0.0/33", "10.0.0", "10.0.0.1:80"] {
            let text = format!("127.0.0.1,{entry}");
            assert_eq!(TrustedProxies::parse(&text), Err(ValueError::NotANetwork(entry.to_owned())));
        }
    }
}

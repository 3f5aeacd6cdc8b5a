//! Remote images, `src=(url)`: which URLs a request may name.
//!
//! A server that fetches any URL gives access to its own network. So only hosts that the operator
//! lists are contacted. Names and addresses of the machine itself, of private networks and of the
//! platform's metadata service are always refused. The same rules apply to redirects.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::{Error, ErrorKind, Result};

/// What the operator permits: `AllowDirectUrls`, `RootUrl` and the list of hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteRules {
    /// Whether requests may name absolute URLs, not only paths below the root.
    pub direct: bool,
    /// The prefix of relative URLs; if empty, they are refused.
    pub root: String,
    /// Hosts that may be contacted. `.example.com` stands for all names below example.com.
    pub hosts: Vec<String>,
}

impl RemoteRules {
    /// The absolute URL that `url` stands for, if it is permitted.
    ///
    /// Fails with `Forbidden`; the message names the rule that refuses it.
    pub fn permit(&self, url: &str) -> Result<String> {
        let whole = match url.contains("://") {
            true if self.direct => url.to_owned(),
            true => return Err(refused(url, "AllowDirectUrls is off")),
            false if self.root.is_empty() => {
                return Err(refused(url, "it is relative, and RootUrl is empty"));
            }
            false => {
                let root = self.root.trim_end_matches('/');
                format!("{root}/{}", url.trim_start_matches('/'))
            }
        };
        self.check_url(&whole).map(|()| whole)
    }

    /// Whether the host of an absolute URL is permitted. It checks the URLs of requests and of
    /// redirects alike.
    pub fn check_url(&self, url: &str) -> Result<()> {
        let host = host(url)?;
        if !public(&host) {
            return Err(refused(url, "the host is not on the public network"));
        }
        let listed = |entry: &String| {
            let entry = entry.trim().to_ascii_lowercase();
            match entry.strip_prefix('.') {
                Some(domain) => host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')),
                None => host == entry,
            }
        };
        if !self.hosts.iter().any(listed) {
            return Err(refused(url, &format!("{host} is not a permitted host")));
        }
        Ok(())
    }
}

/// The host of an http or https URL, in lower case, without a trailing dot.
fn host(url: &str) -> Result<String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(refused(url, "expected an http or https URL"));
    }
    // Some parsers take a backslash for a slash, others for a part of the host.
    let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace() || !c.is_ascii();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(odd) || authority.contains(['@', '%']) {
        return Err(refused(url, "its host has a user name, an escape or an invalid character"));
    }
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or((rest, "")),
        None => authority
            .split_at_checked(authority.find(':').unwrap_or(authority.len()))
            .unwrap_or_default(),
    };
    if !matches!(port, "" | ":" | ":80" | ":443") {
        return Err(refused(url, "expected port 80 or 443"));
    }
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    if name.is_empty() {
        return Err(refused(url, "it has no host"));
    }
    Ok(name)
}

/// Whether a host is on the public network, as far as its name tells. `localhost`, names without a
/// dot, private top-level domains and addresses of private networks are not.
pub fn public(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    let host = host.to_ascii_lowercase();
    if let Ok(address) = host.parse::<Ipv6Addr>() {
        return public_address(IpAddr::V6(address));
    }
    // Resolvers also accept 127.1, 2130706433 and 0x7f.0.0.1 as addresses.
    let last = host.rsplit('.').next().unwrap_or_default();
    let number = |part: &str| {
        let hex =
            part.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        hex || !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if number(last) {
        // Accepts only the plain spelling; the others serve only to deceive.
        return host.parse::<Ipv4Addr>().is_ok_and(|address| public_address(IpAddr::V4(address)));
    }
    const PRIVATE: [&str; 9] =
        ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion"];
    host.contains('.') && !PRIVATE.contains(&last) && !host.contains(':')
}

/// Whether an address is reached over the public network (RFC 6890).
fn public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(v6) => {
            // An IPv4 address embedded in an IPv6 one is judged as the IPv4 address.
            let [first, second, third, ..] = v6.segments();
            let embedded = match v6.to_ipv4_mapped() {
                Some(v4) => Some(v4),
                None if first == 0x2002 => {
                    let ([a, b], [c, d]) = (second.to_be_bytes(), third.to_be_bytes());
                    Some(Ipv4Addr::new(a, b, c, d))
                }
                None if first == 0x64 && second == 0xff9b => {
                    let [.., a, b, c, d] = v6.octets();
                    Some(Ipv4Addr::new(a, b, c, d))
                }
                None => None,
            };
            if let Some(v4) = embedded {
                return public_address(IpAddr::V4(v4));
            }
            // Global unicast is 2000::/3; Teredo and documentation addresses are excluded.
            first & 0xe000 == 0x2000
                && (first, second) != (0x2001, 0)
                && (first, second) != (0x2001, 0xdb8)
        }
    }
}

fn refused(url: &str, why: &str) -> Error {
    let shown: String = url.chars().take(80).collect();
    Error::new(ErrorKind::Forbidden, format!("({shown}): {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> RemoteRules {
        RemoteRules {
            direct: true,
            root: "https://img.example.com/root/".into(),
            hosts: vec!["img.example.com".into(), ".cdn.example.org".into()],
        }
    }

    #[test]
    fn listed_hosts_are_permitted_in_any_spelling() {
        for url in [
            "http://img.example.com/a.jpg",
            "HTTPS://IMG.example.com:443/a?b=c",
            "https://img.example.com.",
            "https://eu.cdn.example.org/a",
        ] {
            assert_eq!(rules().permit(url).unwrap(), url);
        }
        assert_eq!(rules().permit("/a.jpg").unwrap(), "https://img.example.com/root/a.jpg");
    }

    #[test]
    fn other_hosts_schemes_ports_and_disguises_are_not() {
        for url in [
            "http://example.com/",
            "http://cdn.example.org/",
            "http://evilcdn.example.org/",
            "http://img.example.com.evil.net/",
            "ftp://img.example.com/a",
            "http://img.example.com:8080/",
            "http://img.example.com@evil.net/",
            "http://img.example.com%2eevil.net/",
            "http://evil.net\\img.example.com/",
            "http:///a",
            "://img.example.com/",
        ] {
            assert_eq!(rules().permit(url).unwrap_err().kind, ErrorKind::Forbidden, "{url}");
        }
    }

    #[test]
    fn no_host_is_permitted_by_default() {
        let rules = RemoteRules::default();
        assert!(rules.permit("http://img.example.com/").unwrap_err().message.contains("Direct"));
        assert!(rules.permit("a.jpg").unwrap_err().message.contains("RootUrl"));
    }

    #[test]
    fn private_hosts_are_refused_even_when_listed() {
        let hosts = [
            "localhost",
            "metadata",
            "metadata.google.internal",
            "printer.local",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "10.0.0.1",
            "172.16.5.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
        ];
        for host in hosts {
            assert!(!public(host), "{host}");
            let shown = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
            let rules = RemoteRules { hosts: vec![host.to_owned()], ..rules() };
            assert!(rules.permit(&format!("http://{shown}/")).is_err(), "{host}");
        }
        for host in ["example.com", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"] {
            assert!(public(host), "{host}");
        }
    }
}

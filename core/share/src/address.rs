//! Which hosts and addresses a wallet may talk to when a scanned code names them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why a URL was refused before anything was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefusal {
    /// Not an absolute URL with a host.
    #[error("the address is not a web address")]
    Malformed,
    /// Neither `https` nor, where the caller allows it, `http` to this very machine.
    #[error("the address is not protected by https")]
    NotHttps,
    /// A loopback, private, link-local or otherwise special address, or a name that stands for one.
    #[error("the address points into a private network")]
    PrivateAddress,
    /// User name or password inside the URL.
    #[error("the address carries a user name or password")]
    Credentials,
}

/// Whether a connection to `address` may be made.
///
/// Only globally reachable unicast addresses pass: no loopback (unless `allow_loopback`), private (RFC 1918), shared
/// (RFC 6598), link-local, unique-local, multicast, unspecified, documentation, benchmarking or reserved range, and no
/// IPv6 form that smuggles an IPv4 address (mapped, compatible, 6to4, Teredo). NAT64 (`64:ff9b::/96`) is what a phone
/// sees on an IPv6-only network, so there the IPv4 address inside decides. Source: IANA special-purpose registries.
///
/// A [`crate::Transport`] calls this with the address it is about to connect to, after name resolution: a check of
/// the name alone can be led astray by DNS.
pub fn address_allowed(address: IpAddr, allow_loopback: bool) -> bool {
    if allow_loopback && address.is_loopback() {
        return true;
    }
    match address {
        IpAddr::V4(v4) => v4_global(v4),
        IpAddr::V6(v6) => v6_global(v6),
    }
}

fn v4_global(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn v6_global(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            v4_global(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        // Teredo, ORCHID, benchmarking (2001::/23); documentation (2001:db8::/32, 3fff::/20); 6to4 (2002::/16).
        [0x2001, 0..0x0200 | 0x0db8, ..] | [0x3fff, 0..0x1000, ..] | [0x2002, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Reads a URL that came from outside and checks what can be checked without resolving its name.
///
/// `http` passes only with `allow_loopback` and a host that is this machine: `localhost` or a literal loopback address.
pub fn checked_url(text: &str, allow_loopback: bool) -> Result<Url, UrlRefusal> {
    let url = Url::parse(text).map_err(|_| UrlRefusal::Malformed)?;
    let host = url.host().ok_or(UrlRefusal::Malformed)?;
    let local = is_local(&host);
    match url.scheme() {
        "https" => {}
        "http" if local && allow_loopback => {}
        _ => return Err(UrlRefusal::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlRefusal::Credentials);
    }
    let allowed = match host {
        Host::Ipv4(v4) => address_allowed(v4.into(), allow_loopback),
        Host::Ipv6(v6) => address_allowed(v6.into(), allow_loopback),
        Host::Domain(name) => (allow_loopback && local) || !is_private_name(name),
    };
    if allowed { Ok(url) } else { Err(UrlRefusal::PrivateAddress) }
}

fn is_local(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(v4) => v4.is_loopback(),
        Host::Ipv6(v6) => v6.is_loopback(),
        Host::Domain(name) => name.trim_end_matches('.') == "localhost",
    }
}

/// Names that never belong to a public server (RFC 6761, RFC 6762, RFC 8375, ICANN `internal`).
fn is_private_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next().unwrap_or(name);
    matches!(last, "localhost" | "local" | "internal" | "lan" | "onion")
        || name.ends_with(".home.arpa")
        || !name.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(text: &str) -> bool {
        address_allowed(text.parse().unwrap(), false)
    }

    #[test]
    fn special_addresses_are_refused() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!allowed(text), "{text}");
        }
    }

    #[test]
    fn public_addresses_pass() {
        for text in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.1",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2400:cb00::1",
            "64:ff9b::808:808",
        ] {
            assert!(allowed(text), "{text}");
        }
    }

    #[test]
    fn loopback_is_all_that_the_flag_opens() {
        assert!(address_allowed("127.0.0.1".parse().unwrap(), true));
        assert!(address_allowed("::1".parse().unwrap(), true));
        for text in ["10.0.0.1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "0.0.0.0"] {
            assert!(!address_allowed(text.parse().unwrap(), true), "{text}");
        }
    }

    #[test]
    fn urls_are_judged_by_scheme_host_and_credentials() {
        for (text, loopback, expected) in [
            ("https://example.org/l/x", false, None),
            ("https://example.org:8443/l/x", false, None),
            ("http://example.org/", true, Some(UrlRefusal::NotHttps)),
            ("http://127.0.0.1:80/", true, None),
            ("http://localhost:80/", true, None),
            ("http://[::1]:80/", true, None),
            ("http://localhost:80/", false, Some(UrlRefusal::NotHttps)),
            ("https://localhost/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://127.1/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://2130706433/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://0x7f.0.0.1/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://[::ffff:10.0.0.1]/", true, Some(UrlRefusal::PrivateAddress)),
            ("https://192.168.0.1/", true, Some(UrlRefusal::PrivateAddress)),
            ("https://printer.local/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://router/", false, Some(UrlRefusal::PrivateAddress)),
            ("https://a.localhost./", false, Some(UrlRefusal::PrivateAddress)),
            ("https://u:p@example.org/", false, Some(UrlRefusal::Credentials)),
            ("ftp://example.org/", false, Some(UrlRefusal::NotHttps)),
            ("file:///etc/passwd", true, Some(UrlRefusal::Malformed)),
            ("/relative", true, Some(UrlRefusal::Malformed)),
            ("", true, Some(UrlRefusal::Malformed)),
        ] {
            assert_eq!(checked_url(text, loopback).err(), expected, "{text}");
        }
    }
}

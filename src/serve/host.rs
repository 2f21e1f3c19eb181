//! Which `Host` a request may name. A page on another site can make a browser resolve that site's name
//! to this machine and ask in its name (DNS rebinding); such requests carry a foreign host.

use std::net::IpAddr;

/// Whether a server that listens on `bound` may be addressed as `host` (`localhost:1111`).
pub(super) fn is_own(host: &str, bound: IpAddr) -> bool {
    let name = without_port(host).to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return true;
    }
    // An address in numbers cannot be rebound; from outside it can only be the one listened on.
    let address: Result<IpAddr, _> = name.trim_start_matches('[').trim_end_matches(']').parse();
    address.is_ok_and(|address| address.is_loopback() || !bound.is_loopback())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_may_be_named() {
        let loopback = IpAddr::from([127, 0, 0, 1]);
        for own in ["localhost", "localhost:1111", "LOCALHOST:80", "127.0.0.1:1111", "[::1]:1111", "[::1]", "::1", "a.localhost:1"] {
            assert!(is_own(own, loopback), "{own}");
        }
        for foreign in [
            "evil.example",
            "evil.example:1111",
            "localhost.evil.example",
            "192.168.1.5:1111",
            "",
            ":1111",
            "127.0.0.1.evil.example",
            "evil.example:x",
        ] {
            assert!(!is_own(foreign, loopback), "{foreign}");
        }
    }

    /// When it is opened to the network it can be addressed in numbers, still not by foreign names.
    #[test]
    fn numbers_are_accepted_when_bound_to_the_network() {
        let any = IpAddr::from([0, 0, 0, 0]);
        assert!(is_own("192.168.1.5:1111", any) && is_own("[fe80::1]:1111", any));
        assert!(!is_own("evil.example", any));
    }
}

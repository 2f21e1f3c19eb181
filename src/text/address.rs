//! Paths ⇄ the form in which they stand in addresses.

use std::fmt::Write as _;

/// A path with everything percent-encoded that does not stand in an address as it is.
pub fn percent_encode(path: &str) -> String {
    // Room for what is put behind it.
    let mut encoded = String::with_capacity(path.len() + 16);
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// Undoes [`percent_encode`]; `None` if a `%` stands before anything but two hexadecimal digits, or the result is not text.
pub fn percent_decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let (hex, after) = after.split_at_checked(2)?;
            // `from_str_radix` would take a sign for a digit.
            let hex = std::str::from_utf8(hex).ok().filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
            rest = after;
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        /// Every path comes back.
        #[test]
        fn decoding_undoes_encoding(path in "\\PC{0,12}") {
            proptest::prop_assert_eq!(percent_decode(&percent_encode(&path)), Some(path));
        }
    }

    /// Only two hexadecimal digits are a byte: no sign, no letter beyond F, no end.
    #[test]
    fn what_is_no_byte_is_no_address() {
        assert_eq!(percent_decode("%E5%8e%BF/a.pdf").as_deref(), Some("县/a.pdf"));
        for path in ["%+F", "%-1", "% 1", "%1g", "%g1", "%", "%1", "100%.pdf", "%FF", "%县"] {
            assert_eq!(percent_decode(path), None, "{path}");
        }
    }
}

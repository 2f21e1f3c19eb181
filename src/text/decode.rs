//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16 with one, else GB18030.
//!
//! GB18030 decodes almost any bytes without complaint, so UTF-8 is always tried first. The same
//! decoder serves reports, which are then asked to be converted, and nothing is ever guessed twice.
//! A text whose lines end in single carriage returns (old Macintosh) gets line feeds in their place, byte
//! for byte, so that places stay where they are.

/// How a file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16 with a byte order mark ("Unicode" in the old Notepad).
    Utf16,
    /// GB18030 (which contains GBK and GB2312), the old standard of Chinese Windows.
    Gb18030,
    /// Neither: undecodable bytes were replaced by U+FFFD.
    Unknown,
}

/// A file's text and how it was found to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding that was recognised.
    pub encoding: Encoding,
}

/// Decodes a whole file.
pub fn decode(bytes: Vec<u8>) -> Decoded {
    // Copying a text costs little; the standard library takes a Han character a byte at a time.
    let mut decoded = match simdutf8::basic::from_utf8(&bytes) {
        Ok(text) => Decoded { text: text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(), encoding: Encoding::Utf8 },
        Err(_) => decode_legacy(&bytes),
    };
    let has = |byte: u8| memchr::memchr(byte, decoded.text.as_bytes()).is_some();
    if has(b'\r') && !has(b'\n') {
        decoded.text = decoded.text.replace('\r', "\n");
    }
    decoded
}

fn decode_legacy(bytes: &[u8]) -> Decoded {
    let (encoding, start, found) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((utf16, length)) if utf16 != encoding_rs::UTF_8 => (utf16, length, Encoding::Utf16),
        _ => (encoding_rs::GB18030, 0, Encoding::Gb18030),
    };
    let (text, broken) = encoding.decode_without_bom_handling(&bytes[start..]);
    if !broken {
        return Decoded { text: text.into_owned(), encoding: found };
    }
    Decoded { text: String::from_utf8_lossy(bytes).into_owned(), encoding: Encoding::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_loses_its_byte_order_mark() {
        let decoded = decode("\u{feff}公开".as_bytes().to_vec());
        assert_eq!(decoded, Decoded { text: "公开".into(), encoding: Encoding::Utf8 });
    }

    #[test]
    fn gb18030_is_recognised_when_it_is_not_utf8() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("政府信息公开㙍");
        let decoded = decode(bytes.into_owned());
        assert_eq!(decoded, Decoded { text: "政府信息公开㙍".into(), encoding: Encoding::Gb18030 });
    }

    /// UTF-16 is called by its name, not taken for GB18030.
    #[test]
    fn utf16_is_recognised_by_its_mark() {
        for bytes_of in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes = "\u{feff}公开".encode_utf16().flat_map(bytes_of).collect();
            assert_eq!(decode(bytes), Decoded { text: "公开".into(), encoding: Encoding::Utf16 });
        }
    }

    #[test]
    fn lines_may_end_in_single_carriage_returns() {
        assert_eq!(decode(b"+++\r+++\r".to_vec()).text, "+++\n+++\n");
        assert_eq!(decode(b"a\rb\n".to_vec()).text, "a\rb\n", "one among line feeds stays what it is");
    }

    #[test]
    fn bytes_of_no_known_encoding_are_said_to_be_unknown() {
        assert_eq!(decode(vec![0xff, 0xff, 0xfe]).encoding, Encoding::Unknown);
    }
}

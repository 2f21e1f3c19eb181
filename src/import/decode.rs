//! Bytes of a foreign text file → text.
//!
//! Order of proof: byte order mark, valid UTF-8, the charset that a page declares, then a guess from
//! the bytes. GBK and GB2312 are always read as GB18030, which contains both; GB18030 reads almost
//! any bytes without complaint, so UTF-8 is tried first (ecosystem.md §7).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

/// Text and whether bytes had to be replaced.
pub(crate) struct Foreign {
    /// The text with line ends made `\n`.
    pub(crate) text: String,
    /// Some bytes could not be decoded.
    pub(crate) lossy: bool,
}

/// Decodes a text file.
pub(crate) fn decode(bytes: &[u8]) -> Foreign {
    let (encoding, body) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None if std::str::from_utf8(bytes).is_ok() || almost_utf8(bytes) => (UTF_8, bytes),
        None => (declared(bytes).unwrap_or_else(|| guess(bytes)), bytes),
    };
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    let (text, lossy) = encoding.decode_without_bom_handling(body);
    Foreign { text: text.replace("\r\n", "\n").replace('\r', "\n"), lossy }
}

/// UTF-8 with a broken tail or a stray byte: at least 200 multi-byte characters for each bad spot.
fn almost_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad * 200
}

/// The charset that an HTML page names in its first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let after = head.split("charset=").nth(1)?;
    let label: String =
        after.trim_start_matches(['"', '\'', ' ']).chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page that says gb2312 is read as GB18030, rare characters included.
    #[test]
    fn gb2312_pages_are_read_as_gb18030() {
        let (bytes, _, _) = GB18030.encode("<meta charset=\"gb2312\">政府信息公开㙍");
        assert!(decode(&bytes).text.ends_with("政府信息公开㙍"));
    }

    /// A page whose declaration is wrong is read by its bytes.
    #[test]
    fn utf8_wins_over_a_wrong_declaration() {
        assert!(decode("<meta charset=gbk>信息公开".as_bytes()).text.ends_with("信息公开"));
    }

    #[test]
    fn undeclared_gbk_is_guessed() {
        let (bytes, _, _) = GBK.encode("一、总体情况\r\n二、主动公开政府信息情况");
        assert_eq!(decode(&bytes).text, "一、总体情况\n二、主动公开政府信息情况");
    }

    #[test]
    fn utf16_with_a_mark_is_read() {
        let bytes: Vec<u8> = "\u{feff}公开".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&bytes).text, "公开");
    }
}

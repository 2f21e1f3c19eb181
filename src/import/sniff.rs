//! The format of a file by its content. Names lie: an ".xls" is often a web page, a ".doc" a .docx.
//!
//! Only among kinds of plain text, which content cannot always tell apart, does the name decide.

use super::fault::{Fault, Format, Measure};
use super::package::Package;

const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

const RTF_DEPTH: u64 = 1_000;

/// The format of a file.
pub fn format_of(bytes: &[u8], name: &str) -> Result<Format, Fault> {
    let head = &bytes[..bytes.len().min(4096)];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Fault::Empty);
    }
    if contains(&head[..head.len().min(1024)], b"%PDF-") {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_format(bytes);
    }
    if bytes.starts_with(COMPOUND) {
        return compound_format(bytes);
    }
    if bytes.starts_with(b"{\\rtf") {
        return rtf_depth(bytes).map(|()| Format::Rtf);
    }
    if is_binary(head) {
        return Err(Fault::Unrecognised);
    }
    Ok(text_format(bytes, name))
}

/// Groups of RTF inside one another; LibreOffice would take gigabytes for a million of them.
fn rtf_depth(bytes: &[u8]) -> Result<(), Fault> {
    let mut depth = 0_u64;
    for byte in bytes {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > RTF_DEPTH {
            return Err(Fault::TooLarge { what: Measure::Depth, limit: RTF_DEPTH });
        }
    }
    Ok(())
}

fn zip_format(bytes: &[u8]) -> Result<Format, Fault> {
    let mut package = Package::open(bytes, Format::Docx)?;
    let names = package.names();
    let has = |prefix: &str| names.iter().any(|name| name.starts_with(prefix));
    if has("word/") {
        return Ok(Format::Docx);
    }
    if has("xl/") {
        return Ok(Format::Xlsx);
    }
    if has("content.xml") && package.part("mimetype")?.is_some_and(|kind| kind.contains("opendocument.text")) {
        return Ok(Format::Odt);
    }
    Err(Fault::Unrecognised)
}

/// A compound file names its streams in UTF-16; encrypted Office files have a stream of that name.
fn compound_format(bytes: &[u8]) -> Result<Format, Fault> {
    let has = |name: &str| contains(bytes, &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    if has("EncryptedPackage") {
        return Err(Fault::Encrypted(Format::Docx));
    }
    if has("WordDocument") || has("WpsCustomData") {
        return Ok(Format::Doc);
    }
    if has("Workbook") || has("Book") {
        return Ok(Format::Xls);
    }
    Err(Fault::Unrecognised)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// NUL bytes do not stand in text, unless it is UTF-16 with its mark.
fn is_binary(head: &[u8]) -> bool {
    let utf16 = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    !utf16 && head.contains(&0)
}

fn text_format(bytes: &[u8], name: &str) -> Format {
    let head = super::decode::decode(&bytes[..bytes.len().min(64 << 10)]).text;
    let lower = head.to_ascii_lowercase();
    let start = lower.trim_start();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let tags = ["<html", "<body", "<table", "<div", "<p>", "<p ", "<!doctype html", "<head", "<td"];
    if start.starts_with('<') && tags.iter().any(|tag| lower.contains(tag)) {
        return Format::Html;
    }
    match extension.as_deref() {
        Some("html" | "htm" | "shtml") if lower.contains("</") => Format::Html,
        Some("md" | "markdown") => Format::Markdown,
        Some("csv" | "tsv") => Format::Csv,
        _ if is_markdown(&head) => Format::Markdown,
        _ if is_separated(&head) => Format::Csv,
        _ => Format::Text,
    }
}

/// A table's delimiter row, a front matter, or at least two ATX headings.
fn is_markdown(head: &str) -> bool {
    let rule = |line: &str| line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
    let heading = |line: &&str| line.starts_with("# ") || line.starts_with("## ");
    head.starts_with("+++\n") || head.lines().any(rule) || head.lines().filter(heading).count() >= 2
}

/// Most lines have at least two commas and no sentence marks.
fn is_separated(head: &str) -> bool {
    let lines: Vec<&str> = head.lines().filter(|line| !line.trim().is_empty()).take(40).collect();
    let fields = |line: &&&str| line.matches(',').count() >= 2 && !line.contains('。');
    lines.len() >= 3 && lines.iter().filter(fields).count() * 10 >= lines.len() * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(content: &str, name: &str) -> Result<Format, Fault> {
        format_of(content.as_bytes(), name)
    }

    /// The content decides, whatever the name says.
    #[test]
    fn names_do_not_decide() {
        assert_eq!(format("%PDF-1.7 …", "a.docx"), Ok(Format::Pdf));
        assert_eq!(format("<html><table><tr><td>1</table>", "a.xls"), Ok(Format::Html));
        assert_eq!(format("{\\rtf1 }", "a.doc"), Ok(Format::Rtf));
        assert_eq!(format("甲,乙,丙\n1,2,3\n4,5,6\n", "a.txt"), Ok(Format::Csv));
        assert_eq!(format("| 甲 | 乙 |\n|---|---|\n", "a.txt"), Ok(Format::Markdown));
        assert_eq!(format("一、总体情况\n", "a.html"), Ok(Format::Text));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        assert_eq!(format(" \n", "a.txt"), Err(Fault::Empty));
        assert_eq!(format_of(b"\x7fELF\0\0", "a.doc"), Err(Fault::Unrecognised));
        assert!(matches!(format_of(b"PK\x03\x04cut", "a.docx"), Err(Fault::Damaged { .. })));
    }
}

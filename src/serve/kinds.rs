//! File names → content types.

/// The content type of a file, by the ending of its name. Text is UTF-8, as everything that the site
/// writes is.
pub(super) fn content_type(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    let known = KINDS.iter().find(|(endings, _)| endings.contains(&ending.as_str()));
    known.map_or("application/octet-stream", |(_, kind)| kind)
}

const KINDS: &[(&[&str], &str)] = &[
    (&["html", "htm"], "text/html; charset=utf-8"),
    (&["css"], "text/css; charset=utf-8"),
    (&["js", "mjs"], "text/javascript; charset=utf-8"),
    (&["json", "map"], "application/json"),
    (&["xml"], "application/xml"),
    (&["txt"], "text/plain; charset=utf-8"),
    (&["md"], "text/markdown; charset=utf-8"),
    (&["csv"], "text/csv; charset=utf-8"),
    (&["svg"], "image/svg+xml"),
    (&["png"], "image/png"),
    (&["jpg", "jpeg"], "image/jpeg"),
    (&["gif"], "image/gif"),
    (&["webp"], "image/webp"),
    (&["avif"], "image/avif"),
    (&["ico"], "image/x-icon"),
    (&["woff"], "font/woff"),
    (&["woff2"], "font/woff2"),
    (&["ttf"], "font/ttf"),
    (&["otf"], "font/otf"),
    (&["pdf"], "application/pdf"),
    (&["ofd"], "application/ofd"),
    (&["zip"], "application/zip"),
    (&["gz"], "application/gzip"),
    (&["wasm"], "application/wasm"),
    (&["doc", "wps"], "application/msword"),
    (&["xls", "et"], "application/vnd.ms-excel"),
    (&["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (&["xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (&["parquet"], "application/vnd.apache.parquet"),
    (&["sqlite", "db"], "application/vnd.sqlite3"),
    (&["mp4"], "video/mp4"),
    (&["mp3"], "audio/mpeg"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_content_types() {
        assert_eq!(content_type("style.1a2b3c4d.css"), "text/css; charset=utf-8");
        assert_eq!(content_type("年报.PDF"), "application/pdf");
        assert_eq!(content_type("README"), "application/octet-stream");
    }
}

//! HTTP as browsers and scripts use it.

use crate::client::{Answer, serve};
use crate::common::{TestSite, report};

fn site() -> TestSite {
    TestSite::with_report()
        .write("content/shili/2022/index.md", &report(2022))
        .write("content/shili/2022/a.txt", "0123456789")
        .write("content/shili/2022/表.pdf", "%PDF")
}

#[test]
fn content_types_are_told() {
    let served = serve(site());
    let kind = |path: &str| served.get(path).header("content-type").to_owned();
    assert_eq!(kind("/"), "text/html; charset=utf-8");
    assert_eq!(kind("/shili/2022/a.txt"), "text/plain; charset=utf-8");
    assert_eq!(kind("/shili/2022/%E8%A1%A8.pdf"), "application/pdf");
    assert_eq!(kind("/_gongkai/live.js"), "text/javascript; charset=utf-8");
    assert_eq!(served.get("/").header("x-content-type-options"), "nosniff");
}

#[test]
fn directories_end_with_a_slash_and_html_paths_work() {
    let served = serve(site());
    let answer = served.get("/shili/2023?x=1");
    assert_eq!((answer.status, answer.header("location")), (302, "/shili/2023/?x=1"));
    assert_eq!(served.get("/shili/2023/index.html").built(), served.get("/shili/2023/").built());
    assert_eq!(served.get("/404.html").status, 200);
    assert_eq!(served.get("/nonesuch").status, 404);
    assert_eq!(served.get("/nonesuch/").built(), served.get("/404.html").built());
    assert_eq!(served.get("/shili/2022/a.txt/").status, 404);
    // Below the path that the site will be published at, the same.
    assert_eq!(served.get("/zwgk/shili/2023/").built(), served.get("/shili/2023/").built());
    let answer = served.get("/zwgk");
    assert_eq!((answer.status, answer.header("location")), (302, "/zwgk/"));
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let served = serve(site());
    for path in ["/shili/2023/", "/shili/2022/a.txt", "/_gongkai/live.js"] {
        let tag = served.get(path).header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag}");
        for known in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
            let again = served.get_with(path, &format!("If-None-Match: {known}\r\n"));
            assert_eq!((again.status, again.body.len()), (304, 0), "{path} {known}");
            assert_eq!(again.header("etag"), tag);
        }
        assert_eq!(served.get_with(path, "If-None-Match: \"other\"\r\n").status, 200);
    }
    let tag = served.get("/shili/2023/").header("etag").to_owned();
    served.site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [41]");
    assert_eq!(served.get_with("/shili/2023/", &format!("If-None-Match: {tag}\r\n")).status, 200);
}

#[test]
fn head_tells_the_length_and_sends_nothing() {
    let served = serve(site());
    for path in ["/", "/shili/2022/a.txt", "/nonesuch/"] {
        let whole = served.get(path);
        let head = served.send(&format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert_eq!((head.status, head.body.len()), (whole.status, 0), "{path}");
        assert_eq!(head.header("content-length"), whole.body.len().to_string(), "{path}");
        assert_eq!(head.header("etag"), whole.header("etag"), "{path}");
    }
}

#[test]
fn parts_of_attachments_can_be_asked_for() {
    let served = serve(site());
    let part = |range: &str| -> Answer { served.get_with("/shili/2022/a.txt", &format!("Range: {range}\r\n")) };
    let answer = part("bytes=2-4");
    assert_eq!((answer.status, answer.text().as_str(), answer.header("content-range")), (206, "234", "bytes 2-4/10"));
    assert_eq!(part("bytes=-3").text(), "789");
    assert_eq!(part("bytes=8-").text(), "89");
    let none = part("bytes=10-");
    assert_eq!((none.status, none.header("content-range")), (416, "bytes */10"));
    assert_eq!((part("bytes=0-1,4-5").status, part("bytes=0-1,4-5").text().len()), (200, 10));
    let tag = served.get("/shili/2022/a.txt").header("etag").to_owned();
    assert_eq!(served.get_with("/shili/2022/a.txt", &format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n")).status, 206);
    assert_eq!(served.get_with("/shili/2022/a.txt", "Range: bytes=0-0\r\nIf-Range: \"old\"\r\n").status, 200);
    assert_eq!(served.get("/shili/2022/a.txt").header("accept-ranges"), "bytes");
}

/// A file larger than any buffer comes whole and in order.
#[test]
fn large_attachments_come_whole() {
    let site = site();
    let bytes: Vec<u8> = (0..3_000_000u32).flat_map(u32::to_le_bytes).collect();
    site.put("content/shili/2022/large.bin", &bytes);
    let served = serve(site);
    assert!(served.get("/shili/2022/large.bin").body == bytes);
    let part = served.get_with("/shili/2022/large.bin", "Range: bytes=1000000-9000000\r\n");
    assert!(part.body == bytes[1_000_000..=9_000_000]);
}

#[test]
fn connections_are_kept_and_requests_can_follow_each_other() {
    let served = serve(site());
    let request = "GET /shili/2022/a.txt HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3)
        + "GET /shili/2022/a.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let all = served.send(&request);
    assert_eq!(String::from_utf8_lossy(&all.body).matches("0123456789").count(), 4);
}

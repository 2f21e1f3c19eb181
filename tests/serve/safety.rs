//! What hostile and careless clients can not do.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::client::{Served, serve};
use crate::common::{TestSite, report};

fn served() -> Served {
    serve(
        TestSite::with_report()
            .write("content/shili/2022/index.md", &report(2022))
            .write("content/shili/2022/a.txt", "甲")
            .write("secret.txt", "密"),
    )
}

/// A page on another site whose name was made to lead here cannot read anything.
#[test]
fn foreign_hosts_are_refused() {
    let served = served();
    for host in ["evil.example", "evil.example:1111", "localhost.evil.example", "10.0.0.1"] {
        for path in ["/", "/_gongkai/live", "/_gongkai/source/site.toml", "/shili/2022/a.txt"] {
            let answer = served.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
            assert_eq!(answer.status, 403, "{host} {path}");
            assert!(!answer.text().contains("示例镇"));
        }
    }
    assert_eq!(served.send("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").status, 403);
    assert_eq!(served.send("GET / HTTP/1.0\r\n\r\n").status, 403, "no host at all");
    assert_eq!(served.send("GET / HTTP/1.1\r\nHost: [::1]:99\r\nConnection: close\r\n\r\n").status, 200);
}

#[test]
fn no_request_can_write() {
    let served = served();
    let before = served.site.tree("content");
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "MKCOL"] {
        let answer =
            served.send(&format!("{method} /shili/2023/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"));
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
    served.get("/shili/2023/");
    assert_eq!(served.site.tree("content"), before);
    assert!(!served.site.path("public").exists());
}

#[test]
fn no_path_leads_out_of_the_site() {
    let served = served();
    let ups = ["..", "%2e%2e", "%2E.", ".%2e", "..%2f", "..%5c", "..\\", "%2e%2e%2f", "%252e%252e"];
    let mut paths: Vec<String> = ups
        .iter()
        .flat_map(|up| {
            [
                format!("/{up}/secret.txt"),
                format!("/shili/2022/{up}/{up}/{up}/secret.txt"),
                format!("/assets/{up}/{up}/site.toml"),
                format!("/shili/2022/{up}/2023.md"),
            ]
        })
        .collect();
    paths.extend(
        [
            "//etc/passwd",
            "/etc/passwd",
            "/%00",
            "/shili/2022/a.txt%00.html",
            "/shili/2022//a.txt",
            "/./shili/",
            "/C:/Windows",
            "/shili/2022/%ff",
            "/site.toml",
            "/content/shili/2023.md",
            "/secret.txt",
            "/.git/config",
        ]
        .map(str::to_owned),
    );
    paths.extend(
        [
            "/_gongkai/source/secret.txt",
            "/_gongkai/source/../secret.txt",
            "/_gongkai/source/%2e%2e/secret.txt",
            "/_gongkai/source//etc/passwd",
            "/_gongkai/source/content/shili/2022/index.md",
            "/_gongkai/source/templates/../secret.txt",
        ]
        .map(str::to_owned),
    );
    for path in paths {
        let answer = served.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.text().contains('密') && !answer.text().contains("root:") && !answer.text().contains("base_url"), "{path}");
    }
}

/// A link that leads out is not published, neither when it is found nor when it takes a file's place.
#[cfg(unix)]
#[test]
fn links_lead_nowhere_outside() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("key"), "密").unwrap();
    let site = TestSite::with_report().write("content/shili/2022/index.md", &report(2022)).write("content/shili/2022/a.txt", "甲");
    std::os::unix::fs::symlink(outside.path().join("key"), site.path("content/shili/2022/b.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path(), site.path("content/shili/2022/dir")).unwrap();
    let served = serve(site);
    assert_eq!(served.get("/shili/2022/a.txt").text(), "甲");
    for path in ["b.txt", "dir/key"] {
        assert_eq!(served.get(&format!("/shili/2022/{path}")).status, 404, "{path}");
    }
    fs::remove_file(served.site.path("content/shili/2022/a.txt")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("key"), served.site.path("content/shili/2022/a.txt")).unwrap();
    assert_eq!(served.get("/shili/2022/a.txt").status, 404);
}

/// Clients that send half a request, or never take their answer, keep nobody waiting.
#[test]
fn slow_clients_keep_nobody_waiting() {
    let site = TestSite::with_report().write("content/shili/2022/index.md", &report(2022));
    site.put("content/shili/2022/large.bin", &vec![7; 30_000_000]);
    let served = serve(site);
    let mut slow: Vec<TcpStream> = Vec::new();
    for number in 0..200 {
        let mut stream = TcpStream::connect(served.address).unwrap();
        let request = match number % 3 {
            0 => "GET /shili/2022/large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n",
            1 => "GET / HTTP/1.1\r\nHost: loc",
            _ => "GET /_gongkai/live?page=/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        };
        stream.write_all(request.as_bytes()).unwrap();
        slow.push(stream);
    }
    let start = Instant::now();
    served.site.edit("content/shili/2023.md", "licensing = [40]", "licensing = [4321]");
    assert!(served.get("/shili/2023/").text().contains("4321"));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

/// Heads without end and nonsense are cut off, each by itself.
#[test]
fn nonsense_is_refused() {
    let served = served();
    let answer = |request: &[u8]| -> String {
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        // The server may hang up before all is written.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).chars().take(12).collect()
    };
    let endless = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {}", "x".repeat(2_000_000));
    for request in ["\u{16}\u{3}\u{1}", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", &endless] {
        let answer = answer(request.as_bytes());
        assert!(!answer.contains("200"), "{answer}");
    }
    assert_eq!(served.get("/").status, 200);
}

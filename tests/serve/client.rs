//! A server in this process and a client that speaks plain HTTP.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gongkai::serve::{News, Observer, Options, Server};
use gongkai::text::Language;
use jiff::civil::date;

use crate::common::TestSite;

/// A site that is being served.
pub(crate) struct Served {
    pub(crate) site: TestSite,
    pub(crate) address: SocketAddr,
    pub(crate) told: Arc<Told>,
}

/// What the server told the terminal, in order.
#[derive(Default)]
pub(crate) struct Told(Mutex<Vec<String>>);

impl Told {
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Told {
    fn hear(&self, news: News<'_>) {
        let mut told = self.0.lock().unwrap();
        match news {
            News::Problems(problems) => told.extend(
                problems.iter().map(|problem| format!("problem {} {}", problem.place_text().unwrap_or_default(), problem.message.zh)),
            ),
            News::Mended => told.push("mended".to_owned()),
            News::Changed { appeared, gone, .. } => {
                told.extend(appeared.iter().map(|finding| format!("finding {} {}", finding.rule, finding.path)));
                told.push(format!("changed, {gone} gone"));
            }
            _ => {}
        }
    }
}

/// Serves a site until the tests end.
pub(crate) fn serve(site: TestSite) -> Served {
    let (address, told) = serve_root(site.root());
    Served { site, address, told }
}

/// Serves a directory on a free port.
pub(crate) fn serve_root(root: &Path) -> (SocketAddr, Arc<Told>) {
    let told = Arc::new(Told::default());
    let options = Options {
        root: root.to_owned(),
        bind: IpAddr::from([127, 0, 0, 1]),
        port: 0,
        language: Language::Chinese,
        today: Box::new(|| date(2026, 6, 1)),
    };
    let server = Server::open(options, told.clone()).unwrap();
    let address = server.address();
    std::thread::spawn(move || server.run().unwrap());
    (address, told)
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The page as `build` writes it.
    pub(crate) fn built(&self) -> Vec<u8> {
        gongkai::serve::without_block(&self.body)
    }

    /// What the panel of the page shows.
    pub(crate) fn panel(&self) -> serde_json::Value {
        let text = self.text();
        let start = text.rfind("type=\"application/json\">").unwrap() + "type=\"application/json\">".len();
        let state: serde_json::Value = serde_json::from_str(&text[start..start + text[start..].find("</script>").unwrap()]).unwrap();
        state["panel"].clone()
    }

    /// The messages of the panel's problems.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.panel()["problems"].as_array().unwrap().iter().map(|problem| problem["message"].as_str().unwrap().to_owned()).collect()
    }
}

impl Served {
    pub(crate) fn get(&self, path: &str) -> Answer {
        get(self.address, path)
    }

    /// Sends a request as it is.
    pub(crate) fn send(&self, request: &str) -> Answer {
        send(self.address, request.as_bytes())
    }

    /// Sends a GET with further header lines.
    pub(crate) fn get_with(&self, path: &str, headers: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n"))
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Answer {
    send(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
}

pub(crate) fn send(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let head = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(&bytes)));
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: bytes[head + 4..].to_vec() }
}

/// Events of an open page, read until one of a name comes.
pub(crate) struct Events {
    stream: TcpStream,
    text: String,
}

impl Events {
    pub(crate) fn of(address: SocketAddr, page: &str, seen: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /_gongkai/live?page={page}&seen={seen} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        Self { stream, text: String::new() }
    }

    /// The data of the next event with a name; other events before it are passed over.
    pub(crate) fn next(&mut self, name: &str) -> String {
        self.next_within(name, Duration::from_secs(10)).unwrap_or_else(|| panic!("no event {name}: {}", self.text))
    }

    pub(crate) fn next_within(&mut self, name: &str, time: Duration) -> Option<String> {
        let end = Instant::now() + time;
        let mark = format!("event: {name}\n");
        loop {
            if let Some(start) = self.text.find(&mark)
                && let Some(length) = self.text[start..].find("\n\n")
            {
                let event = self.text[start..start + length].to_owned();
                self.text.drain(..start + length + 2);
                return event.split_once("data: ").map(|(_, data)| data.to_owned());
            }
            let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            self.stream.set_read_timeout(Some(left)).unwrap();
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes) {
                Ok(0) | Err(_) => return None,
                // Chunk sizes stand between events and hurt nobody.
                Ok(read) => self.text += &String::from_utf8_lossy(&bytes[..read]).replace('\r', ""),
            }
        }
    }
}

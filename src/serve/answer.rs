//! A request → a response: pages of the site as they are now, files beside reports, the script, events,
//! sources.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Uri};
use tokio::sync::{Semaphore, mpsc};

use super::kinds::content_type;
use super::live::follow;
use super::panel::{LIVE_PATH, SCRIPT, SCRIPT_PATH, SOURCE_PATH};
use super::preview::{Page, Preview};
use super::range::Part;
use super::reply::{
    Content, Reply, Wanted, bytes_reply, message, partial, redirect, reply, tagged, unsatisfiable, wanted, without_content,
};
use super::watch::Tide;
use super::{host, source};
use crate::pages::{Route, percent_decode};
use crate::words;

/// Files are read and sent in pieces of this size.
const PIECE: usize = 256 << 10;

/// Answers requests.
#[derive(Debug)]
pub(super) struct Answerer {
    preview: Arc<Preview>,
    tide: Tide,
    bound: IpAddr,
    /// Pages are rendered by so many threads at a time, however many are asked for.
    rendering: Semaphore,
}

/// What an address stands for.
struct Target {
    route: Option<Route>,
    /// Whether the address lacks the slash that directories end with.
    slash_missing: bool,
}

impl Answerer {
    pub(super) fn new(preview: Arc<Preview>, tide: Tide, bound: IpAddr) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        Self { preview, tide, bound, rendering: Semaphore::new(threads.max(2)) }
    }

    pub(super) fn preview(&self) -> &Preview {
        &self.preview
    }

    /// Answers a request.
    pub(super) async fn answer(self: Arc<Self>, request: Parts) -> Reply {
        let head = request.method == Method::HEAD;
        let answer = self.answer_fully(request).await;
        if head { without_content(answer) } else { answer }
    }

    async fn answer_fully(self: Arc<Self>, request: Parts) -> Reply {
        if !self.is_for_us(&request) {
            let words = words!("这里只接受用 localhost 或 IP 地址的访问", "only localhost and addresses in numbers are answered here");
            return self.say(403, &words);
        }
        if request.method != Method::GET && request.method != Method::HEAD {
            let mut refusal = self.say(405, &words!("这里只能读", "this server can only be read from"));
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            return refusal;
        }
        match request.uri.path() {
            LIVE_PATH => self.events(&request),
            SCRIPT_PATH => bytes_reply(200, content_type(SCRIPT_PATH), SCRIPT.as_bytes().to_vec(), &request.headers),
            path => match path.strip_prefix(SOURCE_PATH) {
                Some(path) => self.source(path.to_owned(), &request).await,
                None => self.site(&request).await,
            },
        }
    }

    fn say(&self, status: u16, words: &crate::text::Words) -> Reply {
        message(status, words.in_language(self.preview.language()))
    }

    fn is_for_us(&self, request: &Parts) -> bool {
        let named = request.headers.get(header::HOST).map(|host| host.to_str().unwrap_or_default());
        let asked = request.uri.authority().map(hyper::http::uri::Authority::as_str);
        let hosts = [named, asked];
        hosts.iter().any(Option::is_some) && hosts.into_iter().flatten().all(|host| host::is_own(host, self.bound))
    }

    /// A page or file of the site.
    async fn site(self: Arc<Self>, request: &Parts) -> Reply {
        self.tide.settled().await;
        let target = self.target(&request.uri);
        let file = target.route.as_ref().map(Route::file).unwrap_or_default();
        let kind = content_type(&file);
        if let Some(route @ Route::Attachment { .. }) = &target.route
            && let Some(answer) = self.attachment(route, kind, &request.headers).await
        {
            return answer;
        }
        if target.route.is_some() && !kind.starts_with("text/html") {
            return self.file(target.route, kind, &request.headers).await;
        }
        let Some(page) = self.page(target.route).await else { return message(500, "500") };
        if target.slash_missing && page.status == 200 {
            let query = request.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
            return redirect(&format!("{}/{query}", request.uri.path()));
        }
        bytes_reply(page.status, content_type("index.html"), page.served(), &request.headers)
    }

    /// What an address stands for: below the path that the site will be published at, or, since all
    /// links in pages are relative, below the root.
    fn target(&self, uri: &Uri) -> Target {
        let shown = self.preview.shown();
        let base = shown.renderer.as_ref().map_or("/", |renderer| renderer.site().config.base_path());
        let path = uri.path();
        let below = match path.strip_prefix(base) {
            Some(below) => below,
            None if base.strip_suffix('/') == Some(path) => return Target { route: Some(Route::Home), slash_missing: true },
            None => path.strip_prefix('/').unwrap_or(path),
        };
        let languages = shown.renderer.as_ref().map_or(&[][..], |renderer| &renderer.site().config.languages);
        let route = Route::parse_in(below, languages);
        let is_directory = route.as_ref().is_some_and(|route| route.file().ends_with("index.html"));
        let named = below.ends_with("index.html");
        let slashed = below.is_empty() || below.ends_with('/');
        Target { slash_missing: is_directory && !slashed && !named, route: route.filter(|_| is_directory || !slashed) }
    }

    /// A page, rendered away from the thread that answers.
    pub(super) async fn page(self: &Arc<Self>, route: Option<Route>) -> Option<Page> {
        let _place = self.rendering.acquire().await.ok()?;
        let preview = self.preview.clone();
        tokio::task::spawn_blocking(move || preview.page(route.as_ref())).await.ok()
    }

    /// A file that is rendered whole: assets, feeds, data.
    async fn file(self: &Arc<Self>, route: Option<Route>, kind: &'static str, request: &HeaderMap) -> Reply {
        let Some(page) = self.page(route).await else { return message(500, "500") };
        match page.status {
            200 => bytes_reply(200, kind, page.built, request),
            status => bytes_reply(status, content_type("index.html"), page.served(), request),
        }
    }

    /// A file beside a report, sent from the disk piece by piece. None if there is none.
    async fn attachment(&self, route: &Route, kind: &'static str, request: &HeaderMap) -> Option<Reply> {
        let path = self.preview.shown().renderer.as_ref()?.attachment_path(route)?;
        let (root, path) = (self.preview.root().to_owned(), path);
        let opened = tokio::task::spawn_blocking(move || open_inside(&root, &path)).await.ok()??;
        let OpenFile { file, length, tag } = opened;
        Some(match wanted(request, &tag, length) {
            Wanted::Nothing => tagged(reply(304, kind, Content::Whole(None)), &tag),
            Wanted::Part(Part::None) => unsatisfiable(length),
            Wanted::Part(Part::Whole) => tagged(sized(reply(200, kind, stream(file, 0..length)), length), &tag),
            Wanted::Part(Part::Some(range)) => {
                let answer = reply(206, kind, stream(file, range.clone()));
                tagged(partial(sized(answer, range.end - range.start), &range, length), &tag)
            }
        })
    }

    /// Events for an open page: `?page=/a/2023/&seen=…`.
    fn events(self: Arc<Self>, request: &Parts) -> Reply {
        let query = query(&request.uri);
        let page = query.get("page").cloned().unwrap_or_default();
        let again = request.headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
        let seen = again.or_else(|| query.get("seen").cloned()).unwrap_or_default();
        let route = page.parse::<Uri>().ok().and_then(|uri| self.target(&uri).route);
        let (sender, receiver) = mpsc::channel(16);
        let _ = sender.try_send(Bytes::from_static(b"retry: 1000\n\n"));
        if request.method == Method::GET {
            tokio::spawn(follow(self, route, seen, sender));
        }
        let mut answer = reply(200, "text/event-stream", Content::Stream(receiver));
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    /// A source file that something is said about, with numbered lines.
    async fn source(&self, path: String, request: &Parts) -> Reply {
        self.tide.settled().await;
        let preview = self.preview.clone();
        let page = tokio::task::spawn_blocking(move || source::page(&preview, &percent_decode(&path)?)).await;
        match page.ok().flatten() {
            Some(page) => bytes_reply(200, content_type("index.html"), page, &request.headers),
            None => self.say(404, &words!("没有这个文件，或没有关于它的问题", "there is no such file, or nothing is said about it")),
        }
    }
}

/// The parameters of an address.
fn query(uri: &Uri) -> BTreeMap<String, String> {
    let pairs = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(name, value)| Some((name.to_owned(), percent_decode(value)?))).collect()
}

/// A file that is open, with what tells its version.
struct OpenFile {
    file: File,
    length: u64,
    tag: String,
}

/// Opens a file below the site's root, unless a link leads it elsewhere.
fn open_inside(root: &std::path::Path, path: &str) -> Option<OpenFile> {
    let real: PathBuf = root.join(path).canonicalize().ok()?;
    let inside = [root.to_owned(), root.join("content").canonicalize().ok()?];
    if !inside.iter().any(|inside| real.starts_with(inside)) {
        return None;
    }
    let file = File::open(real).ok()?;
    let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let tag = format!("\"{:x}-{:x}\"", metadata.len(), modified.as_nanos());
    Some(OpenFile { file, length: metadata.len(), tag })
}

fn sized(mut reply: Reply, length: u64) -> Reply {
    reply.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    reply
}

/// A part of a file, read as fast as the client takes it. No thread waits for a slow one.
fn stream(file: File, range: std::ops::Range<u64>) -> Content {
    let (sender, receiver) = mpsc::channel(2);
    tokio::spawn(async move {
        let (mut file, mut at) = (file, range.start);
        while at < range.end && !sender.is_closed() {
            let length = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
            let Ok((again, piece)) = tokio::task::spawn_blocking(move || read_piece(file, at, length)).await else { return };
            file = again;
            let Some(piece) = piece else { return };
            at += piece.len() as u64;
            if sender.send(piece).await.is_err() {
                return;
            }
        }
    });
    Content::Stream(receiver)
}

fn read_piece(mut file: File, at: u64, length: usize) -> (File, Option<Bytes>) {
    let mut piece = vec![0; length];
    let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read(&mut piece));
    let piece = read.ok().filter(|read| *read > 0).map(|read| {
        piece.truncate(read);
        piece.into()
    });
    (file, piece)
}

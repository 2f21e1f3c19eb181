//! Responses: bytes or a stream, with the headers that all have, conditional requests, ranges.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use tokio::sync::mpsc;
use xxhash_rust::xxh3::xxh3_128;

use super::range::{Part, part_of};

/// The body of a response.
#[derive(Debug)]
pub(super) enum Content {
    /// All at once.
    Whole(Option<Bytes>),
    /// As it comes.
    Stream(mpsc::Receiver<Bytes>),
}

impl Body for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take()),
            Self::Stream(receiver) => receiver.poll_recv(context),
        };
        next.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Self::Stream(_) => SizeHint::default(),
        }
    }
}

/// A response.
pub(super) type Reply = Response<Content>;

/// A response with the headers that all have: nothing is kept without asking again, nothing is taken
/// for what it is not, nothing is for other sites.
pub(super) fn reply(status: u16, content_type: &'static str, content: Content) -> Reply {
    let mut reply = Response::new(content);
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    reply.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    reply
}

/// A short message in plain text.
pub(super) fn message(status: u16, text: &str) -> Reply {
    reply(status, "text/plain; charset=utf-8", Content::Whole(Some(format!("{text}\n").into())))
}

/// Sends the client elsewhere on this server.
pub(super) fn redirect(path: &str) -> Reply {
    let mut reply = message(302, path);
    if let Ok(location) = HeaderValue::from_str(path) {
        reply.headers_mut().insert(header::LOCATION, location);
    }
    reply
}

/// Bytes that the client may have already, or want a part of.
pub(super) fn bytes_reply(status: u16, content_type: &'static str, bytes: Vec<u8>, request: &HeaderMap) -> Reply {
    let tag = format!("\"{:032x}\"", xxh3_128(&bytes));
    if status != 200 {
        return tagged(reply(status, content_type, Content::Whole(Some(bytes.into()))), &tag);
    }
    match wanted(request, &tag, bytes.len() as u64) {
        Wanted::Nothing => tagged(reply(304, content_type, Content::Whole(None)), &tag),
        Wanted::Part(Part::Whole) => tagged(reply(200, content_type, Content::Whole(Some(bytes.into()))), &tag),
        Wanted::Part(Part::Some(range)) => {
            let length = bytes.len() as u64;
            let part = Bytes::from(bytes).slice(as_usize(range.start)..as_usize(range.end));
            tagged(partial(reply(206, content_type, Content::Whole(Some(part))), &range, length), &tag)
        }
        Wanted::Part(Part::None) => unsatisfiable(bytes.len() as u64),
    }
}

/// What is to be sent to a client that has asked for a file.
pub(super) enum Wanted {
    /// It has the file already.
    Nothing,
    /// A part of it.
    Part(Part),
}

/// What a request wants of a file with an entity tag and a length.
pub(super) fn wanted(request: &HeaderMap, tag: &str, length: u64) -> Wanted {
    let text = |name: HeaderName| request.get(name).and_then(|value| value.to_str().ok());
    let is_tag = |other: &str| other == "*" || other.trim_start_matches("W/") == tag;
    if text(header::IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|other| is_tag(other.trim()))) {
        return Wanted::Nothing;
    }
    // A part is of use only to somebody who has the rest of the same version.
    let same = text(header::IF_RANGE).is_none_or(|other| other.trim() == tag);
    Wanted::Part(if same { part_of(text(header::RANGE), length) } else { Part::Whole })
}

/// Adds the entity tag, and that ranges can be asked for.
pub(super) fn tagged(mut reply: Reply, tag: &str) -> Reply {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        reply.headers_mut().insert(header::ETAG, tag);
    }
    reply.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    reply
}

/// Adds which part of a file it is.
pub(super) fn partial(mut reply: Reply, range: &std::ops::Range<u64>, length: u64) -> Reply {
    let value = format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1));
    if let Ok(value) = HeaderValue::from_str(&value) {
        reply.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    reply
}

/// The answer to a range that a file does not have.
pub(super) fn unsatisfiable(length: u64) -> Reply {
    let mut reply = message(416, "416");
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{length}")) {
        reply.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    reply
}

/// The same response without its body, for HEAD.
pub(super) fn without_content(mut reply: Reply) -> Reply {
    if let Some(length) = reply.body().size_hint().exact().filter(|_| !reply.headers().contains_key(header::CONTENT_LENGTH)) {
        reply.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    }
    *reply.body_mut() = Content::Whole(None);
    reply
}

fn as_usize(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

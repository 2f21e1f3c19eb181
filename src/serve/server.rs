//! Connections: accepted on a port of this machine, each served by itself, so that a slow or hostile
//! client keeps nobody waiting.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Sleep;

use super::answer::Answerer;

/// A request's head must have arrived within this time; then an idle connection is closed, too.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// A client that takes nothing of what is sent to it for this long is given up.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// More connections than this wait for others to end.
const MOST_CONNECTIONS: usize = 512;
/// How many ports are tried after the one that was asked for.
const PORTS_TRIED: u16 = 50;

/// Listens on a port, or on the next free one after it.
pub(super) fn listen(bind: IpAddr, port: u16) -> io::Result<TcpListener> {
    let mut tried = 0;
    loop {
        match TcpListener::bind(SocketAddr::new(bind, port.saturating_add(tried))) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tried < PORTS_TRIED && port.checked_add(tried + 1).is_some() => {
                tried += 1
            }
            other => return other,
        }
    }
}

/// Accepts connections for ever.
pub(super) async fn accept(listener: tokio::net::TcpListener, answerer: Arc<Answerer>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let _ = stream.set_nodelay(true);
                tokio::spawn(serve_connection(stream, answerer.clone(), place));
            }
            // Out of descriptors, or the client is gone already; the next may fare better.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, answerer: Arc<Answerer>, place: OwnedSemaphorePermit) {
    let service = service_fn(move |request: Request<Incoming>| {
        let answerer = answerer.clone();
        async move { Ok::<_, Infallible>(answerer.answer(request.into_parts().0).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    // Whatever ends a connection is the client's affair.
    let _ = builder.serve_connection(TokioIo::new(Patient { stream, stalled: None }), service).await;
    drop(place);
}

/// A connection that is given up when its client takes nothing any more.
struct Patient {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// Passes on what came of writing, unless it has come to nothing for too long.
    fn limit<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL_TIMEOUT)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.limit(context, written)
    }

    fn poll_write_vectored(self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, parts);
        this.limit(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.limit(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

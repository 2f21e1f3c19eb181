//! Server-sent events for one open page: it is rendered again whenever something else is shown, and
//! told to reload only if it is another page now. New style sheets and a new panel are sent by
//! themselves.

use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{mpsc, watch};

use super::answer::Answerer;
use super::preview::Page;
use crate::pages::Route;

/// A comment is sent this often, so that a client that is gone is found out.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Nothing is rendered before nothing else was shown for this long …
const QUIET: Duration = Duration::from_millis(15);
/// … or so often.
const MOST_WAITS: u32 = 40;

/// What a client has of its page.
struct Seen {
    page: String,
    styles: Vec<String>,
    panel: Option<String>,
}

/// Follows the page at an address until its client is gone. `seen` is the version that the client has.
pub(super) async fn follow(answerer: Arc<Answerer>, route: Option<Route>, seen: String, events: mpsc::Sender<Bytes>) {
    let mut versions = answerer.preview().versions();
    let mut seen = Seen { page: seen, styles: Vec::new(), panel: None };
    loop {
        versions.borrow_and_update();
        let Some(page) = answerer.page(route.clone()).await else { return };
        for event in seen.update(&page) {
            if events.send(event).await.is_err() {
                return;
            }
        }
        while !changed(&mut versions).await {
            if events.send(Bytes::from_static(b":\n\n")).await.is_err() {
                return;
            }
        }
    }
}

/// Waits until something else is shown and things are quiet again; gives up after a heartbeat.
async fn changed(versions: &mut watch::Receiver<u64>) -> bool {
    match tokio::time::timeout(HEARTBEAT, versions.changed()).await {
        Ok(Ok(())) => {}
        // Whoever shows things is gone: nothing will change any more.
        Ok(Err(_)) => std::future::pending().await,
        Err(_) => return false,
    }
    for _ in 0..MOST_WAITS {
        if tokio::time::timeout(QUIET, versions.changed()).await.is_err() {
            break;
        }
    }
    true
}

impl Seen {
    /// What the client must be told to have a page.
    fn update(&mut self, page: &Page) -> Vec<Bytes> {
        let mut events = Vec::new();
        if self.page != page.seen {
            self.page.clone_from(&page.seen);
            events.push(event("reload", &page.seen, &page.seen));
        }
        if self.styles != page.styles {
            self.styles.clone_from(&page.styles);
            let names = serde_json::to_string(&page.styles).unwrap_or_default();
            events.push(event("style", &page.seen, &names));
        }
        let panel = page.panel.json();
        if self.panel.as_ref() != Some(&panel) {
            events.push(event("panel", &page.seen, &panel));
            self.panel = Some(panel);
        }
        events
    }
}

/// One event; its id comes back when the client connects again.
fn event(name: &str, id: &str, data: &str) -> Bytes {
    format!("event: {name}\nid: {id}\ndata: {data}\n\n").into()
}

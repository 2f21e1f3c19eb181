//! `gongkai serve`: a site in the browser while it is edited.
//!
//! ```text
//!  disk ─ watch ─▶ batch of changes ─ keeper: look again ─▶ Shown (site, theme; replaced as a whole)
//!                                                             │
//!  browser ─ request ─ settled? ─▶ render the one route ─ + panel and script ─▶ bytes
//!          ◀─ events ─ render again: another page? ─ reload, or only styles, or only the panel
//! ```
//!
//! Nothing is written. A page is rendered when it is asked for, from the site as it is in memory; what
//! is served is byte for byte what `build` would write, plus one block ([`without_block`] takes it out
//! again). A request waits until everything saved before it has been taken in, so there is nothing to
//! guess about freshness. While a page cannot be had, its last good version is served, with what is
//! wrong on top.

mod album;
mod answer;
mod follow;
mod host;
mod keeper;
mod kinds;
mod live;
mod news;
mod panel;
mod preview;
mod problem;
mod range;
mod reply;
mod server;
mod source;
mod watch;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use jiff::civil::Date;

use crate::load::Trouble;
use crate::text::Language;

pub use follow::{Followed, Follower, follow};
pub use news::{News, Observer};
pub use panel::without_block;
pub use problem::Problem;
pub use watch::{Batch, Watcher};

use answer::Answerer;
use keeper::Keeper;
use preview::Preview;

/// What a server is to do.
pub struct Options {
    /// The site's root directory.
    pub root: PathBuf,
    /// The address to listen on.
    pub bind: IpAddr,
    /// The port; if another program has it, the next free one is taken.
    pub port: u16,
    /// The language of panels and messages.
    pub language: Language,
    /// The day it is.
    pub today: Box<dyn Fn() -> Date + Send>,
}

/// Why a server cannot start.
#[derive(Debug)]
pub enum ServeError {
    /// There is no site.
    Site(Trouble),
    /// The system does not let it listen.
    Listen(SocketAddr, io::Error),
    /// The system refused threads or the like.
    System(io::Error),
}

/// A server that is ready to answer.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    preview: Arc<Preview>,
    keeper: Keeper,
    watcher: Watcher,
    observer: Arc<dyn Observer>,
    wanted_port: u16,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Takes a port, loads the site and begins to watch it.
    pub fn open(options: Options, observer: Arc<dyn Observer>) -> Result<Self, ServeError> {
        let Options { root, bind, port, language, today } = options;
        let wanted = SocketAddr::new(bind, port);
        let listener = server::listen(bind, port).map_err(|error| ServeError::Listen(wanted, error))?;
        let address = listener.local_addr().map_err(ServeError::System)?;
        let preview = Arc::new(Preview::new(&root, language));
        let mut watcher = Watcher::new(&root);
        let mut keeper = Keeper::new(Follower::new(root, today), preview.clone(), observer.clone());
        keeper.load(&mut watcher).map_err(ServeError::Site)?;
        Ok(Self { listener, address, preview, keeper, watcher, observer, wanted_port: port })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until Ctrl-C.
    pub fn run(self) -> Result<(), ServeError> {
        let Self { listener, address, preview, keeper, watcher, observer, wanted_port } = self;
        listener.set_nonblocking(true).map_err(ServeError::System)?;
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().max_blocking_threads(64).build().map_err(ServeError::System)?;
        let answerer = Arc::new(Answerer::new(preview.clone(), watcher.tide(), address.ip()));
        let ended = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tokio::spawn(server::accept(listener, answerer));
            thread::Builder::new().name("keeper".to_owned()).spawn(move || keeper.keep_up(watcher))?;
            let url = url(&preview, address);
            let busy = (wanted_port != 0 && wanted_port != address.port()).then_some(wanted_port);
            observer.hear(News::Serving { address, url: &url, busy });
            tokio::signal::ctrl_c().await
        });
        // Browsers that wait for events would keep an orderly shutdown waiting for ever.
        runtime.shutdown_background();
        ended.map_err(ServeError::System)
    }
}

/// The address of the home page: below the path that the site will be published at.
fn url(preview: &Preview, address: SocketAddr) -> String {
    let shown = preview.shown();
    let base = shown.renderer.as_ref().map_or("/", |renderer| renderer.site().config.base_path());
    let host = if address.ip().is_unspecified() { SocketAddr::new(IpAddr::from([127, 0, 0, 1]), address.port()) } else { address };
    format!("http://{host}{base}")
}

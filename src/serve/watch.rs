//! What the system tells of a site's files → what may have changed, one batch at a time.
//!
//! Events are taken as "something happened near here", never as the whole truth: files written into a
//! directory that was just made are not told of, so new directories are looked at again once they are
//! watched; when events were lost, and now and then in any case, everything is looked at. A batch is
//! given out when its writers have closed their files, so that nobody reads half a file, and at once
//! after that.
//!
//! A [`Tide`] tells a request whether everything saved before it has been taken in.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind, RenameMode};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::watch;

use crate::load::Changes;

/// What belongs to a site, below its root.
const PLACES: [&str; 5] = ["site.toml", "content", "templates", "themes", "forms"];
/// The places that are small enough to be watched with all below them.
const SMALL: [&str; 3] = ["templates", "themes", "forms"];

/// Whether the system tells when a writer closes its file, and when a file is opened.
const TELLS_OPENING_AND_CLOSING: bool = cfg!(target_os = "linux");

/// How long nothing must have happened before a batch is given out.
const QUIET: Duration = Duration::from_millis(2);
/// The same after something was removed: editors that save by renaming put it back at once.
const QUIET_AFTER_REMOVAL: Duration = Duration::from_millis(15);
/// The same while a file is being written.
const QUIET_WHILE_WRITING: Duration = Duration::from_millis(50);
/// The same in a flood of changes, such as a checkout.
const QUIET_IN_FLOOD: Duration = Duration::from_millis(60);
/// A batch waits no longer than this.
const LONGEST: Duration = Duration::from_millis(150);
/// A flood waits no longer than this.
const LONGEST_FLOOD: Duration = Duration::from_secs(1);
/// More paths than this are a flood.
const FLOOD: usize = 64;
/// More paths than this are not worth telling apart.
const TOO_MANY: usize = 50_000;
/// Everything is looked at when nothing was heard for this long: a net under all of the above.
const IDLE: Duration = Duration::from_secs(10);
/// Each look that finds nothing doubles the time to the next, up to this.
const IDLE_LONGEST: Duration = Duration::from_secs(160);
/// The same where the system does not watch everything.
const IDLE_LIMITED: Duration = Duration::from_secs(1);
/// Looking at everything may take one part in so many of the time.
const SHARE: u32 = 20;

/// What has happened since the last batch.
#[derive(Debug, Default)]
struct Queue {
    changes: Changes,
    /// Whether events were lost.
    lost: bool,
    /// Whether the system refused to watch more directories.
    limited: bool,
    /// Files that are being written.
    writing: BTreeSet<String>,
    removed: bool,
    since: Option<Instant>,
    last: Option<Instant>,
    /// Where directories may have gone, or have given way to others: those are not watched any more.
    uncovered: BTreeSet<String>,
    /// How many events there have been.
    seen: u64,
}

impl Queue {
    fn note(&mut self, path: String) {
        self.seen += 1;
        let now = Instant::now();
        self.since.get_or_insert(now);
        self.last = Some(now);
        if self.changes.paths.len() >= TOO_MANY {
            self.changes = Changes::everything();
        } else if !self.changes.everything {
            self.changes.paths.insert(path);
        }
    }

    fn lose(&mut self) {
        self.note(String::new());
        self.lost = true;
        self.changes = Changes::everything();
    }

    /// When the batch can be given out; `None` if there is nothing in it.
    fn ready(&self) -> Option<Instant> {
        let (since, last) = self.since.zip(self.last)?;
        let flood = self.changes.everything || self.changes.paths.len() > FLOOD;
        let (quiet, longest) = match () {
            () if flood => (QUIET_IN_FLOOD, LONGEST_FLOOD),
            () if !self.writing.is_empty() => (QUIET_WHILE_WRITING, LONGEST),
            () if self.removed => (QUIET_AFTER_REMOVAL, LONGEST),
            () => (QUIET, LONGEST),
        };
        Some((last + quiet).min(since + longest))
    }

    fn take(&mut self) -> Batch {
        self.writing.clear();
        self.removed = false;
        (self.since, self.last) = (None, None);
        Batch {
            changes: std::mem::take(&mut self.changes),
            lost: std::mem::take(&mut self.lost),
            uncovered: std::mem::take(&mut self.uncovered),
            unwatched: false,
            number: self.seen,
        }
    }
}

/// What may have changed, and up to which event.
#[derive(Debug)]
pub struct Batch {
    /// What may have changed.
    pub changes: Changes,
    /// Whether events were lost.
    lost: bool,
    uncovered: BTreeSet<String>,
    /// Whether there may be directories that are not watched.
    unwatched: bool,
    number: u64,
}

impl Batch {
    /// Whether directories that were watched may not be any more.
    pub fn is_unwatched(&self) -> bool {
        self.unwatched
    }
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    queue: Mutex<Queue>,
    heard: Condvar,
    /// A file that hardly anybody else opens: the program itself.
    probe: Option<PathBuf>,
    /// Whether it is heard when it is opened.
    probing: AtomicBool,
    /// How often the probe was seen being opened.
    opened: watch::Sender<u64>,
    /// The number of the batch that was taken in last.
    taken: watch::Sender<u64>,
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self, event: notify::Result<Event>) {
        match event {
            Ok(event) if event.need_rescan() => self.queue().lose(),
            Ok(event) => self.hear_event(&event),
            Err(error) => {
                let mut queue = self.queue();
                queue.limited |= matches!(error.kind, notify::ErrorKind::MaxFilesWatch);
                queue.lose();
            }
        }
        self.heard.notify_all();
    }

    fn hear_event(&self, event: &Event) {
        if let EventKind::Access(AccessKind::Open(_)) = event.kind {
            if event.paths.first() == self.probe.as_ref() {
                self.opened.send_modify(|count| *count += 1);
            }
            return;
        }
        if matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write)) {
            return;
        }
        let mut queue = self.queue();
        for path in event.paths.iter().filter_map(|path| self.below_root(path)) {
            match event.kind {
                EventKind::Modify(ModifyKind::Data(_)) | EventKind::Create(CreateKind::File) if TELLS_OPENING_AND_CLOSING => {
                    queue.writing.insert(path.clone());
                }
                EventKind::Create(_) | EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both | RenameMode::Any)) => {
                    // Told after the same renaming's removal: what was removed is somewhere.
                    queue.removed &= event.kind != EventKind::Modify(ModifyKind::Name(RenameMode::Both));
                    queue.uncovered.insert(path.clone());
                    queue.writing.remove(&path);
                }
                EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                    queue.removed = true;
                    queue.uncovered.insert(path.clone());
                    queue.writing.remove(&path);
                }
                EventKind::Access(_) => {
                    queue.writing.remove(&path);
                }
                _ => {}
            }
            queue.note(path);
        }
    }

    /// A path as the loader names it, if it belongs to the site.
    fn below_root(&self, path: &Path) -> Option<String> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let hidden = parts.iter().any(|part| part.starts_with('.'));
        (!hidden && PLACES.contains(&parts.first()?.as_ref())).then(|| parts.join("/"))
    }
}

/// Watches a site's files.
#[derive(Debug)]
pub struct Watcher {
    shared: Arc<Shared>,
    system: Option<RecommendedWatcher>,
    /// The directories that are watched one by one.
    covered: BTreeSet<String>,
    /// When everything is looked at, if nothing is heard before, and how long that is from the last time.
    idle: (Instant, Duration),
}

impl Watcher {
    /// Watches the site at `root`.
    pub fn new(root: &Path) -> Self {
        let shared = Arc::new(Shared {
            root: root.canonicalize().unwrap_or_else(|_| root.to_owned()),
            queue: Mutex::default(),
            heard: Condvar::new(),
            probe: std::env::current_exe().ok().filter(|_| TELLS_OPENING_AND_CLOSING),
            probing: AtomicBool::new(false),
            opened: watch::Sender::new(0),
            taken: watch::Sender::new(0),
        });
        let hears = shared.clone();
        let system = notify::recommended_watcher(move |event| hears.hear(event)).ok();
        let mut watcher = Self { shared, system, covered: BTreeSet::new(), idle: (Instant::now() + IDLE, IDLE) };
        watcher.watch_small();
        watcher
    }

    /// Tells requests what has been taken in.
    pub fn tide(&self) -> Tide {
        Tide { shared: self.shared.clone(), turn: Arc::default() }
    }

    /// Whether the system refused to watch everything: then only looking at everything finds all changes.
    pub fn is_limited(&self) -> bool {
        self.system.is_none() || self.shared.queue().limited
    }

    /// Waits for the next batch; when nothing was heard for long, everything is to be looked at.
    pub fn next_batch(&mut self) -> Batch {
        let mut batch = self.wait();
        if batch.lost {
            self.watch_small();
            // What is watched already is watched once more: it may have given way to something else.
            let covered = std::mem::take(&mut self.covered);
            self.cover(covered.into_iter());
        }
        for gone in std::mem::take(&mut batch.uncovered) {
            batch.unwatched |= self.uncover(&gone);
            if SMALL.contains(&gone.as_str()) {
                self.watch_place(&gone);
            }
        }
        batch
    }

    fn wait(&self) -> Batch {
        let mut queue = self.shared.queue();
        loop {
            let now = Instant::now();
            let ready = queue.ready();
            if ready.is_some_and(|ready| ready <= now) {
                return queue.take();
            }
            if ready.is_none() && self.idle.0 <= now {
                return Batch { changes: Changes::everything(), ..queue.take() };
            }
            let until = ready.unwrap_or(self.idle.0);
            queue = self.shared.heard.wait_timeout(queue, until.saturating_duration_since(now)).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Says that a batch has been taken in, whether it made a difference, and how long it took.
    pub fn done(&mut self, batch: &Batch, different: bool, took: Duration) {
        self.shared.taken.send_replace(batch.number);
        let everything = batch.changes.everything;
        let pause = match () {
            () if self.is_limited() => IDLE_LIMITED,
            () if everything && !different => (self.idle.1 * 2).min(IDLE_LONGEST),
            () => IDLE,
        };
        let pause = if everything { pause.max(took * SHARE) } else { pause };
        self.idle = (Instant::now() + pause, pause);
    }

    /// Watches directories that are not watched yet, and returns them: what came into them before is
    /// heard of by no event.
    pub fn cover(&mut self, directories: impl Iterator<Item = String>) -> Changes {
        let mut new = BTreeSet::new();
        let Some(system) = &mut self.system else { return Changes::default() };
        let before = std::mem::take(&mut self.covered);
        for directory in directories {
            if !before.contains(&directory) {
                match system.watch(&self.shared.root.join(&directory), RecursiveMode::NonRecursive) {
                    Ok(()) => new.insert(directory.clone()),
                    Err(error) if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) => {
                        self.shared.queue().limited = true;
                        break;
                    }
                    // It went again; that will be heard from the directory above.
                    Err(_) => continue,
                };
            }
            self.covered.insert(directory);
        }
        Changes { everything: before.is_empty() && !new.is_empty(), paths: new }
    }

    /// Takes note that a directory with all below it is not watched any more; says whether it was.
    fn uncover(&mut self, path: &str) -> bool {
        let below: Vec<String> = self.covered.range(format!("{path}/")..format!("{path}0")).cloned().collect();
        for path in &below {
            self.covered.remove(path);
        }
        self.covered.remove(path) || !below.is_empty()
    }

    /// Watches the site's root, the probe, and the small places with all below them.
    fn watch_small(&mut self) {
        if let Some(system) = &mut self.system {
            let _ = system.watch(&self.shared.root, RecursiveMode::NonRecursive);
            if let Some(probe) = &self.shared.probe {
                let heard = system.watch(probe, RecursiveMode::NonRecursive).is_ok();
                self.shared.probing.store(heard, Ordering::Relaxed);
            }
        }
        SMALL.iter().for_each(|place| self.watch_place(place));
    }

    fn watch_place(&mut self, place: &str) {
        let Some(system) = &mut self.system else { return };
        let path = self.shared.root.join(place);
        let _ = system.unwatch(&path);
        if path.is_dir() {
            let _ = system.watch(&path, RecursiveMode::Recursive);
        }
    }
}

/// Tells whether everything saved before a moment has been taken in.
#[derive(Debug, Clone)]
pub struct Tide {
    shared: Arc<Shared>,
    /// One probe at a time: the opening that is heard is then the one that was made.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// Longer than this nobody waits for what was saved to be taken in.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longer than this nobody waits to hear of the probe.
const PROBE_PATIENCE: Duration = Duration::from_secs(1);

impl Tide {
    /// Waits until everything that was saved before has been taken in.
    pub async fn settled(&self) {
        self.probe().await;
        let seen = self.shared.queue().seen;
        let mut taken = self.shared.taken.subscribe();
        let _ = tokio::time::timeout(PATIENCE, taken.wait_for(|taken| *taken >= seen)).await;
    }

    /// Opens a file, for nothing but to hear of it: the system tells of things in their order, so by then
    /// it has told of everything that was saved before. Twice, since the first that is heard may be
    /// somebody else's opening from before.
    async fn probe(&self) {
        let Some(probe) = self.shared.probe.as_ref().filter(|_| self.shared.probing.load(Ordering::Relaxed)) else { return };
        let _turn = self.turn.lock().await;
        let mut opened = self.shared.opened.subscribe();
        for _ in 0..2 {
            let before = *opened.borrow_and_update();
            if File::open(probe).is_ok() {
                let _ = tokio::time::timeout(PROBE_PATIENCE, opened.wait_for(|count| *count > before)).await;
            }
        }
    }
}

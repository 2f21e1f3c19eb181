//! Pages → the output directory: the only floor that writes a built site.
//!
//! Each file is written beside its place and renamed into it, so that nobody who reads the directory
//! meets half a file. A file whose bytes are unchanged is left alone, times and all. When everything
//! is in place, files that no longer belong are removed. Where there was no output before, all of it is
//! written beside its place, so that it is there as a whole or not at all.

mod inventory;
mod staging;

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use walkdir::WalkDir;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_64};

use crate::load::Stamp;
use crate::pack::Hash;

pub use inventory::{Inventory, Tampered};
use staging::Staging;

/// A file at the root of the output that says whose it is; without it nothing is ever removed.
const MARKER: &str = ".gongkai";
const MARKER_TEXT: &[u8] = b"This directory is written by gongkai; files that do not belong to the site are removed.\n";
/// What a file, or the whole output, is called while it is written: short, since its own name may be as long as
/// names can be.
const TEMPORARY: &str = "gongkai-tmp";

/// What a build has written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Files written anew.
    pub written: usize,
    /// Files whose bytes were the same.
    pub unchanged: usize,
    /// Files that no longer belonged.
    pub removed: usize,
    /// Bytes of all files.
    pub bytes: u64,
}

/// Why an output directory cannot be written to.
#[derive(Debug)]
pub enum WriteError {
    /// It holds files but was not made by gongkai.
    Foreign(PathBuf),
    /// Something came there while this output was written beside it.
    Taken(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
}

/// What is known of files from putting them, by the hashes of paths: a map of hundreds of thousands of paths would be
/// large.
pub type Puts = FxHashMap<u64, Put>;

/// What is known of a file from putting it.
#[derive(Debug, Clone, Copy)]
pub struct Put {
    /// The hash of what was written.
    hash: Hash,
    /// Its stamp when it was put: what was done to it since, while others were put, shows.
    stamp: Stamp,
}

/// An output directory that is being written.
#[derive(Debug)]
pub struct Output {
    /// Where it is to be.
    place: PathBuf,
    /// Where files are put: beside the place while there is nothing in it.
    root: PathBuf,
    /// The directory beside the place, if files are put there.
    staging: Option<Staging>,
    /// Whether nothing was there before: then nothing can be the same and nothing can be stale.
    fresh: bool,
    written: AtomicUsize,
    unchanged: AtomicUsize,
    bytes: AtomicU64,
    puts: Mutex<Puts>,
}

impl Output {
    /// Opens an output directory, making it if need be. A directory with files in it that gongkai did
    /// not make is refused: its files would be removed.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, WriteError> {
        let root = root.into();
        let at = |error| WriteError::Io(root.clone(), error);
        fs::create_dir_all(&root).map_err(at)?;
        let marker = root.join(MARKER);
        let is_ours = marker.is_file();
        // Names that begin with a dot (`.git`) are never touched, so they do not count.
        let is_file = |entry: io::Result<fs::DirEntry>| entry.map_or(true, |entry| !entry.file_name().to_string_lossy().starts_with('.'));
        let empty = !fs::read_dir(&root).map_err(at)?.any(is_file);
        if !empty && !is_ours {
            return Err(WriteError::Foreign(root));
        }
        if empty && !is_ours {
            fs::write(&marker, MARKER_TEXT).map_err(at)?;
        }
        Ok(Self::at(root, empty, None))
    }

    /// Opens an output directory that nobody else writes to. If there is none, it is there when all is written.
    pub fn open_alone(root: impl Into<PathBuf>) -> Result<Self, WriteError> {
        let root = root.into();
        let is_nothing = fs::symlink_metadata(&root).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        match is_nothing.then(|| Staging::beside(&root)).flatten() {
            Some(staging) => Ok(Self::at(root, true, Some(staging))),
            None => Self::open(root),
        }
    }

    fn at(place: PathBuf, fresh: bool, staging: Option<Staging>) -> Self {
        let (written, unchanged, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicU64::new(0));
        let root = staging.as_ref().map_or_else(|| place.clone(), |staging| staging.path.clone());
        Self { place, root, staging, fresh, written, unchanged, bytes, puts: Mutex::default() }
    }

    /// Whether something lies there that gongkai has written.
    pub fn is_there(root: &Path) -> bool {
        root.join(MARKER).is_file()
    }

    /// What is known of what was put.
    pub fn puts(&self) -> Puts {
        std::mem::take(&mut self.puts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn was_put(&self, path: &str, put: Put) {
        self.puts.lock().unwrap_or_else(PoisonError::into_inner).insert(path_hash(path), put);
    }

    /// Puts a file in its place; `path` is below the root, with `/` between its parts.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let target = self.root.join(path);
        let hash = Hash::of(bytes);
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if let Some(stamp) = self.there(&target).filter(|there| there.length == bytes.len() as u64 && holds(&target, bytes)) {
            self.was_put(path, Put { hash, stamp });
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        let stamp = match self.staging.is_some() {
            true => {
                // Most pages have a directory of their own, which is not there yet.
                let page = target.parent().filter(|_| path.ends_with("/index.html"));
                let _ = page.map(fs::create_dir);
                write_new(&target, bytes)
            }
            false => replace(&target, bytes),
        };
        self.was_put(path, Put { hash, stamp: stamp.map_err(|error| self.cannot_put(path, error))? });
        self.written.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Puts a file in its place that is written piece by piece.
    pub fn put_with(&self, path: &str, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> Result<(), WriteError> {
        let target = self.root.join(path);
        let beside = beside(&target);
        let put = || -> io::Result<bool> {
            let mut file = create(&beside)?;
            let mut hashing = Hashing { file: &mut file, hash: Xxh3Default::new() };
            write(&mut hashing)?;
            let hash = Hash(hashing.hash.digest());
            self.bytes.fetch_add(file.metadata()?.len(), Ordering::Relaxed);
            drop(file);
            let there = self.there(&target);
            if let Some(stamp) = there.filter(|_| are_same(&beside, &target).unwrap_or(false)) {
                fs::remove_file(&beside)?;
                self.was_put(path, Put { hash, stamp });
                return Ok(false);
            }
            self.was_put(path, Put { hash, stamp: place(&beside, &target)? });
            Ok(true)
        };
        match put() {
            Ok(anew) => {
                if anew { &self.written } else { &self.unchanged }.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                let _ = fs::remove_file(&beside);
                Err(self.cannot_put(path, error))
            }
        }
    }

    /// The stamp of a file that lies where another is to be put, before it is read.
    fn there(&self, target: &Path) -> Option<Stamp> {
        if self.fresh { None } else { stamp(target) }
    }

    fn cannot_put(&self, path: &str, error: io::Error) -> WriteError {
        WriteError::Io(self.place.join(path), error)
    }

    /// Removes what is not in `expected` (paths as given to [`put`](Self::put)) and tells what was done.
    /// Names at the top that begin with a dot (`.git`, `.nojekyll`) are left alone.
    pub fn finish(self, expected: &FxHashSet<String>) -> Result<Written, WriteError> {
        let removed = if self.fresh { 0 } else { self.remove_stale(expected)? };
        self.finished(removed)
    }

    fn finished(self, removed: usize) -> Result<Written, WriteError> {
        if let Some(staging) = self.staging {
            staging.take_its(&self.place).map_err(|error| match self.place.exists() {
                true => WriteError::Taken(self.place),
                false => WriteError::Io(self.place, error),
            })?;
        }
        Ok(Written { written: self.written.into_inner(), unchanged: self.unchanged.into_inner(), removed, bytes: self.bytes.into_inner() })
    }

    /// Removes some files and tells what was done; the others are left unlooked at.
    pub fn finish_without<'p>(self, gone: impl IntoIterator<Item = &'p String>) -> Result<Written, WriteError> {
        let mut removed = 0;
        for path in gone {
            let file = self.root.join(path);
            match fs::remove_file(&file) {
                // Somebody else has removed it.
                Err(error) if is_no_way(&error) => {}
                removal => removal.map_err(|error| WriteError::Io(file, error))?,
            }
            removed += 1;
            for above in directories_above(path) {
                // Fails, as it should, while the directory still holds something.
                if fs::remove_dir(self.root.join(above)).is_err() {
                    break;
                }
            }
        }
        self.finished(removed)
    }

    fn remove_stale(&self, expected: &FxHashSet<String>) -> Result<usize, WriteError> {
        let directories: FxHashSet<&str> = expected.iter().flat_map(|path| directories_above(path)).collect();
        let mut removed = 0;
        // Each name at the top is walked by itself: a walk that yields contents first cannot leave out a
        // directory, whose contents it has yielded by then.
        let tops = fs::read_dir(&self.root).map_err(|error| WriteError::Io(self.root.clone(), error))?.flatten();
        let ours = tops.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
        // A link that leads to where files were put is as good as a directory, and cleared like one.
        let is_ours = |top: &fs::DirEntry| directories.contains(&*top.file_name().to_string_lossy());
        let walk = |top: fs::DirEntry| WalkDir::new(top.path()).follow_root_links(is_ours(&top)).contents_first(true);
        for entry in ours.flat_map(walk) {
            let Ok(entry) = entry else { continue };
            let path = relative(&self.root, entry.path());
            if entry.file_type().is_dir() {
                if !directories.contains(path.as_str()) {
                    // Fails, as it should, while the directory still holds something.
                    let _ = fs::remove_dir(entry.path());
                }
            } else if !expected.contains(&path) && !directories.contains(path.as_str()) {
                fs::remove_file(entry.path()).map_err(|error| WriteError::Io(entry.path().to_owned(), error))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// A file, with the hash of what was written to it.
struct Hashing<'f> {
    file: &'f mut fs::File,
    hash: Xxh3Default,
}

impl io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn path_hash(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

/// The directories above a path, innermost first.
fn directories_above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(above, _)| above.rsplit_once('/')).map(|(above, _)| above)
}

fn relative(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The stamp of a file or directory; a link is neither.
fn stamp(path: &Path) -> Option<Stamp> {
    fs::symlink_metadata(path).ok().filter(|metadata| !metadata.is_symlink()).map(|metadata| Stamp::of(&metadata))
}

fn holds(file: &Path, bytes: &[u8]) -> bool {
    fs::read(file).is_ok_and(|there| there == bytes)
}

/// Whether two files hold the same; the second need not be there.
fn are_same(file: &Path, other: &Path) -> io::Result<bool> {
    let (mut a, length) = (fs::File::open(file)?, fs::metadata(file)?.len());
    if !fs::metadata(other).is_ok_and(|metadata| metadata.is_file() && metadata.len() == length) {
        return Ok(false);
    }
    let mut b = fs::File::open(other)?;
    let (mut left, mut ours, mut theirs) = (length, vec![0; 64 << 10], vec![0; 64 << 10]);
    while left > 0 {
        let piece = usize::try_from(left).unwrap_or(usize::MAX).min(ours.len());
        a.read_exact(&mut ours[..piece])?;
        b.read_exact(&mut theirs[..piece])?;
        if ours[..piece] != theirs[..piece] {
            return Ok(false);
        }
        left -= piece as u64;
    }
    Ok(true)
}

/// Where a file is written before it is put in its place.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    let hash = xxh3_64(name.as_encoded_bytes());
    target.with_file_name(format!("{TEMPORARY}-{}-{hash:016x}", std::process::id()))
}

/// Whether an error says that directories above a file are missing.
fn is_no_way(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Puts a file in its place; its stamp is that which it has there.
fn place(beside: &Path, target: &Path) -> io::Result<Stamp> {
    match fs::rename(beside, target) {
        // A directory stands where a page is to be: what was a directory is a file now.
        Err(_) if target.is_dir() => fs::remove_dir_all(target).and_then(|()| fs::rename(beside, target)),
        other => other,
    }?;
    fs::symlink_metadata(target).map(|metadata| Stamp::of(&metadata))
}

/// Makes a file, and the directories above it if need be.
fn create(target: &Path) -> io::Result<fs::File> {
    match fs::File::create(target) {
        Err(error) if is_no_way(&error) => make_way(target).and_then(|()| fs::File::create(target)),
        file => file,
    }
}

/// Writes a file, making the directories above it if need be.
fn write_new(target: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    let mut file = create(target)?;
    file.write_all(bytes)?;
    Ok(Stamp::of(&file.metadata()?))
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<Stamp> {
    let beside = beside(target);
    let placed = write_new(&beside, bytes).and_then(|_| place(&beside, target));
    if placed.is_err() {
        let _ = fs::remove_file(&beside);
    }
    placed
}

/// Makes the directories above a file; a file in their way (left by an older build) is removed.
fn make_way(target: &Path) -> io::Result<()> {
    let Some(above) = target.parent() else { return Ok(()) };
    if fs::create_dir_all(above).is_ok() {
        return Ok(());
    }
    if let Some(in_the_way) = above.ancestors().find(|path| path.is_file()) {
        fs::remove_file(in_the_way)?;
    }
    fs::create_dir_all(above)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn build(root: &Path, files: &[(&str, &str)]) -> Written {
        let output = Output::open(root).unwrap();
        for (path, text) in files {
            output.put(path, text.as_bytes()).unwrap();
        }
        output.finish(&files.iter().map(|(path, _)| (*path).to_owned()).collect()).unwrap()
    }

    #[test]
    fn unchanged_files_keep_their_times_and_stale_ones_go() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("public");
        build(&root, &[("a/index.html", "甲"), ("b/index.html", "乙")]);
        let before = fs::metadata(root.join("a/index.html")).unwrap().modified().unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        let written = build(&root, &[("a/index.html", "甲"), ("c/index.html", "丙")]);
        assert_eq!((written.written, written.unchanged, written.removed), (1, 1, 1));
        assert_eq!(fs::metadata(root.join("a/index.html")).unwrap().modified().unwrap(), before);
        assert!(!root.join("b").exists() && root.join(".git").exists());
    }

    /// What is written piece by piece is like what is written at once: the same bytes are left alone.
    #[test]
    fn pieces_make_the_same_file() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("public");
        let put = |pieces: &[&str]| {
            let output = Output::open(&root).unwrap();
            output.put_with("a/b", |out| pieces.iter().try_for_each(|piece| out.write_all(piece.as_bytes()))).unwrap();
            let written = output.finish(&["a/b".to_owned()].into_iter().collect()).unwrap();
            (written.written, written.unchanged, written.bytes, fs::read_to_string(root.join("a/b")).unwrap())
        };
        assert_eq!(put(&["甲", "乙"]), (1, 0, 6, "甲乙".to_owned()));
        assert_eq!(put(&["甲乙"]), (0, 1, 6, "甲乙".to_owned()));
        assert_eq!(put(&["甲丙"]), (1, 0, 6, "甲丙".to_owned()));
        assert_eq!(fs::read_dir(root.join("a")).unwrap().count(), 1, "nothing is left beside it");
    }

    /// A page becomes a directory and the other way round, as agencies come and go.
    #[test]
    fn files_and_directories_take_each_others_place() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("public");
        build(&root, &[("a", "file")]);
        build(&root, &[("a/index.html", "page")]);
        build(&root, &[("a", "file")]);
        assert_eq!(fs::read_to_string(root.join("a")).unwrap(), "file");
    }

    /// A checkout of a branch for pages holds `.git` and nothing else: it is as good as empty.
    #[test]
    fn a_directory_with_git_alone_is_taken() {
        let directory = tempfile::tempdir().unwrap();
        let git = directory.path().join(".git/refs/heads/pages");
        fs::create_dir_all(git.parent().unwrap()).unwrap();
        fs::write(&git, "0123").unwrap();
        build(directory.path(), &[("a", "1"), ("z", "1")]);
        build(directory.path(), &[("b", "2")]);
        assert_eq!(fs::read_to_string(&git).unwrap(), "0123", "what is git's is left alone, however deep");
        let left: Vec<bool> = ["a", "b", "z"].map(|name| directory.path().join(name).exists()).to_vec();
        assert_eq!(left, [false, true, false]);
    }

    /// A link at the top is removed, not what it leads to; one that leads to where files are put stays.
    #[cfg(unix)]
    #[test]
    fn links_at_the_top_are_links() {
        let directory = tempfile::tempdir().unwrap();
        let (root, elsewhere) = (directory.path().join("public"), directory.path().join("elsewhere"));
        fs::create_dir_all(&elsewhere).unwrap();
        fs::write(elsewhere.join("b.txt"), "x").unwrap();
        build(&root, &[("a", "1")]);
        std::os::unix::fs::symlink(&elsewhere, root.join("link")).unwrap();
        build(&root, &[("a", "1")]);
        assert!(!root.join("link").exists() && elsewhere.join("b.txt").exists());
        std::os::unix::fs::symlink(&elsewhere, root.join("assets")).unwrap();
        build(&root, &[("a", "1"), ("assets/a.css", "2"), ("assets/old/b.css", "3")]);
        build(&root, &[("a", "1"), ("assets/a.css", "2")]);
        assert_eq!(fs::read_to_string(elsewhere.join("a.css")).unwrap(), "2");
        assert!(root.join("assets").is_symlink() && !elsewhere.join("old").exists(), "what is no more is removed behind it");
    }

    /// The longest name that a system allows can be written.
    #[test]
    fn long_names_are_written() {
        let directory = tempfile::tempdir().unwrap();
        let name = format!("a/{}", "长".repeat(85));
        build(&directory.path().join("public"), &[(&name, "1")]);
        assert_eq!(fs::read_to_string(directory.path().join("public").join(name)).unwrap(), "1");
    }

    #[test]
    fn a_directory_of_somebody_else_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("thesis.docx"), "x").unwrap();
        assert!(matches!(Output::open(directory.path()), Err(WriteError::Foreign(_))));
        assert!(directory.path().join("thesis.docx").exists());
    }
}

//! The directory beside an output's place in which all of it is written before it is there.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{MARKER, MARKER_TEXT, TEMPORARY};

/// A directory beside an output's place. It goes with whoever holds it, unless it has taken the place.
#[derive(Debug)]
pub(super) struct Staging {
    /// Where it is.
    pub(super) path: PathBuf,
    /// The file that says whose it is; locked as long as somebody writes here.
    marker: File,
    /// Whether it is the output now.
    is_in_place: bool,
}

impl Staging {
    /// Makes the directory beside a place. What an interrupted build has left there is removed; `None` if another
    /// build is at work in it, or if none can be made.
    pub(super) fn beside(place: &Path) -> Option<Self> {
        let name = place.file_name()?.to_string_lossy();
        let path = place.with_file_name(format!(".{name}.{TEMPORARY}"));
        fs::create_dir_all(path.parent()?).ok()?;
        if let Ok(left) = File::options().write(true).open(path.join(MARKER)) {
            left.try_lock().ok()?;
            fs::remove_dir_all(&path).ok()?;
        }
        fs::create_dir(&path).ok()?;
        let marker = File::create_new(path.join(MARKER)).ok()?;
        if let Err(TryLockError::WouldBlock) = marker.try_lock() {
            // Another build has come in between and takes it for left behind: what lies there is its own by now.
            return None;
        }
        let mut staging = Self { path, marker, is_in_place: false };
        staging.marker.write_all(MARKER_TEXT).ok()?;
        Some(staging)
    }

    /// Puts the directory in the place, which must be free.
    pub(super) fn take_its(mut self, place: &Path) -> io::Result<()> {
        fs::rename(&self.path, place)?;
        self.is_in_place = true;
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_in_place {
            // What cannot be removed now is removed by the next build.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::write::{Output, WriteError};

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn expected() -> rustc_hash::FxHashSet<String> {
        ["a/index.html".to_owned()].into_iter().collect()
    }

    /// A first output is there as a whole or not at all, and nothing is left beside it.
    #[test]
    fn a_first_output_is_there_at_once() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("公开/public");
        let output = Output::open_alone(&root).unwrap();
        output.put("a/index.html", b"1").unwrap();
        assert!(!root.exists());
        drop(output);
        assert!(names(root.parent().unwrap()).is_empty(), "a build that fails leaves nothing");
        let output = Output::open_alone(&root).unwrap();
        output.put("a/index.html", b"1").unwrap();
        let written = output.finish(&expected()).unwrap();
        assert_eq!((written.written, written.bytes), (1, 1));
        assert_eq!(names(root.parent().unwrap()), ["public"]);
        assert!(root.join("a/index.html").exists() && Output::is_there(&root));
    }

    /// What an interrupted build has left is removed, but not what another build is writing.
    #[test]
    fn what_was_left_is_told_from_what_is_being_written() {
        let directory = tempfile::tempdir().unwrap();
        let root = directory.path().join("public");
        let left = directory.path().join(".public.gongkai-tmp");
        fs::create_dir(&left).unwrap();
        fs::write(left.join(MARKER), "").unwrap();
        fs::write(left.join("b.html"), "half").unwrap();
        let first = Output::open_alone(&root).unwrap();
        first.put("a/index.html", b"1").unwrap();
        assert!(!left.join("b.html").exists());
        let second = Output::open_alone(&root).unwrap();
        second.put("a/index.html", b"2").unwrap();
        assert_eq!(fs::read(left.join("a/index.html")).unwrap(), b"1");
        second.finish(&expected()).unwrap();
        // Who comes second finds the place taken, and what is there is not harmed.
        assert!(matches!(first.finish(&expected()), Err(WriteError::Taken(_))));
        assert_eq!(fs::read(root.join("a/index.html")).unwrap(), b"2");
        assert_eq!(names(directory.path()), ["public"]);
    }

    /// A directory of another's that is called like ours is left alone.
    #[test]
    fn a_foreign_directory_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let foreign = directory.path().join(".public.gongkai-tmp");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("mine"), "").unwrap();
        let output = Output::open_alone(directory.path().join("public")).unwrap();
        output.put("a/index.html", b"1").unwrap();
        output.finish(&expected()).unwrap();
        assert_eq!(names(&foreign), ["mine"]);
        assert!(directory.path().join("public/a/index.html").exists());
    }
}

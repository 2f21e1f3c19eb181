//! Files that appear as a whole.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what is written, so that no two files beside others have one name.
static TURN: AtomicUsize = AtomicUsize::new(0);

/// Writes a file that is not there yet. What a full disk leaves of it is taken away again: an empty report would
/// keep the next attempt from writing a whole one.
pub(super) fn write_anew(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        drop(file);
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes beside the place and renames into it, so that nobody reads half a file, and one that was there stays if
/// the new one cannot be written. Where the path is a link, what it leads to is replaced.
pub(super) fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_beside_if(path, bytes, |_| Ok(true)).map(drop)
}

/// The same if what is there still `may_go`, which is asked last of all, about the place that the path leads to. Says
/// whether it was written.
pub(super) fn write_beside_if(path: &Path, bytes: &[u8], may_go: impl FnOnce(&Path) -> io::Result<bool>) -> io::Result<bool> {
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let before = fs::metadata(&place).ok();
    if before.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        // A pipe or a device: there is no other to put in its place.
        let may_go = may_go(&place)?;
        return if may_go { fs::write(&place, bytes).map(|()| true) } else { Ok(false) };
    }
    // A name of its own: the other may be as long as a name can be.
    let turn = TURN.fetch_add(1, Ordering::Relaxed);
    let beside = place.with_file_name(format!(".gongkai-{}-{turn}.part", std::process::id()));
    let put = || {
        fs::write(&beside, bytes)?;
        before.map_or(Ok(()), |metadata| fs::set_permissions(&beside, metadata.permissions()))?;
        let may_go = may_go(&place)?;
        if may_go {
            fs::rename(&beside, &place)?;
        }
        Ok(may_go)
    };
    let put = put();
    if !matches!(put, Ok(true)) {
        // What was not put in its place, whole or half, is of no use.
        let _ = fs::remove_file(&beside);
    }
    put
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_cannot_be_replaced_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        write_beside(&path, b"1").unwrap();
        write_beside(&path, b"22").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"22");
        let below = directory.path().join("none/a.csv");
        assert!(write_beside(&below, b"1").is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    /// Who may read a file is not changed by writing it again.
    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        fs::write(&path, "1").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        write_beside(&path, b"2").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_stay_what_they_are() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("a.csv"), directory.path().join("link"));
        fs::write(&file, "1").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_beside(&link, b"2").unwrap();
        assert!(link.is_symlink() && fs::read(&file).unwrap() == b"2");
        write_beside(Path::new("/dev/null"), b"3").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}

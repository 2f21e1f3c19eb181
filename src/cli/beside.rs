//! Files that appear as a whole.

use std::fs;
use std::io;
use std::path::Path;

/// Writes beside the place and renames into it, so that nobody reads half a file, and one that was there stays if
/// the new one cannot be written. Where the path is a link, what it leads to is replaced.
pub(super) fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&place).is_ok_and(|metadata| !metadata.is_file()) {
        // A pipe or a device: there is no other to put in its place.
        return fs::write(&place, bytes);
    }
    // A name of its own: the other may be as long as a name can be.
    let beside = place.with_file_name(format!(".gongkai-{}.part", std::process::id()));
    let put = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, &place));
    if put.is_err() {
        // Half a file is of no use; the error says that it was not written.
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

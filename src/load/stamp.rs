//! What tells whether a file must be read again.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::pack::packed;

/// When a file was changed and how long it is: what tells whether it must be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// When its content was changed.
    pub modified: Option<SystemTime>,
    /// When anything about it was changed, where the system tells: programs can set the other time back.
    pub changed: (i64, i64),
    /// Its length in bytes.
    pub length: u64,
}

packed!(Stamp { modified, changed, length });

/// Clocks of file systems tick slowly: a file that is changed twice within a tick has the same stamp after both.
const TICK: Duration = Duration::from_millis(100);
/// The tick of file systems that know whole seconds only.
const LONG_TICK: Duration = Duration::from_secs(2);

impl Stamp {
    /// The stamp of a file as it is.
    pub fn of(metadata: &Metadata) -> Self {
        Self { modified: metadata.modified().ok(), changed: changed(metadata), length: metadata.len() }
    }

    /// Whether a file that had this stamp at a moment cannot have been changed since and have it still.
    pub fn was_settled(&self, moment: SystemTime) -> bool {
        let Some(modified) = self.modified else { return false };
        let (seconds, nanoseconds) = self.changed;
        let changed = u64::try_from(seconds).ok().zip(u32::try_from(nanoseconds).ok());
        let changed = changed.map_or(UNIX_EPOCH, |(seconds, nanoseconds)| UNIX_EPOCH + Duration::new(seconds, nanoseconds));
        let last = modified.max(changed);
        let whole_seconds = last.duration_since(UNIX_EPOCH).is_ok_and(|since| since.subsec_nanos() == 0);
        last + if whole_seconds { LONG_TICK } else { TICK } < moment
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64) {
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that was changed just before it was looked at may have been changed once more; how long that is
    /// depends on the file system's clock.
    #[test]
    fn stamps_settle_after_a_tick() {
        let stamp = |seconds: u64, nanoseconds: u32| Stamp {
            modified: Some(UNIX_EPOCH + Duration::new(seconds, nanoseconds)),
            changed: (0, 0),
            length: 1,
        };
        let moment = UNIX_EPOCH + Duration::new(100, 500_000_000);
        for (seconds, nanoseconds, settled) in
            [(100, 450_000_000, false), (100, 390_000_000, true), (99, 0, false), (98, 0, true), (200, 1, false)]
        {
            assert_eq!(stamp(seconds, nanoseconds).was_settled(moment), settled, "{seconds}.{nanoseconds}");
        }
        let touched = Stamp { changed: (100, 499_000_000), ..stamp(1, 1) };
        assert!(!touched.was_settled(moment));
        assert!(!Stamp { modified: None, changed: (0, 0), length: 1 }.was_settled(moment));
    }
}

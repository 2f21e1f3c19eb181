//! What needs a real PDF is tested with the documents in `tests/`.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

/// A file that was cut, one that is none, and one of nothing.
#[test]
fn broken_files_are_told() {
    for bytes in [&b"%PDF-1.7\n1 0 obj"[..], b"%PDF-1.7\n%%EOF", b""] {
        assert!(matches!(read(bytes).unwrap_err(), Fault::Damaged { .. }));
    }
}

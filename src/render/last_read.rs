//! What each thread has read last. A report's page also needs the text of the year before, which is the page
//! that the same thread has rendered just before: it is kept until the next one is read.

use std::sync::{Arc, Mutex, PoisonError};

use crate::archive::ReportIndex;
use crate::report::Body;

type Text = Arc<(String, Body)>;

type Slot = Mutex<Option<(ReportIndex, Text)>>;

/// The last text of each thread, of one site as it is.
#[derive(Debug)]
pub(super) struct LastRead {
    of_thread: Box<[Slot]>,
}

impl LastRead {
    pub(super) fn new() -> Self {
        // One more for threads that are not of the pool.
        Self { of_thread: (0..=rayon::current_num_threads()).map(|_| Mutex::default()).collect() }
    }

    /// A report's text: the one that was read last, or else what `read` gives.
    pub(super) fn get<E>(&self, index: ReportIndex, read: impl FnOnce() -> Result<(String, Body), E>) -> Result<Text, E> {
        let thread = rayon::current_thread_index().map_or(0, |thread| thread + 1);
        let Some(last) = self.of_thread.get(thread) else { return read().map(Arc::new) };
        // Not held while reading: threads that share a place must not wait for each other.
        let known = last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, text)) = known.filter(|(known, _)| *known == index) {
            return Ok(text);
        }
        let text = Arc::new(read()?);
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some((index, text.clone()));
        Ok(text)
    }
}

/// A copy has read nothing yet.
impl Clone for LastRead {
    fn clone(&self) -> Self {
        Self::new()
    }
}

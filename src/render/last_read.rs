//! What each thread has read last. A report's page also needs the text of the year before, which is the page
//! that the same thread has rendered just before: it is kept until the next one is read.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::archive::ReportIndex;
use crate::form::Form;
use crate::pages::Sentences;
use crate::report::Body;

/// The text of a report's file.
#[derive(Debug)]
pub(super) struct ReportText {
    pub(super) text: String,
    /// Its sections.
    pub(super) body: Body,
    /// Made when they are first asked for: a report that stands alone is not compared.
    sentences: OnceLock<Sentences>,
}

impl ReportText {
    pub(super) fn new(text: String, body: Body) -> Self {
        Self { text, body, sentences: OnceLock::new() }
    }

    /// Its sentences, which are compared with those of the year before and of the year after.
    pub(super) fn sentences(&self, form: &Form) -> &Sentences {
        self.sentences.get_or_init(|| Sentences::of(&self.text, &self.body, form))
    }
}

type Slot = Mutex<Option<(ReportIndex, Arc<ReportText>)>>;

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
    pub(super) fn get<E>(&self, index: ReportIndex, read: impl FnOnce() -> Result<ReportText, E>) -> Result<Arc<ReportText>, E> {
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

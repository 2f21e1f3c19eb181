//! The prose of a report, read for its meaning: Markdown → paragraphs of plain text that know where
//! they came from ([`Prose`]) → figures ([`figures`]) → what they claim of which cells
//! ([`claims`]).
//!
//! Every step is linear in the text and bounded in what it looks back at, so that a megabyte of digits
//! or brackets costs no more than a megabyte of words.

mod claims;
mod figures;
mod lists;
mod paragraphs;
mod sentence;

pub(super) use claims::{Claim, Meaning, Outlook, claims};
pub(super) use lists::{List, lists};
pub(super) use paragraphs::Paragraph;
pub use paragraphs::Prose;
pub(super) use sentence::Line;

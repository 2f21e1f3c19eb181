//! Text as the archive meets it: bytes → decoded source → lines and columns → display width.
//!
//! Everything above this floor speaks of text by byte spans into a decoded [`Source`]; only when a
//! finding is shown to a person is a span turned into a line and a column. Messages are made in two
//! languages at once ([`Words`]), since the reader is known only at the rim.

mod address;
mod decode;
mod finder;
mod han;
mod html;
mod shown;
mod sieve;
mod source;
mod words;

pub use address::{percent_decode, percent_encode};
pub use decode::{Decoded, Encoding, decode};
pub use finder::Finder;
pub use han::{display_width, han_length, is_han, is_letter, is_wide, pad_to};
pub use html::escape_html;
pub use shown::{excerpt, reason};
pub use sieve::Sieve;
pub use source::{LineColumn, Lines, Source, Span, whole_lines};
pub use words::{Language, Words, words};

//! Foreign files → neutral blocks and table grids → placed on the form → a report.
//!
//! 1. [`sniff`] tells the format by the content; one reader a format turns bytes into a
//!    [`block::Document`]. Readers know nothing of forms.
//! 2. [`place`] puts tables on the form that fits best, by labels; [`prose`] makes Markdown of the rest.
//! 3. [`assemble`] adds title, year, agency and dates. What is uncertain is said, never guessed.
//!
//! Files, LibreOffice and the writing of reports are left to the command line.

mod agency;
mod assemble;
pub mod block;
mod decode;
mod docx;
pub mod fault;
pub mod grid;
mod html;
mod identity;
pub mod lines;
mod markdown;
mod nest;
mod package;
mod pdf;
pub mod place;
pub mod prose;
mod sheet;
pub mod sniff;
mod text;
mod xml;

pub use agency::{AgencyMatch, find_agency, kind_by_name, official_name, perhaps_short_for};
pub use assemble::{Imported, Known, assemble};
use block::Document;
use fault::{Fault, Format, Measure};

pub use sniff::format_of;

/// Bytes of a file that can be read; a report with photographs may have 20 MiB.
pub const MAX_FILE: u64 = 80 << 20;
/// The same for plain text, of which a report has some ten kilobytes.
const MAX_TEXT: u64 = 6 << 20;

/// Reads a file of a known format into neutral blocks. Word 97, RTF and OpenDocument files are not
/// read here: the rim has LibreOffice turn them into .docx first.
pub fn read(bytes: &[u8], format: Format) -> Result<Document, Fault> {
    let limit = if matches!(format, Format::Text | Format::Markdown | Format::Csv) { MAX_TEXT } else { MAX_FILE };
    if bytes.len() as u64 > limit {
        return Err(Fault::TooLarge { what: Measure::FileBytes, limit });
    }
    match format {
        Format::Docx => docx::read(bytes),
        Format::Html => html::read(bytes),
        Format::Pdf => pdf::read(bytes),
        Format::Xlsx => sheet::read_xlsx(bytes),
        Format::Xls => sheet::read_xls(bytes),
        Format::Text => text::read(bytes),
        Format::Markdown => markdown::read(bytes),
        Format::Csv => sheet::read_csv(bytes),
        Format::Doc | Format::Rtf | Format::Odt => Err(Fault::NeedsOffice(format)),
    }
}

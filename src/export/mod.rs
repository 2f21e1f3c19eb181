//! The archive → data files: one column list for all formats, cells as in front matter.

mod csv;
mod json;

pub use self::csv::export_csv;
pub use self::json::{export_json, report_json};

use crate::report::Cell;

/// A cell as data formats write it: the figure to the digit, nothing for a blank, `/`, the text.
pub(crate) fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Blank | Cell::Absent => String::new(),
        Cell::NotApplicable => "/".to_owned(),
        Cell::Text(text) => text.to_string(),
    }
}

//! What can be wrong with a report, one rule a file.
//!
//! A rule is named for the fault it finds. Its file opens with its manual page, which `explain`, the
//! website and the README show; then its declaration and its check. A check is made while reading a file
//! (the readers report it), of any text that is published or of one report (run when its file is read, with
//! its text at hand), of one agency's reports and the bodies around it, or of all texts together (run on the
//! archive). [`RULES`] lists them all; [`check_report`] and [`Judge`] run them.

mod context;
mod copies;
mod driver;
mod manual;
mod prose;
mod registry;
mod relations;
mod waivers;

mod balance_mismatch;
mod bank_card_number;
mod blank_cell;
mod breakdown_mismatch;
mod broken_link;
mod carry_over_mismatch;
mod column_total_mismatch;
mod copied_text;
mod digits;
mod dispute_total_mismatch;
pub(crate) mod duplicate_report;
mod empty_section;
mod fractional_count;
mod hidden;
mod impossible_date;
mod inconsistent_cells;
mod invalid_agency;
mod invalid_front_matter;
mod item_count_mismatch;
mod late_publication;
mod leftover_placeholder;
mod links;
mod misnumbered_section;
pub(crate) mod missing_agency;
mod missing_attachment;
mod missing_report;
mod missing_review;
mod missing_row;
mod missing_section;
mod mobile_number;
mod narrative_mismatch;
mod negative_count;
pub(crate) mod not_utf8;
mod period_mismatch;
mod personal_id_number;
pub(crate) mod reserved_name;
mod roll_up_mismatch;
mod row_total_mismatch;
mod sharp_change;
mod shown;
mod stock_mismatch;
pub(crate) mod stray_file;
mod text_in_cell;
mod title_mismatch;
mod unexpected_regulations;
mod unknown_key;
pub(crate) mod unreadable_file;
mod unusable_alias;
mod unused_waiver;
mod wrong_edition;

pub use context::{AgencyContext, PageNames, ReportContext, Subject};
pub use copies::{Suspicion, sketch};
pub use digits::PublishedText;
pub use driver::{Judge, check_report, check_text, place, place_in_text};
pub use hidden::{Exposed, STAR, hide_numbers};
pub use manual::Manual;
pub use prose::Prose;
pub use registry::{BLOCKING, Check, Group, Levels, RULES, Rule, find};
pub use shown::as_shown;

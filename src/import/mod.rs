//! Foreign files → neutral blocks and table grids → placed on the form → a report.
//!
//! 1. [`sniff`] tells the format by the content; one reader a format turns bytes into a
//!    [`block::Document`]. Readers know nothing of forms.

pub mod block;
mod decode;
mod docx;
pub mod fault;
pub mod grid;
mod nest;
mod package;
mod xml;
mod html;

//! gongkai
pub mod text;
pub mod number;
pub mod diagnostic;
pub mod front_matter;
pub mod form;
pub mod report;
pub mod config;
pub mod archive;
pub mod site;
pub mod rules;
pub mod load;

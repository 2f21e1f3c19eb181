//! TOML with places: `+++` split off the Markdown, syntax errors in plain words, typed fields.
//!
//! Syntax only: what keys mean is for `form`, `config` and `report` to say. The same
//! [`Fields`] reads `site.toml`, `agency.toml`, form files and reports, so that a wrong type or an
//! unknown key is said in the same words everywhere. Nothing here stops at the first problem.

mod fields;
mod mistakes;
mod nearest;
mod quote;
mod split;
mod syntax;

pub use fields::Fields;
pub(crate) use fields::describe;
pub use nearest::nearest;
pub use quote::quote;
pub use split::{Parts, split};
pub use syntax::parse;
pub use toml::Spanned;
pub use toml::de::{DeArray, DeTable, DeValue};

/// The rule that reports what cannot be read as front matter.
pub const INVALID_FRONT_MATTER: &str = "invalid-front-matter";
/// The rule that reports keys that mean nothing.
pub const UNKNOWN_KEY: &str = "unknown-key";

//! `[data]`: on what terms the data may be used.

use crate::front_matter::Fields;
use crate::words;

/// The terms of the data. Empty fields are left out of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Terms {
    /// The licence's name.
    pub licence: String,
    /// Its address.
    pub licence_url: String,
}

impl Terms {
    pub(super) fn read(fields: &mut Fields<'_, '_>) -> Self {
        let mut text = |key: &str| fields.string(key).unwrap_or_default();
        let mut terms = Self { licence: text("licence"), licence_url: text("licence_url") };
        let is_web = ["https://", "http://"].iter().any(|scheme| terms.licence_url.starts_with(scheme));
        if !terms.licence_url.is_empty() && !is_web {
            let span = fields.span("licence_url").unwrap_or(0..1);
            fields.fault(span, words!("licence_url 应以 https:// 或 http:// 开头", "licence_url must begin with https:// or http://"));
            terms.licence_url.clear();
        }
        terms
    }
}

//! Who signed a report and when, at its end.

use crate::import::block::Block;
use crate::import::identity::{date_in, is_date, year_in};

use super::{Prose, Residue, ResidueKind, leave_outside, plain};

/// A line that names a body: short, no sentence, ending as names of bodies do.
pub(super) fn is_agency_like(text: &str) -> bool {
    const ENDS: [&str; 18] =
        ["政府", "局", "委员会", "办公室", "办事处", "中心", "厅", "委", "办", "院", "所", "处", "部", "社", "会", "站", "公司", "队"];
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.trim_end_matches(['）', ')']).trim_end_matches("公章").trim_end_matches(['（', '(']);
    let count = plain.chars().count();
    (3..=30).contains(&count) && !plain.contains(['。', '，', '；', '：', ':', '、']) && ENDS.iter().any(|end| plain.ends_with(end))
}

/// Takes agency and date off the end; what follows them is no part of the report.
pub(super) fn take_signature(content: &mut Vec<Block>, prose: &mut Prose) {
    let from = content.len().saturating_sub(12);
    let date_at = (from..content.len()).rev().find(|at| is_signed_date(&plain(&content[*at])));
    let Some(at) = date_at else {
        if content.len() > 1 && content.last().is_some_and(|last| is_agency_like(&plain(last))) {
            sign(content.split_off(content.len() - 1), prose);
        }
        return;
    };
    let after = content.split_off(at + 1);
    let tail = content.len() - 1;
    let named = (tail.saturating_sub(2)..tail).rev().take_while(|at| is_agency_like(&plain(&content[*at]))).last();
    sign(content.split_off(named.unwrap_or(tail)), prose);
    leave_outside(after, prose);
}

/// A date alone, or an agency and a date on one line.
fn is_signed_date(text: &str) -> bool {
    let short = text.chars().count() <= 45 && !text.contains(['。', '，', '；']);
    is_date(text) || short && text.trim_end().ends_with('日') && agency_before_date(text).is_some()
}

fn agency_before_date(text: &str) -> Option<String> {
    let (_, span) = year_in(text)?;
    let before = text[..span.start].trim();
    is_agency_like(before).then(|| before.to_owned())
}

fn sign(blocks: Vec<Block>, prose: &mut Prose) {
    for block in blocks {
        let text = plain(&block);
        if let Some(date) = date_in(&text) {
            prose.signed_on = Some(date);
            prose.signed_by = agency_before_date(&text).or(prose.signed_by.take());
        } else {
            prose.signed_by = Some(text.replace(' ', ""));
        }
        prose.residue.push(Residue::new(ResidueKind::Signature, text, block.place()));
    }
}

//! One report: its cells, its further front matter, the sections of its prose.
//!
//! [`read`] turns the text of a file into a [`Report`] and all that is wrong with it; [`print`] turns
//! a report back into Markdown that a person would write. They are inverse to each other. The prose
//! itself is not part of [`Report`]: it is read again when its page is rendered.
//!
//! [`print`]: fn@print

mod align;
mod body;
mod cell;
mod details;
mod edition;
mod locations;
mod plain;
mod print;
mod read;
mod tables;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil::Date;

use crate::form::{CellId, Form, Forms, Indicator, Term};
use crate::number::Number;
use crate::pack::{Pack as _, Unpacker};

pub use crate::form::FRONT_MATTER_KEYS;
pub use align::align;
pub use body::{Body, BodySection, printed_number, read_body};
pub use cell::{Cell, Figures};
pub use details::{Breakdown, Details, Original, Review, Revision, Waiver};
pub use locations::Locations;
pub use print::print;
pub use read::{Reading, read};

/// Whose figures a report gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// The agency's own.
    #[default]
    Own,
    /// A government's whole area: its own and those of all bodies below.
    Area,
}

impl Scope {
    /// The name used in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Area => "area",
        }
    }
}

/// What the archive keeps of one agency's report for one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The edition of the form it is read with.
    pub form: Arc<Form>,
    /// The year reported on.
    pub year: u16,
    /// Its own title; without one it is made of the agency's name and the year.
    pub title: Option<Box<str>>,
    /// The day of publication.
    pub published: Option<Date>,
    /// Whose figures it gives.
    pub scope: Scope,
    /// Whether the agency declares that cells left blank mean zero.
    pub blank_is_zero: bool,
    /// All cells of the form.
    pub figures: Figures,
    /// What few reports have, or what only their own page shows.
    pub details: Option<Box<Details>>,
}

impl Report {
    /// A cell's figure where it can be calculated with: a number, or a blank declared to be zero.
    pub fn number(&self, cell: CellId) -> Option<Number> {
        match self.figures.get(cell) {
            Cell::Number(number) => Some(number),
            Cell::Blank if self.blank_is_zero => Some(Number::ZERO),
            _ => None,
        }
    }

    /// The exact sum of cells, or `None` if one of them has no figure.
    pub fn sum(&self, terms: &[Term]) -> Option<Number> {
        // Nearly all sums are of small counts, for which no decimal need be made.
        let small = terms.iter().try_fold(0i64, |sum, term| {
            let number = self.figures.small(term.cell)?;
            if term.negative { sum.checked_sub(number) } else { sum.checked_add(number) }
        });
        if let Some(small) = small {
            return Some(Number::from(small));
        }
        let signed = |term: &Term| {
            let number = self.number(term.cell)?;
            Some(if term.negative { -number } else { number })
        };
        terms.iter().map(signed).sum()
    }

    /// Whether the figures of another year's report can stand beside these: an agency's own and those of a whole area
    /// are not the same thing.
    pub fn has_scope_of(&self, other: &Self) -> bool {
        self.scope == other.scope
    }

    /// The cell of another year's report that one of this report's compares with, where scope and editions let it.
    pub fn comparable(&self, cell: CellId, other: &Self) -> Option<CellId> {
        self.form.comparable(cell, &other.form).filter(|_| self.has_scope_of(other))
    }

    /// What another year's report has for an indicator of this report's form, where scope and editions let it compare.
    pub fn comparable_sum(&self, indicator: &Indicator, other: &Self) -> Option<Number> {
        let there = other.form.indicator(&indicator.key)?;
        let in_series = self.form.key == other.form.key || indicator.series.is_some() && indicator.series == there.series;
        if in_series && self.has_scope_of(other) { other.sum(&there.terms) } else { None }
    }

    /// Appends the report; its form is named by its key.
    pub fn pack(&self, to: &mut Vec<u8>) {
        let Self { form, year, title, published, scope, blank_is_zero, figures, details } = self;
        form.key.pack(to);
        (*year, title.clone()).pack(to);
        published.pack(to);
        (*scope == Scope::Area).pack(to);
        blank_is_zero.pack(to);
        figures.pack(to);
        details.pack(to);
    }

    /// Reads a report that was packed; `None` if the bytes mean none, or its form is none of these.
    pub fn unpack(from: &mut Unpacker<'_>, forms: &Forms) -> Option<Self> {
        let form = forms.get(from.text()?)?.clone();
        let (year, title) = from.get()?;
        let published = from.get()?;
        let scope = if from.get()? { Scope::Area } else { Scope::Own };
        Some(Self { form, year, title, published, scope, blank_is_zero: from.get()?, figures: from.get()?, details: from.get()? })
    }

    /// The details; those of a report that has none are empty.
    pub fn details(&self) -> &Details {
        const NONE: &Details = &Details::EMPTY;
        self.details.as_deref().unwrap_or(NONE)
    }
}

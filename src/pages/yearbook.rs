//! What several pages say of each year, worked out once: coverage and totals over the archive.

use std::collections::BTreeMap;

use super::{Coverage, coverage};
use crate::archive::{AgencyIndex, Archive};
use crate::form::{Composition, Form, Indicator};
use crate::number::Number;
use crate::report::{Report, Scope};
use crate::site::Site;

/// All years of a site.
#[derive(Debug, Clone, Default)]
pub struct Yearbook {
    years: BTreeMap<u16, YearDigest>,
}

/// One year over the whole archive.
#[derive(Debug, Clone, Default)]
pub struct YearDigest {
    /// How complete it is.
    pub coverage: Coverage,
    /// The sums of the form's indicators, in its order.
    pub indicators: Vec<Option<Number>>,
    /// The sums of the parts of the form's compositions, in its order.
    pub compositions: Vec<Vec<Option<Number>>>,
    /// Reports that lack a figure of an indicator, which its sum is without.
    pub unfilled: usize,
}

impl Yearbook {
    /// Adds up every year that has reports: on one thread, since others wait for it. A thread that waited for parts of it
    /// might take up another page meanwhile, which would wait for this one for ever.
    pub fn of(site: &Site) -> Self {
        let digest = |year: u16| {
            let form = site.forms.for_year(year);
            let mut sums = Sums::new(form);
            for root in site.archive.roots() {
                sums.add(&site.archive, root, year);
            }
            let Sums { indicators, compositions, unfilled, .. } = sums;
            (year, YearDigest { coverage: coverage(site, year), indicators, compositions, unfilled })
        };
        Self { years: site.archive.years().map(digest).collect() }
    }

    /// A year; `None` if it has no reports.
    pub fn year(&self, year: u16) -> Option<&YearDigest> {
        self.years.get(&year)
    }

    /// All years, oldest first.
    pub fn years(&self) -> impl DoubleEndedIterator<Item = (u16, &YearDigest)> {
        self.years.iter().map(|(year, digest)| (*year, digest))
    }
}

/// Sums over an archive. A government's area report stands for all bodies below it, so that nothing is
/// counted twice; figures that do not compare with the form are left out, and a report without the
/// figure too.
struct Sums<'f> {
    form: &'f Form,
    indicators: Vec<Option<Number>>,
    compositions: Vec<Vec<Option<Number>>>,
    unfilled: usize,
}

impl<'f> Sums<'f> {
    fn new(form: &'f Form) -> Self {
        let compositions = form.compositions.iter().map(|composition| vec![None; composition.parts.len()]).collect();
        Self { form, indicators: vec![None; form.indicators.len()], compositions, unfilled: 0 }
    }

    fn add(&mut self, archive: &Archive, agency: AgencyIndex, year: u16) {
        if let Some(index) = archive.find_report(agency, year) {
            let report = archive.report(index);
            self.add_report(report);
            if report.scope == Scope::Area {
                return;
            }
        }
        for child in &archive.agency(agency).children {
            self.add(archive, *child, year);
        }
    }

    fn add_report(&mut self, report: &Report) {
        let mut is_unfilled = false;
        for (indicator, sum) in self.form.indicators.iter().zip(&mut self.indicators) {
            let figure = indicator_in(report, self.form, indicator);
            is_unfilled |= figure.is_none();
            add(sum, figure);
        }
        self.unfilled += usize::from(is_unfilled);
        for (composition, sums) in self.form.compositions.iter().zip(&mut self.compositions) {
            let Some(there) = composition_in(report, self.form, composition) else { continue };
            for (part, sum) in composition.parts.iter().zip(sums) {
                add(sum, part_in(report, there, part));
            }
        }
    }
}

fn add(sum: &mut Option<Number>, figure: Option<Number>) {
    if let Some(figure) = figure {
        *sum = Some(sum.unwrap_or_default() + figure);
    }
}

/// A report's figure for an indicator of `form`, where the editions let it compare.
pub(super) fn indicator_in(report: &Report, form: &Form, indicator: &Indicator) -> Option<Number> {
    if report.form.key == form.key {
        return report.sum(&indicator.terms);
    }
    let there = report.form.indicator(&indicator.key)?;
    (indicator.series.is_some() && indicator.series == there.series).then(|| report.sum(&there.terms)).flatten()
}

/// A report's composition that compares with one of `form`.
pub(super) fn composition_in<'r>(report: &'r Report, form: &Form, composition: &Composition) -> Option<&'r Composition> {
    let there = report.form.composition(&composition.key)?;
    let compares = report.form.key == form.key || composition.series.is_some() && composition.series == there.series;
    compares.then_some(there)
}

/// A report's figure for a part.
pub(super) fn part_in(report: &Report, there: &Composition, part: &Indicator) -> Option<Number> {
    report.sum(&there.parts.iter().find(|other| other.key == part.key)?.terms)
}

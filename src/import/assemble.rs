//! A document → everything a report needs, and everything that is uncertain about it.

use std::sync::Arc;

use jiff::civil::Date;

use crate::archive::Archive;
use crate::form::{Form, Forms, normalise_label};
use crate::report::{Cell, Details, Figures, Original, Report, Scope, print};
use crate::text::Words;
use crate::words;

use super::agency::{AgencyMatch, find_agency};
use super::block::Document;
use super::identity::{Key, date_in, is_title, period_year, title_parts};
use super::place::{CellNote, Doubt, Placed, Spot, place};
use super::prose::{Prose, Residue, ResidueKind, of_reader, prose};

/// What the user said, which the document cannot overrule.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The report year.
    pub year: Option<u16>,
    /// The edition.
    pub form: Option<Arc<Form>>,
    /// The day of publication.
    pub published: Option<Date>,
}

/// A document on its form, before it has a place in the archive.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The edition recognised.
    pub form: Arc<Form>,
    /// All cells.
    pub cells: Vec<Cell>,
    /// Cells found in the document.
    pub found: usize,
    /// Why cells are uncertain.
    pub doubts: Vec<Doubt>,
    /// What else is uncertain: year, agency, date, sections.
    pub questions: Vec<Words>,
    /// Changes to cells that leave no doubt.
    pub notes: Vec<CellNote>,
    /// What is not in the report's prose.
    pub residue: Vec<Residue>,
    /// The title as printed.
    pub title: Option<String>,
    /// The year reported on.
    pub year: Option<u16>,
    /// The agency.
    pub agency: AgencyMatch,
    /// The names that the document gives the agency, most trusted first.
    pub names: Vec<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// The document's number.
    pub document_number: Option<String>,
    /// The page's index number.
    pub index_number: Option<String>,
    /// Where to ask.
    pub contact: Option<String>,
    /// The body in Markdown.
    pub body: String,
    /// The form's sections found.
    pub sections: Vec<usize>,
}

/// Makes a report's parts of a document.
pub fn assemble(document: Document, forms: &Forms, archive: &Archive, known: &Known) -> Imported {
    let texts: Vec<String> = document.blocks.iter().take(4_000).map(|block| block.text()).collect();
    let guess = known.year.or_else(|| guess_year(&texts, &document, forms));
    let Placed { form, cells, found, doubts, notes, unplaced, rest } = place(&document.blocks, forms, known.form.as_ref(), guess);
    let mut residue = of_reader(&document);
    let mut prose = prose(rest, &form, forms);
    residue.append(&mut prose.residue);
    residue.extend(unplaced.into_iter().map(|(spot, text)| Residue { kind: ResidueKind::Row, text, place: spot.place }));
    let mut questions = Vec::new();
    let title = prose.title.clone().or_else(|| title_of_meta(&document, forms));
    let names = names(&prose, title.as_deref(), &document, forms);
    let agency = find_agency(&names, archive);
    if let AgencyMatch::Found(_, Some(doubt)) = &agency {
        questions.push(doubt.clone());
    }
    let year = known.year.or_else(|| decide_year(title.as_deref(), &prose, forms, &mut questions));
    let published = known.published.or_else(|| publication(&prose, &document));
    doubt_date(published, year, &mut questions);
    doubt_sections(&form, &prose, &mut questions);
    questions.extend(another_title(title.as_deref(), &texts, &form, forms));
    let pair = |key: Key| prose.pairs.iter().find(|(k, value)| *k == key && !value.is_empty()).map(|(_, value)| value.clone());
    Imported {
        form,
        cells,
        found,
        doubts,
        questions,
        notes,
        residue,
        year,
        agency,
        names,
        published,
        document_number: pair(Key::Document),
        index_number: pair(Key::Index),
        contact: prose.contact.clone(),
        title,
        body: prose.body,
        sections: prose.sections,
    }
}

/// The year by the first title or period, for choosing among editions that fit alike.
fn guess_year(texts: &[String], document: &Document, forms: &Forms) -> Option<u16> {
    let titles = texts.iter().chain(document.meta.values()).filter(|text| is_title(text, forms));
    titles.filter_map(|title| title_parts(title, forms).year).next().or_else(|| texts.iter().find_map(|text| period_year(text)))
}

/// The meta tags that name the article, if what they say is a title.
fn title_of_meta(document: &Document, forms: &Forms) -> Option<String> {
    let meta = ["articletitle", "h1", "title"].iter().filter_map(|name| document.meta.get(*name));
    meta.map(|title| title.split(['_', '|', '-']).next().unwrap_or(title).trim().to_owned()).find(|title| is_title(title, forms))
}

/// The names that the document gives the agency, most trusted first.
fn names(prose: &Prose, title: Option<&str>, document: &Document, forms: &Forms) -> Vec<String> {
    let of_title = title.and_then(|title| title_parts(title, forms).agency);
    let source = prose.pairs.iter().filter(|(key, value)| *key == Key::Source && !value.is_empty()).map(|(_, value)| value.clone());
    let meta = ["contentsource", "author"].iter().filter_map(|name| document.meta.get(*name).cloned());
    let mut names = Vec::new();
    for name in of_title.into_iter().chain(prose.signed_by.clone()).chain(source).chain(meta) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn decide_year(title: Option<&str>, prose: &Prose, forms: &Forms, questions: &mut Vec<Words>) -> Option<u16> {
    let by_title = title.and_then(|title| title_parts(title, forms).year);
    if let (Some(title), Some(period)) = (by_title, prose.period_year)
        && title != period
    {
        questions.push(words!(
            "标题是 {title} 年，统计期限是 {period} 年；取标题",
            "the title says {title}, the period {period}; the title was taken"
        ));
    }
    let signed = prose.signed_on.and_then(|date| u16::try_from(date.year() - 1).ok());
    if let Some(year) = by_title.or(prose.period_year) {
        // Last year's title over this year's report.
        if let Some((signed, date)) = signed.zip(prose.signed_on).filter(|(signed, _)| *signed > year && prose.period_year != Some(year)) {
            questions.push(words!(
                "写的是 {year} 年，落款日期却是 {date}；若是 {signed} 年度的报告，用 --year {signed} 指定",
                "it says {year}, but is signed {date}; if it is the report for {signed}, say --year {signed}"
            ));
        }
        return Some(year);
    }
    let signed = signed?;
    questions.push(words!(
        "没有写明年度，按落款日期当作 {signed} 年",
        "the year is not stated; taken as {signed} from the date of the signature"
    ));
    Some(signed)
}

/// The day of publication: what the page says; else the date of the signature.
fn publication(prose: &Prose, document: &Document) -> Option<Date> {
    let meta = ["pubdate", "publishdate", "article:published_time"].iter().filter_map(|name| document.meta.get(*name));
    let pairs = prose.pairs.iter().filter(|(key, _)| *key == Key::Published).map(|(_, value)| value);
    meta.chain(pairs).find_map(|text| date_in(text)).or(prose.signed_on)
}

fn doubt_date(published: Option<Date>, year: Option<u16>, questions: &mut Vec<Words>) {
    match (published, year) {
        (None, _) => {
            questions.push(Words::new("没有找到发布日期；可用 --date 指定", "no date of publication was found; give it with --date"))
        }
        (Some(date), Some(year)) if i32::from(date.year()) <= i32::from(year) => {
            questions.push(words!("发布日期 {date} 早于 {year} 年度结束", "it was published on {date}, before {year} ended"));
        }
        _ => {}
    }
}

/// Two reports in one file, of which the figures of only one can be taken: between two beginnings of a first section
/// stands the title of another body or year.
fn another_title(title: Option<&str>, texts: &[String], form: &Form, forms: &Forms) -> Option<Words> {
    let own = title_parts(title?, forms);
    let differs = |text: &str| {
        let other = title_parts(text, forms);
        let year = own.year.zip(other.year).is_some_and(|(own, other)| own != other);
        let agency = own.agency.as_ref().zip(other.agency.as_ref());
        year || agency.is_some_and(|(own, other)| !own.ends_with(other.as_str()) && !other.ends_with(own.as_str()))
    };
    let opens = |text: &String| form.sections.first().is_some_and(|section| section.title.is(&normalise_label(text)));
    let (first, last) = (texts.iter().position(opens)?, texts.iter().rposition(opens)?);
    let text = texts[first..last].iter().find(|text| is_title(text, forms) && differs(text))?.trim();
    Some(words!(
        "文件里还有另一份年报的标题“{text}”；只能读一份，请分成两个文件再导入",
        "the file also has the title of another report, “{text}”; one report is read, so divide the file and import both"
    ))
}

fn doubt_sections(form: &Form, prose: &Prose, questions: &mut Vec<Words>) {
    let missing: Vec<&str> = form
        .sections
        .iter()
        .enumerate()
        .filter(|(index, section)| section.number.is_some() && !prose.sections.contains(index))
        .map(|(_, section)| section.title.text.as_str())
        .collect();
    if !missing.is_empty() {
        let titles = missing.join("、");
        questions.push(words!("没有找到这些部分的标题：{titles}", "the titles of these sections were not found: {titles}"));
    }
}

impl Imported {
    /// Whether a person has to look at something.
    pub fn is_doubtful(&self) -> bool {
        !self.doubts.is_empty() || !self.questions.is_empty() || self.residue.iter().any(|residue| residue.kind.is_doubtful())
    }

    /// The report, for an agency of that name, with its original.
    pub fn report(&self, agency_name: &str, year: u16, scope: Scope, original: Original) -> Report {
        let usual = format!("{agency_name}{year}年{}", self.form.report_title.text);
        let details = Details {
            document_number: self.document_number.clone(),
            index_number: self.index_number.clone(),
            contact: self.contact.clone(),
            originals: vec![original],
            ..Details::EMPTY
        };
        Report {
            form: self.form.clone(),
            year,
            title: self.title.as_ref().filter(|title| **title != usual).map(|title| title.as_str().into()),
            published: self.published,
            scope,
            blank_is_zero: false,
            figures: Figures::new(self.cells.clone()),
            details: Some(Box::new(details)),
        }
    }

    /// The Markdown of a report with this body.
    pub fn markdown(&self, report: &Report) -> String {
        print(report, &self.body)
    }

    /// A place in the original, for people.
    pub fn spot(spot: Spot) -> Words {
        use super::block::Place;
        let (zh, en) = match spot.place {
            Place::Unknown => (String::new(), String::new()),
            Place::Page(n) => (format!("第 {n} 页"), format!("page {n}")),
            Place::Line(n) => (format!("第 {n} 行"), format!("line {n}")),
            Place::Paragraph(n) => (format!("第 {n} 段"), format!("paragraph {n}")),
            Place::Row(n) => (format!("工作表第 {n} 行"), format!("sheet row {n}")),
        };
        if spot.table == 0 {
            return Words::new(zh, en);
        }
        let (table, row) = (spot.table, spot.row);
        // The line of a table's row in a text file is more than its count.
        let page = matches!(spot.place, Place::Page(_) | Place::Line(_) | Place::Row(_));
        let (before_zh, before_en) = if page { (format!("{zh}，"), format!("{en}, ")) } else { (String::new(), String::new()) };
        Words::new(format!("{before_zh}第 {table} 个表格第 {row} 行"), format!("{before_en}table {table} row {row}"))
    }
}

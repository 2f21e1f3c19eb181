//! The language of forms: what an official edition of the report says there is.
//!
//! A form is data. One TOML file per edition names the sections, tables, rows, columns, labels with
//! their variants, units, relations, and the links between years; `editions/` holds those of the
//! State Council's disclosure office, a site may add or change forms in `forms/`. Reading, checking,
//! rendering, importing and exporting all walk this description, so that no code knows a row by name.
//!
//! Steps: [`read`](Forms::with) TOML → formulas parsed (`formula`) → rows and columns resolved to
//! [`CellId`]s (`resolve`) → the printed grid computed ([`Layout`]).

mod editions;
mod formula;
mod label;
mod layout;
mod narrative;
mod phrases;
mod read;
mod resolve;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::text::Words;

pub use editions::Forms;
pub use label::{Label, normalise_label, strip_numbering};
pub use layout::{Content, Layout, Line, LineKind, PrintedCell};
pub use narrative::{Hit, Lexicon, Narrative, Readings, Role, SetPhrases, Statement, Topic, Vocabulary};
pub use phrases::Phrases;
pub use read::{FRONT_MATTER_KEYS, INVALID_FORM};
#[cfg(test)]
pub(crate) use read::{LINK_RULES, RELATION_RULES};

/// The place of a cell in the flat list of all cells of a form: tables, rows, columns, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellId(pub u16);

impl CellId {
    /// The place as an index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One official edition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// Its name in files: `cn-2021`.
    pub key: String,
    /// Its title for people.
    pub title: Words,
    /// The notice it rests on: 国办公开办函〔2021〕30号.
    pub basis: String,
    /// The first report year it is for.
    pub first_year: u16,
    /// The last report year it is for; `None` while it is in force.
    pub last_year: Option<u16>,
    /// The fixed words of a report's title: 政府信息公开工作年度报告.
    pub report_title: Label,
    /// Words of the blank form that must not be left in a report.
    pub placeholders: Phrases,
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// The tables, in order.
    pub tables: Vec<Table>,
    /// Key figures made of cells.
    pub indicators: Vec<Indicator>,
    /// Wholes and their parts, for charts.
    pub compositions: Vec<Composition>,
    /// What figures in the prose speak of.
    pub narrative: Narrative,
    cells: Vec<CellPlace>,
    by_key: BTreeMap<String, CellId>,
}

/// A section of the report, with a table, with prose, or with both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name in files and links: `overview`.
    pub key: String,
    /// Its printed number: 一. Annexes have none.
    pub number: Option<String>,
    /// Its title and the variants met in real reports.
    pub title: Label,
    /// Its title in English.
    pub title_en: String,
    /// The sub-heads that the form expects, without numbers.
    pub subheads: Vec<String>,
    /// Whether the section must hold prose.
    pub prose: bool,
    /// Index of its table, if it has one.
    pub table: Option<usize>,
}

/// How a table prints its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrangement {
    /// Rows below each other, labels merged in a stub at the left.
    Down,
    /// Rows beside each other, their labels merged in the header; one line of figures.
    Across,
    /// One indicator a line: label, unit, value; groups are lines of their own.
    List,
}

/// One official table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name in files: `applications`.
    pub key: String,
    /// Index of its section.
    pub section: usize,
    /// Its caption.
    pub caption: String,
    /// How it prints its rows.
    pub arrangement: Arrangement,
    /// The name under which its cells compare with other editions' tables of the same series.
    pub series: Option<String>,
    /// Words printed in the corner of the header.
    pub note: Option<String>,
    /// Blocks with columns of their own; most tables have one.
    pub blocks: Vec<Block>,
    /// The rows of all blocks, in order.
    pub rows: Vec<Row>,
    /// The relations as the form states them.
    pub relations: Vec<Relation>,
    /// The relations written out, one for each column or row they hold for.
    pub equations: Vec<Equation>,
    /// Relations to last year's report.
    pub links: Vec<Link>,
    /// The table as printed.
    pub layout: Layout,
}

/// Rows that share their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// A line of its own above the header: 第二十条第（一）项.
    pub title: Option<String>,
    /// The header above the labels: 信息内容.
    pub stub: Option<String>,
    /// The header above the units, where units are a column.
    pub unit_head: Option<String>,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Headers above several columns.
    pub column_groups: Vec<Group>,
    /// Labels beside several rows.
    pub groups: Vec<Group>,
    /// Indices of its rows in the table.
    pub rows: Range<usize>,
}

/// A label over several columns or beside several rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name within the block.
    pub key: String,
    /// Its label.
    pub label: Label,
    /// Index of the group around it.
    pub within: Option<usize>,
    /// Steps of indentation in a list.
    pub depth: u8,
}

/// What a cell may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number, zero or more.
    Count,
    /// A whole number that may be negative (本年增/减).
    Signed,
    /// A decimal, zero or more (万元).
    Amount,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its key within the table, dots included: `refused.state_secret`.
    pub key: String,
    /// Its label.
    pub label: Label,
    /// Index of its block.
    pub block: usize,
    /// Index of the group it stands in, in its block.
    pub group: Option<usize>,
    /// Its first cell; the others follow.
    pub first: CellId,
    /// Its unit, where it differs from the columns'.
    pub unit: Option<String>,
    /// Steps of indentation in a list.
    pub depth: u8,
    /// What its cells hold, where it differs from the columns'.
    pub kind: Option<Kind>,
    /// Whether it adds up other rows.
    pub sum: bool,
    /// Kinds of agencies in which a figure other than zero is unexpected.
    pub unexpected_for: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its key within the block: `individual`.
    pub key: String,
    /// Its label.
    pub label: Label,
    /// Index of the column group it stands in.
    pub group: Option<usize>,
    /// Its unit.
    pub unit: Option<String>,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether it adds up other columns.
    pub sum: bool,
    /// Grid columns it takes in print; the last column takes what is left when this is `None`.
    pub span: Option<u16>,
}

/// A relation as the form states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The rule that reports its breach.
    pub rule: String,
    /// What it says.
    pub name: Words,
}

/// How the two sides of an equation compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<=`
    AtMost,
    /// `<=>`: both sides are zero or neither is.
    ZeroTogether,
}

/// One cell on a side of an equation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Whether it is subtracted.
    pub negative: bool,
    /// Whether it is taken from last year's report.
    pub last: bool,
    /// The cell, in this form.
    pub cell: CellId,
}

/// A relation written out for one column or one row. An empty side is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// Index of its relation or link.
    pub relation: usize,
    /// The row or column it holds for.
    pub along: Along,
    /// The left side.
    pub left: Vec<Term>,
    /// How they compare.
    pub comparison: Comparison,
    /// The right side.
    pub right: Vec<Term>,
}

/// What an equation runs along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// One row of the table: its columns are added.
    Row(usize),
    /// One column (block, column): its rows are added.
    Column(usize, usize),
}

/// A relation to last year's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The rule that reports its breach.
    pub rule: String,
    /// What it says.
    pub name: Words,
    /// The first report year it holds for.
    pub from: Option<u16>,
    /// The link written out for each row or column.
    pub equations: Vec<Equation>,
}

/// A key figure: a sum of cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its name, the same in every edition that has it.
    pub key: String,
    /// Its label.
    pub label: Words,
    /// Its unit.
    pub unit: Words,
    /// The cells it adds up.
    pub terms: Vec<Term>,
    /// The series within which it compares across editions.
    pub series: Option<String>,
    /// The indicator that it is a part of: shares of it are worth comparing.
    pub of: Option<String>,
}

/// A whole and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composition {
    /// Its name, the same in every edition that has it.
    pub key: String,
    /// Its label.
    pub label: Words,
    /// Its unit.
    pub unit: Words,
    /// The series within which it compares across editions.
    pub series: Option<String>,
    /// Its parts: key, label, cells added up.
    pub parts: Vec<Indicator>,
}

/// Where a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellPlace {
    /// Index of the table.
    pub table: usize,
    /// Index of the row in the table.
    pub row: usize,
    /// Index of the column in the row's block.
    pub column: usize,
}

impl Form {
    /// How many cells the form has.
    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// All cells in order.
    pub fn cells(&self) -> impl Iterator<Item = CellId> + use<> {
        (0..self.cells.len()).map(|index| CellId(u16::try_from(index).unwrap_or(u16::MAX)))
    }

    /// Where a cell stands.
    pub fn place(&self, cell: CellId) -> CellPlace {
        self.cells[cell.index()]
    }

    /// The table, row and column of a cell.
    pub fn parts(&self, cell: CellId) -> (&Table, &Row, &Column) {
        let place = self.place(cell);
        let table = &self.tables[place.table];
        let row = &table.rows[place.row];
        (table, row, &table.blocks[row.block].columns[place.column])
    }

    /// The full key of a cell: `applications.received.total`.
    pub fn cell_key(&self, cell: CellId) -> String {
        let (table, row, column) = self.parts(cell);
        format!("{}.{}.{}", table.key, row.key, column.key)
    }

    /// The cell of a full key.
    pub fn cell(&self, key: &str) -> Option<CellId> {
        self.by_key.get(key).copied()
    }

    /// What a cell may hold.
    pub fn kind(&self, cell: CellId) -> Kind {
        let (_, row, column) = self.parts(cell);
        row.kind.unwrap_or(column.kind)
    }

    /// A cell's unit, if the form prints one.
    pub fn unit(&self, cell: CellId) -> Option<&str> {
        let (_, row, column) = self.parts(cell);
        row.unit.as_deref().or(column.unit.as_deref())
    }

    /// Whether a cell adds up others.
    pub fn is_sum(&self, cell: CellId) -> bool {
        let (_, row, column) = self.parts(cell);
        row.sum || column.sum
    }

    /// A cell for people: 予以公开·自然人.
    pub fn cell_label(&self, cell: CellId) -> String {
        let (table, row, column) = self.parts(cell);
        if table.arrangement == Arrangement::List {
            return row.label.short().to_owned();
        }
        format!("{}·{}", row.label.short(), column.label.short())
    }

    /// The cells of a row.
    pub fn row_cells(&self, table: usize, row: usize) -> Range<usize> {
        let row = &self.tables[table].rows[row];
        let first = row.first.index();
        first..first + self.tables[table].blocks[row.block].columns.len()
    }

    /// A table by its key.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.key == key)
    }

    /// An indicator by its key.
    pub fn indicator(&self, key: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.key == key)
    }

    /// A composition by its key.
    pub fn composition(&self, key: &str) -> Option<&Composition> {
        self.compositions.iter().find(|composition| composition.key == key)
    }

    /// Whether reports of `year` are to use this form.
    pub fn is_for(&self, year: u16) -> bool {
        year >= self.first_year && self.last_year.is_none_or(|last| year <= last)
    }

    /// The section that a heading names, whatever its number or brackets.
    pub fn section_titled(&self, heading: &str) -> Option<usize> {
        // Nearly all headings are as the form prints them.
        let title = strip_numbering(heading);
        self.sections.iter().position(|section| section.title.text == title).or_else(|| {
            let heading = normalise_label(heading);
            self.sections.iter().position(|section| section.title.is(&heading))
        })
    }

    /// The cell of another form that compares with this form's `cell`: the same cell of the same
    /// form, or the cell of the same name in a table of the same series.
    pub fn comparable(&self, cell: CellId, other: &Self) -> Option<CellId> {
        if self.key == other.key {
            return Some(cell);
        }
        let (table, ..) = self.parts(cell);
        let there = other.cell(&self.cell_key(cell))?;
        let (other_table, ..) = other.parts(there);
        (table.series.is_some() && table.series == other_table.series).then_some(there)
    }
}

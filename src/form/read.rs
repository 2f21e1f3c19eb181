//! A form file → a [`Form`], with every fault at its place.

use std::collections::BTreeMap;

use super::resolve::{self, Each};
use super::{
    Arrangement, Block, CellId, CellPlace, Column, Composition, Form, Group, Indicator, Kind, Label, Layout, Link, Narrative,
    Phrases, Relation, Row, Section, Table, Term,
};
use crate::diagnostic::Fault;
use crate::front_matter::{Fields, parse};
use crate::text::{Span, Words};
use crate::words;

/// The rule that reports faults of form files.
pub const INVALID_FORM: &str = "invalid-form";

/// More cells than any form has; also what [`CellId`] can count.
const MOST_CELLS: usize = 20_000;

impl Form {
    /// Reads a form file. The form is there only if nothing is wrong with it: a form that is partly
    /// understood would let wrong reports pass.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let (toml, mut faults) = parse(text, 0, INVALID_FORM);
        let mut fields = Fields::new(toml.get_ref(), 0, INVALID_FORM);
        let form = read_form(&mut fields);
        faults.extend(fields.finish());
        if faults.is_empty() { Ok(form) } else { Err(faults) }
    }
}

fn read_form(fields: &mut Fields<'_, '_>) -> Form {
    let top = 0..1;
    let key = fields.required_string("key", top.clone()).unwrap_or_default();
    let title = fields.required_string("title", top.clone()).unwrap_or_default();
    let title_en = fields.string("title_en").unwrap_or_else(|| title.clone());
    let first_year = fields.integer("first_year").unwrap_or_else(|| {
        fields.fault(top.clone(), words!("缺少 first_year（从哪一年度起使用）", "first_year is missing"));
        0
    });
    let report_title = fields.required_string("report_title", top).unwrap_or_default();
    let variants = fields.strings("report_title_variants");
    let mut form = Form {
        key,
        title: Words::new(title, title_en),
        basis: fields.string("basis").unwrap_or_default(),
        first_year,
        last_year: fields.integer("last_year"),
        report_title: Label::new(report_title, None, variants),
        placeholders: Phrases::new(fields.strings("placeholders")),
        sections: Vec::new(),
        tables: Vec::new(),
        indicators: Vec::new(),
        compositions: Vec::new(),
        narrative: Narrative::default(),
        cells: Vec::new(),
        by_key: BTreeMap::new(),
    };
    read_sections(fields, &mut form);
    read_tables(fields, &mut form);
    read_indicators(fields, &mut form);
    form.narrative = Narrative::read(fields, &form.tables);
    form
}

/// Notes a key that was used before in the same list.
fn check_unique<'k>(fields: &mut Fields<'_, '_>, key: &str, used: impl IntoIterator<Item = &'k str>, span: Span) {
    if used.into_iter().any(|other| other == key) {
        fields.fault(span, words!("键 {key} 用了两次", "the key {key} is used twice"));
    }
}

fn read_label(fields: &mut Fields<'_, '_>, span: Span) -> Label {
    let text = fields.required_string("label", span).unwrap_or_default();
    let short = fields.string("short");
    Label::new(text, short, fields.strings("variants"))
}

fn read_sections(fields: &mut Fields<'_, '_>, form: &mut Form) {
    for (mut section, span) in fields.tables("section") {
        let key = section.required_string("key", span.clone()).unwrap_or_default();
        check_unique(&mut section, &key, form.sections.iter().map(|s| s.key.as_str()), span.clone());
        let title = section.required_string("title", span).unwrap_or_default();
        let title_en = section.string("title_en").unwrap_or_else(|| title.clone());
        let title = Label::new(title, None, section.strings("variants"));
        let number = section.string("number");
        let subheads = section.strings("subheads");
        let prose = section.boolean("prose").unwrap_or(false);
        form.sections.push(Section { key, number, title, title_en, subheads, prose, table: None });
        fields.absorb(section.finish());
    }
}

fn read_tables(fields: &mut Fields<'_, '_>, form: &mut Form) {
    for (mut table_fields, span) in fields.tables("table") {
        if let Some(table) = read_table(&mut table_fields, form, span) {
            form.sections[table.section].table = Some(form.tables.len());
            index_cells(form, &table);
            form.tables.push(table);
        }
        fields.absorb(table_fields.finish());
    }
    for section in &mut form.sections {
        section.prose |= section.table.is_none();
    }
}

fn read_table(fields: &mut Fields<'_, '_>, form: &Form, span: Span) -> Option<Table> {
    let key = fields.required_string("key", span.clone())?;
    check_unique(fields, &key, form.tables.iter().map(|t| t.key.as_str()), span.clone());
    let section_key = fields.required_string("section", span.clone())?;
    let Some(section) = form.sections.iter().position(|section| section.key == section_key) else {
        let at = fields.span("section").unwrap_or(span);
        fields.fault(at, words!("没有部分 {section_key}", "there is no section {section_key}"));
        return None;
    };
    let caption = fields.required_string("caption", span.clone()).unwrap_or_default();
    let arrangement = read_arrangement(fields, &span);
    let unit = fields.string("unit");
    let series = fields.string("series");
    let note = fields.string("note");
    let mut table = Table {
        key, section, caption, arrangement, series, note,
        blocks: Vec::new(),
        rows: Vec::new(),
        relations: Vec::new(),
        equations: Vec::new(),
        links: Vec::new(),
        layout: Layout::default(),
    };
    let first = form.cells.len();
    for (mut block, at) in fields.tables("block") {
        read_block(&mut block, &mut table, unit.as_deref(), (first, at));
        fields.absorb(block.finish());
    }
    if table.rows.is_empty() {
        fields.fault(span, words!("表 {section_key} 没有行", "table {section_key} has no rows"));
        return None;
    }
    match Layout::of(&table) {
        Ok(layout) => table.layout = layout,
        Err(culprit) => fields.fault(span, words!("{culprit} 的行或列不相连，或宽度超出，标签会重叠", "the rows or columns of {culprit} are apart or too wide: labels would overlap")),
    }
    read_relations(fields, &mut table);
    read_links(fields, &mut table);
    Some(table)
}

fn read_arrangement(fields: &mut Fields<'_, '_>, span: &Span) -> Arrangement {
    match fields.string("arrangement").as_deref() {
        None | Some("down") => Arrangement::Down,
        Some("across") => Arrangement::Across,
        Some("list") => Arrangement::List,
        Some(other) => {
            let at = fields.span("arrangement").unwrap_or_else(|| span.clone());
            fields.fault(at, words!("arrangement 应为 down、across 或 list，不是 {other}", "arrangement must be down, across or list, not {other}"));
            Arrangement::Down
        }
    }
}

fn read_block(fields: &mut Fields<'_, '_>, table: &mut Table, unit: Option<&str>, (first, span): (usize, Span)) {
    let title = fields.string("title");
    let stub = fields.string("stub");
    let unit_head = fields.string("unit_head");
    let column_groups = read_groups(fields, "column_groups");
    let groups = read_groups(fields, "groups");
    let columns = read_columns(fields, &column_groups, unit);
    if columns.is_empty() {
        fields.fault(span, words!("这一块没有列", "the block has no columns"));
        return;
    }
    let start = table.rows.len();
    let block = table.blocks.len();
    for (mut row, at) in fields.tables("rows") {
        let next = table.rows.iter().map(|row| row_width(table, row, columns.len())).sum::<usize>() + first;
        if let Some(row) = read_row(&mut row, &groups, (block, next), at) {
            check_unique(fields, &row.key, table.rows.iter().map(|r| r.key.as_str()), fields.span("rows").unwrap_or(0..1));
            table.rows.push(row);
        }
        fields.absorb(row.finish());
    }
    let rows = start..table.rows.len();
    table.blocks.push(Block { title, stub, unit_head, columns, column_groups, groups, rows });
}

/// Columns of a row that was read before: those of its block, or `current` in the block being read.
fn row_width(table: &Table, row: &Row, current: usize) -> usize {
    table.blocks.get(row.block).map_or(current, |block| block.columns.len())
}

fn read_groups(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (mut group, span) in fields.tables(name) {
        let key = group.required_string("key", span.clone()).unwrap_or_default();
        check_unique(&mut group, &key, groups.iter().map(|g| g.key.as_str()), span.clone());
        let label = read_label(&mut group, span);
        let within = read_within(&mut group, &groups);
        let depth = group.integer("depth").unwrap_or(0);
        groups.push(Group { key, label, within, depth });
        fields.absorb(group.finish());
    }
    groups
}

/// The index of the group named by `in`.
fn read_within(fields: &mut Fields<'_, '_>, groups: &[Group]) -> Option<usize> {
    let name = fields.string("in")?;
    let found = groups.iter().position(|group| group.key == name);
    if found.is_none() {
        let span = fields.span("in").unwrap_or(0..1);
        fields.fault(span, words!("没有分组 {name}（要先写在前面）", "there is no group {name} before this"));
    }
    found
}

fn read_kind(fields: &mut Fields<'_, '_>) -> Option<Kind> {
    let name = fields.string("kind")?;
    let kind = match name.as_str() {
        "count" => Some(Kind::Count),
        "signed" => Some(Kind::Signed),
        "amount" => Some(Kind::Amount),
        _ => None,
    };
    if kind.is_none() {
        let span = fields.span("kind").unwrap_or(0..1);
        fields.fault(span, words!("kind 应为 count、signed 或 amount，不是 {name}", "kind must be count, signed or amount, not {name}"));
    }
    kind
}

fn read_columns(fields: &mut Fields<'_, '_>, groups: &[Group], unit: Option<&str>) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (mut column, span) in fields.tables("columns") {
        let key = column.required_string("key", span.clone()).unwrap_or_default();
        check_unique(&mut column, &key, columns.iter().map(|c| c.key.as_str()), span.clone());
        columns.push(Column {
            key,
            label: read_label(&mut column, span),
            group: read_within(&mut column, groups),
            unit: column.string("unit").or_else(|| unit.map(str::to_owned)),
            kind: read_kind(&mut column).unwrap_or(Kind::Count),
            sum: column.boolean("sum").unwrap_or(false),
            span: column.integer("span"),
        });
        fields.absorb(column.finish());
    }
    columns
}

fn read_row(fields: &mut Fields<'_, '_>, groups: &[Group], (block, first): (usize, usize), span: Span) -> Option<Row> {
    let key = fields.required_string("key", span.clone())?;
    let Some(first) = u16::try_from(first).ok().filter(|first| usize::from(*first) < MOST_CELLS) else {
        fields.fault(span, words!("表太大：最多 {MOST_CELLS} 个单元格", "the form is too large: {MOST_CELLS} cells at most"));
        return None;
    };
    Some(Row {
        key,
        label: read_label(fields, span),
        block,
        group: read_within(fields, groups),
        first: CellId(first),
        unit: fields.string("unit"),
        depth: fields.integer("depth").unwrap_or(0),
        kind: read_kind(fields),
        sum: fields.boolean("sum").unwrap_or(false),
        unexpected_for: fields.strings("unexpected_for"),
    })
}

fn read_each(fields: &mut Fields<'_, '_>, span: &Span) -> Each {
    match fields.string("each").as_deref() {
        Some("column") => Each::Column,
        Some("row") => Each::Row,
        _ => {
            let at = fields.span("each").unwrap_or_else(|| span.clone());
            fields.fault(at, words!("each 应为 \"row\" 或 \"column\"", "each must be \"row\" or \"column\""));
            Each::Row
        }
    }
}

/// The rule, name and formula shared by relations and links, with the formula's equations.
fn read_equations(fields: &mut Fields<'_, '_>, table: &Table, index: usize, span: &Span) -> (String, Words, Vec<super::Equation>) {
    let rule = fields.required_string("rule", span.clone()).unwrap_or_default();
    let name = fields.required_string("name", span.clone()).unwrap_or_default();
    let name_en = fields.string("name_en").unwrap_or_else(|| name.clone());
    let each = read_each(fields, span);
    let formula = fields.required_string("formula", span.clone()).unwrap_or_default();
    let equations = match resolve::equations(table, index, each, &formula) {
        Ok(equations) => equations,
        Err((at, message)) => {
            formula_fault(fields, span, at, message);
            Vec::new()
        }
    };
    (rule, Words::new(name, name_en), equations)
}

/// Puts an error inside a formula at its place in the file: just behind the opening quote.
fn formula_fault(fields: &mut Fields<'_, '_>, whole: &Span, at: Span, message: Words) {
    let start = fields.span("formula").map_or(whole.start, |span| span.start + 1);
    fields.fault(start + at.start..start + at.end, message);
}

fn read_relations(fields: &mut Fields<'_, '_>, table: &mut Table) {
    for (mut relation, span) in fields.tables("relation") {
        let (rule, name, equations) = read_equations(&mut relation, table, table.relations.len(), &span);
        if equations.iter().flat_map(|e| e.left.iter().chain(&e.right)).any(|term| term.last) {
            relation.fault(span, words!("涉及上年（last.）的关系写在 [[table.link]]", "a relation with `last.` belongs in [[table.link]]"));
        }
        table.relations.push(Relation { rule, name });
        table.equations.extend(equations);
        fields.absorb(relation.finish());
    }
}

fn read_links(fields: &mut Fields<'_, '_>, table: &mut Table) {
    for (mut link, span) in fields.tables("link") {
        let (rule, name, equations) = read_equations(&mut link, table, table.links.len(), &span);
        table.links.push(Link { rule, name, from: link.integer("from"), equations });
        fields.absorb(link.finish());
    }
}

fn index_cells(form: &mut Form, table: &Table) {
    let index = form.tables.len();
    for (row_index, row) in table.rows.iter().enumerate() {
        for (column_index, column) in table.blocks[row.block].columns.iter().enumerate() {
            let id = CellId(u16::try_from(form.cells.len()).unwrap_or(u16::MAX));
            form.cells.push(CellPlace { table: index, row: row_index, column: column_index });
            form.by_key.insert(format!("{}.{}.{}", table.key, row.key, column.key), id);
        }
    }
}

fn read_indicators(fields: &mut Fields<'_, '_>, form: &mut Form) {
    for (mut indicator, span) in fields.tables("indicator") {
        let read = read_indicator(&mut indicator, &form.tables, span.clone());
        check_unique(&mut indicator, &read.key, form.indicators.iter().map(|i| i.key.as_str()), span);
        form.indicators.push(read);
        fields.absorb(indicator.finish());
    }
    for (mut composition, span) in fields.tables("composition") {
        let key = composition.required_string("key", span.clone()).unwrap_or_default();
        check_unique(&mut composition, &key, form.compositions.iter().map(|c| c.key.as_str()), span.clone());
        let label = read_words(&mut composition, span);
        let unit = composition.string("unit").unwrap_or_default();
        let series = composition.string("series");
        let mut parts = Vec::new();
        for (mut part, at) in composition.tables("parts") {
            parts.push(read_indicator(&mut part, &form.tables, at));
            composition.absorb(part.finish());
        }
        form.compositions.push(Composition { key, label, unit, series, parts });
        fields.absorb(composition.finish());
    }
}

fn read_words(fields: &mut Fields<'_, '_>, span: Span) -> Words {
    let label = fields.required_string("label", span).unwrap_or_default();
    let label_en = fields.string("label_en").unwrap_or_else(|| label.clone());
    Words::new(label, label_en)
}

fn read_indicator(fields: &mut Fields<'_, '_>, tables: &[Table], span: Span) -> Indicator {
    let key = fields.required_string("key", span.clone()).unwrap_or_default();
    let label = read_words(fields, span.clone());
    let unit = fields.string("unit").unwrap_or_default();
    let series = fields.string("series");
    let formula = fields.required_string("formula", span.clone()).unwrap_or_default();
    let terms: Vec<Term> = resolve::cells(tables, &formula).unwrap_or_else(|(at, message)| {
        formula_fault(fields, &span, at, message);
        Vec::new()
    });
    Indicator { key, label, unit, terms, series }
}


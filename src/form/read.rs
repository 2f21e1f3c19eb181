//! A form file → a [`Form`], with every fault at its place.

use std::collections::BTreeMap;

use super::resolve::{self, Each};
use super::{
    Arrangement, Block, CellId, CellPlace, Column, Composition, Form, Group, Indicator, Kind, Label, Layout, Link, Narrative, Phrases,
    Relation, Row, Section, Table, Term,
};
use crate::diagnostic::Fault;
use crate::front_matter::{Fields, parse};
use crate::text::{Span, Words};
use crate::words;

/// The rule that reports faults of form files.
pub const INVALID_FORM: &str = "invalid-form";

/// More cells than any form has, and few enough to be looked at in a moment.
const MOST_CELLS: usize = 5_000;

/// The rules that report broken relations: those a `[[table.relation]]` can name.
pub(crate) const RELATION_RULES: [&str; 5] =
    ["row-total-mismatch", "column-total-mismatch", "balance-mismatch", "dispute-total-mismatch", "inconsistent-cells"];
/// The rules that report broken links to last year: those a `[[table.link]]` can name.
pub(crate) const LINK_RULES: [&str; 3] = ["carry-over-mismatch", "stock-mismatch", "item-count-mismatch"];

/// Keys of a report's front matter besides the tables: no table can have such a name.
pub const FRONT_MATTER_KEYS: &[&str] = &[
    "title",
    "year",
    "published",
    "form",
    "scope",
    "blank",
    "aliases",
    "document_number",
    "index_number",
    "contact",
    "breakdown",
    "source",
    "revision",
    "review",
    "waive",
];

impl Form {
    /// Reads a form file. The form is there only if nothing is wrong with it: a form that is partly
    /// understood would let wrong reports pass.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let (toml, syntax) = parse(text, 0, INVALID_FORM);
        if !syntax.is_empty() {
            return Err(syntax);
        }
        let mut fields = Fields::new(toml.get_ref(), 0, INVALID_FORM);
        let form = read_form(&mut fields);
        let faults = fields.finish();
        if faults.is_empty() { Ok(form) } else { Err(faults) }
    }
}

fn read_form(fields: &mut Fields<'_, '_>) -> Form {
    let top = 0..1;
    let key = read_key(fields, &top, &['-', '_']);
    let title = fields.required_string("title", top.clone()).unwrap_or_default();
    let title_en = fields.string("title_en").unwrap_or_else(|| title.clone());
    if fields.span("first_year").is_none() {
        fields.fault(top.clone(), words!("缺少 first_year（从哪一年度起使用）", "first_year is missing"));
    }
    let first_year = fields.integer("first_year").unwrap_or_default();
    let last_year = fields.integer("last_year");
    if let Some(last) = last_year.filter(|last| *last < first_year) {
        let span = fields.span("last_year").unwrap_or(0..1);
        fields.fault(
            span,
            words!("last_year（{last}）早于 first_year（{first_year}）", "last_year ({last}) is before first_year ({first_year})"),
        );
    }
    let report_title = fields.required_string("report_title", top).unwrap_or_default();
    let variants = fields.strings("report_title_variants");
    let mut form = Form {
        key,
        title: Words::new(title, title_en),
        basis: fields.string("basis").unwrap_or_default(),
        first_year,
        last_year,
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
    form.narrative = Narrative::read(fields, &form.sections, &form.tables);
    form
}

/// A key that must be there. Keys stand in files without quotation marks and in formulas: letters, digits,
/// and some of `more`.
fn read_key(fields: &mut Fields<'_, '_>, span: &Span, more: &[char]) -> String {
    let key = fields.required_string("key", span.clone()).unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || more.contains(&c);
    if !key.chars().all(fits) || key.split('.').any(str::is_empty) && !key.is_empty() {
        let at = fields.span("key").unwrap_or_else(|| span.clone());
        let allowed: String = more.iter().collect();
        fields.fault(
            at,
            words!("键“{key}”只能用英文字母、数字和 {allowed}", "the key `{key}` can only have ASCII letters, digits and {allowed}"),
        );
    }
    key
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
        let key = read_key(&mut section, &span, &['-', '_']);
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
            let section = &mut form.sections[table.section];
            if section.table.replace(form.tables.len()).is_some() {
                let (at, key) = (table_fields.span("section").unwrap_or(0..1), &section.key);
                table_fields.fault(
                    at,
                    words!("部分 {key} 已有一张表，一个部分只能有一张", "section {key} has a table already: one section holds one table"),
                );
            }
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
    let key = read_key(fields, &span, &['_']);
    check_unique(fields, &key, form.tables.iter().map(|t| t.key.as_str()), span.clone());
    if FRONT_MATTER_KEYS.contains(&key.as_str()) {
        let at = fields.span("key").unwrap_or_else(|| span.clone());
        fields.fault(at, words!("{key} 是前置数据自己的键，不能作表名", "{key} is a key of the front matter itself, not of a table"));
    }
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
        key,
        section,
        caption,
        arrangement,
        series,
        note,
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
        let key = &table.key;
        fields.fault(span, words!("表 {key} 没有行", "table {key} has no rows"));
        return None;
    }
    if table.arrangement == Arrangement::Across && table.blocks.len() > 1 {
        let at = fields.span("arrangement").unwrap_or_else(|| span.clone());
        fields.fault(at, words!("arrangement = \"across\" 的表只能有一块", "a table with arrangement = \"across\" has one block"));
        return None;
    }
    check_groups_of_rows(fields, &table, &span);
    match Layout::of(&table) {
        Ok(layout) => table.layout = layout,
        Err(culprit) => fields.fault(
            span,
            words!(
                "{culprit} 的行或列不相连，或宽度超出，标签会重叠",
                "the rows or columns of {culprit} are apart or too wide: labels would overlap"
            ),
        ),
    }
    read_relations(fields, &mut table);
    read_links(fields, &mut table);
    Some(table)
}

/// A row's key cannot also begin others' keys: `refused = […]` and `refused.x = […]` cannot both be written.
fn check_groups_of_rows(fields: &mut Fields<'_, '_>, table: &Table, span: &Span) {
    let within =
        |row: &&Row| table.rows.iter().any(|other| other.key.strip_prefix(row.key.as_str()).is_some_and(|rest| rest.starts_with('.')));
    if let Some(row) = table.rows.iter().find(within) {
        let key = &row.key;
        fields.fault(span.clone(), words!("“{key}”既是一行，又是 {key}.… 的开头", "`{key}` is a row and also begins the keys of others"));
    }
}

fn read_arrangement(fields: &mut Fields<'_, '_>, span: &Span) -> Arrangement {
    match fields.string("arrangement").as_deref() {
        None | Some("down") => Arrangement::Down,
        Some("across") => Arrangement::Across,
        Some("list") => Arrangement::List,
        Some(other) => {
            let at = fields.span("arrangement").unwrap_or_else(|| span.clone());
            fields.fault(
                at,
                words!("arrangement 应为 down、across 或 list，不是 {other}", "arrangement must be down, across or list, not {other}"),
            );
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
        if next + columns.len() > MOST_CELLS {
            fields.fault(at, words!("格式太大：最多 {MOST_CELLS} 个单元格", "the form is too large: {MOST_CELLS} cells at most"));
            break;
        }
        let read = read_row(&mut row, &groups, (block, next), &at);
        check_unique(&mut row, &read.key, table.rows.iter().map(|r| r.key.as_str()), at);
        table.rows.push(read);
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
        if columns.len() == MOST_CELLS {
            break;
        }
        let key = read_key(&mut column, &span, &['_']);
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

fn read_row(fields: &mut Fields<'_, '_>, groups: &[Group], (block, first): (usize, usize), span: &Span) -> Row {
    Row {
        key: read_key(fields, span, &['_', '.']),
        label: read_label(fields, span.clone()),
        block,
        group: read_within(fields, groups),
        first: CellId(u16::try_from(first).unwrap_or(u16::MAX)),
        unit: fields.string("unit"),
        depth: fields.integer("depth").unwrap_or(0),
        kind: read_kind(fields),
        sum: fields.boolean("sum").unwrap_or(false),
        unexpected_for: fields.strings("unexpected_for"),
    }
}

fn read_each(fields: &mut Fields<'_, '_>, span: &Span) -> Each {
    match fields.raw("each").map(|each| each.get_ref().as_str()) {
        Some(Some("column")) => Each::Column,
        Some(Some("row")) => Each::Row,
        _ => {
            let at = fields.span("each").unwrap_or_else(|| span.clone());
            fields.fault(at, words!("each 应为 \"row\" 或 \"column\"", "each must be \"row\" or \"column\""));
            Each::Row
        }
    }
}

/// The rule that reports a breach. Under a name that is none nothing would ever be reported.
fn read_rule(fields: &mut Fields<'_, '_>, span: &Span, known: &[&'static str]) -> String {
    let Some(rule) = fields.required_string("rule", span.clone()) else { return String::new() };
    if !known.contains(&rule.as_str()) {
        let (at, all) = (fields.span("rule").unwrap_or_else(|| span.clone()), known.join("、"));
        fields.fault(at, words!("rule 应为 {all} 之一，不是 {rule}", "rule must be one of {all}, not {rule}"));
    }
    rule
}

/// The name and formula shared by relations and links, with the formula's equations.
fn read_equations(fields: &mut Fields<'_, '_>, table: &Table, index: usize, span: &Span) -> (Words, Vec<super::Equation>) {
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
    (Words::new(name, name_en), equations)
}

/// Puts an error inside a formula at its place in the file: just behind the opening quote.
fn formula_fault(fields: &mut Fields<'_, '_>, whole: &Span, at: Span, message: Words) {
    let start = fields.span("formula").map_or(whole.start, |span| span.start + 1);
    fields.fault(start + at.start..start + at.end, message);
}

fn read_relations(fields: &mut Fields<'_, '_>, table: &mut Table) {
    for (mut relation, span) in fields.tables("relation") {
        let rule = read_rule(&mut relation, &span, &RELATION_RULES);
        let (name, equations) = read_equations(&mut relation, table, table.relations.len(), &span);
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
        let rule = read_rule(&mut link, &span, &LINK_RULES);
        let (name, equations) = read_equations(&mut link, table, table.links.len(), &span);
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
        if let Some(of) = read.of.as_ref().filter(|of| form.indicator(of).is_none()) {
            let span = indicator.span("of").unwrap_or(0..1);
            indicator.fault(span, words!("of 应是前面的一个指标，没有“{of}”", "`of` must name an indicator above it; there is no `{of}`"));
        }
        form.indicators.push(read);
        fields.absorb(indicator.finish());
    }
    for (mut composition, span) in fields.tables("composition") {
        let key = composition.required_string("key", span.clone()).unwrap_or_default();
        check_unique(&mut composition, &key, form.compositions.iter().map(|c| c.key.as_str()), span.clone());
        let label = read_words(&mut composition, span);
        let unit = read_unit(&mut composition);
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

/// A unit in both languages; where the English is not given, the unit itself stands for it.
fn read_unit(fields: &mut Fields<'_, '_>) -> Words {
    let unit = fields.string("unit").unwrap_or_default();
    let unit_en = fields.string("unit_en").unwrap_or_else(|| unit.clone());
    Words::new(unit, unit_en)
}

fn read_indicator(fields: &mut Fields<'_, '_>, tables: &[Table], span: Span) -> Indicator {
    let key = fields.required_string("key", span.clone()).unwrap_or_default();
    let label = read_words(fields, span.clone());
    let unit = read_unit(fields);
    let series = fields.string("series");
    let of = fields.string("of");
    let formula = fields.required_string("formula", span.clone()).unwrap_or_default();
    let terms: Vec<Term> = resolve::cells(tables, &formula).unwrap_or_else(|(at, message)| {
        formula_fault(fields, &span, at, message);
        Vec::new()
    });
    Indicator { key, label, unit, terms, series, of }
}

//! Names in formulas → cells of the form: relations are written out for each row or column.

use super::formula::{self, Formula, Name};
use super::{Along, CellId, Equation, Table, Term};
use crate::text::{Span, Words};
use crate::words;

/// Which way a relation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Each {
    /// Holds in each column: names are rows.
    Column,
    /// Holds in each row: names are columns.
    Row,
}

/// Writes a relation out. Errors carry the place in the formula's text.
pub(super) fn equations(table: &Table, relation: usize, each: Each, text: &str) -> Result<Vec<Equation>, (Span, Words)> {
    let formula = formula::parse(text)?;
    let parts = split_each(&formula, table, each)?;
    let mut equations = Vec::new();
    for formula in parts {
        match each {
            Each::Column => in_each_column(table, relation, &formula, &mut equations)?,
            Each::Row => in_each_row(table, relation, &formula, &mut equations)?,
        }
    }
    Ok(equations)
}

/// `max(a, b) <= c` is `a <= c` and `b <= c`.
fn split_each(formula: &Formula, table: &Table, each: Each) -> Result<Vec<Formula>, (Span, Words)> {
    if !formula.each_left || each == Each::Row {
        return Ok(vec![formula.clone()]);
    }
    let mut parts = Vec::new();
    for name in &formula.left {
        for row in rows(table, name)? {
            let left = vec![Name { path: table.rows[row].key.clone(), ..name.clone() }];
            parts.push(Formula { left, ..formula.clone() });
        }
    }
    Ok(parts)
}

fn in_each_column(table: &Table, relation: usize, formula: &Formula, out: &mut Vec<Equation>) -> Result<(), (Span, Words)> {
    let left = row_terms(table, &formula.left)?;
    let right = row_terms(table, &formula.right)?;
    let Some((first, ..)) = left.iter().chain(&right).next() else { return Ok(()) };
    let block = table.rows[*first].block;
    if let Some((_, name)) = left.iter().chain(&right).find(|(row, _)| table.rows[*row].block != block) {
        let path = &name.path;
        return Err((
            name.span.clone(),
            words!("“{path}”与公式中其他行不在同一块，列不相同", "`{path}` is in another block, with other columns"),
        ));
    }
    for column in 0..table.blocks[block].columns.len() {
        let terms = |rows: &[(usize, &Name)]| rows.iter().map(|(row, name)| term(table, *row, column, name)).collect();
        out.push(Equation {
            relation,
            along: Along::Column(block, column),
            left: terms(&left),
            comparison: formula.comparison,
            right: terms(&right),
        });
    }
    Ok(())
}

fn in_each_row(table: &Table, relation: usize, formula: &Formula, out: &mut Vec<Equation>) -> Result<(), (Span, Words)> {
    let before = out.len();
    let names: Vec<&Name> = formula.left.iter().chain(&formula.right).collect();
    for (index, row) in table.rows.iter().enumerate() {
        let columns = &table.blocks[row.block].columns;
        let column_of = |name: &Name| columns.iter().position(|column| column.key == name.path);
        if names.iter().any(|name| column_of(name).is_none()) {
            continue;
        }
        let terms = |names: &[Name]| names.iter().filter_map(|name| Some(term(table, index, column_of(name)?, name))).collect();
        out.push(Equation {
            relation,
            along: Along::Row(index),
            left: terms(&formula.left),
            comparison: formula.comparison,
            right: terms(&formula.right),
        });
    }
    if out.len() > before {
        return Ok(());
    }
    let known = |name: &&&Name| table.blocks.iter().flat_map(|block| &block.columns).any(|column| column.key == name.path);
    let culprit = names.iter().find(|name| !known(name)).or(names.first());
    let (span, path) = culprit.map_or((0..1, ""), |name| (name.span.clone(), name.path.as_str()));
    Err((span, words!("没有一行同时有公式中的各列（“{path}”）", "no row has all the columns of the formula (`{path}`)")))
}

fn term(table: &Table, row: usize, column: usize, name: &Name) -> Term {
    let cell = CellId(table.rows[row].first.0 + u16::try_from(column).unwrap_or(0));
    Term { negative: name.negative, last: name.last, cell }
}

fn row_terms<'n>(table: &Table, names: &'n [Name]) -> Result<Vec<(usize, &'n Name)>, (Span, Words)> {
    let mut terms = Vec::new();
    for name in names {
        terms.extend(rows(table, name)?.into_iter().map(|row| (row, name)));
    }
    Ok(terms)
}

/// The rows that a name means: one, or all below `refused.*`.
fn rows(table: &Table, name: &Name) -> Result<Vec<usize>, (Span, Words)> {
    let found: Vec<usize> =
        table.rows.iter().enumerate().filter(|(_, row)| matches(&name.path, &row.key)).map(|(index, _)| index).collect();
    if found.is_empty() {
        let (path, key) = (&name.path, &table.key);
        return Err((name.span.clone(), words!("表 {key} 没有行“{path}”", "table {key} has no row `{path}`")));
    }
    Ok(found)
}

fn matches(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => key.starts_with(prefix),
        None => pattern == key,
    }
}

/// The cells of a sum over whole paths: `applications.refused.*.total`.
pub(super) fn cells(tables: &[Table], text: &str) -> Result<Vec<Term>, (Span, Words)> {
    let mut terms = Vec::new();
    for name in formula::sum(text, 0)? {
        let found = path_cells(tables, &name);
        if found.is_empty() {
            let path = &name.path;
            return Err((name.span, words!("没有单元格“{path}”", "no cell `{path}`")));
        }
        if name.last {
            return Err((name.span, words!("这里不能用上年的数（last.）", "last year's figures (`last.`) have no place here")));
        }
        terms.extend(found.into_iter().map(|cell| Term { negative: name.negative, last: name.last, cell }));
    }
    Ok(terms)
}

fn path_cells(tables: &[Table], name: &Name) -> Vec<CellId> {
    let Some((table_key, rest)) = name.path.split_once('.') else { return Vec::new() };
    let Some((row_pattern, column_key)) = rest.rsplit_once('.') else { return Vec::new() };
    let Some(table) = tables.iter().find(|table| table.key == table_key) else { return Vec::new() };
    let in_row = |(index, row): (usize, &super::Row)| {
        let column = table.blocks[row.block].columns.iter().position(|column| column.key == column_key)?;
        matches(row_pattern, &row.key).then(|| term(table, index, column, name).cell)
    };
    table.rows.iter().enumerate().filter_map(in_row).collect()
}

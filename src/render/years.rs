//! An agency's figures with its years side by side, as HTML.

use std::fmt::Write as _;

use super::official::hidden;
use crate::archive::{Agency, Archive};
use crate::pages::{SideBySide, SideCell, SideLine};
use crate::report::{Cell, Report};
use crate::text::escape_html;
use crate::theme::Strings;

/// Words of the theme that the table needs, as HTML.
#[derive(Debug, Clone)]
pub(super) struct YearsTable {
    row: String,
    year: String,
    blank: String,
    not_applicable: String,
    absent: String,
    not_comparable: String,
    /// What opens a part of the table: labels are those of the form.
    body: String,
}

impl YearsTable {
    pub(super) fn of(strings: &Strings) -> Self {
        let text = |name: &str| {
            let mut out = String::new();
            escape_html(strings.get(name), &mut out);
            out
        };
        Self {
            row: text("years_table.row"),
            year: text("common.year"),
            blank: hidden(strings, "table.blank"),
            not_applicable: format!("/{}", hidden(strings, "table.not_applicable")),
            absent: hidden(strings, "table.absent"),
            not_comparable: hidden(strings, "years_table.not_comparable"),
            body: format!("<tbody{}>", strings.zh()),
        }
    }

    /// The table; links lead from a page whose way up to the site's root is `root`.
    pub(super) fn write(&self, table: &SideBySide, archive: &Archive, agency: &Agency, root: &str) -> String {
        let mut out = String::with_capacity(table.lines.len() * (120 + table.years.len() * 32));
        let _ = write!(out, "<table class=\"list byyear\"><thead><tr><th scope=\"col\">{}</th>", self.row);
        for (year, link) in &table.years {
            let label = self.year.replace("{year}", &year.to_string());
            let _ = write!(out, "<th scope=\"col\" class=\"num\"><a href=\"{root}{link}\">{label}</a></th>");
        }
        out.push_str("</tr></thead>");
        let reports: Vec<&Report> = agency.reports.iter().map(|index| archive.report(*index)).collect();
        let mut open = false;
        for line in &table.lines {
            match line {
                SideLine::Heading(text) => {
                    let _ = write!(out, "{}{}<tr>", if open { "</tbody>" } else { "" }, self.body);
                    open = true;
                    self.heading(text, "rowgroup", "band", table.years.len(), &mut out);
                }
                SideLine::Group(text, depth) => {
                    out.push_str("<tr>");
                    self.heading(text, "", &format!("sub i{depth}"), table.years.len(), &mut out);
                }
                SideLine::Figures { label, sum, depth, cells } => {
                    let _ = write!(out, "<tr{}><th scope=\"row\" class=\"i{depth}\">", if *sum { " class=\"total\"" } else { "" });
                    escape_html(label, &mut out);
                    out.push_str("</th>");
                    for cell in cells {
                        self.cell(*cell, &reports, &mut out);
                    }
                    out.push_str("</tr>");
                }
            }
        }
        out.push_str("</tbody></table>");
        out
    }

    fn heading(&self, text: &str, scope: &str, class: &str, years: usize, out: &mut String) {
        let tag = if scope.is_empty() { "td" } else { "th" };
        let scope = if scope.is_empty() { String::new() } else { format!(" scope=\"{scope}\"") };
        let _ = write!(out, "<{tag}{scope} class=\"{class}\">");
        escape_html(text, out);
        let _ = write!(out, "</{tag}><td class=\"{}\" colspan=\"{years}\"></td></tr>", class.split(' ').next().unwrap_or_default());
    }

    fn cell(&self, cell: SideCell, reports: &[&Report], out: &mut String) {
        let SideCell::Of(place, id) = cell else {
            let _ = write!(out, "<td class=\"num other\">{}</td>", self.not_comparable);
            return;
        };
        let Some(report) = reports.get(usize::from(place)) else { return };
        match report.figures.small(id) {
            Some(0) => out.push_str("<td class=\"num zero\">0</td>"),
            Some(number) => {
                let _ = write!(out, "<td class=\"num\">{number}</td>");
            }
            None => {
                out.push_str("<td class=\"num\">");
                match report.figures.get(id) {
                    Cell::Number(number) => {
                        let _ = write!(out, "{number}");
                    }
                    Cell::Blank => out.push_str(&self.blank),
                    Cell::NotApplicable => out.push_str(&self.not_applicable),
                    Cell::Absent => out.push_str(&self.absent),
                    Cell::Text(text) => escape_html(&text, out),
                }
                out.push_str("</td>");
            }
        }
    }
}

//! Reading and printing, each idea with a small fixture; the law that they undo each other.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Fault, Place};
use crate::form::Forms;
use crate::text::Source;

static FORMS: LazyLock<Forms> = LazyLock::new(Forms::builtin);

/// Reads a front matter as the report of `year` and returns its faults with the text they point at.
fn faults(toml: &str, year: u16) -> Vec<(Fault, String)> {
    let text = format!("+++\n{toml}\n+++\n");
    let reading = read(&text, year, &FORMS);
    let pointed = |fault: Fault| {
        let span = reading.locations.resolve(&fault.place, &reading.report.form);
        (fault, text[span].to_owned())
    };
    reading.faults.clone().into_iter().map(pointed).collect()
}

/// The only fault about something that is there (missing tables are not the matter of these tests).
fn the_fault(toml: &str, year: u16) -> (&'static str, String, String, String) {
    let mut found: Vec<_> = faults(toml, year).into_iter().filter(|(fault, _)| fault.rule != "missing-row").collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    let (fault, at) = found.remove(0);
    (fault.rule, at, fault.message.zh, fault.hint.map(|hint| hint.zh).unwrap_or_default())
}

fn cell(toml: &str, key: &str) -> Cell {
    let text = format!("+++\n{toml}\n+++\n");
    let reading = read(&text, 2023, &FORMS);
    reading.report.figures.get(reading.report.form.cell(key).unwrap())
}

#[test]
fn figures_are_read_to_the_digit() {
    let toml = "[proactive]\nfees = [127.082]\nregulations = [1, \"\", \"/\"]\n";
    assert_eq!(cell(toml, "proactive.fees.amount"), Cell::Number(Number::parse("127.082").unwrap()));
    assert_eq!(cell(toml, "proactive.regulations.repealed"), Cell::Blank);
    assert_eq!(cell(toml, "proactive.regulations.in_force"), Cell::NotApplicable);
    assert_eq!(cell(toml, "proactive.penalties.decisions"), Cell::Absent);
}

#[test]
fn a_whole_table_can_be_zero() {
    let toml = "applications = 0\n";
    assert_eq!(cell(toml, "applications.refused.state_secret.total"), Cell::Number(Number::ZERO));
    assert_eq!(cell(toml, "disputes.review.total"), Cell::Absent);
}

/// Other notations of numbers are kept as printed and pointed at; none becomes a figure.
#[test]
fn odd_numbers_are_kept_as_printed() {
    for odd in ["1e3", "0x10", "1_000", "123456789012345678901234567890", "inf"] {
        let (rule, at, message, _) = the_fault(&format!("[proactive]\nlicensing = [{odd}]"), 2023);
        assert_eq!((rule, at.as_str()), ("text-in-cell", odd), "{message}");
        assert_eq!(cell(&format!("[proactive]\nlicensing = [{odd}]"), "proactive.licensing.decisions"), Cell::Text(odd.into()));
    }
    // TOML itself has no ".5": the syntax error stands at its place.
    let (rule, _, message, _) = the_fault("[proactive]\nlicensing = [.5]", 2023);
    assert_eq!(rule, "invalid-front-matter", "{message}");
}

/// A remark is no unit, and what may be a slip of the pen is not said to be the figure that it begins with: "3O" is not 3.
#[test]
fn no_hint_makes_a_figure_of_the_beginning_of_a_text() {
    for (text, hint_holds) in
        [("5（含上年结转1件）", "只写 5"), ("3O", "核对原件"), ("5/3", "核对原件"), ("2+3=5", "核对原件"), ("3件", "写成 3")]
    {
        let (_, _, _, hint) = the_fault(&format!("[proactive]\nlicensing = [\"{text}\"]"), 2023);
        assert!(hint.contains(hint_holds), "{text}: {hint}");
    }
}

#[test]
fn a_unit_in_a_cell_is_text_with_a_hint() {
    let (rule, at, message, hint) = the_fault("[proactive]\nfees = [\"127.082万元\"]", 2023);
    assert_eq!((rule, at.as_str()), ("text-in-cell", "\"127.082万元\""));
    assert!(message.contains("127.082万元") && hint.contains("写成 127.082"), "{message} {hint}");
}

/// What is printed in another multiple of the form's unit is turned into it; a plus sign is told to go.
#[test]
fn the_hint_turns_a_figure_into_the_forms_unit() {
    for (fees, hint_holds) in [
        ("\"251000元\"", "换算为 25.1，"),
        ("\"1.5亿元\"", "换算为 15000，"),
        ("\"3千元\"", "换算为 0.3，"),
        ("\"3件\"", "写成 3；"),
        ("\"+3\"", "写成 3（不加引号）"),
        ("+3", "写成 3，不加正号"),
    ] {
        let (rule, at, message, hint) = the_fault(&format!("[proactive]\nfees = [{fees}]"), 2023);
        assert_eq!((rule, at.as_str()), ("text-in-cell", fees), "{message}");
        assert!(hint.contains(hint_holds), "{fees}: {hint}");
    }
}

#[test]
fn a_row_of_the_wrong_length_keeps_its_text_and_names_its_columns() {
    for (row, found) in [("[1, 2, 3, 4, 5, 6]", "少了"), ("[1, 2, 3, 4, 5, 6, 7, 8]", "多了")] {
        let (rule, at, message, hint) = the_fault(&format!("[applications]\nreceived = {row}"), 2023);
        assert_eq!((rule, at.as_str()), ("invalid-front-matter", row));
        assert!(message.contains(found) && message.contains("7 格") && hint.contains("自然人、企业"), "{message} {hint}");
    }
    let toml = "[applications]\nreceived = [1, 2, 3, 4, 5, 6]";
    assert_eq!(cell(toml, "applications.received.individual"), Cell::Text("1".into()));
    assert_eq!(cell(toml, "applications.received.total"), Cell::Absent);
}

#[test]
fn wrong_types_and_unknown_keys_are_pointed_at() {
    assert_eq!(the_fault("[applications]\nreceived = \"七\"", 2023).1, "\"七\"");
    assert_eq!(the_fault("applications = 5", 2023).1, "5");
    assert_eq!(the_fault("published = \"去年\"", 2023).0, "invalid-front-matter");
    let (rule, at, _, hint) = the_fault("[applications]\nrecieved = [1, 2, 3, 4, 5, 6, 7]", 2023);
    assert_eq!((rule, at.as_str()), ("unknown-key", "recieved"));
    assert!(hint.contains("received"));
    let (rule, at, _, hint) = the_fault("publshed = 2024-01-02", 2023);
    assert_eq!((rule, at.as_str()), ("unknown-key", "publshed"));
    assert!(hint.contains("published"));
}

/// One wrong key hides nothing else: three faults, three messages.
#[test]
fn one_wrong_key_does_not_hide_others() {
    let rules: Vec<_> = faults("titel = \"x\"\n[proactive]\nlicensing = [1e3]\nfees = [1, 2]", 2023)
        .into_iter()
        .map(|(fault, at)| (fault.rule, at))
        .filter(|(rule, _)| *rule != "missing-row")
        .collect();
    assert_eq!(rules.len(), 3, "{rules:?}");
}

#[test]
fn a_year_unlike_the_file_name_is_said() {
    let (rule, at, message, _) = the_fault("year = 2022", 2023);
    assert_eq!((rule, at.as_str()), ("invalid-front-matter", "2022"));
    assert!(message.contains("2022") && message.contains("2023"));
}

#[test]
fn missing_tables_and_rows_are_named() {
    let messages: Vec<_> = faults("[proactive]\nlicensing = [1]", 2023).into_iter().map(|(fault, _)| fault.message.zh).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].contains("缺 5 行") && messages[0].contains("fees（行政事业性收费）"), "{messages:?}");
    assert!(messages[1].contains("[applications]"));
}

/// The rows say which edition it is, whatever the year or the file says.
#[test]
fn the_edition_is_known_by_its_rows() {
    let old = "[proactive]\nlicensing = [3, 1, 40]\npenalties = [3, 1, 40]\nprocurement = [15, 127.082]";
    let (rule, _, message, _) = the_fault(old, 2022);
    assert_eq!(rule, "wrong-edition");
    assert!(message.contains("应使用 cn-2021") && message.contains("cn-2019"), "{message}");
    let (rule, at, message, _) = the_fault(&format!("form = \"cn-2021\"\n{old}"), 2022);
    assert_eq!((rule, at.as_str()), ("wrong-edition", "\"cn-2021\""));
    assert!(message.contains("各行属于 cn-2019"), "{message}");
    let (rule, at, _, hint) = the_fault("form = \"cn-2012\"\n", 2022);
    assert_eq!((rule, at.as_str()), ("wrong-edition", "\"cn-2012\""));
    assert!(hint.contains("cn-2014"), "{hint}");
}

/// A syntax error has the line of the .md file, and is the only message about its line.
#[test]
fn syntax_errors_point_at_the_line_of_the_file() {
    let text = "+++\ntitle = \"x\"\n\n[applications]\nreceived = [1, 2,, 3]\n+++\n";
    let reading = read(text, 2023, &FORMS);
    assert_eq!(reading.faults.len(), 1, "{:#?}", reading.faults);
    let Place::Span(span) = &reading.faults[0].place else { panic!("no place") };
    assert_eq!(Source::new("a.md", text).line_column(span.start).line, 5);
}

#[test]
fn what_is_beside_the_tables_is_read() {
    let text = "+++\n[[breakdown]]\nlabel = \"网站\"\ntotal = 3\nunit = \"条\"\nparts = { \"甲\" = 1, \"乙\" = 2 }\n\n[[source]]\nfile = \"a.docx\"\n\n[[waive]]\nrule = \"sharp-change\"\nreason = \"机构合并\"\n\n[[waive]]\nrule = \"blank-cell\"\n+++\n";
    let reading = read(text, 2023, &FORMS);
    let details = reading.report.details();
    assert_eq!(details.breakdowns[0].parts.len(), 2);
    assert_eq!(details.originals[0].file.as_deref(), Some("a.docx"));
    assert_eq!(details.waivers.len(), 1, "a waiver without a reason does not count");
    assert!(reading.faults.iter().any(|fault| fault.message.zh == "缺少 reason"));
}

fn any_cell(kind: crate::form::Kind) -> BoxedStrategy<Cell> {
    use crate::form::Kind;
    let number = match kind {
        Kind::Count => (0i64..100_000).prop_map(|n| n.to_string()).boxed(),
        Kind::Signed => (-500i64..500).prop_map(|n| n.to_string()).boxed(),
        Kind::Amount => (0i64..100_000, 0u32..10_000).prop_map(|(n, f)| format!("{n}.{f:04}")).boxed(),
    };
    prop_oneof![
        8 => number.prop_map(|text| Cell::Number(Number::parse(&text).unwrap())),
        1 => Just(Cell::Blank),
        1 => Just(Cell::NotApplicable),
        1 => "[一-龥\"\\\\]{1,5}".prop_map(|text| Cell::Text(text.into())),
    ]
    .boxed()
}

fn any_text() -> impl Strategy<Value = String> {
    "[ -~一-龥“”（）\\n\\t]{0,12}[一-龥a-z]"
}

fn any_details() -> impl Strategy<Value = Details> {
    let breakdown = (any_text(), 0i64..999, any::<bool>(), prop::collection::btree_map(any_text(), 0i64..99, 0..4)).prop_map(
        |(label, total, partial, parts)| Breakdown {
            label,
            total: Cell::Number(total.into()),
            unit: Some("条".into()),
            parts: parts.into_iter().map(|(label, n)| (label, Cell::Number(n.into()))).collect(),
            partial,
        },
    );
    let waiver = (any_text(), prop::collection::vec(any_text(), 0..3)).prop_map(|(reason, cells)| Waiver {
        rule: "blank-cell".into(),
        reason,
        cells,
    });
    let original = prop::option::of(any_text()).prop_map(|file| Original { file, url: Some("https://x".into()), ..Original::default() });
    (
        prop::collection::vec(breakdown, 0..3),
        prop::collection::vec(waiver, 0..2),
        prop::collection::vec(original, 0..2),
        prop::option::of(any_text()),
        prop::collection::vec(any_text(), 0..3),
    )
        .prop_map(|(breakdowns, waivers, originals, contact, aliases)| Details {
            breakdowns,
            waivers,
            originals,
            contact,
            aliases,
            review: Some(Review { by: Some("办公室".into()), date: None }),
            revisions: vec![Revision { date: Some(jiff::civil::date(2022, 3, 1)), note: "更正".into() }],
            ..Details::EMPTY
        })
}

fn any_report() -> impl Strategy<Value = Report> {
    let editions = [("cn-2014", 2016u16), ("cn-2019", 2020), ("cn-2021", 2023)];
    prop::sample::select(editions.to_vec()).prop_flat_map(|(key, year)| {
        let form: Arc<_> = FORMS.get(key).unwrap().clone();
        let cells: Vec<_> = form.cells().map(|cell| any_cell(form.kind(cell))).collect();
        (cells, any_details(), prop::option::of(any_text()), any::<bool>(), any::<bool>()).prop_map(
            move |(cells, details, title, area, blank_is_zero)| Report {
                form: form.clone(),
                year,
                title: title.map(Into::into),
                published: Some(jiff::civil::date(2021, 1, 20)),
                scope: if area { Scope::Area } else { Scope::Own },
                blank_is_zero,
                figures: Figures::new(cells),
                details: Some(Box::new(details)),
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is printed is read again as the same report, with the same prose.
    #[test]
    fn reading_undoes_printing(report in any_report()) {
        let body = "\n## 一、总体情况\n\n正文。\n";
        let text = print(&report, body);
        let reading = read(&text, report.year, &FORMS);
        prop_assert_eq!(&text[reading.parts.body.clone()], body);
        prop_assert_eq!(reading.report, report);
    }

    /// What is printed is aligned; what is aligned says the same.
    #[test]
    fn printing_aligns(report in any_report()) {
        let text = print(&report, "\n正文。\n");
        prop_assert_eq!(align(&text, &FORMS), text);
    }

    /// Aligning any text twice is aligning it once, and changes no figure.
    #[test]
    fn aligning_changes_only_spaces(rows in prop::collection::vec("(refused\\.|)[a-z_]{1,9} ?= ?\\[ {0,3}(\\d{1,5}|\"\"|\"/\")( ?, {0,2}\\d{1,4}){0,3},?\\] {0,2}(# ?[一-龥, ]{0,6})?|# ?[一-龥 ]{0,12}|", 0..12)) {
        let text = format!("+++\n[applications]\n{}\n+++\n正文 = [1,2]\n", rows.join("\n"));
        let aligned = align(&text, &FORMS);
        let squeezed = |text: &str| text.replace(",]", "]").replace(", ]", "]").split_whitespace().collect::<String>().replace(",]", "]");
        prop_assert_eq!(squeezed(&aligned), squeezed(&text));
        prop_assert_eq!(align(&aligned, &FORMS), aligned);
    }

    /// No input makes the reader panic, and every fault lies within the file.
    #[test]
    fn any_text_is_read_without_panic(text in "(\\+\\+\\+\n)?[ -~一-龥\n\\[\\]=\"]{0,200}(\n\\+\\+\\+\n)?[#一-龥 \n]{0,40}") {
        let reading = read(&text, 2023, &FORMS);
        for fault in &reading.faults {
            let span = reading.locations.resolve(&fault.place, &reading.report.form);
            prop_assert!(text.get(span).is_some());
        }
    }
}

/// What is printed looks as a person would write it.
#[test]
fn tables_are_aligned_under_their_columns() {
    let text = "+++\n[proactive]\nregulations = [0, 12, 3]\n+++\n";
    let reading = read(text, 2023, &FORMS);
    let printed = print(&reading.report, "");
    assert!(printed.contains("[proactive]  # 二、主动公开政府信息情况\n"), "{printed}");
    let lines: Vec<&str> = printed.lines().skip_while(|line| !line.starts_with("[proactive]")).skip(1).collect();
    assert_eq!(lines[0], "#              制发  废止  有效");
    assert_eq!(lines[1], "regulations = [   0,   12,    3]");
}

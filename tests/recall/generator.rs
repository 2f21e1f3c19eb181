//! Clean reports with figures that hold every relation, and sentences that say some of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The body that reports.
pub(crate) const NAME: &str = "示例县白河镇";

const COLUMNS: [&str; 7] = ["individual", "business", "research", "public_interest", "legal_service", "other", "total"];
const OUTCOMES: [&str; 5] = ["upheld", "corrected", "other", "pending", "total"];
const DISPUTES: [&str; 3] = ["review", "litigation_direct", "litigation_after_review"];
const REFUSED: [&str; 8] = [
    "refused.state_secret",
    "refused.other_law",
    "refused.security_and_stability",
    "refused.third_party_rights",
    "refused.internal_affairs",
    "refused.deliberative_process",
    "refused.enforcement_files",
    "refused.administrative_inquiry",
];
const UNABLE: [&str; 3] = ["unable.not_held", "unable.needs_creation", "unable.still_unclear"];
const NOT_PROCESSED: [&str; 5] =
    ["not_processed.complaint", "not_processed.repeated", "not_processed.publication", "not_processed.excessive", "not_processed.reissue"];

/// A small generator of numbers, the same everywhere (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((z ^ (z >> 31)) % u64::from(limit)).unwrap()
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        &items[self.below(u32::try_from(items.len()).unwrap()) as usize]
    }
}

/// A cell of table 三 or 四.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    row: &'static str,
    column: usize,
}

impl Cell {
    fn is_dispute(&self) -> bool {
        DISPUTES.contains(&self.row)
    }

    pub(crate) fn key(&self) -> String {
        if self.is_dispute() {
            format!("disputes.{}.{}", self.row, OUTCOMES[self.column])
        } else {
            format!("applications.{}.{}", self.row, COLUMNS[self.column])
        }
    }
}

/// The figures of a report.
#[derive(Debug, Clone)]
pub(crate) struct Generated {
    pub(crate) year: u16,
    order: Vec<&'static str>,
    rows: BTreeMap<&'static str, Vec<u32>>,
}

/// Its prose: words, and figures that may be changed.
#[derive(Debug, Clone)]
pub(crate) struct Prose(Vec<Part>);

#[derive(Debug, Clone)]
enum Part {
    Words(String),
    Figure(u32),
}

/// A clean report of a random year from 2019 on.
pub(crate) fn report(random: &mut Random) -> (Generated, Prose) {
    let year = 2019 + u16::try_from(random.below(7)).unwrap();
    let report = figures(random, year);
    let prose = sentences(&report, random);
    (report, prose)
}

fn figures(random: &mut Random, year: u16) -> Generated {
    let others: &[&str] = if year >= 2021 { &["other.uncorrected", "other.unpaid", "other.other"] } else { &["other"] };
    let results: Vec<&'static str> =
        ["granted", "partly_granted"].into_iter().chain(REFUSED).chain(UNABLE).chain(NOT_PROCESSED).chain(others.iter().copied()).collect();
    let order: Vec<&'static str> =
        ["received", "carried_in"].into_iter().chain(results.iter().copied()).chain(["total", "carried_out"]).collect();
    let mut rows: BTreeMap<&'static str, Vec<u32>> = order.iter().map(|row| (*row, vec![0; 7])).collect();
    let mut set = |row: &'static str, column: usize, value: u32| rows.get_mut(row).unwrap()[column] += value;
    for column in 0..6 {
        let (received, carried_in) = (random.below(if column == 0 { 90 } else { 8 }), random.below(4));
        let carried_out = random.below(4).min(received + carried_in);
        set("received", column, received);
        set("carried_in", column, carried_in);
        set("carried_out", column, carried_out);
        set("total", column, received + carried_in - carried_out);
        for _ in 0..received + carried_in - carried_out {
            let few = random.below(u32::try_from(results.len()).unwrap()) as usize;
            let row = results[few.min(random.below(u32::try_from(results.len()).unwrap()) as usize)];
            set(row, column, 1);
        }
    }
    for row in rows.values_mut() {
        row[6] = row[..6].iter().sum();
    }
    for row in DISPUTES {
        let mut outcomes: Vec<u32> = (0..4).map(|_| random.below(5)).collect();
        outcomes.push(outcomes.iter().sum());
        rows.insert(row, outcomes);
    }
    Generated { year, order, rows }
}

impl Generated {
    pub(crate) fn cell(&self, cell: &Cell) -> u32 {
        self.rows[cell.row][cell.column]
    }

    fn total(&self, rows: &[&'static str]) -> u32 {
        rows.iter().filter_map(|row| self.rows.get(row)).map(|row| row[6]).sum()
    }

    pub(crate) fn pick_cell(&self, random: &mut Random) -> Cell {
        let disputes = random.below(8) == 0;
        if disputes {
            return Cell { row: random.pick::<&'static str>(&DISPUTES), column: random.below(5) as usize };
        }
        Cell { row: self.pick_row(random), column: random.below(7) as usize }
    }

    pub(crate) fn pick_row(&self, random: &mut Random) -> &'static str {
        random.pick::<&'static str>(&self.order)
    }

    /// Two cells of table 三 beside or below each other.
    pub(crate) fn pick_neighbours(&self, random: &mut Random) -> (Cell, Cell) {
        if random.below(2) == 0 {
            let (row, column) = (self.pick_row(random), random.below(6) as usize);
            return (Cell { row, column }, Cell { row, column: column + 1 });
        }
        let (at, column) = (random.below(u32::try_from(self.order.len()).unwrap() - 1) as usize, random.below(7) as usize);
        (Cell { row: self.order[at], column }, Cell { row: self.order[at + 1], column })
    }

    pub(crate) fn with_cell(&self, cell: &Cell, value: u32) -> Self {
        let mut spoiled = self.clone();
        spoiled.rows.get_mut(cell.row).unwrap()[cell.column] = value;
        spoiled
    }

    pub(crate) fn without_row(&self, row: &str) -> Self {
        let mut spoiled = self.clone();
        spoiled.order.retain(|known| *known != row);
        spoiled
    }

    pub(crate) fn print(&self, prose: &Prose) -> String {
        let next = self.year + 1;
        let mut out = format!(
            "+++\ntitle = \"{NAME}{}年政府信息公开工作年度报告\"\npublished = {next}-01-20\nproactive = 0\n\n[applications]\n",
            self.year
        );
        for row in &self.order {
            let _ = writeln!(out, "{row} = {:?}", self.rows[row]);
        }
        out.push_str("\n[disputes]\n");
        for row in DISPUTES {
            let _ = writeln!(out, "{row} = {:?}", self.rows[row]);
        }
        out + "+++\n\n"
            + &prose.print()
            + "\n\n## 五、存在的主要问题及改进情况\n\n个别栏目更新慢，明年起按季核对。\n\n## 六、其他需要报告的事项\n\n本年度未收取信息处理费。\n"
    }
}

impl Prose {
    fn print(&self) -> String {
        let part = |part: &Part| match part {
            Part::Words(words) => words.clone(),
            Part::Figure(figure) => figure.to_string(),
        };
        self.0.iter().map(part).collect()
    }

    /// The same with one figure changed as people change them, and what was changed.
    pub(crate) fn with_another_figure(&self, random: &mut Random) -> (Self, String) {
        let figures: Vec<usize> = (0..self.0.len()).filter(|at| matches!(self.0[*at], Part::Figure(_))).collect();
        let at = *random.pick(&figures);
        let Part::Figure(figure) = self.0[at] else { unreachable!() };
        let turned: u32 = figure.to_string().chars().rev().collect::<String>().parse().unwrap();
        let other = match random.below(4) {
            0 if turned != figure => turned,
            1 => figure * 10 + random.below(10) + u32::from(figure == 0),
            2 if figure > 0 => figure - 1,
            _ => figure + 1 + random.below(9),
        };
        let mut spoiled = self.clone();
        spoiled.0[at] = Part::Figure(other);
        let words = |part: Option<&Part>| if let Some(Part::Words(words)) = part { words.clone() } else { String::new() };
        (spoiled, format!("{figure} → {other}: {}▮{}", words(self.0.get(at.wrapping_sub(1))), words(self.0.get(at + 1))))
    }
}

/// Sentences about applications and disputes, in one of several manners each.
fn sentences(report: &Generated, random: &mut Random) -> Prose {
    let mut parts = Vec::new();
    let year = report.year;
    let mut say = |template: &str, figures: &[u32]| {
        let mut figures = figures.iter();
        for (index, words) in template.split('〓').enumerate() {
            if index > 0 {
                parts.push(Part::Figure(*figures.next().unwrap()));
            }
            parts.push(Part::Words(words.to_owned()));
        }
        assert!(figures.next().is_none(), "{template}");
    };
    say(
        &format!(
            "## 一、总体情况\n\n{year}年，{NAME}围绕群众关心的事公开信息。\n\n### （一）主动公开\n\n全年通过门户网站更新信息，组织培训，办理群众来信。\n\n### （二）依申请公开\n\n"
        ),
        &[],
    );
    let (received, carried_in, handled, carried_out) =
        (report.total(&["received"]), report.total(&["carried_in"]), report.total(&["total"]), report.total(&["carried_out"]));
    let intake = [received, carried_in, handled, carried_out];
    match random.below(5) {
        0 => say("本年新收政府信息公开申请〓件，上年结转〓件，办结〓件，结转下年度继续办理〓件。", &intake),
        1 => {
            say("全年共新收到公民、法人和其他组织提出的政府信息公开申请〓件，加上上年度结转的〓件，已办结〓件，结转至下年度〓件。", &intake)
        }
        2 => say("本镇共新收申请 〓 件；上年结转 〓 件；共办结 〓 件；结转下一年度 〓 件。", &intake),
        3 => say(&format!("{year}年，本机关新收〓件政府信息公开申请，{}年结转〓件，答复〓件，结转{}年〓件。", year - 1, year + 1), &intake),
        _ => say("年内新受理依申请公开〓宗，上一年结转〓宗，全年办理完毕〓宗，转下年度办理〓宗。", &intake),
    }
    let refused = report.total(&REFUSED);
    let (unable, not_processed) = (report.total(&UNABLE), report.total(&NOT_PROCESSED));
    let other = report.total(&["other", "other.uncorrected", "other.unpaid", "other.other"]);
    let results = [report.total(&["granted"]), report.total(&["partly_granted"]), refused, unable, not_processed, other];
    match random.below(4) {
        0 => say("办理结果：予以公开〓件，部分公开〓件，不予公开〓件，无法提供〓件，不予处理〓件，其他处理〓件。", &results),
        1 => say(
            "从办理结果看，予以公开的〓件、部分公开的〓件、不予公开的〓件、无法提供的〓件、不予处理的〓件、作其他处理的〓件。",
            &results,
        ),
        2 => say("在已办结的申请中，〓件予以公开，〓件部分公开，〓件不予公开，〓件无法提供，〓件不予处理，〓件其他处理。", &results),
        _ => say(
            "其中，予以公开（〓件）、部分公开（〓件）、不予公开（〓件）、无法提供（〓件）、不予处理（〓件）、其他处理（〓件）。",
            &results,
        ),
    }
    disputes(report, random, &mut say);
    Prose(parts)
}

fn disputes(report: &Generated, random: &mut Random, say: &mut impl FnMut(&str, &[u32])) {
    let row = |row: &'static str| &report.rows[row];
    let (review, direct, after) = (row("review"), row("litigation_direct"), row("litigation_after_review"));
    say("\n\n", &[]);
    match random.below(3) {
        0 => say(
            "因政府信息公开引发的行政复议〓件（结果维持〓件、结果纠正〓件、其他结果〓件、尚未审结〓件）。",
            &[review[4], review[0], review[1], review[2], review[3]],
        ),
        1 => say(
            "全年发生行政复议〓件，其中维持〓件，纠正〓件，其他结果〓件，尚未审结〓件；",
            &[review[4], review[0], review[1], review[2], review[3]],
        ),
        _ => say(
            "本年度被申请行政复议案件〓起，维持〓起、纠错〓起、其他结果〓起、正在审理〓起。",
            &[review[4], review[0], review[1], review[2], review[3]],
        ),
    }
    match random.below(2) {
        0 => say("行政诉讼〓件，其中未经复议直接起诉〓件、复议后起诉〓件。", &[direct[4] + after[4], direct[4], after[4]]),
        _ => say("未经复议直接起诉〓件（结果维持〓件、结果纠正〓件），复议后起诉〓件。", &[direct[4], direct[0], direct[1], after[4]]),
    }
}

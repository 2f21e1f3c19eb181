//! What the figures of a paragraph claim of which cells.
//!
//! A figure belongs to the nearest words of a statement before it, if nothing but words without meaning
//! stands between ("收到|政府信息公开申请|35件"); some also to words right behind it ("3件|不予公开").
//! A figure with an unknown modifier, of another year or another body, is left alone: an innocent
//! sentence must not be called wrong.

use super::figures::Figure;
use super::sentence::{Line, SENTENCE_ENDS};
use crate::form::{Hit, Narrative, Role, Statement, Term, Topic, Vocabulary};
use crate::number::Number;
use crate::text::Span;

/// What a sentence says of some cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) struct Claim {
    /// The words and the figure, in the paragraph's text.
    pub(in crate::rules) quote: Span,
    /// The figure; zero for "没有".
    pub(in crate::rules) value: Number,
    /// One in its last printed place.
    pub(in crate::rules) precision: Number,
    /// What it may be; one that fits is enough.
    pub(in crate::rules) readings: Vec<Meaning>,
}

/// One way to read a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::rules) enum Meaning {
    /// The sum of these cells.
    Sum(Vec<Term>),
    /// The share of the first sum in the second, in per cent.
    Share(Vec<Term>, Vec<Term>),
}

/// What is known of the report before its prose is read.
pub(in crate::rules) struct Outlook<'a> {
    /// The form's grammar.
    pub(in crate::rules) narrative: &'a Narrative,
    /// The words of the language.
    pub(in crate::rules) vocabulary: &'a Vocabulary,
    /// Whether the report is about one body only, so that 全县 is not its own.
    pub(in crate::rules) one_body: bool,
    /// The names of the body; none are known without its card.
    pub(in crate::rules) names: Vec<&'a str>,
}

/// Reads the claims of a paragraph. `on_topic` tells whether its heading is about the form's subject.
pub(in crate::rules) fn claims(line: &Line<'_>, outlook: &Outlook<'_>, on_topic: bool) -> Vec<Claim> {
    let subject = if on_topic { Subject::Ours } else { Subject::Unknown };
    let mut reader = Reader { line, outlook, state: State { subject, ..State::default() }, claims: Vec::new() };
    reader.read();
    reader.claims
}

/// What the text speaks of at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Subject {
    #[default]
    Unknown,
    Ours,
    Other,
}

/// A statement that outcomes may belong to.
#[derive(Debug, Clone)]
struct Parent {
    key: String,
    /// Whether it is of something else, and its outcomes with it: "办理行政复议案件15件，维持9件".
    foreign: bool,
    depth: usize,
    sentence: usize,
}

/// The last figure that was understood, for a share behind it.
#[derive(Debug, Clone)]
struct Last {
    start: usize,
    end: usize,
    statement: usize,
    readings: Vec<Vec<Term>>,
}

#[derive(Default)]
struct State {
    at: usize,
    sentence: usize,
    depth: usize,
    subject: Subject,
    /// Whether the subject was named in this sentence.
    named_here: bool,
    /// The disputes of this sentence are not the body's own.
    foreign_disputes: bool,
    /// Another time, or another body.
    elsewhere: bool,
    others: bool,
    parents: Vec<Parent>,
    /// Outcomes already given in this sentence: statement and parent.
    used: Vec<(usize, String)>,
    /// The whole whose parts follow, and the depth of brackets it was opened in.
    part_of: Option<(usize, usize)>,
    last_statement: Option<usize>,
    last: Option<Last>,
    /// Where the last words said to be zero stand, their negation included.
    zero: Option<Span>,
    /// Words that wait for the "均未发生" of the next: statement, where they stand.
    waiting: Vec<(usize, Span)>,
}

/// More open statements than a sentence of any report has; what hostile text piles up is forgotten.
const MOST_PARENTS: usize = 16;

struct Reader<'l, 'a> {
    line: &'l Line<'a>,
    outlook: &'l Outlook<'a>,
    state: State,
    claims: Vec<Claim>,
}

impl<'a> Reader<'_, 'a> {
    fn read(&mut self) {
        let line = self.line;
        let (mut word, mut figure) = (0, 0);
        loop {
            let next_word = line.words.get(word);
            let next_figure = line.figures.get(figure);
            match (next_word, next_figure) {
                (Some(hit), other) if other.is_none_or(|other| hit.start < other.span.start) => {
                    self.walk_to(hit.start);
                    self.word(hit);
                    word += 1;
                }
                (_, Some(found)) => {
                    self.walk_to(found.span.start);
                    self.figure(figure, found);
                    figure += 1;
                }
                _ => return,
            }
        }
    }

    /// Takes note of the marks up to a place.
    fn walk_to(&mut self, to: usize) {
        let state = &mut self.state;
        for c in self.line.text.get(state.at..to).unwrap_or_default().chars() {
            match c {
                '（' => state.depth += 1,
                '）' => {
                    state.depth = state.depth.saturating_sub(1);
                    state.part_of = state.part_of.filter(|(_, depth)| *depth <= state.depth);
                }
                '；' => {
                    state.elsewhere = false;
                    state.others = false;
                    state.part_of = None;
                }
                c if SENTENCE_ENDS.contains(&c) => {
                    state.sentence += 1;
                    state.foreign_disputes = false;
                    state.depth = 0;
                    state.named_here = false;
                    state.elsewhere = false;
                    state.others = false;
                    state.part_of = None;
                    state.used.clear();
                    state.last_statement = None;
                    state.last = None;
                }
                _ => {}
            }
        }
        state.at = state.at.max(to);
    }

    fn word(&mut self, hit: &Hit<'a>) {
        for role in hit.roles {
            match role {
                Role::Topic => self.speak_of(Subject::Ours),
                Role::Foreign => self.speak_of(Subject::Other),
                Role::Elsewhere => self.state.elsewhere = true,
                Role::Here => self.state.elsewhere = ends_range(self.line.text, hit.start),
                Role::Area => self.state.others |= self.outlook.one_body,
                Role::OfWhich => self.state.part_of = self.state.last_statement.map(|statement| (statement, self.state.depth)),
                Role::Statement(index) => self.statement(usize::from(*index), hit),
                Role::None(index) if !self.is_elsewhere(hit.start) => self.claim_nothing(usize::from(*index), hit, hit.start),
                _ => {}
            }
        }
        // "本年收到" brings the sentence back as "本年" does.
        if let Some(here) = self.line.within(Role::Here, hit.start, hit.end).next() {
            self.state.elsewhere = ends_range(self.line.text, here.start);
        }
    }

    fn speak_of(&mut self, subject: Subject) {
        self.state.subject = subject;
        self.state.named_here = true;
    }

    /// Words of a statement: what follows may be its outcomes; "没有" before it makes it zero.
    fn statement(&mut self, index: usize, hit: &Hit<'a>) {
        let statement = &self.outlook.narrative.statements[index];
        let own = statement.topic == Topic::Own && !statement.key.is_empty();
        if own {
            let foreign = self.follows_other_words(statement, hit.start);
            self.state.foreign_disputes = foreign || self.state.foreign_disputes && !self.is_ours(hit.start);
        }
        if statement.negatable {
            self.nothing(index, hit);
        }
        if own {
            self.speak_of(Subject::Other);
        }
        if !statement.key.is_empty() {
            let parents = &mut self.state.parents;
            let foreign = own && self.state.foreign_disputes;
            parents.push(Parent { key: statement.key.clone(), foreign, depth: self.state.depth, sentence: self.state.sentence });
            if parents.len() > MOST_PARENTS {
                parents.remove(0);
            }
            self.state.last_statement = Some(index);
        }
    }

    fn figure(&mut self, index: usize, figure: &Figure) {
        let state_last = self.state.last.take();
        if self.is_date(figure) {
            return;
        }
        let rough = self.line.touches(Role::Rough, figure.span.start, true)
            || self.line.touches(Role::RoughAfter, figure.unit.start, false)
            || self.line.touches(Role::RoughAfter, figure.span.end, false);
        if rough {
            return;
        }
        if figure.percent {
            self.share(figure, state_last);
            return;
        }
        if self.sorts_documents(index) {
            return;
        }
        if let Some((hit, statement, readings)) = self.before(figure) {
            self.claim(hit.start..figure.span.end, figure, statement, readings);
        } else if let Some((hit, statement, readings)) = self.behind(index, figure) {
            self.claim(figure.span.start..hit.end, figure, statement, readings);
        }
    }

    fn claim(&mut self, quote: Span, figure: &Figure, statement: usize, readings: Vec<Vec<Term>>) {
        let meanings = readings.iter().cloned().map(Meaning::Sum).collect();
        self.state.last = Some(Last { start: quote.start, end: figure.span.end, statement, readings });
        self.state.last_statement =
            Some(statement).filter(|index| !self.outlook.narrative.statements[*index].key.is_empty()).or(self.state.last_statement);
        self.claims.push(Claim { quote, value: figure.value, precision: figure.precision, readings: meanings });
    }

    /// "2019年" and "5月" put what follows into another time.
    fn is_date(&mut self, figure: &Figure) -> bool {
        let unit = &self.line.text[figure.unit.clone()];
        let (is_year, is_month) = (unit == "年" && figure.value > Number::from(1900), unit == "月");
        let rest = &self.line.text[figure.span.end..];
        // "截至12月底" and "至12月31日" end the year, "12月收到2件" is one month.
        let before = &self.line.text[..figure.span.start];
        let ends_year = rest.starts_with("31日") || before.chars().rev().take(8).any(|c| matches!(c, '至' | '到' | '止' | '-' | '—'));
        let whole_year = figure.value == Number::from(12) && ends_year || figure.value == Number::ONE && rest.starts_with("1日");
        if is_year || is_month && !whole_year {
            self.state.elsewhere = true;
        }
        is_year || is_month || unit == "日"
    }

    /// The statement whose words stand before a figure.
    fn before(&mut self, figure: &Figure) -> Option<(Hit<'a>, usize, Vec<Vec<Term>>)> {
        let line = self.line;
        let mut fallback = None;
        let until = line.words.partition_point(|hit| hit.end <= figure.span.start);
        // Only the last few words can be joined to the figure by words without meaning.
        for hit in line.words[until.saturating_sub(6)..until].iter().rev() {
            if !line.is_filled(hit.end, figure.span.start, None) {
                break;
            }
            let gap = &line.text[hit.end..figure.span.start];
            if is_indefinite(figure, gap) || gap.ends_with('的') && self.is_narrowed(figure) {
                return None;
            }
            let found = hit.statements().find_map(|index| Some((*hit, index, self.accept(index, hit.start, Some(figure))?)));
            match found {
                // "行政复议和行政诉讼共11件": the figure is of both.
                Some((_, index, _)) if self.shares_figure(hit, index) || self.is_of_a_part(hit, index) => return None,
                // "予以公开答复12件": 答复 means something only where no better word stands before it.
                Some(found) if hit.is(Role::Neutral) => fallback = fallback.or(Some(found)),
                Some(found) => return Some(self.use_up(found)),
                None if hit.statements().next().is_some() && !hit.is(Role::Neutral) => return None,
                None => {}
            }
        }
        fallback.map(|found| self.use_up(found))
    }

    /// Whether a figure stands in a list of documents by the kinds they were sorted into: "主动公开200件，
    /// 依申请公开50件，不予公开30件".
    fn sorts_documents(&self, index: usize) -> bool {
        let line = self.line;
        let unit = |figure: &Figure| &line.text[figure.unit.clone()];
        let near = &line.figures[index.saturating_sub(2)..(index + 3).min(line.figures.len())];
        let own = unit(&line.figures[index]);
        self.outlook.vocabulary.attributes.iter().all(|kind| {
            near.iter().any(|figure| {
                let label = line.text[..figure.span.start].trim_end_matches(['的', '为', '：']);
                unit(figure) == own && label.ends_with(kind.as_str())
            })
        })
    }

    /// Whether words behind a figure tell which of the cases it counts: "收到的12件|涉及征地的申请".
    fn is_narrowed(&self, figure: &Figure) -> bool {
        let rest = &self.line.text[figure.span.end..];
        let subject = self.outlook.narrative.topic.iter().map(String::as_str).chain(["政府信息公开", "信息公开", "政务公开", "中", "里"]);
        !self.line.ends_at(figure.span.end) && !subject.into_iter().any(|word| rest.starts_with(word))
    }

    /// Whether the words right before a statement's are another's and joined to it.
    fn shares_figure(&self, hit: &Hit<'a>, index: usize) -> bool {
        let line = self.line;
        let until = line.words.partition_point(|word| word.end <= hit.start);
        let Some(other) = line.words[..until].last() else { return false };
        let gap = &line.text[other.end..hit.start];
        let key = &self.outlook.narrative.statements[index].key;
        let another = |index: usize| {
            let statement = &self.outlook.narrative.statements[index];
            !statement.key.is_empty() && statement.key != *key
        };
        !key.is_empty() && ["和", "与", "及", "以及", "、", "或"].contains(&gap) && other.statements().any(another)
    }

    /// Whether words of a part stand before those of the whole and have no figure of their own: in
    /// "因保护第三方合法权益，不予公开2件" the figure is the part's.
    fn is_of_a_part(&self, hit: &Hit<'_>, index: usize) -> bool {
        let (line, statements) = (self.line, &self.outlook.narrative.statements);
        let Some(whole) = statements[index].formulas.first() else { return false };
        let (key, outcome) = (&statements[index].key, statements[index].reversed);
        let until = line.figures.partition_point(|figure| figure.span.end <= hit.start);
        let figure = line.figures[..until].last().map_or(0, |figure| figure.span.end);
        let sentence = line.text[figure..hit.start].rfind(['。', '；', '！', '？', '：']).map_or(figure, |mark| figure + mark);
        let first = line.words.partition_point(|word| word.start < sentence);
        let until = line.words.partition_point(|word| word.end <= hit.start);
        let part = |index: usize| {
            let terms = statements[index].formulas.first();
            let named = outcome && statements[index].within.iter().any(|(name, _)| name == key);
            named || terms.is_some_and(|terms| terms.len() < whole.len() && terms.iter().all(|term| whole.contains(term)))
        };
        line.words[first..until.max(first)].iter().any(|word| word.statements().any(part))
    }

    /// The statement whose words stand right behind a figure, and have no figure of their own.
    fn behind(&mut self, index: usize, figure: &Figure) -> Option<(Hit<'a>, usize, Vec<Vec<Term>>)> {
        let line = self.line;
        if figure.han || figure.unit.is_empty() {
            return None;
        }
        let hit = line.words.get(line.words.partition_point(|hit| hit.start < figure.span.end))?;
        let gap = &line.text[figure.span.end..hit.start];
        if gap.contains(['，', '、', '；', '。', '：', '（', '）']) || !line.is_filled(figure.span.end, hit.start, None) {
            return None;
        }
        let taken =
            line.figures.get(index + 1).is_some_and(|next| next.span.start >= hit.end && line.is_filled(hit.end, next.span.start, None));
        if taken {
            return None;
        }
        let reversed = |index: &usize| self.outlook.narrative.statements[*index].reversed;
        let found =
            hit.statements().filter(reversed).find_map(|index| Some((*hit, index, self.accept(index, figure.span.start, Some(figure))?)));
        found.map(|found| self.use_up(found))
    }

    /// Notes that an outcome was given, so that the same words later in the sentence are another's.
    fn use_up(&mut self, found: (Hit<'a>, usize, Vec<Vec<Term>>)) -> (Hit<'a>, usize, Vec<Vec<Term>>) {
        let statement = &self.outlook.narrative.statements[found.1];
        if !statement.within.is_empty()
            && let Some(key) = self.candidates(found.1).first()
        {
            self.state.used.push((found.1, key.clone()));
        }
        found
    }

    /// What a statement's figure may be, if it counts here: subject, unit, scope, parent.
    fn accept(&self, index: usize, start: usize, figure: Option<&Figure>) -> Option<Vec<Vec<Term>>> {
        let statement = &self.outlook.narrative.statements[index];
        let fits = self.has_subject(statement) && figure.is_none_or(|figure| self.has_unit(statement, figure));
        let foreign = statement.topic == Topic::Own
            && match statement.within.is_empty() {
                true => self.state.foreign_disputes,
                false => self.belongs_to_foreign(statement),
            };
        if !fits || foreign || self.is_elsewhere(start) || self.is_part(statement) || self.follows_other_words(statement, start) {
            return None;
        }
        if statement.within.is_empty() {
            return Some(statement.formulas.clone());
        }
        let parents = self.candidates(index);
        if parents.is_empty() {
            return (!statement.formulas.is_empty()).then(|| statement.formulas.clone());
        }
        let of = |key: &String| statement.within.iter().find(|(name, _)| name == key).map(|(_, readings)| readings.clone());
        let each: Vec<Vec<Vec<Term>>> = parents.iter().filter_map(of).collect();
        let together = disjoint_sum(&each);
        Some(each.into_iter().flatten().chain(together).collect())
    }

    /// Whether the nearest statement that an outcome may belong to is of something else.
    fn belongs_to_foreign(&self, statement: &Statement) -> bool {
        let is_parent = |parent: &&Parent| statement.within.iter().any(|(key, _)| *key == parent.key);
        self.state.parents.iter().rev().find(is_parent).is_some_and(|parent| parent.foreign)
    }

    /// The keys of the statements that an outcome may belong to, the nearest first.
    fn candidates(&self, index: usize) -> Vec<String> {
        let (state, statement) = (&self.state, &self.outlook.narrative.statements[index]);
        let is_parent = |parent: &&Parent| statement.within.iter().any(|(key, _)| *key == parent.key);
        let unused = |parent: &&Parent| !state.used.iter().any(|(used, key)| *used == index && *key == parent.key);
        let open: Vec<&Parent> = state.parents.iter().rev().filter(is_parent).collect();
        let Some(nearest) = open.first() else { return Vec::new() };
        // In brackets right behind it, or in a sentence of its own, only the nearest is meant.
        if nearest.sentence != state.sentence || state.depth > nearest.depth {
            return vec![nearest.key.clone()];
        }
        let mut keys: Vec<String> = Vec::new();
        for parent in open.iter().filter(|parent| parent.sentence == state.sentence).filter(|parent| unused(parent)) {
            if !keys.contains(&parent.key) {
                keys.push(parent.key.clone());
            }
        }
        keys
    }

    fn has_subject(&self, statement: &Statement) -> bool {
        match statement.topic {
            Topic::Own => true,
            Topic::Needed => self.state.subject == Subject::Ours,
            Topic::Usual => self.state.subject != Subject::Other || !self.state.named_here,
        }
    }

    fn has_unit(&self, statement: &Statement, figure: &Figure) -> bool {
        let unit = &self.line.text[figure.unit.clone()];
        if unit.is_empty() {
            return self.line.ends_at(figure.span.end);
        }
        let units = if statement.units.is_empty() { &self.outlook.vocabulary.units } else { &statement.units };
        units.iter().any(|known| known == unit)
    }

    /// Whether a clause is about another time, another body, or a difference.
    fn is_elsewhere(&self, start: usize) -> bool {
        if self.state.elsewhere || self.state.others {
            return true;
        }
        let clause = self.line.clause_start(start);
        self.line.within(Role::Comparison, clause, start).next().is_some() || self.is_other_body(&self.line.text[clause..start])
    }

    /// Whether words before a verb end in the name of another body: "县教育局|共收到".
    fn is_other_body(&self, before: &str) -> bool {
        if self.outlook.names.is_empty() {
            return false;
        }
        let vocabulary = self.outlook.vocabulary;
        let mut before = before;
        // Before most verbs nothing stands but words without meaning.
        while !before.is_empty() {
            let Some(word) = vocabulary.neutral.iter().chain(&vocabulary.here).find(|word| before.ends_with(word.as_str())) else { break };
            before = &before[..before.len() - word.len()];
        }
        if before.is_empty() {
            return false;
        }
        let ends = |words: &[String]| words.iter().any(|word| before.ends_with(word.as_str()));
        ends(&vocabulary.body_ends) && !ends(&vocabulary.itself) && !self.outlook.names.iter().any(|name| common_end(name, before) >= 3)
    }

    /// Among the parts of a whole, the whole's own words mean a part.
    fn is_part(&self, statement: &Statement) -> bool {
        let Some((whole, _)) = self.state.part_of else { return false };
        let whole = &self.outlook.narrative.statements[whole];
        !statement.key.is_empty() && (statement.key == whole.key || whole.not_parts.contains(&statement.key))
    }

    fn follows_other_words(&self, statement: &Statement, start: usize) -> bool {
        if statement.not_after.is_empty() {
            return false;
        }
        let before = self.clause_before(start);
        // "办理政府信息公开行政复议3件" is about disclosure after all.
        let ours = statement.topic == Topic::Own && self.is_ours(start);
        !ours && statement.not_after.iter().any(|word| before.contains(word.as_str()))
    }

    /// The clause before a place; a remark or a quotation without figures does not break it: "指导乡镇（街道）|办理".
    fn clause_before(&self, start: usize) -> &str {
        let text = self.line.text;
        let mark = self.line.mark_before(start);
        let opening = [('）', '（'), ('”', '“')].into_iter().find(|(close, _)| text[..mark].ends_with(*close));
        let opened = opening.and_then(|(_, open)| text[..mark].rfind(open)).filter(|open| self.line.figures_within(*open, mark).is_empty());
        &text[opened.map_or(mark, |open| self.line.mark_before(open))..start]
    }

    /// Whether the clause before a place is about the form's subject.
    fn is_ours(&self, start: usize) -> bool {
        let before = self.clause_before(start);
        before.contains("信息公开") || self.outlook.narrative.topic.iter().any(|word| before.contains(word.as_str()))
    }

    /// A share in per cent, behind the figure it belongs to or right behind the words.
    fn share(&mut self, figure: &Figure, last: Option<Last>) {
        let statements = &self.outlook.narrative.statements;
        let behind = last.filter(|last| self.line.is_filled(last.end, figure.span.start, Some(Role::Share)));
        let (start, statement, readings) = match behind {
            Some(last) => (last.start, last.statement, last.readings),
            None => {
                let Some(found) = self.before_share(figure) else { return };
                found
            }
        };
        let wholes = &statements[statement].shares;
        let readings: Vec<Meaning> =
            readings.iter().flat_map(|part| wholes.iter().map(move |whole| Meaning::Share(part.clone(), whole.clone()))).collect();
        if !readings.is_empty() {
            let quote = start..figure.span.end;
            self.claims.push(Claim { quote, value: figure.value, precision: figure.precision, readings });
        }
    }

    /// The statement whose words stand before a share: where they begin, and its readings.
    fn before_share(&self, figure: &Figure) -> Option<(usize, usize, Vec<Vec<Term>>)> {
        let line = self.line;
        let until = line.words.partition_point(|hit| hit.end <= figure.span.start);
        let joined = |hit: &&Hit<'a>| line.is_filled(hit.end, figure.span.start, Some(Role::Share));
        let mut hits = line.words[until.saturating_sub(6)..until].iter().rev().take_while(joined).peekable();
        while let Some(hit) = hits.next() {
            // "不予公开的答复占18%": 答复 means something only where no better word stands before it.
            if hit.is(Role::Neutral) && hits.peek().is_some_and(|better| better.statements().next().is_some()) {
                continue;
            }
            return hit.statements().find_map(|index| Some((hit.start, index, self.accept(index, hit.start, None)?)));
        }
        None
    }

    /// "没有……" before the words, "……均未发生" behind them.
    fn nothing(&mut self, index: usize, hit: &Hit<'a>) {
        let line = self.line;
        let chained = self.state.zero.clone().filter(|zero| line.is_filled(zero.end, hit.start, None)).map(|zero| zero.start);
        let clause = line.clause_start(hit.start);
        let negation = self
            .line
            .within(Role::Nothing, clause, hit.start)
            .filter(|word| self.is_free(word))
            .find(|word| line.is_filled(word.end, hit.start, None));
        let start = negation.map(|word| word.start).or(chained);
        if let Some(start) = start
            && (line.reaches_end(hit.end) || joined(line.text, hit.end))
        {
            self.state.zero = Some(start..hit.end);
            self.claim_nothing(index, hit, start.min(hit.start));
            return;
        }
        let behind = line.within(Role::NothingAfter, hit.end, (hit.end + 60).min(line.text.len()));
        let behind = behind.filter(|word| line.is_filled(hit.end, word.start, None) && line.ends_at(word.end)).map(|word| word.end).next();
        let joined_to = |(_, span): &(usize, Span)| line.is_filled(span.end, hit.start, None);
        self.state.waiting.retain(joined_to);
        match behind {
            Some(end) => {
                for (earlier, span) in std::mem::take(&mut self.state.waiting) {
                    self.claim_zero(earlier, span.start..end, span.start);
                }
                self.claim_zero(index, hit.start..end, hit.start);
            }
            None => self.state.waiting.push((index, hit.start..hit.end)),
        }
    }

    /// Whether a negation is no part of a longer word (无法提供, 未经复议).
    fn is_free(&self, negation: &Hit<'_>) -> bool {
        let inside = |word: &&Hit<'_>| word.start <= negation.start && word.end >= negation.end;
        let until = self.line.words.partition_point(|word| word.start <= negation.start);
        self.line.words[..until].last().filter(inside).is_none_or(|word| word.is(Role::Nothing) || word.is(Role::NothingAfter))
    }

    fn claim_nothing(&mut self, index: usize, hit: &Hit<'a>, start: usize) {
        self.claim_zero(index, start..hit.end, hit.start);
    }

    fn claim_zero(&mut self, index: usize, quote: Span, start: usize) {
        let statement = &self.outlook.narrative.statements[index];
        // The subject may stand behind the verb: 未收到|政府信息公开申请.
        let named = self.line.within(Role::Topic, quote.start, (quote.end + 60).min(self.line.text.len())).next();
        let subject = self.state.subject;
        if statement.topic == Topic::Needed && named.is_some() {
            self.state.subject = Subject::Ours;
        }
        if let Some(readings) = self.accept(index, start, None) {
            let quote = named
                .filter(|topic| topic.end > quote.end && statement.topic == Topic::Needed)
                .map_or(quote.clone(), |topic| quote.start..topic.end);
            let readings: Vec<Meaning> = readings.into_iter().map(Meaning::Sum).collect();
            match self.claims.last_mut() {
                // "未收到……提出的申请" says one thing with two verbs.
                Some(last) if last.quote.start == quote.start && last.value.is_zero() && last.readings == readings => {
                    last.quote.end = last.quote.end.max(quote.end);
                }
                _ => self.claims.push(Claim { quote, value: Number::ZERO, precision: Number::ONE, readings }),
            }
        }
        self.state.subject = subject;
    }
}

/// "部分公开的一件", "有一件不予公开": one among others, not a count.
fn is_indefinite(figure: &Figure, gap: &str) -> bool {
    figure.han && (gap.ends_with('的') || figure.value == Number::ONE && gap.ends_with('有'))
}

/// Whether "本年" at a place ends a span of years: "2021年至|本年".
fn ends_range(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(['至', '到', '-', '—', '–', '～', '~', '－']);
    before.len() < at && before.strip_suffix('年').unwrap_or(before).ends_with(|c: char| c.is_ascii_digit() || c == '上')
}

/// Whether words are joined to the next by "、" or "和".
fn joined(text: &str, at: usize) -> bool {
    ["、", "和", "及", "或", "与", "以及"].iter().any(|word| text[at..].starts_with(word))
}

/// How many characters two texts have in common at their ends.
fn common_end(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(a, b)| a == b).count()
}

/// The sum over several parents, if their cells are different ones: "复议2件、诉讼1件，维持3件".
fn disjoint_sum(each: &[Vec<Vec<Term>>]) -> Option<Vec<Term>> {
    let mut sum: Vec<Term> = Vec::new();
    let mut parts = 0;
    // The outermost parent was opened first and stands last.
    for terms in each.iter().rev().filter_map(|readings| readings.first()) {
        if terms.iter().all(|term| sum.iter().all(|known| known.cell != term.cell)) {
            sum.extend(terms);
            parts += 1;
        }
    }
    (parts > 1).then_some(sum)
}

//! One report, stage by stage, from its file to its page; the demo site's pages as a whole.
//!
//! `cargo bench` prints medians. Whole builds against other generators: `benches/compare.py`.
#![expect(clippy::unwrap_used, reason = "a bench may stop at a fault")]

use std::path::Path;
use std::sync::Arc;

use divan::{Bencher, black_box};
use gongkai::archive::ReportIndex;
use gongkai::form::Forms;
use gongkai::front_matter::split;
use gongkai::load::{Loader, read_theme};
use gongkai::pages::{AgencyPage, Compared, ReportPage, Route, Sentences, Written};
use gongkai::render::{Renderer, to_html};
use gongkai::report::{Body, read, read_body};
use gongkai::rules::{Levels, Prose, ReportContext, check_report, check_text, sketch};
use gongkai::site::Site;
use gongkai::text::decode;
use gongkai::theme::Theme;
use gongkai::write::Output;

/// The program's own: with another one the figures would be another program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

/// A report of the demo with prose and figures of the usual size.
const REPORT: &str = include_str!("../content/shili/gongan/2023.md");

fn renderer() -> Renderer {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let site = Loader::new(root, jiff::civil::date(2026, 1, 30)).load(&|_, _| ()).unwrap().site;
    let files = read_theme(root, &site.config.theme).unwrap();
    let theme = Theme::new(&files, &site.config).unwrap();
    Renderer::new(site, Arc::new(theme), Arc::new(files))
}

fn body(text: &str, year: u16) -> Body {
    read_body(text, split(text).0.body, Forms::builtin().for_year(year))
}

fn index(site: &Site, year: u16) -> ReportIndex {
    site.archive.find_report(site.archive.find_agency("shili/gongan").unwrap(), year).unwrap()
}

#[divan::bench]
fn a_file_from_the_disk(bencher: Bencher<'_, '_>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/shili/gongan/2023.md");
    bencher.bench(|| decode(std::fs::read(black_box(&path)).unwrap()).text.len());
}

#[divan::bench]
fn b_front_matter_and_sections(bencher: Bencher<'_, '_>) {
    let forms = Forms::builtin();
    bencher.bench(|| read(black_box(REPORT), 2023, &forms));
}

/// The same where a row is written in an unusual way, so that the TOML parser reads all of it.
#[divan::bench]
fn b_front_matter_by_the_parser(bencher: Bencher<'_, '_>) {
    let forms = Forms::builtin();
    let text = REPORT.replacen(" = [", " = [ # 注\n", 1);
    bencher.bench(|| read(black_box(&text), 2023, &forms));
}

#[divan::bench]
fn c_prose_as_words(bencher: Bencher<'_, '_>) {
    let prose = split(REPORT).0.body;
    bencher.bench(|| Prose::of(black_box(REPORT), prose.clone()));
}

#[divan::bench]
fn d_rules_of_one_report(bencher: Bencher<'_, '_>) {
    let forms = Forms::builtin();
    let config = gongkai::config::Config::default();
    let (levels, _) = Levels::of(&config);
    let reading = read(REPORT, 2023, &forms);
    bencher.bench(|| {
        let prose = Prose::of(REPORT, reading.parts.body.clone());
        let context = ReportContext {
            report: &reading.report,
            text: REPORT,
            body: &reading.body,
            prose: reading.parts.body.clone(),
            words: &prose,
            locations: &reading.locations,
            agency: "shili/gongan",
            card: None,
            attachments: &[],
            pages: &|_| true,
            config: &config,
        };
        let mut faults = Vec::new();
        check_report(&context, &levels, &mut faults);
        faults
    });
}

#[divan::bench]
fn d_rules_of_any_text(bencher: Bencher<'_, '_>) {
    let (levels, _) = Levels::of(&gongkai::config::Config::default());
    bencher.bench(|| {
        let mut faults = Vec::new();
        check_text(black_box(REPORT), &levels, &mut faults);
        faults
    });
}

#[divan::bench]
fn e_sketch_of_own_words(bencher: Bencher<'_, '_>) {
    let forms = Forms::builtin();
    let prose = Prose::of(REPORT, split(REPORT).0.body);
    bencher.bench(|| sketch(black_box(&prose), forms.for_year(2023), None));
}

#[divan::bench]
fn f_page_data(bencher: Bencher<'_, '_>) {
    let (renderer, body) = (renderer(), body(REPORT, 2023));
    let (site, index) = (renderer.site(), index(renderer.site(), 2023));
    bencher.bench(|| ReportPage::of(site, black_box(index), REPORT, &body));
}

#[divan::bench]
fn f_page_data_of_an_agency(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    let site = renderer.site();
    let agency = site.archive.find_agency("shili/gongan").unwrap();
    bencher.bench(|| AgencyPage::of(site, black_box(agency)));
}

#[divan::bench]
fn f_what_changed(bencher: Bencher<'_, '_>) {
    const LAST: &str = include_str!("../content/shili/gongan/2022.md");
    let renderer = renderer();
    let archive = &renderer.site().archive;
    let [last, now] = [(LAST, 2022), (REPORT, 2023)].map(|(text, year)| {
        let report = archive.report(index(renderer.site(), year));
        (report, Sentences::of(text, &body(text, year), &report.form))
    });
    let [last, now] = [&last, &now].map(|(report, sentences)| Written { report, sentences });
    bencher.bench(|| Compared::between(black_box(last), black_box(now)));
}

#[divan::bench]
fn f_sentences_to_compare(bencher: Bencher<'_, '_>) {
    let (forms, body) = (Forms::builtin(), body(REPORT, 2023));
    bencher.bench(|| Sentences::of(black_box(REPORT), &body, forms.for_year(2023)));
}

#[divan::bench]
fn g_prose_as_html(bencher: Bencher<'_, '_>) {
    let prose = &REPORT[split(REPORT).0.body];
    bencher.bench(|| to_html(black_box(prose), "s1"));
}

/// The head, the frame and the foot of a page with hardly anything in it: what the template costs alone.
#[divan::bench]
fn g_template_of_an_empty_page(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    bencher.bench(|| renderer.render(black_box(&Route::NotFound)).unwrap());
}

#[divan::bench]
fn h_page_of_one_agency(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    let route = Route::Agency("shili/gongan".to_owned());
    bencher.bench(|| renderer.render(black_box(&route)).unwrap());
}

#[divan::bench]
fn i_file_of_a_page(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    let page = renderer.render(&Route::Report { agency: "shili/gongan".to_owned(), year: 2023 }).unwrap().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let output = Output::open(directory.path()).unwrap();
    let number = std::sync::atomic::AtomicUsize::new(0);
    let name = || format!("{}/index.html", number.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    bencher.with_inputs(name).bench_values(|name| output.put(&name, black_box(&page)).unwrap());
}

#[divan::bench]
fn h_page_of_one_report(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    let route = Route::Report { agency: "shili/gongan".to_owned(), year: 2023 };
    bencher.bench(|| renderer.render(black_box(&route)).unwrap());
}

#[divan::bench]
fn load_the_demo() -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    Loader::new(root, jiff::civil::date(2026, 1, 30)).load(&|_, _| ()).unwrap().site.archive.reports().len()
}

#[divan::bench]
fn render_the_demo(bencher: Bencher<'_, '_>) {
    let renderer = renderer();
    bencher.bench(|| renderer.routes().iter().filter_map(|route| renderer.render(route).unwrap()).map(|bytes| bytes.len()).sum::<usize>());
}

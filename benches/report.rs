//! Reading, checking and rendering one report; building the demo site's pages.
//!
//! `cargo bench` prints medians. Whole builds against other generators: `benches/compare.py`.
#![expect(clippy::unwrap_used, reason = "a bench may stop at a fault")]

use std::path::Path;
use std::sync::Arc;

use divan::{Bencher, black_box};
use gongkai::form::Forms;
use gongkai::load::{Loader, read_theme};
use gongkai::pages::Route;
use gongkai::render::Renderer;
use gongkai::report::read;
use gongkai::rules::{Levels, Prose, ReportContext, check_report};
use gongkai::theme::Theme;

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

#[divan::bench]
fn read_one_report(bencher: Bencher<'_, '_>) {
    let forms = Forms::builtin();
    bencher.bench(|| read(black_box(REPORT), 2023, &forms));
}

#[divan::bench]
fn check_one_report(bencher: Bencher<'_, '_>) {
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
fn render_one_report(bencher: Bencher<'_, '_>) {
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

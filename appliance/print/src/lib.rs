//! Sets papers: a typed document becomes pages, and pages become a PDF with its font inside.
//!
//! Nothing of a document is ever read as markup: the templates stand in this program, and a document reaches them as plain data.
//! There is no clock, no file and no network in here, so the same order always gives the same pages.

mod glyphs;
mod symbol;
mod world;

use paper::{MOST_FORMS, MOST_LINES, Order, Paper};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst::{World, WorldExt};
use typst_layout::{Page, PagedDocument};
use typst_pdf::PdfOptions;
use world::PaperWorld;

/// Why a paper was not set. What is shown of it never holds anything of the document.
#[derive(Debug, thiserror::Error)]
pub enum Unset {
    /// the document is longer than any paper may be
    #[error("the document has too many lines or forms")]
    TooLong,
    /// a template and its document do not fit together
    #[error("the template does not fit the document, at {at}")]
    Template {
        /// template and line
        at: String,
        /// in the typesetter's words, which may repeat the document: for tests only, never for a log
        said: String,
    },
}

/// A paper as pages.
#[derive(Debug)]
pub struct Typeset(PagedDocument);

/// Sets a paper.
pub fn typeset(order: &Order) -> Result<Typeset, Unset> {
    if is_too_long(&order.paper) {
        return Err(Unset::TooLong);
    }
    let world = PaperWorld::of(order);
    let warned = typst::compile::<PagedDocument>(&world);
    warned.output.map(Typeset).map_err(|errors| unset(&world, &errors))
}

impl Typeset {
    /// As a PDF.
    pub fn pdf(&self) -> Result<Vec<u8>, Unset> {
        let options = PdfOptions { creator: Smart::Custom(Some("Uketsuke".to_owned())), ..PdfOptions::default() };
        typst_pdf::pdf(&self.0, &options).map_err(|errors| {
            let said = errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ");
            Unset::Template { at: "PDF".to_owned(), said }
        })
    }

    /// The pages, for pictures of them.
    pub fn pages(&self) -> &[Page] {
        self.0.pages()
    }
}

fn is_too_long(paper: &Paper) -> bool {
    match paper {
        Paper::DayList(list) => list.rows.len() > MOST_LINES,
        Paper::MonthEnd(month) => month.rows.len() > MOST_LINES,
        Paper::BlankForms(forms) => forms.numbers.len() > MOST_FORMS,
        Paper::FaultReport(report) => report.happened.len() > MOST_LINES || report.parts.len() > MOST_LINES,
        Paper::CheckUp(check_up) => check_up.lines.len() > MOST_LINES,
        _ => false,
    }
}

fn unset(world: &PaperWorld, errors: &[SourceDiagnostic]) -> Unset {
    let at = errors.first().map(|error| place(world, error)).unwrap_or_default();
    let said = errors.iter().map(|error| format!("{}: {}", place(world, error), error.message));
    Unset::Template { at, said: said.collect::<Vec<_>>().join("; ") }
}

fn place(world: &PaperWorld, error: &SourceDiagnostic) -> String {
    let Some(file) = error.span.id() else { return "the order".to_owned() };
    let line = world.range(error.span).and_then(|range| {
        let source = world.source(file).ok()?;
        source.lines().byte_to_line(range.start)
    });
    format!("{}:{}", file.vpath().get_without_slash(), line.map_or(0, |line| line + 1))
}

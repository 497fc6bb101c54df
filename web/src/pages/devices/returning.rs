//! Recognising a card that comes again: how it stands, what the law says, and erasing everything kept for it.

use crate::app::App;
use crate::error::PageError;
use crate::lang::Lang;
use crate::port::RecognitionView;
use crate::show;
use crate::words::RecognitionWords;
use askama::Template;
use domain::Date;

/// The panel at the end of the device page.
#[derive(Template)]
#[template(path = "part/returning.html")]
pub struct Returning {
    w: &'static RecognitionWords,
    csrf: String,
    key: String,
    is_on: bool,
    cards: u32,
    patients: u32,
    /// the panel wants to be seen: it is on, or something is left
    open: bool,
    erasures: Vec<(String, String, u32)>,
}

impl Returning {
    /// As it stands now.
    pub async fn of(app: &App, lang: Lang, today: Date, csrf: &str, key: &str) -> Result<Returning, PageError> {
        let RecognitionView { is_on, cards, patients, erasures } = app.read(|desk| desk.recognition()).await?;
        let erasure =
            |erasure: crate::port::Erasure| (show::moment(lang, erasure.at, today), erasure.by, erasure.patients);
        Ok(Returning {
            w: RecognitionWords::of(lang),
            csrf: csrf.to_owned(),
            key: key.to_owned(),
            is_on,
            cards,
            patients,
            open: is_on || cards > 0,
            erasures: erasures.into_iter().map(erasure).collect(),
        })
    }
}

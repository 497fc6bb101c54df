//! How to use the reader, before anybody has to ask: the guide of its maker, which a site may replace (REQ-04 … 08).

use super::here::{TabletHere, tablets};
use super::page::{Shell, show};
use super::tongue::Tongue;
use crate::app::App;
use crate::error::{PageError, encode};
use crate::port::{GuideLine, ReaderGuide};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "tablet/guide.html")]
struct GuidePage {
    t: Shell,
    tongues: [Tongue; 7],
    /// code and name of each maker, while one is to be chosen
    makers: Vec<(String, String)>,
    model: String,
    maker: String,
    lines: Vec<String>,
}

/// Which maker, and in which language.
#[derive(Deserialize)]
pub struct Wish {
    model: Option<String>,
    lang: Option<String>,
}

/// `GET /tablet/guide`
pub async fn guide(State(app): State<App>, here: TabletHere, wish: Query<Wish>) -> Result<Response, PageError> {
    let guides = tablets(&app)?.guides();
    let tongue = wish.lang.as_deref().and_then(Tongue::from_code).unwrap_or_default();
    let named = wish.model.as_deref().and_then(|model| guides.iter().find(|guide| guide.model == model));
    let chosen = named.or_else(|| guides.first().filter(|_| guides.len() == 1));
    let name = |guide: &ReaderGuide| if tongue.is_japanese() { guide.name.ja.clone() } else { guide.name.en.clone() };
    let makers = guides.iter().map(|guide| (encode(&guide.model), name(guide)));
    let is_one_of_several = guides.len() > 1;
    show(&GuidePage {
        t: Shell::plain(&app, Some(&here), tongue, |w| w.guide_link),
        tongues: Tongue::ALL,
        makers: makers.filter(|_| chosen.is_none()).collect(),
        model: chosen.map(|guide| encode(&guide.model)).unwrap_or_default(),
        maker: chosen.filter(|_| is_one_of_several).map(name).unwrap_or_default(),
        lines: chosen.map(|guide| guide.lines.iter().map(|line| said(line, tongue)).collect()).unwrap_or_default(),
    })
}

/// A line in a language; English stands in for what the guide does not say, Japanese for easy Japanese.
fn said(line: &GuideLine, tongue: Tongue) -> String {
    let other = line.others.iter().find(|(code, _)| code == tongue.code()).map(|(_, text)| text.clone());
    match tongue {
        Tongue::Japanese => line.text.ja.clone(),
        Tongue::Easy => other.unwrap_or_else(|| line.text.ja.clone()),
        _ => other.unwrap_or_else(|| line.text.en.clone()),
    }
}

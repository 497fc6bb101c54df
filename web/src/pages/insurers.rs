//! The directory of insurers: whom to phone, as the clinic brings it.

use super::{go_on, hand_in};
use crate::app::App;
use crate::error::PageError;
use crate::form::fields::INSURERS;
use crate::form::{Summary, Typed};
use crate::frame::{Frame, page};
use crate::insurer_list;
use crate::port::{DeskCommand, InsurerContact};
use crate::session::{Posted, SignedIn};
use crate::words::InsurerWords;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::number::looks_like_my_number;

#[derive(Template)]
#[template(path = "insurers.html")]
struct InsurersPage {
    page: Frame,
    w: &'static InsurerWords,
    summary: Summary,
    label: &'static str,
    hint: &'static str,
    typed: String,
    contacts: Vec<InsurerContact>,
}

/// `GET /follow-ups/insurers`
pub async fn insurers(State(app): State<App>, who: SignedIn) -> Result<Response, PageError> {
    show_page(&app, &who, &Typed::default()).await
}

/// `POST /follow-ups/insurers`: another list instead of the one before.
pub async fn import(State(app): State<App>, posted: Posted) -> Result<Response, PageError> {
    let Posted { who, mut typed } = posted;
    let list = typed.value(INSURERS.name).to_owned();
    match insurer_list::parse(&list) {
        Ok(contacts) if list.chars().count() <= INSURERS.max => {
            if hand_in(&app, &who, &mut typed, DeskCommand::ImportInsurers(contacts), |_| String::new())
                .await?
                .is_some()
            {
                return Ok(go_on("/follow-ups/insurers?saved=1"));
            }
        }
        Ok(_) => typed.refuse(INSURERS.name, INSURERS.too_long()),
        Err(complaints) => complaints.into_iter().for_each(|text| typed.refuse(INSURERS.name, text)),
    }
    if list.lines().any(looks_like_my_number) {
        typed.forget(INSURERS.name);
    }
    show_page(&app, &who, &typed).await
}

async fn show_page(app: &App, who: &SignedIn, typed: &Typed) -> Result<Response, PageError> {
    let contacts = app.read(|desk| desk.insurers()).await?;
    let w = InsurerWords::of(who.lang);
    let frame = Frame::of(app, who, "follow-ups", w.title);
    page(&InsurersPage {
        summary: Summary::of("list", typed, who.lang),
        label: INSURERS.label(who.lang),
        hint: INSURERS.hint_in(who.lang),
        typed: typed.value(INSURERS.name).to_owned(),
        page: if typed.is_fine() { frame } else { frame.held() },
        contacts,
        w,
    })
}

//! Somebody who was checked in today already: said before anything is saved, and decided by staff.

use crate::app::App;
use crate::error::PageError;
use crate::form::Typed;
use crate::lang::Lang;
use crate::pages::key_of;
use crate::port::{BoardRow, CheckIn, DeskCommand};
use crate::session::SignedIn;
use crate::show;
use crate::words::ApartWords;
use domain::kana::kana_key;
use domain::text::Text;
use domain::visit::{VisitCommand, VisitKeptApart, VisitStatus};

/// What was found, and the button that goes on all the same.
pub struct Again {
    /// the patient that was chosen; empty for a new one
    pub patient: String,
    /// the visits staff are told of
    pub known: String,
    /// address and description of each
    pub visits: Vec<(String, String)>,
}

/// Goes on with the command, or says what is there. Staff who were told and go on have said that these are other visits. A form that
/// was sent before is no second check-in.
pub async fn look_for(
    app: &App,
    who: &SignedIn,
    typed: &mut Typed,
    command: DeskCommand,
) -> Result<Result<DeskCommand, Again>, PageError> {
    let DeskCommand::CheckIn(mut check_in) = command else { return Ok(Ok(command)) };
    let (account, key) = (who.session.account.clone(), key_of(typed));
    let (board, was_kept) = app
        .read(move |desk| {
            let was_kept = key.map_or(Ok(false), |key| desk.was_kept(&account, &key))?;
            Ok((desk.board(desk.today())?, was_kept))
        })
        .await?;
    let there: Vec<BoardRow> = board.rows.into_iter().filter(|row| is_same(row, &check_in)).collect();
    let is_told = |row: &&BoardRow| typed.value("again").split_whitespace().any(|known| known == row.visit.as_str());
    if was_kept || there.iter().all(|row| is_told(&row)) {
        for row in there.iter().filter(is_told) {
            let reason = "受付時に職員が別の受付と確認".to_owned();
            check_in.commands.push(VisitCommand::KeepApart(VisitKeptApart { other: row.visit.clone(), reason }));
        }
        return Ok(Ok(DeskCommand::CheckIn(check_in)));
    }
    let (ja, en) = (ApartWords::of(Lang::Ja), ApartWords::of(Lang::En));
    typed.refuse("", Text::new(ja.again, en.again));
    let known: Vec<&str> = there.iter().map(|row| row.visit.as_str()).collect();
    Ok(Err(Again {
        patient: check_in.patient.as_ref().map(ToString::to_string).unwrap_or_default(),
        known: known.join(" "),
        visits: there.iter().map(|row| (format!("/visits/{}", row.visit), line(row))).collect(),
    }))
}

fn line(row: &BoardRow) -> String {
    let counter = row.counter.clone().unwrap_or_default();
    let name = row.name.clone().unwrap_or_default();
    format!("{} {name} {} {counter}", row.number, show::time(row.opened_at)).trim().to_owned()
}

/// The same patient, or the same kana and birth date.
fn is_same(row: &BoardRow, check_in: &CheckIn) -> bool {
    let ended = matches!(row.status, VisitStatus::Voided | VisitStatus::Merged | VisitStatus::LeftWithoutCare);
    let person = &check_in.person;
    let kana = |kana: &Option<String>| kana.as_deref().map(kana_key).filter(|key| !key.is_empty());
    let same_name = kana(&row.name_kana).is_some() && kana(&row.name_kana) == kana(&person.name_kana);
    let same_birth = row.birth_date.is_some() && row.birth_date == person.birth_date;
    let same_patient = check_in.patient.is_some() && row.patient == check_in.patient;
    !ended && (same_patient || (same_name && same_birth))
}

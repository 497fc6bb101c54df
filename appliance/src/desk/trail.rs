//! What the trail says of commands and of looks.

use crate::store::TrailEntry;
use domain::fact::Author;
use domain::found_card::FoundCardCommand as FoundStep;
use domain::waiting::TicketCommand;
use web::port::{Account, ConsentCommand, DeskCommand, FoundCardCommand, LineCommand, Saved, Viewed};

/// The code of a command.
pub(super) fn what(command: &DeskCommand) -> &'static str {
    match command {
        DeskCommand::CheckIn(_) => "check-in",
        DeskCommand::Visit { .. } => "visit",
        DeskCommand::AskByNumber { .. } => "ask",
        DeskCommand::Patient { .. } => "patient",
        DeskCommand::LookUpHistory(_) => "history",
        DeskCommand::Job(_) => "job",
        DeskCommand::ClaimAnswer { .. } => "claim-answer",
        DeskCommand::EraseCardTokens => "erase-cards",
        DeskCommand::TurnDisasterMode { .. } => "disaster-mode",
        DeskCommand::Apart(_) => "apart",
        DeskCommand::ForgetPatient(_) => "forget-patient",
        DeskCommand::Claims(_) => "claims",
        DeskCommand::AskAgainAll(_) => "ask",
        DeskCommand::ImportInsurers(_) => "insurers",
        DeskCommand::Counters(_) => "counters",
        DeskCommand::Line(command) => match command {
            LineCommand::Take { .. } => "number-taken",
            LineCommand::CallNext { .. } => "number-called",
            LineCommand::Number { command, .. } => match command {
                TicketCommand::Call(_) => "number-called",
                TicketCommand::Park(..) => "number-parked",
                TicketCommand::ComeBack => "number-back",
                TicketCommand::Serve(_) => "number-served",
                TicketCommand::Miss => "number-missed",
                TicketCommand::Leave(_) => "number-left",
            },
        },
        DeskCommand::FoundCards(command) => match command {
            FoundCardCommand::Enter(_) => "card-found",
            FoundCardCommand::Change { command, .. } => match command {
                FoundStep::NameOwner(_) => "card-owner",
                FoundStep::Call(_) => "card-called",
                FoundStep::HandBack(_) => "card-back",
                FoundStep::GiveAway(_) => "card-given",
                FoundStep::Mistake(_) => "card-mistake",
            },
        },
        DeskCommand::Consents(command) => match command {
            ConsentCommand::Enter(_) => "consent-entered",
            ConsentCommand::See { .. } => "consent-seen",
            ConsentCommand::End { .. } => "consent-ended",
        },
    }
}

/// The line about a command that was done.
pub(super) fn entry(what: &'static str, by: &Author, counter: &str, saved: &Saved) -> TrailEntry {
    TrailEntry {
        what,
        author: by.as_str().to_owned(),
        counter: counter.to_owned(),
        patient: saved.patient.as_ref().map(ToString::to_string),
        visit: saved.visit.as_ref().map(ToString::to_string),
        detail: String::new(),
    }
}

/// The line about a look.
pub(super) fn looked(by: &Account, viewed: &Viewed) -> TrailEntry {
    let (what, patient, visit) = match viewed {
        Viewed::Board => ("viewed-board", None, None),
        Viewed::Visit(visit) => ("viewed-visit", None, Some(visit.to_string())),
        Viewed::Patient(patient) => ("viewed-patient", Some(patient.to_string()), None),
        Viewed::Search => ("searched", None, None),
        Viewed::List => ("viewed-list", None, None),
        Viewed::File => ("took-file", None, None),
        Viewed::Bundle => ("took-bundle", None, None),
        Viewed::Trail => ("viewed-trail", None, None),
    };
    let (author, counter) = (by.author.as_str().to_owned(), by.counter.clone());
    TrailEntry { what, author, counter, patient, visit, detail: String::new() }
}

//! The waiting line: numbers handed out once per day and box, called, parked, served.

use super::work::{Declined, Work};
use crate::store::{DocumentId, Loaded};
use domain::counter::{CounterFact, Counters, LetterTaken};
use domain::fact::Author;
use domain::text::Text;
use domain::waiting::{NumberTaken, TicketCommand, TicketFact, TicketId, TicketState, TicketStatus, short_words};
use web::port::LineCommand;

/// Most numbers of a day and box.
const MOST_NUMBERS: u32 = 2_000;

impl Work<'_> {
    /// Does what somebody wants with the line; the id of the number it was about.
    pub(super) fn command_line(&mut self, by: &Author, command: LineCommand) -> Result<String, Declined> {
        let ticket = match command {
            LineCommand::Take { name, counter } => self.take_number(by, name.as_deref(), counter)?,
            LineCommand::CallNext { counter } => self.call_next(by, counter)?,
            LineCommand::Number { ticket, command, counter } => {
                self.change_number(by, &ticket, command, Some(&counter))?;
                ticket
            }
        };
        Ok(ticket.to_string())
    }

    fn take_number(&mut self, by: &Author, name: Option<&str>, counter: String) -> Result<TicketId, Declined> {
        let day = self.now.date_in_japan();
        let name = name.map_or(Ok(None), short_words).map_err(|why| refused("name", why))?;
        let letter = self.own_letter(by)?;
        let number = self.writing.reading().last_number(day, &letter)? + 1;
        if number > MOST_NUMBERS {
            return Err(Declined::refused("name", "今日の番号は2,000番までです。", "At most 2,000 numbers a day."));
        }
        let ticket = TicketId::new(self.new_id());
        let mut document = Loaded::new(&DocumentId::Ticket(ticket.clone()), self.author);
        let taken = NumberTaken { day, letter, number, name, counter: Some(counter) };
        self.writing.keep_last_number(&taken)?;
        self.append(&mut document, by, vec![TicketFact::Taken(taken)])?;
        self.project_number(&ticket)?;
        Ok(ticket)
    }

    /// The letter of this box; it takes one with its first number. Boxes that know of each other begin at different letters, so that
    /// two which cannot reach each other do not take the same.
    fn own_letter(&mut self, by: &Author) -> Result<String, Declined> {
        let (mut document, facts) = self.load::<CounterFact>(&DocumentId::Counters)?;
        let counters = Counters::fold(facts);
        let of_box = self.writing.own_id().to_string();
        if let Some(letter) = counters.letter(&of_box) {
            return Ok(letter.to_owned());
        }
        let letter = counters.free_letter(self.writing.own_rank());
        let taken = LetterTaken { of_box, letter: letter.clone() };
        self.append(&mut document, by, vec![CounterFact::LetterTaken(taken)])?;
        Ok(letter)
    }

    fn call_next(&mut self, by: &Author, counter: String) -> Result<TicketId, Declined> {
        let line = self.writing.reading().line(self.now.date_in_japan())?;
        let called = |state: &TicketState| state.status == TicketStatus::Called && state.called_to.contains(&counter);
        if let Some(still) = line.iter().find(|item| called(&item.state)) {
            let label = &still.state.label;
            return Err(refused(
                "line",
                Text::new(
                    format!("{label}を呼んでいます。先に受付・保留・不在のどれかを選んでください。"),
                    format!("{label} is called here. First serve it, let it wait aside, or note that nobody came."),
                ),
            ));
        }
        let Some(next) = line.into_iter().find(|item| item.state.status == TicketStatus::Waiting) else {
            return Err(Declined::refused("line", "待っている番号はありません。", "No number waits."));
        };
        self.change_number(by, &next.ticket, TicketCommand::Call(counter.clone()), Some(&counter))?;
        Ok(next.ticket)
    }

    /// Adds one step to a number.
    pub(super) fn change_number(
        &mut self,
        by: &Author,
        ticket: &TicketId,
        command: TicketCommand,
        counter: Option<&str>,
    ) -> Result<(), Declined> {
        let (mut document, facts) = self.load::<TicketFact>(&DocumentId::Ticket(ticket.clone()))?;
        let Some(state) = TicketState::fold(facts) else { return Err(Declined::NotFound("number")) };
        let command = tidied(command)?;
        let fact = state.command(command, counter).map_err(Declined::StateChanged)?;
        self.append(&mut document, by, vec![fact])?;
        self.project_number(ticket)
    }

    fn project_number(&mut self, ticket: &TicketId) -> Result<(), Declined> {
        let (_, facts) = self.load::<TicketFact>(&DocumentId::Ticket(ticket.clone()))?;
        match TicketState::fold(facts) {
            Some(state) => Ok(self.writing.project_ticket(ticket, &state)?),
            None => Ok(()),
        }
    }
}

fn tidied(command: TicketCommand) -> Result<TicketCommand, Declined> {
    let words =
        |note: Option<String>| note.as_deref().map_or(Ok(None), short_words).map_err(|why| refused("note", why));
    Ok(match command {
        TicketCommand::Park(reason, note) => TicketCommand::Park(reason, words(note)?),
        TicketCommand::Leave(note) => TicketCommand::Leave(words(note)?),
        other => other,
    })
}

fn refused(at: &str, why: Text) -> Declined {
    Declined::Refused { at: at.to_owned(), why }
}

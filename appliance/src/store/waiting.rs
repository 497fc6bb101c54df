//! Who waits and who consented from afar, in the store; and the counters, which have no rows.

use super::{DocumentId, Reading, Stored, Writing};
use domain::counter::{CounterFact, Counters};
use domain::fact::VisitId;
use domain::remote_consent::{ConsentId, ConsentState};
use domain::waiting::{NumberTaken, TicketFact, TicketId, TicketState, TicketStatus};
use domain::{Date, Timestamp};
use rusqlite::{OptionalExtension, params};
use web::port::{ConsentItem, LineItem};

impl Reading<'_> {
    /// The counters as the facts of all boxes tell them.
    pub fn counters(&self) -> Stored<Counters> {
        Ok(Counters::fold(self.facts::<CounterFact>(&DocumentId::Counters)?))
    }

    /// The numbers of a day, in the order they were taken.
    pub fn line(&self, day: Date) -> Stored<Vec<LineItem>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT ticket, content FROM waiting_number WHERE day = ?1 ORDER BY taken_at_ms, letter, number, ticket",
        )?;
        let rows = statement.query_map([day.to_string()], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut items = Vec::new();
        for row in rows {
            let (ticket, content): (String, String) = row?;
            items.push(LineItem { ticket: TicketId::new(ticket), state: super::from_text(&content)? });
        }
        Ok(items)
    }

    /// The first number that waits.
    pub fn next_waiting(&self, day: Date) -> Stored<Option<TicketId>> {
        let line = self.line(day)?;
        Ok(line.into_iter().find(|item| item.state.status == TicketStatus::Waiting).map(|item| item.ticket))
    }

    /// The highest number of a letter on a day that is known here.
    pub fn last_number(&self, day: Date, letter: &str) -> Stored<u32> {
        let mut statement = self.connection.prepare_cached(
            "SELECT max(coalesce((SELECT max(number) FROM waiting_number WHERE day = ?1 AND letter = ?2), 0), \
             coalesce((SELECT number FROM last_number WHERE day = ?1 AND letter = ?2), 0))",
        )?;
        Ok(statement.query_row([day.to_string().as_str(), letter], |row| row.get(0))?)
    }

    /// Consents somebody still waits for, the oldest first.
    pub fn consents(&self, now: Timestamp) -> Stored<Vec<ConsentItem>> {
        let mut statement =
            self.connection.prepare_cached("SELECT consent, content FROM remote_consent WHERE is_open = 1")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut items = Vec::new();
        for row in rows {
            let (consent, content): (String, String) = row?;
            let state: ConsentState = super::from_text(&content)?;
            if state.is_shown(now) {
                items.push(ConsentItem { consent: ConsentId::new(consent), state });
            }
        }
        items.sort_by(|a, b| {
            (a.state.entered.consented_at, &a.consent).cmp(&(b.state.entered.consented_at, &b.consent))
        });
        Ok(items)
    }

    /// One consent.
    pub fn consent(&self, consent: &ConsentId) -> Stored<Option<ConsentState>> {
        let mut statement = self.connection.prepare_cached("SELECT content FROM remote_consent WHERE consent = ?1")?;
        let content: Option<String> = statement.query_row([consent.as_str()], |row| row.get(0)).optional()?;
        content.map(|content| super::from_text(&content)).transpose()
    }

    /// One number.
    pub fn ticket(&self, ticket: &TicketId) -> Stored<Option<TicketState>> {
        let mut statement = self.connection.prepare_cached("SELECT content FROM waiting_number WHERE ticket = ?1")?;
        let content: Option<String> = statement.query_row([ticket.as_str()], |row| row.get(0)).optional()?;
        content.map(|content| super::from_text(&content)).transpose()
    }

    /// The numbers and consents that led to a visit.
    pub fn arrivals_of(&self, visit: &VisitId) -> Stored<Vec<DocumentId>> {
        let mut statement =
            self.connection.prepare_cached("SELECT document FROM arrival_visit WHERE visit = ?1 ORDER BY document")?;
        let rows = statement.query_map([visit.as_str()], |row| row.get::<_, String>(0))?;
        let mut documents = Vec::new();
        for row in rows {
            documents.extend(DocumentId::from_text(&row?));
        }
        Ok(documents)
    }
}

impl Writing<'_> {
    /// Brings the row of a number to how it stands.
    pub fn project_ticket(&self, ticket: &TicketId, state: &TicketState) -> Stored<()> {
        let letter: String = state.label.chars().take_while(|c| !c.is_ascii_digit()).collect();
        let number: u32 = state.label[letter.len()..].parse().unwrap_or(0);
        self.transaction
            .prepare_cached(
                "INSERT OR REPLACE INTO waiting_number (ticket, day, letter, number, taken_at_ms, content) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                ticket.as_str(),
                state.day.to_string(),
                letter,
                number,
                state.taken_at.as_ms(),
                super::to_text(state)
            ])?;
        self.note_arrivals(&DocumentId::Ticket(ticket.clone()), &state.visits)
    }

    /// Brings the row of a consent to how it stands.
    pub fn project_consent(&self, consent: &ConsentId, state: &ConsentState) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO remote_consent (consent, is_open, content) VALUES (?1, ?2, ?3)")?
            .execute(params![consent.as_str(), state.is_open(), super::to_text(state)])?;
        self.note_arrivals(&DocumentId::Consent(consent.clone()), &state.visits)
    }

    /// Takes away the row of a number or consent of which nothing is left.
    pub(super) fn unproject_arrival(&self, document: &DocumentId) -> Stored<()> {
        let sql = match document {
            DocumentId::Ticket(_) => "DELETE FROM waiting_number WHERE ticket = ?1",
            _ => "DELETE FROM remote_consent WHERE consent = ?1",
        };
        let text = document.to_text();
        let id = text.split_once(':').map_or("", |(_, id)| id);
        self.transaction.prepare_cached(sql)?.execute([id])?;
        self.note_arrivals(document, &[])
    }

    fn note_arrivals(&self, document: &DocumentId, visits: &[VisitId]) -> Stored<()> {
        let document = document.to_text();
        self.transaction.prepare_cached("DELETE FROM arrival_visit WHERE document = ?1")?.execute([&document])?;
        for visit in visits {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO arrival_visit (document, visit) VALUES (?1, ?2)")?
                .execute([document.as_str(), visit.as_str()])?;
        }
        Ok(())
    }

    /// Remembers which number was handed out last.
    pub fn keep_last_number(&self, taken: &NumberTaken) -> Stored<()> {
        self.transaction
            .prepare_cached("INSERT OR REPLACE INTO last_number (id, day, letter, number) VALUES (1, ?1, ?2, ?3)")?
            .execute(params![taken.day.to_string(), taken.letter, taken.number])?;
        Ok(())
    }

    /// The place of this box among those the facility knows, in an order that is the same on all of them.
    pub fn own_rank(&self) -> usize {
        self.vault.membership().members().take_while(|(id, _)| *id != self.vault.id()).count()
    }

    /// Facts of a number as the record has them, folded.
    pub(super) fn ticket_of(&self, id: &DocumentId) -> Stored<Option<TicketState>> {
        Ok(TicketState::fold(self.reading().facts::<TicketFact>(id)?))
    }
}

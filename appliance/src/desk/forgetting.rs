//! Forgetting: what is past its period, and patients that are to be deleted.

use super::work::{Declined, Work};
use crate::schedule::is_impossible;
use crate::store::{DocumentId, ForgottenNote, StoreError, Stored, TakingIn, Writing, want_new_key};
use crate::vault::Vault;
use domain::Date;
use domain::fact::Author;
use domain::patient::PatientFact;
use domain::retention::KeptKind;
use rusqlite::{Connection, TransactionBehavior};
use sync::seal::forget::Forget;
use sync::seal::{KeyId, Month};
use web::port::{ForgetPatient, ForgottenWhy};

/// So many nights in a row the calendar must have gone on as calendars do before a key is destroyed: a clock that was set years ahead
/// by mistake must not cost anybody a record.
pub(crate) const STEADY_NIGHTS: u32 = 7;

/// Destroys keys, now that everything that was to live on is durable under others.
pub(super) fn destroy(connection: &mut Connection, vault: &Vault, keys: &[KeyId]) -> Stored<()> {
    if keys.is_empty() {
        return Ok(());
    }
    vault.destroy(keys)?;
    want_new_key(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Writing::inside(&transaction, vault).no_longer_doomed(keys)?;
    Ok(transaction.commit()?)
}

impl Work<'_> {
    fn taking_in(&self) -> TakingIn<'_> {
        TakingIn { rules: &self.settings.rules, now: self.now }
    }

    /// The nightly look. Visits go before patients, so that a patient is asked for only by visits that stay.
    pub(super) fn forget_what_is_due(&mut self) -> Result<(), Declined> {
        let today = self.now.date_in_japan();
        if is_impossible(self.now) || self.writing.look_at_calendar(today)? < STEADY_NIGHTS {
            return Ok(());
        }
        for held in self.writing.reading().held_months() {
            if self.is_over(held.kind, held.month, today) {
                let gone = self.writing.order_forgetting(&Forget::Keys(held.keys), self.taking_in())?;
                self.writing.keep_forgotten_note(&ForgottenNote {
                    at: self.now,
                    why: ForgottenWhy::Retention { kind: held.kind, month: held.month },
                    gone,
                    by: None,
                    asked_by: self.writing.own_id(),
                })?;
            }
        }
        let retention = &self.settings.rules.choices().retention;
        let months = retention.period(KeptKind::Visit, self.settings.site.kind, today).months;
        self.writing.drop_loose_ends_before(today.plus_months(-i32::from(months)))?;
        self.writing.shorten_chain(Month::of(today))?;
        Ok(())
    }

    fn is_over(&self, kind: KeptKind, month: Date, today: Date) -> bool {
        self.settings.rules.choices().retention.is_month_over(kind, self.settings.site.kind, month, today)
    }

    /// Deletes one patient with all visits, here and everywhere: under every number the person was entered.
    pub(super) fn forget_patient(&mut self, by: &Author, forget: &ForgetPatient) -> Result<(), Declined> {
        let document = DocumentId::Patient(forget.patient.clone());
        let records = self.writing.reading().records_of_person(&forget.patient)?;
        let visits = self.writing.reading().visits_of_person(&records)?;
        let is_known = match self.writing.reading().facts::<PatientFact>(&document) {
            Ok(facts) => !facts.is_empty(),
            Err(StoreError::Corrupt(_) | StoreError::Unreadable(_)) => true,
            Err(error) => return Err(error.into()),
        };
        if !is_known && visits.is_empty() {
            return Err(Declined::NotFound("patient"));
        }
        self.may_go(&visits.iter().map(|(_, day)| *day).collect::<Vec<_>>(), forget.despite_retention)?;
        let mut documents = Vec::new();
        for record in &records {
            documents.extend(self.writing.reading().found_cards_of(record)?);
        }
        documents.extend(records.into_iter().map(DocumentId::Patient));
        for (visit, _) in visits {
            documents.extend(self.writing.reading().arrivals_of(&visit)?);
            documents.push(DocumentId::Visit(visit));
        }
        let tags = self.writing.reading().tags(&documents)?;
        let gone = self.writing.order_forgetting(&Forget::Documents(tags), self.taking_in())?;
        self.writing.keep_forgotten_note(&ForgottenNote {
            at: self.now,
            why: ForgottenWhy::Patient(forget.reason),
            gone,
            by: Some(by.clone()),
            asked_by: self.writing.own_id(),
        })?;
        Ok(())
    }

    fn may_go(&self, days: &[Date], despite_retention: bool) -> Result<(), Declined> {
        let (today, site) = (self.now.date_in_japan(), self.settings.site.kind);
        let retention = &self.settings.rules.choices().retention;
        let kept =
            days.iter().map(|day| retention.kept_until(KeptKind::Visit, site, *day)).filter(|until| *until >= today);
        match kept.max() {
            Some(until) if !despite_retention => Err(Declined::refused(
                "despite_retention",
                &format!(
                    "保存期間の終わっていない受診の記録があります（最も長いものは{until}まで）。何も消していません。それでも消すときは、確認の欄にチェックを入れてください。"
                ),
                &format!(
                    "There are visits that must still be kept (the longest until {until}). Nothing was deleted. To delete all the same, tick the box that says so."
                ),
            )),
            _ => Ok(()),
        }
    }
}

//! Cards that were found at the site: left in the reader or on the counter (REQ-13). A small ledger of when, where and by whom, whose it
//! is as far as the patient record tells, and what became of it. Never what stands on the card.

use crate::date::{Date, Timestamp};
use crate::fact::{PatientId, Recorded, in_order};
use crate::number::looks_like_my_number;
use crate::text::Text;
use crate::waiting::short_words;
use crate::{codes, facts, identifier, record};

identifier! {
    /// Id of one card that was found.
    pub struct FoundCardId
}

codes! {
    /// What was found.
    pub enum FoundThing {
        /// マイナンバーカード
        MyNumberCard = "my_number_card",
        /// 資格確認書
        EligibilityCertificate = "eligibility_certificate",
        /// 診察券
        PatientCard = "patient_card",
        /// another card or paper of a patient
        Other = "other",
    }
}

codes! {
    /// Where it was found.
    pub enum FoundPlace {
        /// in the card reader
        Reader = "reader",
        /// on the counter
        Counter = "counter",
        /// in the waiting room
        WaitingRoom = "waiting_room",
        /// in a consulting or treatment room
        ConsultingRoom = "consulting_room",
        /// in front of the building or in the car park
        Outside = "outside",
        /// somewhere else
        Other = "other",
    }
}

codes! {
    /// How the person was identified who took it back.
    pub enum HandedHow {
        /// the photo on it was compared with the face
        Photo = "photo",
        /// name and birth date were said without being shown them
        NameAndBirth = "name_and_birth",
        /// clearly known from earlier visits
        KnownPerson = "known_person",
        /// family or helper, after a call to the owner
        AgreedByOwner = "agreed_by_owner",
    }
}

codes! {
    /// To whom it was given when nobody came for it.
    pub enum GivenTo {
        /// the police
        Police = "police",
        /// the municipality that issued it
        Municipality = "municipality",
        /// the insurer that issued it
        Insurer = "insurer",
    }
}

record! {
    /// A card was found.
    pub struct CardFound {
        /// on which day
        pub day: Date,
        /// what
        pub thing: FoundThing,
        /// where
        pub place: FoundPlace,
        /// where exactly, in words
        pub detail: Option<String>,
        /// who found it
        pub found_by: String,
        /// whose it is
        pub owner: Option<PatientId>,
    }
}

record! {
    /// Somebody found out whose it is.
    pub struct OwnerNamed {
        /// which patient
        pub owner: PatientId,
    }
}

record! {
    /// The owner was called.
    pub struct OwnerCalled {
        /// somebody answered who passes it on, or the owner
        pub is_reached: bool,
    }
}

record! {
    /// It was handed back.
    pub struct CardHandedBack {
        /// to whom
        pub to: String,
        /// how that person was identified
        pub how: HandedHow,
        /// by whom
        pub by: String,
    }
}

record! {
    /// It was given to an office.
    pub struct CardGivenAway {
        /// to which
        pub to: GivenTo,
        /// on which day
        pub on: Date,
        /// by whom
        pub by: String,
        /// number of the receipt, in words of the office
        pub receipt: Option<String>,
    }
}

record! {
    /// The entry was a mistake.
    pub struct FoundByMistake {
        /// why
        pub reason: String,
    }
}

facts! {
    /// Everything that can happen to a card that was found.
    pub enum FoundCardFact {
        /// found
        Found(CardFound) = "found",
        /// whose
        OwnerNamed(OwnerNamed) = "owner_named",
        /// owner called
        Called(OwnerCalled) = "called",
        /// handed back
        HandedBack(CardHandedBack) = "handed_back",
        /// given to an office
        GivenAway(CardGivenAway) = "given_away",
        /// entered by mistake
        Mistaken(FoundByMistake) = "mistaken",
    }
}

/// What somebody wants to do with a card that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FoundCardCommand {
    /// say whose it is
    NameOwner(PatientId),
    /// note a call
    Call(OwnerCalled),
    /// hand it back
    HandBack(CardHandedBack),
    /// give it to an office
    GiveAway(CardGivenAway),
    /// take the entry back
    Mistake(FoundByMistake),
}

record! {
    /// A card that was found, as its facts tell it.
    pub struct FoundCardState {
        /// how it was found
        pub found: CardFound,
        /// when that was written down
        pub at: Timestamp,
        /// whose it is
        pub owner: Option<PatientId>,
        /// how often the owner was called
        pub calls: u32,
        /// the last call
        pub last_call: Option<Timestamp>,
        /// the owner knows of it
        pub is_owner_told: bool,
        /// to whom it was handed back
        pub handed_back: Option<CardHandedBack>,
        /// to which office it was given
        pub given_away: Option<CardGivenAway>,
        /// why the entry was a mistake
        pub mistake: Option<String>,
        /// when it was settled
        pub settled_at: Option<Timestamp>,
    }
}

impl FoundCardState {
    /// Folds facts, in whatever order they are handed over; none before it was found.
    pub fn fold(mut facts: Vec<Recorded<FoundCardFact>>) -> Option<FoundCardState> {
        in_order(&mut facts);
        let first = facts.iter().position(|recorded| matches!(recorded.fact, FoundCardFact::Found(_)))?;
        let begun = facts.remove(first);
        let FoundCardFact::Found(found) = begun.fact else { return None };
        let mut state = FoundCardState {
            owner: found.owner.clone(),
            found,
            at: begun.at,
            calls: 0,
            last_call: None,
            is_owner_told: false,
            handed_back: None,
            given_away: None,
            mistake: None,
            settled_at: None,
        };
        facts.into_iter().for_each(|recorded| state.take(recorded.at, recorded.fact));
        Some(state)
    }

    /// Takes one more fact that is later than all the others. What was handed back stays so, whatever a box that did not know says.
    pub fn take(&mut self, at: Timestamp, fact: FoundCardFact) {
        match fact {
            FoundCardFact::OwnerNamed(named) => self.owner = Some(named.owner),
            FoundCardFact::Called(called) => {
                self.calls += 1;
                self.last_call = Some(at);
                self.is_owner_told |= called.is_reached;
            }
            FoundCardFact::HandedBack(back) if self.handed_back.is_none() => {
                self.handed_back = Some(back);
                self.settled_at.get_or_insert(at);
            }
            FoundCardFact::GivenAway(given) if self.given_away.is_none() => {
                self.given_away = Some(given);
                self.settled_at.get_or_insert(at);
            }
            FoundCardFact::Mistaken(mistake) if self.mistake.is_none() => {
                self.mistake = Some(mistake.reason);
                self.settled_at.get_or_insert(at);
            }
            _ => {}
        }
    }

    /// Whether the site still holds it.
    pub const fn is_open(&self) -> bool {
        self.settled_at.is_none()
    }

    /// The fact a command makes; in words, where and why it cannot be.
    pub fn command(&self, command: FoundCardCommand, today: Date) -> Result<FoundCardFact, (&'static str, Text)> {
        if !self.is_open() {
            let why = Text::new(
                "このカードの件は済んでいます。画面の新しい状態を見てください。",
                "This card is settled. Look at its new state.",
            );
            return Err(("card", why));
        }
        Ok(match command {
            FoundCardCommand::NameOwner(owner) => FoundCardFact::OwnerNamed(OwnerNamed { owner }),
            FoundCardCommand::Call(called) => FoundCardFact::Called(called),
            FoundCardCommand::HandBack(back) => FoundCardFact::HandedBack(CardHandedBack {
                to: name("to", &back.to)?,
                by: name("by", &back.by)?,
                how: back.how,
            }),
            FoundCardCommand::GiveAway(given) => {
                if given.on < self.found.day || given.on > today {
                    let why = Text::new(
                        "届けた日は、見つけた日から今日までの日付です。",
                        "The day lies between the day it was found and today.",
                    );
                    return Err(("on", why));
                }
                let receipt = given.receipt.as_deref().map_or(Ok(None), |text| words("receipt", text))?;
                FoundCardFact::GivenAway(CardGivenAway { by: name("by", &given.by)?, receipt, ..given })
            }
            FoundCardCommand::Mistake(mistake) => {
                FoundCardFact::Mistaken(FoundByMistake { reason: name("reason", &mistake.reason)? })
            }
        })
    }
}

impl CardFound {
    /// The entry as it is kept; in words, where and why it cannot be.
    pub fn checked(self, today: Date) -> Result<CardFound, (&'static str, Text)> {
        if self.day > today || self.day.days_until(today) > LONGEST_BACK_DAYS {
            let why = Text::new(
                "見つけた日は、今日までの90日以内の日付です。",
                "The day it was found lies within the last 90 days.",
            );
            return Err(("day", why));
        }
        let detail = self.detail.as_deref().map_or(Ok(None), |text| words("detail", text))?;
        let found_by = name("found_by", &self.found_by)?;
        Ok(CardFound { detail, found_by, ..self })
    }
}

/// How far back a card may be entered, days.
const LONGEST_BACK_DAYS: i32 = 90;

/// Words that must be there.
fn name(at: &'static str, text: &str) -> Result<String, (&'static str, Text)> {
    words(at, text)?.ok_or((at, Text::new("入力してください。", "Please fill this in.")))
}

/// Short words; nobody copies the number of a card.
fn words(at: &'static str, text: &str) -> Result<Option<String>, (&'static str, Text)> {
    if looks_like_my_number(text) {
        let why = Text::new(
            "12桁の個人番号は書かないでください。カードの番号は記録しません。",
            "Do not write a 12-digit My Number. No number of a card is recorded.",
        );
        return Err((at, why));
    }
    short_words(text).map_err(|why| (at, why))
}

#[cfg(test)]
mod tests;

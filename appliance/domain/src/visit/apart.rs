//! Check-ins that were written at several counters at once: what their facts say against each other, and one check-in that was entered
//! twice.

use super::state::VisitState;
use super::{CardSeen, PersonTaken, VisitFact};
use crate::apart::{Matter, Merge, MergeId, Saying, Says};
use crate::coverage::Coverage;
use crate::date::{Date, Timestamp};
use crate::eligibility::PersonFace;
use crate::evidence::EvidenceKind;
use crate::fact::{Author, FactId, Recorded, VisitId};
use crate::record;
use crate::text::Text;

record! {
    /// Somebody compared values that disagreed and said which one is right. What it changes stands beside it as facts of the usual kinds.
    pub struct Settled {
        /// what about
        pub matter: Matter,
        /// the fact that was right
        pub right: FactId,
        /// what it says
        pub value: Text,
        /// why
        pub reason: String,
    }
}

record! {
    /// The visit was not ended, or not a mistake, after all.
    pub struct Reopened {
        /// why
        pub reason: String,
    }
}

record! {
    /// The same visit had been entered twice.
    pub struct VisitMerged {
        /// which act; it stands in both visits
        pub merge: MergeId,
        /// the other one
        pub other: VisitId,
        /// this one goes on
        pub goes_on: bool,
        /// why
        pub reason: String,
    }
}

record! {
    /// They were two visits after all.
    pub struct VisitMergeUndone {
        /// which act is taken back
        pub merge: MergeId,
        /// why
        pub reason: String,
    }
}

record! {
    /// Another visit of the same day is another visit: two departments, or a second time.
    pub struct VisitKeptApart {
        /// the other one
        pub other: VisitId,
        /// why
        pub reason: String,
    }
}

record! {
    /// A fact of a visit that goes on in this one. It counts here for what is not known here yet.
    pub struct Carried {
        /// by which act
        pub merge: MergeId,
        /// from which visit
        pub from: VisitId,
        /// the fact's own id: it counts once, however often it is carried
        pub fact: FactId,
        /// when it was recorded there
        pub at: Timestamp,
        /// by whom
        pub by: Author,
        /// the fact
        pub what: Box<VisitFact>,
    }
}

/// What a fact of a visit says to the visit it goes on in: the fact itself, or one that came here the same way.
pub fn carried_fact(recorded: Recorded<VisitFact>, here: &VisitState) -> Option<Recorded<VisitFact>> {
    match recorded.fact {
        VisitFact::Carried(carried) if here.merges.brings_here(&carried.merge) => {
            Some(Recorded { id: carried.fact, at: carried.at, by: carried.by, fact: *carried.what })
        }
        VisitFact::DocumentPresented(_)
        | VisitFact::AttemptFailed(_)
        | VisitFact::CompanionCame(_)
        | VisitFact::CardSeen(_)
        | VisitFact::CardLost(_)
        | VisitFact::UnchangedSaid(_)
        | VisitFact::StaffDecided(_)
        | VisitFact::DeclarationTaken(_)
        | VisitFact::QuestionAsked(_)
        | VisitFact::AnswerReceived(_)
        | VisitFact::QuestionFailed(_)
        | VisitFact::LookupEntered(_)
        | VisitFact::AnswerWithheld(_)
        | VisitFact::PublicPayersTaken(_)
        | VisitFact::Accepted(_)
        | VisitFact::RatioChosen(_)
        | VisitFact::FullChargeAsked(_)
        | VisitFact::Reconciled(_)
        | VisitFact::FollowUpClosed(_) => Some(recorded),
        _ => None,
    }
}

impl VisitState {
    /// Takes what a fact says about other visits; known acts change nothing. An act that is taken back counts from the next folding.
    pub(super) fn take_merge(&mut self, fact: &VisitFact) {
        match fact {
            VisitFact::Merged(VisitMerged { merge, other, goes_on, .. }) => {
                self.merges.take(Merge { merge: merge.clone(), other: other.clone(), goes_on: *goes_on });
            }
            VisitFact::MergeUndone(undone) => self.merges.undo(undone.merge.clone()),
            VisitFact::KeptApart(kept) => self.merges.keep_apart(kept.other.clone()),
            _ => {}
        }
    }

    /// What this visit knows itself is not overruled; what it does not know is filled, and every question and answer counts.
    pub(super) fn take_carried(&mut self, carried: Carried) {
        let Carried { merge, fact, at, what, .. } = carried;
        if !self.merges.carry(&merge, &fact) {
            return;
        }
        match *what {
            VisitFact::DocumentPresented(document)
                if self.presented.iter().any(|known| known.kind == document.presented.kind) => {}
            VisitFact::CardSeen(seen) => {
                self.certificate_expiry = self.certificate_expiry.or(seen.certificate_expiry);
                self.card_registered = self.card_registered.or(seen.registered);
            }
            VisitFact::CardLost(_) if self.presented.iter().any(|paper| paper.kind.is_card_itself()) => {}
            VisitFact::CompanionCame(_) if self.companion.is_some() => {}
            VisitFact::StaffDecided(_) if self.staff_decision.is_some() => {}
            VisitFact::DeclarationTaken(_) if self.declaration.is_some() => {}
            VisitFact::PublicPayersTaken(_) if !self.public_payers.is_empty() => {}
            VisitFact::RatioChosen(_) if self.ratio_chosen.is_some() => {}
            VisitFact::FullChargeAsked(_) if self.full_charge.is_some() => {}
            VisitFact::LookupEntered(_) if self.lookup.is_some() => {}
            VisitFact::LookupEntered(entered) => {
                self.lookup = Some(entered.lookup);
                self.lookup_is_newest = self.answer.is_none();
            }
            VisitFact::AnswerReceived(received) if self.answer_at.is_some_and(|known| known >= at) => {
                self.end_question(received.question.as_ref(), at, None, None);
            }
            fact => self.take(at, fact),
        }
    }
}

/// The facts that make a value the one in force. `None` when the fact says nothing about the matter that could be said again.
pub fn restate(matter: &Matter, right: &VisitFact, state: &VisitState, reason: &str) -> Option<Vec<VisitFact>> {
    if !right.says().iter().any(|saying| saying.matter == *matter) {
        return None;
    }
    Some(match (matter.as_str(), right) {
        (_, VisitFact::Settled(_) | VisitFact::Merged(_) | VisitFact::KeptApart(_)) => Vec::new(),
        ("ending", VisitFact::Voided(_) | VisitFact::LeftWithoutCare(_)) => vec![right.clone()],
        ("ending", _) => vec![VisitFact::Reopened(Reopened { reason: reason.to_owned() })],
        ("card.expiry", VisitFact::CardSeen(seen)) => {
            vec![VisitFact::CardSeen(CardSeen { registered: None, ..seen.clone() })]
        }
        ("card.registered", VisitFact::CardSeen(seen)) => {
            vec![VisitFact::CardSeen(CardSeen { certificate_expiry: None, ..seen.clone() })]
        }
        (field, VisitFact::PersonTaken(taken)) => {
            let known = state.person.clone().unwrap_or(PersonFace::EMPTY);
            vec![VisitFact::PersonTaken(PersonTaken { person: with_field(known, field, &taken.person) })]
        }
        _ => vec![right.clone()],
    })
}

/// A person with one field as somebody else wrote it.
pub(crate) fn with_field(known: PersonFace, field: &str, right: &PersonFace) -> PersonFace {
    let right = right.clone();
    match field {
        "person.name" => PersonFace { name: right.name, ..known },
        "person.kana" => PersonFace { name_kana: right.name_kana, ..known },
        "person.birth_date" => PersonFace { birth_date: right.birth_date, ..known },
        "person.sex" => PersonFace { sex: right.sex, ..known },
        "person.address" => PersonFace { address: right.address, ..known },
        _ => known,
    }
}

/// What a person's data say, field by field; what is not known says nothing.
pub(crate) fn person_says(person: &PersonFace) -> Vec<Saying> {
    let sex = person.sex.map(|sex| match sex {
        crate::coverage::Sex::Male => Text::new("男", "male"),
        crate::coverage::Sex::Female => Text::new("女", "female"),
        crate::coverage::Sex::NotSet => Text::new("記載なし", "not stated"),
    });
    let plain = |matter: &str, value: &Option<String>| value.as_ref().map(|value| Saying::plain(matter, value));
    [
        plain("person.name", &person.name),
        plain("person.kana", &person.name_kana),
        person.birth_date.map(|date| Saying::plain("person.birth_date", date.to_string())),
        sex.map(|sex| Saying::words("person.sex", sex)),
        plain("person.address", &person.address),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Insurance in one line, by what a claim goes by; nothing when nothing of it is known.
pub(crate) fn coverage_in_words(coverage: &Coverage) -> Option<Text> {
    let parts = [
        ("保険者番号 ", "insurer ", coverage.insurer_number.as_ref().map(|number| number.as_str().to_owned())),
        ("記号 ", "symbol ", coverage.insured_symbol.as_ref().map(|symbol| symbol.as_str().to_owned())),
        ("番号 ", "number ", coverage.insured_number.as_ref().map(|number| number.as_str().to_owned())),
        ("枝番 ", "branch ", coverage.branch_number.as_ref().map(|branch| branch.as_str().to_owned())),
        ("割合 ", "share ", coverage.ratio_tenths.map(|tenths| tenths.to_string())),
    ];
    let known: Vec<(&str, &str, &String)> =
        parts.iter().filter_map(|(ja, en, value)| value.as_ref().map(|value| (*ja, *en, value))).collect();
    let joined = |words: Vec<String>, between: &str| words.join(between);
    (!known.is_empty()).then(|| {
        Text::new(
            joined(known.iter().map(|(ja, _, value)| format!("{ja}{value}")).collect(), "・"),
            joined(known.iter().map(|(_, en, value)| format!("{en}{value}")).collect(), ", "),
        )
    })
}

fn day(matter: &str, date: Option<Date>) -> Option<Saying> {
    date.map(|date| Saying::plain(matter, date.to_string()))
}

/// The visit was worked on: it speaks against its having ended.
fn goes_on() -> Saying {
    Saying::words("ending", Text::new("受付を続けた", "The visit went on"))
}

impl Says for VisitFact {
    fn says(&self) -> Vec<Saying> {
        match self {
            VisitFact::PersonTaken(taken) => person_says(&taken.person),
            VisitFact::DocumentPresented(document) => {
                let kind = document.presented.kind;
                let value = coverage_in_words(&document.presented.coverage);
                let shown = value.map(|value| Saying::words(&format!("document.{}", kind.code()), value).from(kind));
                shown.into_iter().chain([goes_on()]).collect()
            }
            VisitFact::CardSeen(seen) => {
                let registered = seen.registered.map(|is| match is {
                    true => Text::new("登録あり", "registered"),
                    false => Text::new("登録なし", "not registered"),
                });
                let registered = registered.map(|is| Saying::words("card.registered", is));
                day("card.expiry", seen.certificate_expiry).into_iter().chain(registered).collect()
            }
            VisitFact::DeclarationTaken(taken) => {
                let form = &taken.declaration;
                let share = form.ratio_tenths.map_or("—".to_owned(), |tenths| tenths.to_string());
                let value = Text::new(
                    format!("用紙 {}・{}・割合 {share}", form.form_no, form.name),
                    format!("form {}, {}, share {share}", form.form_no, form.name),
                );
                vec![Saying::words("declaration", value).from(EvidenceKind::SelfDeclaration), goes_on()]
            }
            VisitFact::PublicPayersTaken(taken) => {
                let in_words = |of: fn(Text) -> String| -> String {
                    let names: Vec<String> = taken.payers.iter().map(|payer| of(payer.name())).collect();
                    if names.is_empty() { "—".to_owned() } else { names.join("・") }
                };
                vec![Saying::words("public_payers", Text::new(in_words(|text| text.ja), in_words(|text| text.en)))]
            }
            VisitFact::LookupEntered(entered) => {
                let value = entered.lookup.answer.main_result().and_then(|result| coverage_in_words(&result.coverage));
                let value = value.unwrap_or_else(|| Text::new("番号なし", "no number"));
                vec![Saying::words("lookup", value).from(entered.lookup.kind), goes_on()]
            }
            VisitFact::RatioChosen(chosen) => {
                let value = Text::new(format!("{}割", chosen.tenths), format!("{} tenths", chosen.tenths));
                vec![Saying::words("ratio", value), goes_on()]
            }
            VisitFact::UnchangedSaid(_)
            | VisitFact::StaffDecided(_)
            | VisitFact::FullChargeAsked(_)
            | VisitFact::Reopened(_) => vec![goes_on()],
            VisitFact::LeftWithoutCare(left) => vec![Saying::words(
                "ending",
                Text::new(
                    format!("受診せずに帰られた（{}）", left.reason),
                    format!("Left without care ({})", left.reason),
                ),
            )],
            VisitFact::Voided(voided) => vec![Saying::words(
                "ending",
                Text::new(
                    format!("入力の間違いで取り消し（{}）", voided.reason),
                    format!("Voided ({})", voided.reason),
                ),
            )],
            VisitFact::Settled(settled) => {
                vec![Saying { matter: settled.matter.clone(), value: settled.value.clone(), source: None }]
            }
            VisitFact::Merged(merged) => vec![Saying::words(&merge_matter(&merged.other), one_visit())],
            VisitFact::KeptApart(kept) => vec![Saying::words(&merge_matter(&kept.other), two_visits())],
            _ => Vec::new(),
        }
    }
}

fn merge_matter(other: &VisitId) -> String {
    format!("merge.{other}")
}

fn one_visit() -> Text {
    Text::new("同じ受付（1つにまとめた）", "One visit, entered twice")
}

fn two_visits() -> Text {
    Text::new("別々の受付", "Two visits")
}

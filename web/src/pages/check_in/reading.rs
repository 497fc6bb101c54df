//! From the check-in form to the command.

use crate::form::fields::*;
use crate::form::{Offer, Typed, read_payers};
use crate::lang::Lang;
use crate::pages::card::card_seen;
use crate::port::{CheckIn, DeskCommand};
use domain::case::{Flow, Presented};
use domain::coverage::Sex;
use domain::eligibility::PersonFace;
use domain::era::parse_era_date;
use domain::evidence::EvidenceKind;
use domain::fact::PatientId;
use domain::text::Text;
use domain::visit::{DocumentPresented, PublicPayersNamed, PublicPayersTaken, VisitCommand};

/// What was shown, as far as it is asked at check-in; the visit page asks for the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Card,
    /// the card, and nothing changed since the last visit
    Unchanged,
    Certificate,
    CardAndNotice,
    InsuranceCard,
    Nothing,
}

impl Shown {
    const ALL: [Shown; 6] =
        [Shown::Card, Shown::Unchanged, Shown::Certificate, Shown::CardAndNotice, Shown::InsuranceCard, Shown::Nothing];

    pub fn code(self) -> &'static str {
        match self {
            Shown::Card => "card",
            Shown::Unchanged => "unchanged",
            Shown::Certificate => "certificate",
            Shown::CardAndNotice => "card_and_notice",
            Shown::InsuranceCard => "insurance_card",
            Shown::Nothing => "nothing",
        }
    }

    /// The key that chooses it; the same as in the picker of the visit.
    fn key(self) -> &'static str {
        match self {
            Shown::Card => "c",
            Shown::Unchanged => "u",
            Shown::Certificate => "k",
            Shown::CardAndNotice => "o",
            Shown::InsuranceCard => "h",
            Shown::Nothing => "m",
        }
    }

    fn from_code(code: &str) -> Option<Shown> {
        Shown::ALL.into_iter().find(|shown| shown.code() == code)
    }

    /// The paper whose content is written down on the visit page.
    pub fn to_write_down(self) -> Option<EvidenceKind> {
        match self {
            Shown::Certificate => Some(EvidenceKind::EligibilityCertificate),
            Shown::CardAndNotice => Some(EvidenceKind::CardPlusNotice),
            Shown::InsuranceCard => Some(EvidenceKind::InsuranceCardExpired),
            Shown::Card | Shown::Unchanged | Shown::Nothing => None,
        }
    }

    fn commands(self) -> Vec<VisitCommand> {
        let card = matches!(self, Shown::Card | Shown::Unchanged | Shown::CardAndNotice);
        let presented = card.then(|| Presented::bare(EvidenceKind::MynaCardFace));
        let unchanged = (self == Shown::Unchanged).then_some(VisitCommand::SayUnchanged);
        presented
            .map(|presented| VisitCommand::Present(DocumentPresented { presented }))
            .into_iter()
            .chain(unchanged)
            .collect()
    }

    pub fn offers(lang: Lang) -> Vec<Offer> {
        let offer = |shown: Shown, picture, label: (&str, &str), hint: (&str, &str)| {
            let offer = Offer::new(shown.code(), lang.pick(label.0, label.1)).hint(lang.pick(hint.0, hint.1));
            offer.picture(picture).key(shown.key())
        };
        vec![
            offer(Shown::Card, "card", ("マイナンバーカード", "My Number card"), ("カードあり", "the card is here")),
            offer(
                Shown::Unchanged,
                "unchanged",
                ("カード＋変わりなし", "Card, nothing changed"),
                ("再診で、読み取れないとき", "return visit, when it cannot be read"),
            ),
            offer(
                Shown::Certificate,
                "certificate",
                ("資格確認書", "Eligibility certificate"),
                ("1枚で使える", "works alone"),
            ),
            offer(
                Shown::CardAndNotice,
                "notice",
                ("カード＋お知らせ", "Card + eligibility notice"),
                ("お知らせだけでは使えない", "the notice never works alone"),
            ),
            offer(
                Shown::InsuranceCard,
                "old-card",
                ("健康保険証", "Old insurance card"),
                ("期限を確かめる", "look at its date"),
            ),
            offer(Shown::Nothing, "none", ("まだ・なし", "Nothing yet"), ("後で選べる", "choose later")),
        ]
    }
}

/// Reads the whole form. The command is there when a patient is chosen or a new one is written down well enough.
pub fn read_check_in(typed: &mut Typed) -> (Option<DeskCommand>, Option<Shown>) {
    let shown = typed.required_code(&PRESENTED, Shown::from_code);
    let flow = typed.code(&FLOW, Flow::from_code).unwrap_or(Flow::Window);
    let counter = typed.text(&COUNTER);
    let known = chosen(typed);
    if known.is_none() && shown == Some(Shown::Unchanged) {
        let text = Text::new(
            "「変わりなし」は前に来た方だけに使えます。何を見せてもらったか選び直してください。",
            "“Nothing changed” is for patients on file. Choose again what was shown.",
        );
        typed.refuse(PRESENTED.name, text);
    }
    let (person, patient_number) = match &known {
        Some(_) => (PersonFace::EMPTY, None),
        None => {
            let person = read_person(typed);
            if person.name.is_none() && person.name_kana.is_none() && typed.is_fine() {
                let text = Text::new("氏名かカナのどちらかを入力してください。", "Enter the name or its kana.");
                typed.refuse(NAME.name, text);
            }
            (person, typed.text(&PATIENT_NUMBER))
        }
    };
    let payers = public_payers(typed);
    let command = shown.map(|shown| {
        let commands = shown.commands().into_iter().chain(card_seen(typed)).chain(payers).collect();
        DeskCommand::CheckIn(Box::new(CheckIn { patient: known, patient_number, person, flow, counter, commands }))
    });
    (command, shown)
}

/// The payers of the code: taken once staff said that they compared them, else kept with the visit until somebody does. What cannot
/// be read of the latter holds up nobody.
fn public_payers(typed: &mut Typed) -> Option<VisitCommand> {
    let is_compared = typed.is_ticked(TAKE_PAYERS.name);
    let payers = if is_compared { read_payers(typed) } else { read_payers(&mut typed.clone()) };
    let command = if is_compared {
        VisitCommand::TakePublicPayers(PublicPayersTaken { payers: payers.clone() })
    } else {
        VisitCommand::NamePublicPayers(PublicPayersNamed { payers: payers.clone() })
    };
    (!payers.is_empty()).then_some(command)
}

/// The patient whose button was pressed.
pub fn chosen(typed: &Typed) -> Option<PatientId> {
    Some(typed.value("patient").to_owned()).filter(|id| !id.is_empty()).map(PatientId::new)
}

/// Reads the person.
pub fn read_person(typed: &mut Typed) -> PersonFace {
    PersonFace {
        name: typed.text(&NAME),
        name_kana: typed.text(&NAME_KANA),
        birth_date: typed.date(&BIRTH_DATE),
        sex: typed.code(&SEX, Sex::from_code),
        address: typed.text(&ADDRESS),
    }
}

/// Puts the words of a search that found nobody into the fields of a new patient.
pub fn sort_words(text: &str, into: &mut Typed) {
    for word in text.split_whitespace() {
        let name = if parse_era_date(word).is_ok() {
            BIRTH_DATE.name
        } else if word.chars().all(is_kana) {
            NAME_KANA.name
        } else if word.chars().all(|c| c.is_numeric() || c == '-') {
            PATIENT_NUMBER.name
        } else {
            NAME.name
        };
        let before = into.value(name).to_owned();
        let joined = if before.is_empty() { word.to_owned() } else { format!("{before} {word}") };
        into.set(name, joined);
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | 'ｦ'..='ﾟ' | '・')
}

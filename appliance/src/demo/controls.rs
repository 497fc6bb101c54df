//! The practice controls: links that can be cut, faults that can be switched, cards that can be dealt.

use super::practice_reader::PracticeReader;
use domain::coverage::Sex;
use domain::link::Link;
use domain::text::Text;
use std::sync::Arc;
use sync::simulator::{
    CardMethod, DocumentKind, FaultKind, FaultTrigger, Faults, HeldDocument, Person, Sex as SimSex, SimTerminal,
};
use web::port::{CastMember, Knob, Practice, PracticeState};

/// Controls over the simulated terminal and the simulated reader.
pub struct DemoControls {
    terminal: Arc<SimTerminal>,
    reader: PracticeReader,
}

const LINK_FAULTS: &[(Link, FaultKind)] = &[
    (Link::Reader, FaultKind::ReaderOff),
    (Link::Terminal, FaultKind::Silent),
    (Link::Line, FaultKind::LineDown),
    (Link::NationalService, FaultKind::ServiceDown),
];

/// The fault of the reader itself.
const READER_HANGS: &str = "reader_hangs";

/// Code, fault, and what it is called.
const EXTRA_FAULTS: &[(&str, FaultKind, &str, &str)] = &[
    ("slow", FaultKind::Slow, "回答が遅い", "answers come slowly"),
    ("late", FaultKind::Late, "回答を止めておく", "answers are held back"),
    ("lost", FaultKind::LostAnswer, "回答が失われる", "answers are lost"),
    ("reject", FaultKind::RejectErr, "依頼を拒否（.err）", "requests are rejected (.err)"),
    ("garbage", FaultKind::Garbage, "壊れたファイル", "garbage instead of answers"),
    ("half_written", FaultKind::HalfWritten, "書きかけのファイル", "files appear half written"),
    ("duplicate", FaultKind::DuplicateSame, "回答が二重に届く", "answers come twice"),
    ("wrong_encoding", FaultKind::WrongEncoding, "文字コード違い", "wrong character encoding"),
    ("wrong_identifier", FaultKind::WrongIdentifier, "識別子違いの回答", "answers with a wrong identifier"),
];

impl DemoControls {
    /// Controls; the reader is plugged in.
    pub fn new(terminal: Arc<SimTerminal>, reader: PracticeReader) -> DemoControls {
        DemoControls { terminal, reader }
    }

    fn faults(&self) -> Faults {
        self.terminal.faults()
    }

    fn switch(&self, kind: FaultKind, on: bool) {
        self.faults().set(kind, if on { FaultTrigger::Always } else { FaultTrigger::Off });
    }

    fn cast_member(&self, person: &Person) -> CastMember {
        CastMember {
            key: person.key.clone(),
            name: person.face.name.clone(),
            name_kana: person.face.reading.clone(),
            birth_date: person.face.birth_date,
            sex: match person.face.sex {
                SimSex::Male => Sex::Male,
                SimSex::Female => Sex::Female,
            },
            address: person.face.address.clone(),
            story: Text::new(person.story_ja.clone(), person.story_en.clone()),
            papers: self.papers(person),
        }
    }

    /// What the person holds, with what is printed on the card that the reader can take.
    fn papers(&self, person: &Person) -> Text {
        let papers = papers(person);
        match self.reader.surface_code(person) {
            Some(code) => Text::new(
                format!("{}　カードの照合番号B {code}", papers.ja),
                format!("{}; surface code of the card {code}", papers.en),
            ),
            None => papers,
        }
    }

    /// A reader that hangs is healed by the box itself, so that the switch goes back after a while.
    fn reader_fault(&self) -> Option<(String, Text, bool)> {
        let name =
            || Text::new("読取機が固まる（箱が自分で直します）", "the reader hangs (the box heals it by itself)");
        self.reader.hangs().map(|hangs| (READER_HANGS.to_owned(), name(), hangs))
    }

    fn is_on(&self, kind: FaultKind) -> bool {
        self.faults().trigger(kind) == FaultTrigger::Always
    }
}

impl Practice for DemoControls {
    fn state(&self) -> PracticeState {
        let extra = |(code, kind, ja, en): &(&str, FaultKind, &str, &str)| {
            ((*code).to_owned(), Text::new(*ja, *en), self.is_on(*kind))
        };
        PracticeState {
            knobs: LINK_FAULTS.iter().map(|(link, kind)| Knob { link: *link, up: !self.is_on(*kind) }).collect(),
            faults: self.reader_fault().into_iter().chain(EXTRA_FAULTS.iter().map(extra)).collect(),
            cast: self.terminal.population().cast().iter().map(|person| self.cast_member(person)).collect(),
        }
    }

    fn set_link(&self, link: Link, up: bool) {
        for (_, kind) in LINK_FAULTS.iter().filter(|(known, _)| *known == link) {
            self.switch(*kind, !up);
        }
        if link == Link::Reader {
            self.reader.set_up(up);
        }
    }

    fn set_fault(&self, code: &str, on: bool) -> bool {
        if code == READER_HANGS && self.reader.hangs().is_some() {
            self.reader.hang(on);
            return true;
        }
        let known = EXTRA_FAULTS.iter().find(|(known, ..)| *known == code);
        if let Some((_, kind, ..)) = known {
            self.switch(*kind, on);
            if *kind == FaultKind::Late && !on {
                self.terminal.release_held();
            }
        }
        known.is_some()
    }

    fn deal_card(&self, key: &str, method: &str) -> Result<(), Text> {
        let method = match method {
            "pin" => CardMethod::Pin,
            "visual" => CardMethod::Visual,
            "phone" => CardMethod::Phone,
            _ => CardMethod::Face,
        };
        if let Some(person) = self.terminal.population().get(key) {
            self.reader.lay_down(person, method);
        }
        self.terminal.present_card(key, method).map(|_| ()).map_err(|refusal| {
            let screen = refusal.to_string();
            let (ja, en) = screen.split_once("。 ").map_or((screen.as_str(), screen.as_str()), |(ja, en)| (ja, en));
            Text::new(format!("リーダーの画面：{ja}"), format!("The reader's screen says: {en}"))
        })
    }
}

fn papers(person: &Person) -> Text {
    match person.holds.first() {
        Some(paper) => {
            let (ja, en) = paper_name(paper.kind);
            let numbers = numbers(paper);
            Text::new(format!("{ja} {numbers}"), format!("{en} {numbers}"))
        }
        None => Text::new("書面なし", "no papers"),
    }
}

fn paper_name(kind: DocumentKind) -> (&'static str, &'static str) {
    match kind {
        DocumentKind::EligibilityCertificate => ("資格確認書", "eligibility certificate"),
        DocumentKind::EligibilityNotice => ("資格情報のお知らせ", "eligibility notice"),
        DocumentKind::MedicalTicket => ("医療券", "medical ticket"),
    }
}

fn numbers(paper: &HeldDocument) -> String {
    let coverage = &paper.coverage;
    let symbol = coverage.symbol.as_deref().unwrap_or("—");
    let branch = coverage.branch.as_deref().map(|branch| format!(" ({branch})")).unwrap_or_default();
    let share = paper.share_tenths.map(|tenths| format!(" {tenths}割")).unwrap_or_default();
    format!("{} {symbol}・{}{branch}{share}", coverage.insurer_number, coverage.number)
}

//! The practice controls: links that can be cut, faults that can be switched, cards that can be dealt.

use crate::clock::Clock;
use crate::lookout::Lookout;
use domain::coverage::Sex;
use domain::link::Link;
use domain::text::Text;
use drivers::{
    CardLabel, Heard, Moment, ReaderEvent, ReaderName, ReaderPort, SimReader, SimReaderHandle, Subscription,
};
use std::sync::Arc;
use sync::simulator::{
    CardMethod, DocumentKind, FaultKind, FaultTrigger, Faults, HeldDocument, Person, Sex as SimSex, SimTerminal,
};
use web::port::{CastMember, Knob, Practice, PracticeState};

/// Controls over the simulated terminal and the simulated reader.
pub struct DemoControls {
    terminal: Arc<SimTerminal>,
    reader: Option<SimReaderHandle>,
}

const LINK_FAULTS: &[(Link, FaultKind)] = &[
    (Link::Reader, FaultKind::ReaderOff),
    (Link::Terminal, FaultKind::Silent),
    (Link::Line, FaultKind::LineDown),
    (Link::NationalService, FaultKind::ServiceDown),
];

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
    /// Controls; the reader starts plugged in, and what it does is told to the lookout.
    pub fn start(terminal: Arc<SimTerminal>, lookout: Arc<Lookout>, clock: Clock) -> DemoControls {
        let reader = ReaderName::parse("demo-reader").ok().map(|name| {
            let now = move || Moment(clock.now().as_ms().max(0).unsigned_abs());
            let (reader, handle) = SimReader::new(name, drivers::Clock::new(now));
            let subscription = reader.subscribe();
            tokio::spawn(watch_reader(reader, subscription, lookout));
            handle.plug();
            handle
        });
        DemoControls { terminal, reader }
    }

    fn faults(&self) -> Faults {
        self.terminal.faults()
    }

    fn switch(&self, kind: FaultKind, on: bool) {
        self.faults().set(kind, if on { FaultTrigger::Always } else { FaultTrigger::Off });
    }

    fn is_on(&self, kind: FaultKind) -> bool {
        self.faults().trigger(kind) == FaultTrigger::Always
    }
}

/// Intake of reader events: hardware's words become the state of a link.
async fn watch_reader(_kept_alive: SimReader, mut subscription: Subscription, lookout: Arc<Lookout>) {
    loop {
        let works = match subscription.next().await {
            Heard::Event(observation) => match observation.event {
                ReaderEvent::Attached | ReaderEvent::Recovered => Some(true),
                ReaderEvent::Detached | ReaderEvent::Faulted { .. } => Some(false),
                ReaderEvent::CardInserted(_) | ReaderEvent::CardRemoved => None,
            },
            Heard::Missed { .. } => None,
            Heard::Closed => return,
        };
        if works.is_some() {
            lookout.note(|signals| signals.reader_works = works).await;
        }
    }
}

impl Practice for DemoControls {
    fn state(&self) -> PracticeState {
        PracticeState {
            knobs: LINK_FAULTS.iter().map(|(link, kind)| Knob { link: *link, up: !self.is_on(*kind) }).collect(),
            faults: EXTRA_FAULTS
                .iter()
                .map(|(code, kind, ja, en)| ((*code).to_owned(), Text::new(*ja, *en), self.is_on(*kind)))
                .collect(),
            cast: self.terminal.population().cast().iter().map(cast_member).collect(),
        }
    }

    fn set_link(&self, link: Link, up: bool) {
        for (_, kind) in LINK_FAULTS.iter().filter(|(known, _)| *known == link) {
            self.switch(*kind, !up);
        }
        if let (Link::Reader, Some(reader)) = (link, &self.reader) {
            if up { reader.plug() } else { reader.unplug() }
        }
    }

    fn set_fault(&self, code: &str, on: bool) -> bool {
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
        if let (Some(reader), Ok(label)) = (&self.reader, CardLabel::parse(key)) {
            let _the_terminal_says_why_not = reader.insert_card(label);
        }
        let reading = self.terminal.present_card(key, method);
        if let Some(reader) = &self.reader {
            let _was_not_inserted = reader.remove_card();
        }
        reading.map(|_| ()).map_err(|refusal| {
            let screen = refusal.to_string();
            let (ja, en) = screen.split_once("。 ").map_or((screen.as_str(), screen.as_str()), |(ja, en)| (ja, en));
            Text::new(format!("リーダーの画面：{ja}"), format!("The reader's screen says: {en}"))
        })
    }
}

fn cast_member(person: &Person) -> CastMember {
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
        papers: papers(person),
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

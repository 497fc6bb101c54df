//! Devices in memory: a list that tests set, a card that tests lay on, codes that tests scan.

use crate::support::people;
use domain::coverage::Coverage;
use domain::eligibility::PersonFace;
use domain::fact::VisitId;
use domain::number::{PublicPayerNumber, PublicRecipientNumber};
use domain::public_payer::PublicPayer;
use domain::text::Text;
use domain::{Date, Timestamp};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use web::port::*;

/// A card that lies on every reader at once.
pub struct CardOnReader {
    pub said: CardSaid,
    pub person: PersonFace,
    pub surface_code: String,
    pub tries: u8,
}

/// Devices that forget everything when they are dropped.
pub struct MemoryDevices {
    view: Mutex<DevicesView>,
    scans: Mutex<Vec<ScannedItem>>,
    card: Mutex<Option<CardOnReader>>,
    restarts: Mutex<Vec<(String, String)>>,
    questions: Mutex<Vec<CardQuestion>>,
    changes: watch::Sender<u64>,
}

impl MemoryDevices {
    pub fn new(view: DevicesView) -> Arc<MemoryDevices> {
        Arc::new(MemoryDevices {
            view: Mutex::new(view),
            scans: Mutex::default(),
            card: Mutex::default(),
            restarts: Mutex::default(),
            questions: Mutex::default(),
            changes: watch::channel(0).0,
        })
    }

    /// The devices of a clinic with one good and one bad reader, at 8:55 on a Monday.
    pub fn of_a_clinic() -> Arc<MemoryDevices> {
        MemoryDevices::new(clinic())
    }

    pub fn set(&self, change: impl FnOnce(&mut DevicesView)) {
        change(&mut self.view.lock().unwrap());
        self.tell();
    }

    pub fn scan(&self, item: ScannedItem) {
        self.scans.lock().unwrap().insert(0, item);
        self.tell();
    }

    pub fn lay_on(&self, card: CardOnReader) {
        *self.card.lock().unwrap() = Some(card);
    }

    pub fn restarts(&self) -> Vec<(String, String)> {
        self.restarts.lock().unwrap().clone()
    }

    /// How often a card was asked for with 照合番号B, and with the last try confirmed.
    pub fn asked_with_code(&self) -> (usize, usize) {
        let questions = self.questions.lock().unwrap();
        let with_code = questions.iter().filter(|question| question.surface_code.is_some());
        (with_code.clone().count(), with_code.filter(|question| question.last_try_confirmed).count())
    }

    fn tell(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn answer(&self, question: &CardQuestion) -> Result<CardSaid, Text> {
        let mut lying = self.card.lock().unwrap();
        let card = lying.as_mut().ok_or_else(|| {
            Text::new("カードがありません。カードを置いてください。", "No card. Put the card on the reader.")
        })?;
        let reading = card.said.reading.clone().filter(|_| question.recognise);
        let Some(code) = &question.surface_code else {
            return Ok(CardSaid { tries_left: Some(card.tries), reading, ..card.said.clone() });
        };
        if card.tries == 0 {
            return Err(Text::new("照合番号Bがロックされています。", "照合番号B is locked."));
        }
        if card.tries == 1 && !question.last_try_confirmed {
            return Err(Text::new(
                "残り1回です。確かめてから、もう一度押してください。",
                "One try is left. Look again and confirm.",
            ));
        }
        if *code != card.surface_code {
            card.tries -= 1;
            return Err(Text::new("券面の数字と合いません。", "The digits do not fit the card."));
        }
        card.tries = 10;
        Ok(CardSaid { person: Some(card.person.clone()), tries_left: Some(10), reading, ..card.said.clone() })
    }
}

impl Devices for MemoryDevices {
    fn view(&self) -> DevicesView {
        self.view.lock().unwrap().clone()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn scans(&self) -> Vec<ScannedItem> {
        self.scans.lock().unwrap().clone()
    }

    fn put_away(&self, scan: &str) {
        self.scans.lock().unwrap().retain(|item| item.scan != scan);
        self.tell();
    }

    fn restart(&self, device: &str, step: &str) -> Pending<'_, Result<(), Text>> {
        let outcome = match step {
            "reboot" => Err(Text::new("診療時間中は再起動できません。", "No reboot during reception hours.")),
            _ => {
                self.restarts.lock().unwrap().push((device.to_owned(), step.to_owned()));
                Ok(())
            }
        };
        self.tell();
        Box::pin(std::future::ready(outcome))
    }

    fn read_card(&self, question: CardQuestion) -> Pending<'_, Result<CardSaid, Text>> {
        let outcome = self.answer(&question);
        self.questions.lock().unwrap().push(question);
        Box::pin(std::future::ready(outcome))
    }
}

/// 花子's card; its certificate expires on a day.
pub fn hanakos_card(expiry: &str) -> CardOnReader {
    card_of(people::hanako(), "39101020291234", expiry)
}

/// Somebody's card with this 照合番号B.
pub fn card_of(person: PersonFace, surface_code: &str, expiry: &str) -> CardOnReader {
    let said = CardSaid {
        token: Text::new("マイナンバーカード", "My Number card"),
        certificate_expiry: Date::parse(expiry),
        is_test: false,
        person: None,
        tries_left: None,
        remarks: Vec::new(),
        reading: None,
    };
    // a card knows no kana
    let person = PersonFace { name_kana: None, ..person };
    CardOnReader { said, person, surface_code: surface_code.to_owned(), tries: 10 }
}

/// A prescription code of somebody.
pub fn prescription(scan: &str, person: PersonFace, coverage: Coverage) -> ScannedItem {
    ScannedItem {
        scan: scan.to_owned(),
        at: at(2, 8, 54),
        device: "scanner-1".to_owned(),
        kind: Text::new("院外処方箋", "Prescription"),
        person,
        coverage,
        patient_number: None,
        issued_on: Date::parse("2026-03-01"),
        usable_until: Date::parse("2026-03-04"),
        public_payers: Vec::new(),
        visit: None,
        exchange_number: None,
        notices: vec![Text::new("保険の番号は印字されたものです。", "The insurance numbers are as printed.")],
        refusal: None,
    }
}

/// The same with two public payers; the check digit of the second does not fit.
pub fn with_payers(item: ScannedItem) -> ScannedItem {
    let payer = |payer: &str, recipient: Option<&str>| PublicPayer {
        payer: PublicPayerNumber::parse_overridden(payer).expect("a payer").value,
        recipient: recipient.map(|number| PublicRecipientNumber::parse_overridden(number).expect("a recipient").value),
    };
    ScannedItem { public_payers: vec![payer("21136247", Some("1234566")), payer("81136240", None)], ..item }
}

/// One of our own slips, of this visit.
pub fn slip(scan: &str, visit: Option<VisitId>, device: &str) -> ScannedItem {
    ScannedItem {
        visit,
        kind: Text::new("受付票", "reception slip"),
        device: device.to_owned(),
        issued_on: None,
        usable_until: None,
        notices: Vec::new(),
        ..prescription(scan, PersonFace::EMPTY, Coverage::EMPTY)
    }
}

/// A code nothing can be started from.
pub fn notebook(scan: &str) -> ScannedItem {
    ScannedItem {
        kind: Text::new("お薬手帳", "Medicine notebook"),
        issued_on: None,
        usable_until: None,
        notices: Vec::new(),
        refusal: Some(Text::new(
            "お薬手帳のコードです。処方箋のコードを読み取ってください。",
            "This is the code of a medicine notebook. Scan that of the prescription.",
        )),
        ..prescription(scan, PersonFace::EMPTY, Coverage::EMPTY)
    }
}

fn at(day: u8, hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(Date::literal(2026, 3, day), hour, minute, 0)
}

fn clinic() -> DevicesView {
    DevicesView {
        devices: vec![good_reader(), bad_reader(), scanner(), service()],
        restarts: planned(),
        ready_light: Some((
            DeviceLamp::Working,
            Text::new(
                "9:00の開始まで5分。reader-2 が準備できていません。",
                "5 minutes to 9:00. reader-2 is not ready.",
            ),
        )),
    }
}

fn planned() -> Vec<PlannedRestart> {
    let restart = |ja: &str, en: &str, line: &str, next, postponed| PlannedRestart {
        what: Text::new(ja, en),
        line: line.to_owned(),
        next,
        postponed,
        last_run: Some(at(1, 6, 30)),
    };
    let waits = Text::new("確認中の受付があります。", "A check-in is open.");
    vec![
        restart("reader-1 の入れ直し", "Re-power reader-1", "30 6 * * *", Some(at(3, 6, 30)), None),
        restart("この箱の再起動", "Reboot of the box", "0 3 * * 0", None, Some(waits)),
    ]
}

fn device(name: &str, kind: (&str, &str), lamp: DeviceLamp, state: (&str, &str)) -> DeviceItem {
    DeviceItem {
        device: name.to_owned(),
        kind: Text::new(kind.0, kind.1),
        lamp,
        state: Text::new(state.0, state.1),
        since: at(2, 8, 31),
        fault: None,
        last_good_read: None,
        expected_by: None,
        card_left_since: None,
        failures_by_hour: [0; 24],
        suspicion: None,
        steps: Vec::new(),
        reads_cards: false,
        scans_codes: false,
        history: vec![DeviceChange { at: at(2, 8, 31), what: Text::new(state.0, state.1) }],
    }
}

const READER: (&str, &str) = ("カードリーダー（PC/SC）", "Card reader (PC/SC)");

fn good_reader() -> DeviceItem {
    DeviceItem {
        last_good_read: Some(at(2, 8, 50)),
        steps: steps(),
        reads_cards: true,
        ..device("reader-1", READER, DeviceLamp::Good, ("待機中", "Ready"))
    }
}

fn bad_reader() -> DeviceItem {
    let mut failures_by_hour = [0; 24];
    for (hour, count) in [(8, 1), (9, 2), (14, 3), (15, 11), (16, 9), (17, 2)] {
        failures_by_hour[hour] = count;
    }
    let fault = FaultWords {
        staff: Text::new(
            "読取機が応答しません。受付は申立書などで続けられます。自動で復旧を試しています。",
            "The reader does not answer. Check-in goes on without it. The box is trying to heal it.",
        ),
        technician: Text::new("SCARD_E_READER_UNAVAILABLE 0x80100017", "SCARD_E_READER_UNAVAILABLE 0x80100017"),
        advice: vec![
            Text::new("カードをケースから出したか確かめる", "See that the card is out of its case"),
            Text::new("USBケーブルを抜き、10秒待って挿す", "Unplug the USB cable, wait 10 seconds, plug it in"),
        ],
    };
    let history = vec![
        DeviceChange { at: at(2, 8, 31), what: Text::new("応答なし", "No answer") },
        DeviceChange {
            at: at(2, 8, 30), what: Text::new("電源の入れ直し：回復せず", "Re-powered: did not help")
        },
        DeviceChange { at: at(1, 18, 2), what: Text::new("待機中", "Ready") },
    ];
    DeviceItem {
        fault: Some(fault),
        card_left_since: Some(at(2, 8, 40)),
        failures_by_hour,
        suspicion: Some(Text::new(
            "15時台に集中しています。西日が当たっていないか見てください。",
            "Most failures fall into the hour from 15:00. Look for sunlight.",
        )),
        steps: steps(),
        reads_cards: true,
        history,
        ..device("reader-2", READER, DeviceLamp::Bad, ("応答なし", "No answer"))
    }
}

fn scanner() -> DeviceItem {
    DeviceItem {
        scans_codes: true,
        ..device("scanner-1", ("2次元コードスキャナー", "2D scanner"), DeviceLamp::Good, ("待機中", "Ready"))
    }
}

fn service() -> DeviceItem {
    device(
        "pcscd",
        ("読取機サービス", "Reader service"),
        DeviceLamp::Unknown,
        ("まだ確認していません", "Not heard of yet"),
    )
}

fn steps() -> Vec<HealingChoice> {
    let step = |code: &str, ja: &str, en: &str, tried, helped, available| HealingChoice {
        step: code.to_owned(),
        name: Text::new(ja, en),
        tried,
        helped,
        available,
    };
    vec![
        step("reopen", "つなぎ直す", "Open again", 12, 5, true),
        step("reset", "読取機をリセットする", "Reset the reader", 7, 2, true),
        step("cycle_relay", "電源を入れ直す（リレー）", "Re-power by the relay", 10, 9, true),
        step("cycle_usb_port", "USBの電源を入れ直す", "Re-power the USB port", 0, 0, false),
        step("restart_service", "読取機サービスを再起動する", "Restart the reader service", 1, 1, true),
        step("reboot", "この箱を再起動する", "Reboot the box", 0, 0, true),
    ]
}

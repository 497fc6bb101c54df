//! Other boxes and a hub that are not there.

use domain::Timestamp;
use domain::text::Text;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use web::port::*;

/// Ids of the members.
pub const OWN: &str = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
pub const SECOND: &str = "b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";
pub const HUB: &str = "c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3";

/// A facility whose state tests set, and which remembers what was asked of it.
pub struct MemoryFacility {
    view: Mutex<FacilityView>,
    asked: Mutex<Vec<String>>,
    refusal: Mutex<Option<NotDone>>,
    changes: watch::Sender<u64>,
}

fn at(hour: u8, minute: u8) -> Timestamp {
    Timestamp::in_japan(super::MONDAY, hour, minute, 0)
}

fn member(id: &str, name: &str, exchange: Option<PeerItem>) -> MemberItem {
    MemberItem {
        id: id.to_owned(),
        name: name.to_owned(),
        is_hub: id == HUB,
        is_own: id == OWN,
        since: at(8, 0),
        certificate_ends: Some(at(8, 0).plus_ms(90 * 86_400_000)),
        exchange,
    }
}

impl MemoryFacility {
    /// One box.
    pub fn alone() -> Arc<MemoryFacility> {
        MemoryFacility::of(FacilityView {
            facility: "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0".to_owned(),
            label: "見本医院".to_owned(),
            members: vec![member(OWN, "見本医院", None)],
            ..FacilityView::default()
        })
    }

    /// A second counter that is reached, a hub that is not, a box that was lost, and one that knocks.
    pub fn of_a_clinic() -> Arc<MemoryFacility> {
        let reached = PeerItem {
            address: Some("192.168.1.21:8444".to_owned()),
            connected: true,
            heard_at: Some(at(8, 54)),
            clock_ahead_ms: 3_000,
            lag: 0,
            behind_since: None,
            failure: None,
            bytes_today: 12_345,
        };
        let unreached = PeerItem {
            connected: false,
            lag: 7,
            behind_since: Some(at(8, 46)),
            failure: Some(Text::new("相手の機器につながりません。", "The other device does not answer.")),
            ..reached.clone()
        };
        let alone = MemoryFacility::alone();
        alone.change(|view| {
            view.address = Some("192.168.1.20:8444".to_owned());
            view.members.push(member(SECOND, "第2窓口", Some(reached)));
            view.members.push(member(HUB, "本部", Some(unreached)));
            view.former.push(FormerItem {
                id: "d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4".to_owned(),
                name: "ドライブスルー".to_owned(),
                is_hub: false,
                put_out: vec![(PutOutWords::Known(PutOutReason::Lost), "見本医院".to_owned(), at(8, 10))],
            });
            view.budget_per_day = Some(50_000_000);
            view.code = Some(OpenCode { code: "123-456-782".to_owned(), until: at(9, 5) });
            view.questions.push(DigitsQuestion {
                id: "q-1".to_owned(),
                of: DigitsOf::NewBox,
                name: "第3窓口".to_owned(),
                digits: "0012 3456 7890 1122 3344".to_owned(),
                confirmed: false,
            });
        });
        alone
    }

    fn of(view: FacilityView) -> Arc<MemoryFacility> {
        let (view, changes) = (Mutex::new(view), watch::Sender::new(0));
        Arc::new(MemoryFacility { view, asked: Mutex::default(), refusal: Mutex::default(), changes })
    }

    /// Lets something happen.
    pub fn change(&self, change: impl FnOnce(&mut FacilityView)) {
        change(&mut self.view.lock().expect("unpoisoned"));
        self.changes.send_modify(|count| *count += 1);
    }

    /// What is asked next is refused.
    pub fn refuse(&self, at: &'static str, ja: &'static str, en: &'static str) {
        *self.refusal.lock().expect("unpoisoned") = Some(NotDone { at, why: Text::new(ja, en) });
    }

    /// What was asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("unpoisoned").clone()
    }

    fn note(&self, what: String) -> Pending<'_, Result<(), NotDone>> {
        self.asked.lock().expect("unpoisoned").push(what);
        let outcome = self.refusal.lock().expect("unpoisoned").take().map_or(Ok(()), Err);
        Box::pin(std::future::ready(outcome))
    }
}

impl Facility for MemoryFacility {
    fn view(&self) -> FacilityView {
        self.view.lock().expect("unpoisoned").clone()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn sync_now(&self) {
        self.asked.lock().expect("unpoisoned").push("now".to_owned());
    }

    fn make_code(&self) -> Pending<'_, Result<(), NotDone>> {
        self.change(|view| view.code = Some(OpenCode { code: "987-654-320".to_owned(), until: at(9, 5) }));
        self.note("code".to_owned())
    }

    fn withdraw_code(&self) {
        self.change(|view| view.code = None);
    }

    fn answer(&self, question: &str, same: bool) -> bool {
        let known = self.view().questions.iter().any(|one| one.id == question);
        self.asked.lock().expect("unpoisoned").push(format!("answer {question} {same}"));
        self.change(|view| view.questions.iter_mut().for_each(|one| one.confirmed = same));
        known
    }

    fn join(&self, address: &str, code: &str, name: &str) -> Pending<'_, Result<(), NotDone>> {
        self.note(format!("join {address} {code} {name}"))
    }

    fn enrol_hub(&self, address: &str, code: &str) -> Pending<'_, Result<(), NotDone>> {
        self.note(format!("hub {address} {code}"))
    }

    fn put_out(&self, id: &str, reason: PutOutReason) -> Pending<'_, Result<(), NotDone>> {
        self.note(format!("put out {id} {}", reason.code()))
    }

    fn rename(&self, by: Option<&Account>, id: &str, name: &str) -> Pending<'_, Result<(), NotDone>> {
        self.note(format!("rename {id} {name} by {}", by.map_or("nobody", |by| by.author.as_str())))
    }
}

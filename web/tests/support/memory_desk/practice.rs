//! Practice controls of the desk in memory.

use super::Record;
use crate::support::people;
use domain::link::{Link, LinkState, LinkStatus};
use domain::text::Text;
use std::sync::{Arc, Mutex, MutexGuard};
use web::port::{CastMember, Knob, Practice, PracticeState};

pub struct MemoryPractice {
    record: Arc<Mutex<Record>>,
    slow: Mutex<bool>,
    dealt: Mutex<Vec<(String, String)>>,
}

impl MemoryPractice {
    pub fn new(record: Arc<Mutex<Record>>) -> MemoryPractice {
        MemoryPractice { record, slow: Mutex::new(false), dealt: Mutex::new(Vec::new()) }
    }

    pub fn dealt(&self) -> Vec<(String, String)> {
        self.dealt.lock().expect("unpoisoned").clone()
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().expect("unpoisoned")
    }
}

impl Practice for MemoryPractice {
    fn state(&self) -> PracticeState {
        let record = self.record();
        let knobs = Link::ALL.iter().map(|link| Knob { link: *link, up: !record.links.get(*link).is_down() }).collect();
        let slow = (
            "slow".to_owned(),
            Text::new("端末の応答が遅い", "The terminal answers slowly"),
            *self.slow.lock().expect("unpoisoned"),
        );
        PracticeState { knobs, faults: vec![slow], cast: vec![hanako(), ken()] }
    }

    fn set_link(&self, link: Link, up: bool) {
        let mut record = self.record();
        let status = if up { LinkStatus::Up } else { LinkStatus::Down };
        *record.links.get_mut(link) = LinkState { status, since: Some(record.now), cause: None };
    }

    fn set_fault(&self, code: &str, on: bool) -> bool {
        *self.slow.lock().expect("unpoisoned") = on;
        code == "slow"
    }

    fn deal_card(&self, key: &str, method: &str) -> Result<(), Text> {
        if self.record().links.reader.is_down() {
            return Err(Text::new("カードリーダーの画面が消えています。", "The reader's screen is dark."));
        }
        self.dealt.lock().expect("unpoisoned").push((key.to_owned(), method.to_owned()));
        Ok(())
    }
}

fn hanako() -> CastMember {
    member("hanako", people::hanako(), Text::new("カードがあり、資格は有効です。", "Holds the card; eligible."))
}

fn ken() -> CastMember {
    let story =
        Text::new("氏名に●があります。券面は「髙橋 健」。", "The name comes with ●; the card face says 髙橋 健.");
    member("ken", people::ken(), story)
}

fn member(key: &str, person: domain::eligibility::PersonFace, story: Text) -> CastMember {
    CastMember {
        key: key.to_owned(),
        name: person.name.unwrap_or_default(),
        name_kana: person.name_kana.unwrap_or_default(),
        birth_date: person.birth_date.expect("people have birth dates"),
        sex: person.sex.expect("people have a sex code"),
        address: person.address.unwrap_or_default(),
        story,
        papers: Text::new("マイナンバーカードのみ", "The card only"),
    }
}

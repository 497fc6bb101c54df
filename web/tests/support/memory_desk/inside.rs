//! The inside of a box that has a fault, something to look at, a reader, and a bundle of two files.

use super::{MONDAY, MemoryDesk};
use domain::Timestamp;
use domain::text::Text;
use std::sync::{Arc, Mutex};
use web::port::*;

/// What is told of it.
#[derive(Default)]
pub struct MemoryInside {
    bundle: Mutex<Option<Arc<Bundle>>>,
    is_well: bool,
}

impl MemoryInside {
    /// A box without any fault.
    pub fn well() -> MemoryInside {
        MemoryInside { is_well: true, ..MemoryInside::default() }
    }
}

impl MemoryDesk {
    /// Lets the box be seen from inside.
    pub fn look_inside(&self, inside: MemoryInside) {
        *self.inside.lock().expect("unpoisoned") = Some(Arc::new(inside));
    }
}

fn now() -> Timestamp {
    Timestamp::in_japan(MONDAY, 8, 55, 0)
}

fn check(code: &'static str, name: (&str, &str), finding: Finding, seen: (&str, &str)) -> Check {
    Check {
        code,
        name: Text::new(name.0, name.1),
        finding,
        seen: Text::new(seen.0, seen.1),
        cause: (finding >= Finding::Look).then(|| Text::new("媒体が抜けています。", "The medium is out.")),
        cure: (finding >= Finding::Look).then(|| Text::new("差してください。", "Plug it in.")),
    }
}

impl Inside for MemoryInside {
    fn check_up(&self) -> CheckUp {
        let mut checks = vec![
            check("disk-room", ("ディスクの空き", "Room on the disk"), Finding::Good, ("空き 12.3 GB", "12.3 GB free")),
            check("heat", ("温度", "Heat"), Finding::Aside, ("調べられません。", "It cannot be looked at.")),
        ];
        if !self.is_well {
            checks.push(check("clock", ("時計", "Clock"), Finding::Look, ("合っていません。", "Not in step.")));
            checks.push(check("backups", ("バックアップ", "Backups"), Finding::Bad, ("ありません。", "None there.")));
        }
        CheckUp { at: now(), version: "0.1.0".to_owned(), checks }
    }

    fn ledger(&self) -> Reading<Vec<LedgerItem>> {
        Ok(vec![LedgerItem {
            kind: "device",
            kind_words: Some(Text::new("カードリーダー", "Card reader")),
            name: "reader-1".to_owned(),
            model: "Sample R-1".to_owned(),
            serial: "0001".to_owned(),
            since: Some(now()),
            state: Some(Text::new("使えます", "works")),
            ..LedgerItem::default()
        }])
    }

    fn components(&self) -> Components {
        let text = "{\"packages\":[]}".to_owned();
        Components { file_name: "uketsuke.spdx.json".to_owned(), text, covers_image: false, count: 3 }
    }

    fn make_bundle(&self) -> Reading<Arc<Bundle>> {
        let file = |name, text: &str| BundleFile {
            name,
            about: Text::new("見本", "A sample"),
            text: text.to_owned(),
            sha256: "00".repeat(32),
        };
        let files = vec![file("versions.txt", "uketsuke 0.1.0\n"), file("log.txt", "<b>stopping</b>\n")];
        let bundle = Arc::new(Bundle { id: "bundle-1".to_owned(), at: now(), files });
        *self.bundle.lock().expect("unpoisoned") = Some(bundle.clone());
        Ok(bundle)
    }

    fn bundle(&self, id: &str) -> Option<Arc<Bundle>> {
        self.bundle.lock().expect("unpoisoned").clone().filter(|bundle| bundle.id == id)
    }

    fn packed(&self, bundle: &Bundle, without: &[String]) -> Reading<Vec<u8>> {
        let kept = bundle.files.iter().filter(|file| !without.iter().any(|name| name == file.name));
        Ok(kept.map(|file| file.name).collect::<Vec<_>>().join(" ").into_bytes())
    }
}

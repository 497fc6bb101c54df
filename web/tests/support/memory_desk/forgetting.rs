//! Retention, deletion and backups, in memory.

use super::Record;
use domain::Timestamp;
use domain::case::SiteKind;
use domain::fact::{Author, PatientId};
use domain::retention::{KeptKind, Retention};
use domain::text::Text;
use std::sync::Mutex;
use web::port::*;

impl Record {
    pub fn forget_preview(&self, patient: &PatientId) -> Option<ForgetPreview> {
        let view = self.patient_view(patient)?;
        let until = |day| Retention::default().kept_until(KeptKind::Visit, SiteKind::Clinic, day);
        let visits: Vec<_> = view.visits.into_iter().map(|(visit, day, _)| (visit, day, until(day))).collect();
        let today = self.now.date_in_japan();
        Some(ForgetPreview {
            patient: patient.clone(),
            name: view.state.display_name().map(str::to_owned),
            name_kana: view.state.person.name_kana.clone(),
            kept_until: visits.iter().map(|(_, _, until)| *until).filter(|until| *until >= today).max(),
            visits,
        })
    }

    pub fn forgetting(&self) -> ForgettingView {
        let (retention, today) = (Retention::default(), self.now.date_in_japan());
        let month = today.first_of_month();
        let kept = |kind: &KeptKind| KeptMonth {
            kind: *kind,
            month,
            until: retention.kept_until(*kind, SiteKind::Clinic, month.end_of_month()),
        };
        ForgettingView {
            periods: KeptKind::ALL.iter().map(|kind| retention.period(*kind, SiteKind::Clinic, today)).collect(),
            next: KeptKind::ALL.iter().map(kept).collect(),
            done: self.forgotten.clone(),
            looked_on: Some(today),
            steady_nights: (3, 7),
            left_over: Vec::new(),
        }
    }

    pub(super) fn forget_patient(&mut self, by: &Author, forget: &ForgetPatient) -> Result<Saved, SubmitError> {
        let preview = self.forget_preview(&forget.patient).ok_or(SubmitError::NotFound("patient"))?;
        if preview.kept_until.is_some() && !forget.despite_retention {
            let why = Text::new("保存期間が終わっていません。", "It must still be kept.");
            return Err(SubmitError::Refused { at: "despite_retention".to_owned(), why });
        }
        self.patients.remove(&forget.patient);
        preview.visits.iter().for_each(|(visit, ..)| drop(self.visits.remove(visit)));
        self.forgotten.insert(
            0,
            Forgotten {
                at: self.now,
                why: ForgottenWhy::Patient(forget.reason),
                records: 1,
                documents: 1,
                by: Some(by.to_string()),
                at_box: None,
            },
        );
        Ok(Saved { patient: Some(forget.patient.clone()), ..self.saved() })
    }
}

/// Backups of which only the names are kept.
#[derive(Default)]
pub struct MemoryBackups {
    key: Mutex<Option<String>>,
    kept: Mutex<Vec<BackupKept>>,
    checked: Mutex<Option<Timestamp>>,
}

impl MemoryBackups {
    const KEY: &str = "0123-4567";
}

impl Backups for MemoryBackups {
    fn view(&self) -> BackupsView {
        BackupsView {
            folder: "/media/usb/uketsuke".to_owned(),
            plan: Text::new("毎日 1時00分", "Every day at 1:00"),
            next_at: Some(Timestamp::in_japan(super::MONDAY.plus_days(1), 1, 0, 0)),
            keep: 14,
            key_name: self.key.lock().expect("unpoisoned").clone(),
            kept: self.kept.lock().expect("unpoisoned").clone(),
            key_checked_at: *self.checked.lock().expect("unpoisoned"),
            failure: None,
        }
    }

    fn back_up_now(&self) -> Pending<'_, Result<BackupKept, Text>> {
        let Some(key_name) = self.key.lock().expect("unpoisoned").clone() else {
            return Box::pin(async { Err(Text::new("鍵がありません。", "There is no key.")) });
        };
        let name = "uketsuke-20260301T235500Z.ukb".to_owned();
        let made_at = Timestamp::in_japan(super::MONDAY, 8, 55, 0);
        let made = BackupKept { name, made_at, bytes: 1_234_567, key_name };
        self.kept.lock().expect("unpoisoned").insert(0, made.clone());
        Box::pin(async { Ok(made) })
    }

    fn make_key(&self) -> Pending<'_, Result<String, Text>> {
        let mut key = self.key.lock().expect("unpoisoned");
        let is_new = key.replace(Self::KEY.to_owned()).is_none();
        Box::pin(async move {
            if is_new {
                Ok("ABCD-EFGH-JKMN".to_owned())
            } else {
                Err(Text::new("もうあります。", "There is one."))
            }
        })
    }
    fn check_key(&self, typed: String) -> Pending<'_, Result<KeyOnPaper, Text>> {
        let is_right = typed.replace(['-', ' '], "").eq_ignore_ascii_case("ABCDEFGHJKMN");
        if is_right {
            *self.checked.lock().expect("unpoisoned") = Some(Timestamp::in_japan(super::MONDAY, 8, 55, 0));
        }
        Box::pin(async move {
            let groups = ["ABCD", "EFGH", "JKMN"].map(str::to_owned).into();
            let key = KeyOnPaper { groups, name: Self::KEY.to_owned() };
            is_right.then_some(key).ok_or_else(|| Text::new("打ち間違いがあります。", "It is mistyped."))
        })
    }
}

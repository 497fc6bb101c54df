//! A box without settings in memory: it remembers what it was asked to become.

use domain::Timestamp;
use domain::text::Text;
use std::sync::Mutex;
use web::port::{
    BackupSeen, FirstChecked, FirstChoice, FirstStart, FirstStartView, FirstStep, FoundBackup, NotDone, Pending,
};

#[derive(Default)]
pub struct MemoryFirstStart {
    pub view: Mutex<FirstStartView>,
    pub done: Mutex<Vec<FirstChoice>>,
    pub answers: Mutex<Vec<(String, bool)>>,
    /// what the next check or choice is refused with
    pub refuse: Mutex<Option<NotDone>>,
    pub warnings: Mutex<Vec<Text>>,
    pub gone_on: Mutex<Vec<(String, String)>>,
}

impl MemoryFirstStart {
    pub fn comes_to(&self, step: FirstStep) {
        self.view.lock().unwrap().step = step;
    }

    fn refused(&self) -> Result<(), Vec<NotDone>> {
        self.refuse.lock().unwrap().take().map_or(Ok(()), |refused| Err(vec![refused]))
    }
}

impl FirstStart for MemoryFirstStart {
    fn view(&self) -> FirstStartView {
        self.view.lock().unwrap().clone()
    }

    fn backups(&self) -> Vec<BackupSeen> {
        vec![BackupSeen { folder: "/media/stick".to_owned(), made_at: Timestamp::from_ms(1_772_420_000_000) }]
    }

    fn check(&self, choice: FirstChoice) -> Pending<'_, Result<FirstChecked, Vec<NotDone>>> {
        let checked = self.refused().map(|()| FirstChecked {
            warnings: self.warnings.lock().unwrap().clone(),
            backup: matches!(choice, FirstChoice::Restore(_)).then(|| FoundBackup {
                file: "/media/stick/uketsuke-20260302T000000Z.ukb".to_owned(),
                made_at: Timestamp::from_ms(1_772_420_000_000),
                key_name: "0A1B-2C3D".to_owned(),
                records: 1234,
                site_name: "見本医院".to_owned(),
            }),
        });
        Box::pin(async move { checked })
    }

    fn carry_out(&self, choice: FirstChoice) -> Pending<'_, Result<(), Vec<NotDone>>> {
        let carried_out = self.refused();
        if carried_out.is_ok() {
            match &choice {
                FirstChoice::Spare(spare) => self.view.lock().unwrap().spare = Some(spare.clone()),
                FirstChoice::Join(_) => self.comes_to(FirstStep::Joining),
                _ => self.comes_to(FirstStep::Done { elsewhere: None }),
            }
            self.done.lock().unwrap().push(choice);
        }
        Box::pin(async move { carried_out })
    }

    fn answer(&self, question: &str, same: bool) -> bool {
        self.answers.lock().unwrap().push((question.to_owned(), same));
        true
    }

    fn go_on(&self, address: String, code: String) -> Pending<'_, Result<(), Vec<NotDone>>> {
        let gone_on = self.refused();
        self.gone_on.lock().unwrap().push((address, code));
        Box::pin(async move { gone_on })
    }

    fn give_up(&self) -> Pending<'_, Result<(), Vec<NotDone>>> {
        self.comes_to(FirstStep::Choosing);
        Box::pin(async { Ok(()) })
    }

    fn was_seen(&self) {}
}

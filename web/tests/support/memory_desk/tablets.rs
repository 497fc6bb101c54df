//! Tablets over plain collections.

use super::ready;
use domain::text::Text;
use std::sync::{Mutex, MutexGuard};
use web::port::*;

/// What the desk in memory knows of tablets.
#[derive(Default)]
pub struct MemoryTablets {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    tablets: Vec<(Tablet, String)>,
    forms: Vec<TabletForm>,
    guides: Vec<ReaderGuide>,
}

impl MemoryTablets {
    /// Makers whose readers stand here.
    pub fn stand_here(&self, models: &[&str]) {
        self.inside().guides = models.iter().map(|model| guide(model)).collect();
    }

    /// Changes what is on the tablets behind everybody's back.
    pub fn alter(&self, change: impl FnOnce(&mut Vec<TabletForm>)) {
        change(&mut self.inside().forms);
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("unpoisoned")
    }
}

fn guide(model: &str) -> ReaderGuide {
    let line = GuideLine {
        text: Text::new("{札|ふだ}を置く", format!("Put the card into {model}")),
        others: vec![("vi".to_owned(), "Đặt thẻ".to_owned())],
    };
    ReaderGuide { model: model.to_owned(), name: Text::new(format!("{model}社"), model), lines: vec![line] }
}

impl Tablets for MemoryTablets {
    fn tablets(&self) -> Reading<Vec<Tablet>> {
        Ok(self.inside().tablets.iter().map(|(tablet, _)| tablet.clone()).collect())
    }

    fn tablet_of(&self, token: &SessionToken) -> Reading<Option<Tablet>> {
        Ok(self.inside().tablets.iter().find(|(_, known)| *known == token.0).map(|(tablet, _)| tablet.clone()))
    }

    fn forms(&self) -> Reading<Vec<TabletForm>> {
        Ok(self.inside().forms.clone())
    }

    fn change(&self, _by: &Account, change: TabletChange) -> Pending<'_, Result<bool, Unavailable>> {
        let mut inside = self.inside();
        let Inside { tablets, forms, .. } = &mut *inside;
        let mut call = |id: &str, at| {
            let tablet = tablets.iter_mut().find(|(tablet, _)| tablet.id == id);
            tablet.map(|(tablet, _)| tablet.called_at = at).is_some()
        };
        ready(Ok(match change {
            TabletChange::Call(id) => call(&id, Some(domain::Timestamp::from_ms(1))),
            TabletChange::Answer(id) => call(&id, None),
            TabletChange::Pair(tablet, token) => {
                tablets.push((tablet, token.0));
                true
            }
            TabletChange::Unpair(id) => {
                forms.iter_mut().filter(|form| form.tablet.as_ref() == Some(&id)).for_each(|form| form.tablet = None);
                let before = tablets.len();
                tablets.retain(|(tablet, _)| tablet.id != id);
                tablets.len() < before
            }
            TabletChange::Hand(form) => {
                let known = tablets.iter().any(|(tablet, _)| form.tablet.as_ref() == Some(&tablet.id));
                let busy = forms.iter().any(|other| other.tablet == form.tablet && other.visit != form.visit);
                if known && !busy {
                    forms.retain(|other| other.visit != form.visit);
                    forms.push(*form);
                }
                known && !busy
            }
            TabletChange::Keep(form) => {
                let kept = forms.iter_mut().find(|kept| {
                    kept.visit == form.visit && kept.form_no == form.form_no && kept.tablet == form.tablet
                });
                kept.map(|kept| *kept = *form).is_some()
            }
            TabletChange::PutAway(visit) => {
                let on = forms.iter_mut().find(|form| form.visit == visit && form.tablet.is_some());
                on.map(|form| form.tablet = None).is_some()
            }
            TabletChange::Drop(visit) => {
                let before = forms.len();
                forms.retain(|form| form.visit != visit);
                forms.len() < before
            }
        }))
    }

    fn guides(&self) -> Vec<ReaderGuide> {
        let guides = self.inside().guides.clone();
        if guides.is_empty() { vec![guide("general")] } else { guides }
    }
}

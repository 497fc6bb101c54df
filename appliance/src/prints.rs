//! Papers: the typesetting program is run for each, in the background and within limits; numbers for blank forms are given out by
//! the one writer; and what a power cut calls for lies ready on the disk.

pub mod pack;
mod typesetter;

pub use typesetter::Typesetter;

use crate::clock::Clock;
use crate::desk::{Inbox, Input, RunningDesk};
use crate::store::FormBatch;
use domain::Date;
use pack::PackState;
use paper::Order;
use std::path::PathBuf;
use std::sync::Arc;
use web::port::{IdempotencyKey, NotPrinted, PackView, Pending, Prints};

/// How papers are made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintSettings {
    /// the typesetting program; `None` = the one beside this program, or where the system keeps such programs
    pub program: Option<PathBuf>,
    /// what lies ready for a power cut
    pub pack: PackPlace,
}

/// Where it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PackPlace {
    /// in the data folder
    #[default]
    InData,
    /// in another folder, for instance on a stick or a share
    In(PathBuf),
    /// nowhere
    Nowhere,
}

/// Papers of this box.
pub struct BoxPrints {
    typesetter: Typesetter,
    inbox: Inbox,
    clock: Clock,
    pack: Option<Arc<PackState>>,
}

impl BoxPrints {
    /// Papers set by this program, over this desk.
    pub fn new(typesetter: Typesetter, desk: &RunningDesk, pack: Option<Arc<PackState>>) -> BoxPrints {
        BoxPrints { typesetter, inbox: desk.inbox().clone(), clock: desk.clock().clone(), pack }
    }

    async fn reserve(&self, request: Option<String>, forms: u32) -> Result<FormBatch, NotPrinted> {
        let day: Date = self.clock.now().date_in_japan();
        let given = self.inbox.send(|reply| Input::ReserveForms { day, request, forms, reply }).await;
        match given {
            Some(Ok(batch)) if batch.forms == forms => Ok(batch),
            Some(Ok(_)) => Err(NotPrinted::KeyReused),
            Some(Err(unavailable)) => {
                tracing::error!(cause = %unavailable.0, "no numbers for blank forms");
                Err(NotPrinted::NoNumbers)
            }
            None => Err(NotPrinted::NoNumbers),
        }
    }
}

impl Prints for BoxPrints {
    fn set(&self, order: Order) -> Pending<'_, Result<Vec<u8>, NotPrinted>> {
        Box::pin(async move { self.typesetter.set(&order).await })
    }

    fn reserve_forms(&self, key: Option<IdempotencyKey>, count: u32) -> Pending<'_, Result<Vec<String>, NotPrinted>> {
        Box::pin(async move {
            let request = key.map(|key| format!("key {}", key.0));
            Ok(self.reserve(request, count).await?.numbers())
        })
    }

    fn pack(&self) -> Option<PackView> {
        self.pack.as_ref().map(|pack| pack.view())
    }
}

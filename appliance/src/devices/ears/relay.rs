//! Looking after one relay: it says nothing by itself.

use crate::devices::message::Mouth;
use drivers::ReaderFault;
use drivers::health::{DeviceFault, DeviceName, Sign};
use drivers::power::{PowerFault, PowerSwitch};
use drivers::relay::{RelayBoard, RelaySettings};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The ear.
pub(in crate::devices) struct RelayEar {
    pub name: DeviceName,
    pub relay: RelaySettings,
    pub mouth: Mouth,
    /// one command at a time: boards share a line
    pub boards: Arc<Mutex<()>>,
}

/// Between two looks. A relay clicks a few times a month.
const LOOK_EVERY: Duration = Duration::from_secs(300);

impl RelayEar {
    /// Gives the power back first, because a crash between off and on must not leave a reader dark; then looks now and then.
    pub(in crate::devices) async fn run(self) {
        let given = self.on_board(|board| board.on().map(|_| ())).await;
        self.tell(given).await;
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let looked = self.on_board(|board| board.state().map(|_| ())).await;
            self.tell(looked).await;
        }
    }

    async fn on_board(
        &self,
        work: impl FnOnce(&mut RelayBoard) -> Result<(), PowerFault> + Send + 'static,
    ) -> Result<(), PowerFault> {
        let (relay, boards) = (self.relay.clone(), self.boards.clone());
        let done = tokio::task::spawn_blocking(move || {
            let _alone = boards.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut RelayBoard::new(relay))
        });
        done.await.unwrap_or(Err(PowerFault::NotWorking))
    }

    async fn tell(&self, outcome: Result<(), PowerFault>) {
        self.mouth.heard(&self.name, sign(outcome)).await;
    }
}

/// Asks a relay how it stands.
pub(in crate::devices) fn state_sign(relay: &RelaySettings, boards: &Mutex<()>) -> Sign {
    let _alone = boards.lock().unwrap_or_else(PoisonError::into_inner);
    sign(RelayBoard::new(relay.clone()).state().map(|_| ()))
}

fn sign(outcome: Result<(), PowerFault>) -> Sign {
    let fault = match outcome {
        Ok(()) => return Sign::Answering,
        Err(PowerFault::SwitchGone) => return Sign::Detached,
        Err(PowerFault::HeldByAnother) => ReaderFault::HeldByAnother,
        Err(PowerFault::NotPermitted | PowerFault::NotSupported) => ReaderFault::CannotOpen,
        Err(PowerFault::NotWorking | PowerFault::DidNotSwitch) => ReaderFault::NotAnswering,
    };
    Sign::Faulted { fault: DeviceFault::Reader(fault) }
}

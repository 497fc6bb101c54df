//! The floor: the same commands, sent one after the other by whoever waits for them.

use anyhow::{Context as _, ensure};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, ReaderState, Scope, ShareMode, State};
use std::ffi::CString;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing here takes this long.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the product said to a card.
pub struct Bare {
    pub commands: Vec<Vec<u8>>,
}

impl Bare {
    /// Connects, sends everything, and powers down, as the product does.
    pub fn read(&self) -> anyhow::Result<()> {
        let context = Context::establish(Scope::User)?;
        let card = context.connect(&first_reader(&context)?, ShareMode::Exclusive, Protocols::ANY)?;
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        for command in &self.commands {
            ensure!(card.transmit(command, &mut buffer)?.len() >= 2, "the card gave no answer");
        }
        card.disconnect(Disposition::UnpowerCard).map_err(|(_, error)| error)?;
        Ok(())
    }
}

/// Waits for the next insertion on a thread of its own, with a context of its own: when it returned. The thread waits once this
/// returns.
pub fn wait_for_insertion() -> anyhow::Result<JoinHandle<anyhow::Result<Instant>>> {
    let context = Context::establish(Scope::User)?;
    let mut states = [ReaderState::new(first_reader(&context)?, State::UNAWARE)];
    context.get_status_change(PATIENCE, &mut states)?;
    Ok(std::thread::spawn(move || {
        while !states[0].event_state().contains(State::PRESENT) {
            states[0].sync_current_state();
            context.get_status_change(PATIENCE, &mut states)?;
        }
        Ok(Instant::now())
    }))
}

fn first_reader(context: &Context) -> anyhow::Result<CString> {
    context.list_readers_owned()?.into_iter().next().context("no reader")
}

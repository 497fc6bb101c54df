//! Eight readers that do nothing, with everybody who listens to them.

use crate::machine::processor_time;
use drivers::health::healing::{HealingMemory, HealingRules};
use drivers::health::{DeviceKind, DeviceName, Effect, HealthSettings, Leave, Sign, Supervisor};
use drivers::reader::{Clock, Heard, Moment, ReaderPort, Subscription};
use drivers::simulated::SimReader;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many readers.
pub const READERS: usize = 8;
/// How long they are watched.
const LENGTH: Duration = Duration::from_secs(10);
/// How often the supervisor lets time pass.
const TICK: Duration = Duration::from_secs(1);

/// The share of one core that this whole process takes meanwhile; the watch over the reader service that it has is in it.
pub fn share_of_a_core() -> anyhow::Result<f64> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(watch_eight_readers())
}

async fn watch_eight_readers() -> anyhow::Result<f64> {
    let begun = Instant::now();
    let clock = Clock::new(move || Moment(begun.elapsed().as_millis() as u64));
    let supervisor = Arc::new(Mutex::new(Supervisor::default()));
    let mut readers = Vec::new();
    for number in 1..=READERS {
        let name = DeviceName::parse(&format!("reader {number}"))?;
        let (reader, handle) = SimReader::new(name.clone(), clock.clone());
        watch_one(&supervisor, &name, clock.now());
        tokio::spawn(listen(reader.subscribe(), name, supervisor.clone()));
        handle.plug();
        readers.push((reader, handle));
    }
    let before = processor_time()?;
    let started = Instant::now();
    let mut tick = tokio::time::interval(TICK);
    while started.elapsed() < LENGTH {
        tick.tick().await;
        let effects = supervisor
            .lock()
            .map_err(|_| anyhow::anyhow!("a listener panicked"))?
            .pass_time(Leave { service: true, reboot: false }, clock.now());
        let acts = effects.iter().any(|effect| matches!(effect, Effect::Do { .. }));
        anyhow::ensure!(!acts, "the readers are not idle: {effects:?}");
    }
    Ok((processor_time()? - before).as_secs_f64() / started.elapsed().as_secs_f64())
}

fn watch_one(supervisor: &Mutex<Supervisor>, name: &DeviceName, now: Moment) {
    if let Ok(mut supervisor) = supervisor.lock() {
        let (kind, rules) = (DeviceKind::CardReader, HealingRules::of(DeviceKind::CardReader));
        supervisor.watch(name.clone(), kind, HealthSettings::of(kind), rules, HealingMemory::default(), now);
    }
}

async fn listen(mut subscription: Subscription, name: DeviceName, supervisor: Arc<Mutex<Supervisor>>) {
    while let Heard::Event(heard) = subscription.next().await {
        if let Ok(mut supervisor) = supervisor.lock() {
            supervisor.hear(&name, Sign::from(&heard.event), heard.at);
        }
    }
}

//! What reaches the runner.

use super::hands::NotDone;
use domain::text::Text;
use drivers::ReaderName;
use drivers::health::healing::HealingStep;
use drivers::health::{DeviceName, Sign};
use tokio::sync::{mpsc, oneshot};

/// Something for the runner.
pub(super) enum Message {
    /// a sign of a device
    Heard(DeviceName, Sign),
    /// a device was asked before the doors open, and this is what it said; `None` = it cannot be asked
    Probed(DeviceName, Option<Sign>),
    /// a reader appeared that no setting names
    Appeared(ReaderName),
    /// a step could not be carried out
    Refused(DeviceName, HealingStep, NotDone),
    /// somebody asks for a restart
    Ask {
        /// of which device
        device: DeviceName,
        /// by which step
        step: HealingStep,
        /// where the outcome goes
        reply: oneshot::Sender<Result<(), Text>>,
    },
}

/// The way to the runner. Cheap to clone.
#[derive(Clone)]
pub(super) struct Mouth(mpsc::Sender<Message>);

/// A card goes in and out a few times a minute; more than this at once is a device gone mad, and its ear waits.
const WAITING: usize = 256;

impl Mouth {
    pub(super) fn new() -> (Mouth, mpsc::Receiver<Message>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Mouth(sender), receiver)
    }

    /// Tells the runner; when it has ended, nobody wants to know.
    pub(super) async fn tell(&self, message: Message) {
        let _ended = self.0.send(message).await;
    }

    /// The same from a thread that may block.
    pub(super) fn heard_blocking(&self, device: &DeviceName, sign: Sign) {
        let _ended = self.0.blocking_send(Message::Heard(device.clone(), sign));
    }

    pub(super) async fn heard(&self, device: &DeviceName, sign: Sign) {
        self.tell(Message::Heard(device.clone(), sign)).await;
    }
}

//! How the command line asks the running service how the facility stands, and has it do something.

mod report;

pub use report::{FormerReport, MemberReport, PeerReport, QuestionReport, Report};

use super::Shared;
use crate::control_socket::ControlSocket;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use web::port::{Facility, NotDone, PutOutReason};

/// A machine far away may have to answer in between.
const SOCKET: ControlSocket = ControlSocket { name: "sync.sock", patience: Duration::from_secs(60), longest: 4_096 };

/// What the command line asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// how it stands
    Status,
    /// call everybody at once, and how it stands
    Now,
    /// make a code for another box
    MakeCode,
    /// take the code back
    WithdrawCode,
    /// somebody compared the digits
    Answer {
        /// which question
        question: String,
        /// whether they are the same
        same: bool,
    },
    /// enter the facility of another box
    Join {
        /// its address; empty for the only one that is found
        address: String,
        /// the code; empty to go on after a cut
        code: String,
        /// what people call this box
        name: String,
    },
    /// use a hub
    EnrolHub {
        /// its address
        address: String,
        /// the code its operator made
        code: String,
    },
    /// put a member out
    PutOut {
        /// its id
        id: String,
        /// `lost`, `replaced`, `copied` or `retired`
        reason: String,
    },
    /// give a member another name
    Rename {
        /// its id
        id: String,
        /// what people call it from now on
        name: String,
    },
}

/// Begins to answer the command line.
pub(super) fn listen(boxes: Arc<Shared>, folder: &Path) -> io::Result<JoinHandle<()>> {
    SOCKET.listen(folder, move |asked| {
        let boxes = boxes.clone();
        async move {
            let done = carry_out(&boxes, asked).await;
            Report { refused: done.err().map(|refused| report::both(&refused.why)), ..Report::of(&boxes.look()) }
        }
    })
}

async fn carry_out(boxes: &Shared, asked: Asked) -> Result<(), NotDone> {
    match asked {
        Asked::Status => Ok(()),
        Asked::Now => {
            boxes.sync_now();
            Ok(())
        }
        Asked::MakeCode => boxes.make_code().await,
        Asked::WithdrawCode => {
            boxes.withdraw_code();
            Ok(())
        }
        Asked::Answer { question, same } => {
            boxes.answer(&question, same);
            Ok(())
        }
        Asked::Join { address, code, name } => boxes.join(&address, &code, &name).await,
        Asked::EnrolHub { address, code } => boxes.enrol_hub(&address, &code).await,
        Asked::PutOut { id, reason } => match PutOutReason::from_code(&reason) {
            Some(reason) => boxes.put_out(&id, reason).await,
            None => Err(NotDone { at: "reason", why: report::unknown_reason() }),
        },
        Asked::Rename { id, name } => boxes.rename(None, &id, &name).await,
    }
}

/// Asks the service that runs on this data folder.
///
/// # Errors
/// No service answers there.
pub async fn ask(folder: &Path, what: Asked) -> io::Result<Report> {
    SOCKET.ask(folder, &what).await
}

//! The order to stop, as the machine gives it: SIGTERM from a service manager, SIGINT from a keyboard.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens for the order to stop. From here on a signal no longer ends the process by itself.
pub struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Starts to listen.
    pub fn listen() -> std::io::Result<Stop> {
        Ok(Stop { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the order.
    pub async fn ordered(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        tracing::info!("stopping");
    }
}

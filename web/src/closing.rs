//! The order to close, as live streams hear it: they never end by themselves.

use tokio::sync::watch;

/// Tells that the box is about to close.
#[derive(Clone, Debug)]
pub struct Closing(watch::Receiver<bool>);

/// Gives the order to close. Dropping it is no order.
#[derive(Debug)]
pub struct Closer(watch::Sender<bool>);

impl Closing {
    /// The order and those who wait for it.
    pub fn new() -> (Closer, Closing) {
        let (sender, receiver) = watch::channel(false);
        (Closer(sender), Closing(receiver))
    }

    /// No order ever comes.
    pub fn never() -> Closing {
        Closing::new().1
    }

    /// Waits for the order.
    pub async fn wait(&mut self) {
        if self.0.wait_for(|is_closing| *is_closing).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Closer {
    /// Close now.
    pub fn close(&self) {
        self.0.send_replace(true);
    }
}

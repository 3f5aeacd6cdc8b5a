//! SIGTERM and Ctrl-C.

use anyhow::Result;
use tokio::{sync::watch, task};

/// Counts the signals that tell a server to stop.
#[derive(Debug, Clone)]
pub struct Signals(watch::Receiver<usize>);

impl Signals {
    /// Counts from now on, instead of ending the process.
    pub fn new() -> Result<Self> {
        let (count, signals) = watch::channel(0);
        #[cfg(unix)]
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let next = async move {
            loop {
                #[cfg(unix)]
                tokio::select! {
                    _ = terminate.recv() => {}
                    pressed = tokio::signal::ctrl_c() => if pressed.is_err() { return },
                }
                #[cfg(not(unix))]
                if tokio::signal::ctrl_c().await.is_err() {
                    return;
                }
                count.send_modify(|count| *count += 1);
            }
        };
        task::spawn(next);
        Ok(Self(signals))
    }

    /// Waits until this many signals have come.
    pub async fn received(&mut self, number: usize) {
        if self.0.wait_for(|count| *count >= number).await.is_err() {
            // Nothing listens for signals any more, so none will come.
            std::future::pending::<()>().await;
        }
    }
}

//! SIGTERM and Ctrl-C.

use anyhow::Result;
use tokio::{sync::watch, task};

/// A signal that tells a command to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C, SIGINT.
    Interrupt,
    /// SIGTERM, as service managers send it.
    Terminate,
}

/// Counts the signals that tell a command to stop.
#[derive(Debug, Clone)]
pub struct Signals(watch::Receiver<(usize, Signal)>);

impl Signals {
    /// Counts from now on, instead of ending the process.
    pub fn new() -> Result<Self> {
        let (count, signals) = watch::channel((0, Signal::Interrupt));
        #[cfg(unix)]
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let next = async move {
            loop {
                #[cfg(unix)]
                let signal = tokio::select! {
                    _ = terminate.recv() => Signal::Terminate,
                    pressed = tokio::signal::ctrl_c() => match pressed {
                        Ok(()) => Signal::Interrupt,
                        Err(_) => return,
                    },
                };
                #[cfg(not(unix))]
                let signal = match tokio::signal::ctrl_c().await {
                    Ok(()) => Signal::Interrupt,
                    Err(_) => return,
                };
                count.send_modify(|count| *count = (count.0 + 1, signal));
            }
        };
        task::spawn(next);
        Ok(Self(signals))
    }

    /// Waits until this many signals have come. Returns the last one.
    pub async fn received(&mut self, number: usize) -> Signal {
        match self.0.wait_for(|(count, _)| *count >= number).await {
            Ok(last) => last.1,
            // Nothing listens for signals any more, so none will come.
            Err(_) => std::future::pending().await,
        }
    }

    /// Waits for the first signal.
    pub async fn first(mut self) -> Signal {
        self.received(1).await
    }
}

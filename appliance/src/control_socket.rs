//! Sockets in the data folder, by which the command line asks the running service: one line of JSON there, one answer back.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// One of these sockets.
#[derive(Clone, Copy, Debug)]
pub struct ControlSocket {
    /// its name in the data folder
    pub name: &'static str,
    /// longest wait of either side for the other
    pub patience: Duration,
    /// longest question, bytes
    pub longest: u64,
}

impl ControlSocket {
    /// Begins to answer. The socket is for the service's own user alone.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn listen<Q, A, F>(
        self,
        folder: &Path,
        answer: impl Fn(Q) -> F + Clone + Send + Sync + 'static,
    ) -> io::Result<JoinHandle<()>>
    where
        Q: DeserializeOwned + Send,
        A: Serialize + Send,
        F: Future<Output = A> + Send,
    {
        let path = folder.join(self.name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
        Ok(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    if let Ok(Err(error)) = timeout(self.patience, self.serve(stream, answer)).await {
                        tracing::debug!(%error, "the command line hung up");
                    }
                });
            }
        }))
    }

    async fn serve<Q: DeserializeOwned, A: Serialize, F: Future<Output = A>>(
        self,
        stream: UnixStream,
        answer: impl Fn(Q) -> F,
    ) -> io::Result<()> {
        let (reading, mut writing) = stream.into_split();
        let mut line = String::new();
        BufReader::new(reading.take(self.longest)).read_line(&mut line).await?;
        let said = answer(serde_json::from_str(&line).map_err(io::Error::from)?).await;
        writing.write_all(&serde_json::to_vec(&said).map_err(io::Error::from)?).await?;
        writing.shutdown().await
    }

    /// Asks the service that runs on this data folder.
    ///
    /// # Errors
    /// No service answers there.
    pub async fn ask<A: DeserializeOwned>(self, folder: &Path, question: &impl Serialize) -> io::Result<A> {
        let mut line = serde_json::to_vec(question).map_err(io::Error::from)?;
        line.push(b'\n');
        let asking = async {
            let mut stream = UnixStream::connect(folder.join(self.name)).await?;
            stream.write_all(&line).await?;
            let mut said = Vec::new();
            stream.read_to_end(&mut said).await?;
            serde_json::from_slice(&said).map_err(io::Error::from)
        };
        timeout(self.patience, asking).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}

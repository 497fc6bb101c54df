//! A line that can be slow, far, and cut, and that counts what it carries. It ends the connections of both sides, so that it treats
//! every protocol alike and needs nothing of the kernel.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// What one packet carries.
const PACKET: usize = 1_448;
/// What a packet takes on the line beside what it carries.
const OVERHEAD: usize = 52;
/// Packets under way or waiting before the sender is held back: about what a router keeps.
const QUEUE: usize = 44;

/// How good a line is.
#[derive(Clone, Copy, Debug)]
pub struct Quality {
    /// bits per second in each direction; `None`: as fast as it goes
    pub bits_per_s: Option<u64>,
    /// there and back
    pub round_trip: Duration,
    /// every connection is broken so often
    pub cut_every: Option<Duration>,
}

impl Quality {
    /// A cable on the desk.
    pub const BEST: Quality = Quality { bits_per_s: None, round_trip: Duration::ZERO, cut_every: None };
}

/// A running line.
pub struct ShapedLine {
    /// where to call instead of the far end
    pub near: SocketAddr,
    carried: Arc<AtomicU64>,
    quality: Arc<Mutex<Quality>>,
    running: JoinHandle<()>,
}

/// When each direction is free again: connections share the line.
#[derive(Clone, Default)]
struct Direction(Arc<Mutex<Option<Instant>>>);

impl ShapedLine {
    /// To a far end.
    pub async fn lay(far: SocketAddr, quality: Quality) -> io::Result<ShapedLine> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let near = listener.local_addr()?;
        let carried = Arc::new(AtomicU64::new(0));
        let quality = Arc::new(Mutex::new(quality));
        let running = tokio::spawn(carry(listener, far, quality.clone(), carried.clone()));
        Ok(ShapedLine { near, carried, quality, running })
    }

    /// What connects from now on has a line of this quality.
    pub fn become_like(&self, quality: Quality) {
        *self.quality.lock().unwrap_or_else(PoisonError::into_inner) = quality;
    }

    /// Bytes carried in both directions since this was asked last.
    pub fn take_carried(&self) -> u64 {
        self.carried.swap(0, Ordering::Relaxed)
    }
}

impl Drop for ShapedLine {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn carry(listener: TcpListener, far: SocketAddr, quality: Arc<Mutex<Quality>>, carried: Arc<AtomicU64>) {
    let (up, down) = (Direction::default(), Direction::default());
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((caller, _)) = listener.accept().await {
        let (up, down, carried) = (up.clone(), down.clone(), carried.clone());
        let quality = *quality.lock().unwrap_or_else(PoisonError::into_inner);
        connections.spawn(async move {
            let both = connection(caller, far, quality, [up, down], carried);
            match quality.cut_every {
                Some(after) => drop(timeout(after, both).await),
                None => drop(both.await),
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(
    caller: TcpStream,
    far: SocketAddr,
    quality: Quality,
    [up, down]: [Direction; 2],
    carried: Arc<AtomicU64>,
) -> io::Result<()> {
    // The caller was answered at once; on a real line its first word waits for the handshake.
    sleep(quality.round_trip).await;
    let callee = TcpStream::connect(far).await?;
    caller.set_nodelay(true)?;
    callee.set_nodelay(true)?;
    let ((from_caller, to_caller), (from_callee, to_callee)) = (caller.into_split(), callee.into_split());
    tokio::try_join!(
        one_way(from_caller, to_callee, quality, up, &carried),
        one_way(from_callee, to_caller, quality, down, &carried),
    )?;
    Ok(())
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    quality: Quality,
    direction: Direction,
    carried: &AtomicU64,
) -> io::Result<()> {
    let (sender, mut under_way) = mpsc::channel::<(Instant, Vec<u8>)>(QUEUE);
    let sending = async move {
        loop {
            let mut packet = vec![0; PACKET];
            let read = from.read(&mut packet).await?;
            if read == 0 {
                return io::Result::Ok(());
            }
            packet.truncate(read);
            let through = direction.through(read, quality);
            // The line takes the next packet when it has passed this one on.
            sleep_until(through).await;
            if sender.send((through + quality.round_trip / 2, packet)).await.is_err() {
                return Ok(());
            }
        }
    };
    let arriving = async {
        while let Some((at, packet)) = under_way.recv().await {
            sleep_until(at).await;
            carried.fetch_add(packet.len() as u64, Ordering::Relaxed);
            to.write_all(&packet).await?;
        }
        to.shutdown().await
    };
    tokio::try_join!(sending, arriving).map(drop)
}

impl Direction {
    /// When so many bytes have left the sender.
    fn through(&self, bytes: usize, quality: Quality) -> Instant {
        let now = Instant::now();
        let Some(bits_per_s) = quality.bits_per_s else { return now };
        let takes = Duration::from_secs_f64((bytes + OVERHEAD) as f64 * 8.0 / bits_per_s as f64);
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let through = free.map_or(now, |free| free.max(now)) + takes;
        *free = Some(through);
        through
    }
}

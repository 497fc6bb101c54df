//! A cable that can be pulled: a pseudo terminal behind a path that stays.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serialport::{SerialPort, TTYPort};
use tempfile::TempDir;

/// The place a device is plugged into.
pub struct Socket {
    folder: TempDir,
}

/// A device in its socket; dropping it pulls the cable.
pub struct Plugged {
    device: TTYPort,
    /// Kept open so that what the device sends waits in the kernel even while nobody listens, as with a real line.
    line: TTYPort,
    path: PathBuf,
}

impl Socket {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("device")
    }

    pub fn plug(&self) -> Plugged {
        let (mut device, line) = TTYPort::pair().unwrap();
        device.set_timeout(Duration::from_secs(10)).unwrap();
        std::os::unix::fs::symlink(line.name().unwrap(), self.path()).unwrap();
        Plugged { device, line, path: self.path() }
    }
}

impl Plugged {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The device sends these bytes.
    pub fn send(&mut self, bytes: &[u8]) {
        self.device.write_all(bytes).unwrap();
    }

    /// Waits until everything that was sent has been read by the program.
    pub async fn until_read(&self) {
        while self.line.bytes_to_read().unwrap() > 0 {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until so many bytes wait in the line.
    pub async fn until_waiting(&self, bytes: usize) {
        while (self.line.bytes_to_read().unwrap() as usize) < bytes {
            tokio::task::yield_now().await;
        }
    }

    /// Hands the device to a thread that answers each command like a board, until the board is unplugged.
    pub fn answering(self, answer: impl FnMut(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> Answering {
        let running = Arc::new(AtomicBool::new(true));
        let still_running = Arc::clone(&running);
        let thread = std::thread::spawn(move || self.answer_while(&still_running, answer));
        Answering { running, thread: Some(thread) }
    }

    fn answer_while(mut self, running: &AtomicBool, mut answer: impl FnMut(&[u8]) -> Vec<Vec<u8>>) -> Vec<u8> {
        let (mut heard, mut waiting, mut buffer) = (Vec::new(), Vec::new(), [0; 64]);
        while running.load(Ordering::Relaxed) {
            self.device.set_timeout(Duration::from_millis(5)).unwrap();
            let Ok(count) = self.device.read(&mut buffer) else { continue };
            waiting.extend_from_slice(&buffer[..count]);
            self.device.set_timeout(Duration::from_secs(10)).unwrap();
            while let Some(command) = take_command(&mut waiting) {
                answer(&command).iter().for_each(|piece| self.device.write_all(piece).unwrap());
                heard.extend(command);
            }
        }
        heard
    }
}

/// The next whole command: a frame of four bytes, or a single one.
fn take_command(waiting: &mut Vec<u8>) -> Option<Vec<u8>> {
    let length = if *waiting.first()? == 0xa0 { 4 } else { 1 };
    (waiting.len() >= length).then(|| waiting.drain(..length).collect())
}

impl Drop for Plugged {
    fn drop(&mut self) {
        std::fs::remove_file(&self.path).unwrap();
    }
}

/// A board that answers.
pub struct Answering {
    running: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<Vec<u8>>>,
}

impl Answering {
    /// Pulls the cable and tells every byte that the board was sent.
    pub fn unplug(mut self) -> Vec<u8> {
        self.running.store(false, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap()
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.running.store(false, Ordering::Relaxed);
    }
}

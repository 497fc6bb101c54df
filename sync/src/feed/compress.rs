//! Batches are one zstd stream, flushed after every page. Small windows: sealed content does not shrink anyway, the headers of
//! neighbouring records do, and a hub keeps a thousand of these streams open.

use super::failure::FeedFailure;
use std::io::{self, Write};
use zstd::stream::raw::{CParameter, DParameter, Decoder, InBuffer, Operation, OutBuffer};
use zstd::stream::write::Encoder;

/// Quick, since there is little to win.
const LEVEL: i32 = 1;
/// Both sides remember so many bytes (as a power of two).
const WINDOW_LOG: u32 = 17;
/// Bytes expanded at once.
const PIECE_BYTES: usize = 16 << 10;
/// Nothing the feed writes shrinks further than to one part in this.
const MOST_EXPANSION: u64 = 16;
/// … once so many bytes have come out.
const EXPANSION_GRACE_BYTES: u64 = 256 << 10;

/// Compresses a stream.
pub(crate) struct Compressor(Encoder<'static, Vec<u8>>);

impl Compressor {
    pub(crate) fn new() -> io::Result<Compressor> {
        let mut encoder = Encoder::new(Vec::new(), LEVEL)?;
        encoder.set_parameter(CParameter::WindowLog(WINDOW_LOG))?;
        Ok(Compressor(encoder))
    }

    /// The compressed form of `bytes`, complete up to here.
    pub(crate) fn page(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.write_all(bytes)?;
        self.0.flush()?;
        Ok(std::mem::take(self.0.get_mut()))
    }

    /// The rest of the stream.
    pub(crate) fn finish(mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.0.write_all(bytes)?;
        self.0.finish()
    }
}

/// Expands a stream, piece by piece.
pub(crate) struct Expander {
    decoder: Decoder<'static>,
    piece: Vec<u8>,
    came: u64,
    gave: u64,
    ended: bool,
}

impl Expander {
    pub(crate) fn new() -> io::Result<Expander> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
        Ok(Expander { decoder, piece: vec![0; PIECE_BYTES], came: 0, gave: 0, ended: false })
    }

    /// Hands every expanded piece on. Stops at a stream that expands beyond all measure, and at bytes after its end.
    pub(crate) fn expand(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), FeedFailure>,
    ) -> Result<(), FeedFailure> {
        self.came += bytes.len() as u64;
        let mut input = InBuffer::around(bytes);
        loop {
            if self.ended {
                return if input.pos == bytes.len() { Ok(()) } else { Err(FeedFailure::Malformed) };
            }
            let (written, more) = self.step(&mut input)?;
            take(&self.piece[..written])?;
            if !more && input.pos == bytes.len() {
                return Ok(());
            }
        }
    }

    /// One piece; whether more may be waiting inside the decoder.
    fn step(&mut self, input: &mut InBuffer<'_>) -> Result<(usize, bool), FeedFailure> {
        let mut output = OutBuffer::around(self.piece.as_mut_slice());
        let hint = self.decoder.run(input, &mut output).map_err(|_| FeedFailure::Malformed)?;
        let written = output.pos();
        self.ended = hint == 0;
        self.gave += written as u64;
        if self.gave > EXPANSION_GRACE_BYTES.max(self.came.saturating_mul(MOST_EXPANSION)) {
            return Err(FeedFailure::TooLarge);
        }
        Ok((written, written == self.piece.len()))
    }
}

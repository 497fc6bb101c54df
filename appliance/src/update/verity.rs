//! The hash tree of a bundle's content. The signature covers only its root: a flipped byte further down would otherwise be found
//! while the other half of the disk is being written.

use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of a block, of data and of hashes.
const BLOCK: usize = 4096;
/// Hashes in a block.
const IN_BLOCK: usize = BLOCK / 32;

/// What the signed manifest says of the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verity {
    /// put before every block
    pub salt: Vec<u8>,
    /// the root of the tree
    pub root: [u8; 32],
    /// bytes of the tree, which lies behind the content
    pub tree_bytes: u64,
}

/// Whether the first bytes of a file, and the tree behind them, are those of the signed root: in the form of dm-verity (version 1,
/// SHA-256, 4 KiB), the highest level first.
///
/// # Errors
/// The file's; also when the length is not a number of whole blocks.
pub fn is_the_tree(file: &mut File, content_bytes: u64, signed: &Verity) -> io::Result<bool> {
    let block_bytes = BLOCK as u64;
    if content_bytes == 0 || !content_bytes.is_multiple_of(block_bytes) {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(0))?;
    let mut block = vec![0; BLOCK];
    let mut level: Vec<[u8; 32]> = Vec::new();
    let mut reading = io::BufReader::with_capacity(1 << 20, file);
    for _ in 0..content_bytes / block_bytes {
        reading.read_exact(&mut block)?;
        level.push(hash(&signed.salt, &block));
    }
    let mut levels: Vec<Vec<u8>> = Vec::new();
    while level.len() > 1 {
        let blocks: Vec<Vec<u8>> = level.chunks(IN_BLOCK).map(filled).collect();
        level = blocks.iter().map(|block| hash(&signed.salt, block)).collect();
        levels.push(blocks.concat());
    }
    let tree: Vec<u8> = levels.into_iter().rev().flatten().collect();
    let mut found = Vec::new();
    reading.take(signed.tree_bytes).read_to_end(&mut found)?;
    Ok(level.first() == Some(&signed.root) && found == tree)
}

fn hash(salt: &[u8], block: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(block).finalize().into()
}

/// A block of hashes, filled up with zeros.
fn filled(hashes: &[[u8; 32]]) -> Vec<u8> {
    let mut block = hashes.concat();
    block.resize(BLOCK, 0);
    block
}

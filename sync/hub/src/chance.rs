//! Randomness for keys and codes, from the operating system.

use crate::store::StoreFailure;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use zeroize::Zeroizing;

/// A fresh generator.
///
/// # Errors
/// The operating system gave none.
pub fn chance() -> Result<ChaCha20Rng, StoreFailure> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|_| StoreFailure::NoRandomness)?;
    Ok(ChaCha20Rng::from_seed(*seed))
}

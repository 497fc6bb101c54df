//! OpenSC, which knows the card from elsewhere, as the judge of the emulated one.

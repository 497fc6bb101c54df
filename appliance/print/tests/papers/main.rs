//! Every paper as a picture and as text. People and numbers are invented.
#![allow(clippy::unwrap_used)]

mod pictures;
mod program;
mod samples;
mod words;

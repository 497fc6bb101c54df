//! Questions and answers: everything the box says to, and hears from, the outside.
//!
//! * [`terminal`] is the door to the national service: the messages of the official terminal and the two ways to hand
//!   them over (shared folders, HTTPS with mutual TLS).
//! * [`outbox`] says when a question goes out, waits, or needs a person.
//! * [`facility`] says which boxes belong together, how that is proven, and how they find each other.
//! * [`replica`] keeps the facts of one visit or patient in a document that merges.
//! * [`seal`] turns what a box writes into records that only its facility's boxes can read, and [`feed`] carries them
//!   between boxes and hubs, over any line, in any order.
//! * [`fleet`] is what a box tells a hub of itself: figures only.
//! * [`simulator`] is a terminal to practise on. It shares no parsing code with [`terminal`], so that the two can
//!   prove each other wrong.
//!
//! Nothing here decides eligibility: `sync` carries questions and answers.

pub mod facility;
pub mod feed;
pub mod fleet;
pub mod json;
pub mod outbox;
pub mod replica;
pub mod seal;
pub mod simulator;
pub mod terminal;
pub mod update;

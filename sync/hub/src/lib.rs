//! The hub: keeps and forwards the sealed records of many facilities, and reads none of them.
//!
//! A hub is a member of each of its facilities in the role that has no key to receive keys with. It sees headers, statements about
//! members and requests to forget, because it has to obey them; everything else passes through closed. It never names a data key, a
//! ring of keys or the opening of a record: a test reads these sources for it.
//!
//! * [`store`] keeps everything, in SQLite for one process or in PostgreSQL for any number; [`log`] is a facility's log upon it.
//! * [`registry`] knows the facilities and their members; [`reception`] lets their boxes in; [`meter`] counts what they use.
//! * [`enrolment`] lets a facility come, [`port`] tells newcomers from members, [`hub`] holds all of it together.
//! * [`bundles`] are updates of the program, [`rollout`] says which box gets which.
//! * [`fleet`] and [`alert`] say how the boxes are; [`admin`] shows it to who looks after them.

pub mod admin;
pub mod alert;
pub mod bundles;
mod chance;
pub mod cli;
pub mod enrolment;
pub mod fleet;
pub mod hub;
pub mod log;
pub mod meter;
pub mod port;
pub mod reception;
pub mod registry;
pub mod rollout;
pub mod store;

//! The numbered scenarios of the check-in sheet (checkin-rules §13b), and what must hold for every case.
#![allow(clippy::unwrap_used)]

#[path = "scenarios/claims.rs"]
mod claims;
#[path = "scenarios/codes.rs"]
mod codes;
#[path = "scenarios/could_not_ask.rs"]
mod could_not_ask;
#[path = "scenarios/counters.rs"]
mod counters;
#[path = "scenarios/desk.rs"]
mod desk;
#[path = "scenarios/elsewhere.rs"]
mod elsewhere;
#[path = "scenarios/follow_ups.rs"]
mod follow_ups;
#[path = "scenarios/form.rs"]
mod form;
#[path = "scenarios/full_charge.rs"]
mod full_charge;
#[path = "scenarios/grid.rs"]
mod grid;
#[path = "scenarios/look.rs"]
mod look;
#[path = "scenarios/lookups.rs"]
mod lookups;
#[path = "scenarios/lost_cards.rs"]
mod lost_cards;
#[path = "scenarios/notices.rs"]
mod notices;
#[path = "scenarios/papers.rs"]
mod papers;
#[path = "scenarios/people.rs"]
mod people;
#[path = "scenarios/queries.rs"]
mod queries;
#[path = "scenarios/ratios.rs"]
mod ratios;
#[path = "scenarios/reader.rs"]
mod reader;
#[path = "scenarios/rule_packs.rs"]
mod rule_packs;
#[path = "scenarios/sheet_01_14.rs"]
mod sheet_01_14;
#[path = "scenarios/sheet_15_28.rs"]
mod sheet_15_28;
#[path = "scenarios/site_choices.rs"]
mod site_choices;
#[path = "scenarios/sound.rs"]
mod sound;

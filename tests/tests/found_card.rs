//! A card left in the reader of one counter is in the ledger of the other too, and is handed back there.
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use tests::counter::{Counter, let_in};
use uketsuke::clock::Clock;

/// The one card both know of, as this counter has it.
fn card(at: &Counter) -> Option<Value> {
    let shown = at.get("/lost-cards")?;
    let cards = shown["cards"].as_array()?;
    assert!(cards.len() <= 1, "one card was found: {cards:?}");
    cards.first().cloned()
}

fn is(at: &Counter, holds: impl Fn(&Value) -> bool) -> bool {
    card(at).is_some_and(|card| holds(&card))
}

#[test]
fn a_card_found_at_one_counter_is_handed_back_at_the_other() {
    let (one, two) = (Counter::open(), Counter::open());
    let_in(&one, &two, "第2窓口");
    let person = json!({"person": {"name": "見本 花子", "birth_date": "1988-02-29"}});
    let owner = one.post("/check-ins", &person)["patient"].as_str().unwrap().to_owned();
    let yesterday = Clock::wall().now().date_in_japan().plus_days(-1).to_string();
    let found = json!({"enter": {
        "day": yesterday, "thing": "my_number_card", "place": "reader", "found_by": "受付 一子", "owner": owner,
    }});
    let id = one.post("/lost-cards", &found)["about"].as_str().unwrap().to_owned();

    // It is in the other counter's ledger, with whose it is.
    two.waits_for("the card", || is(&two, |card| card["is_held"] == true && card["owner"] == owner.as_str()));
    let shown = card(&two).unwrap();
    assert_eq!((&shown["card"], &shown["found_by"]), (&json!(id), &json!("受付 一子")));
    assert_eq!(Some(&shown), card(&one).as_ref(), "both ledgers say the same");

    // The owner is called from there, and comes there.
    two.post("/lost-cards", &json!({"change": {"card": id, "step": {"told": {}}}}));
    one.waits_for("the call", || is(&one, |card| card["is_owner_told"] == true && card["calls"] == 1));
    let back = json!({"to": "見本 花子", "how": "photo", "by": "受付 二子"});
    two.post("/lost-cards", &json!({"change": {"card": id, "step": {"handed_back": back}}}));
    one.waits_for("that it was handed back", || is(&one, |card| card["is_held"] == false));
    let shown = card(&one).unwrap();
    assert_eq!((&shown["handed_back"]["to"], &shown["handed_back"]["by"]), (&back["to"], &back["by"]));
    assert_eq!(Some(&shown), card(&two).as_ref(), "both ledgers say the same");
}

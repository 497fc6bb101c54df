//! What can be said to a running card.

use crate::demo::dealt::Dealt;
use drivers::emulated::Profile;
use std::str::FromStr;
use std::time::Duration;

/// Every order with what it does.
pub const HELP: &str = "  insert               put the card into the reader
  pull                 take it out, in the middle of a reading if need be
  swap PROFILE [SEED]  take it out and put another one in
  deal JSON            the same with somebody's card: {\"profile\":\"normal\",\"seed\":1,\"name\":\"見本　太郎\",
                       \"address\":\"…\",\"birth_date\":\"1980-04-01\",\"sex\":\"male\"} (female, not_applicable, unknown)
  mute [off]           give no answers until `mute off`
  slow MS              think this many milliseconds about each command (0 = at once)
  service stop|start   with --own-service: kill the reader service, start it again
  status               one line of JSON: place, profile, commands, secrets presented, forbidden touches
  help                 this list
  quit                 end
";

/// An order.
#[derive(Debug, PartialEq, Eq)]
pub enum Order {
    Insert,
    Pull,
    Swap { profile: Profile, seed: Option<u64> },
    Deal(Box<Dealt>),
    Silence(bool),
    Slow(Duration),
    Service(bool),
    Status,
    Help,
    Quit,
}

/// The line is no order. It is answered with the list of orders.
#[derive(Debug, PartialEq, Eq)]
pub struct NoOrder;

impl FromStr for Order {
    type Err = NoOrder;

    fn from_str(line: &str) -> Result<Order, NoOrder> {
        let line = line.trim();
        if let Some(json) = line.strip_prefix("deal ") {
            return serde_json::from_str(json).map(|dealt| Order::Deal(Box::new(dealt))).map_err(|_| NoOrder);
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        Ok(match words[..] {
            ["insert"] => Order::Insert,
            ["pull"] => Order::Pull,
            ["swap", profile] => Order::Swap { profile: named(profile)?, seed: None },
            ["swap", profile, seed] => Order::Swap { profile: named(profile)?, seed: Some(number(seed)?) },
            ["mute"] => Order::Silence(true),
            ["mute", "off"] => Order::Silence(false),
            ["slow", ms] => Order::Slow(Duration::from_millis(number(ms)?)),
            ["service", "stop"] => Order::Service(false),
            ["service", "start"] => Order::Service(true),
            ["status"] => Order::Status,
            ["help"] => Order::Help,
            ["quit"] => Order::Quit,
            _ => return Err(NoOrder),
        })
    }
}

/// Whether the line asks the card to end.
pub fn is_quit(line: &str) -> bool {
    line.parse() == Ok(Order::Quit)
}

fn named(profile: &str) -> Result<Profile, NoOrder> {
    profile.parse().map_err(|_| NoOrder)
}

fn number(text: &str) -> Result<u64, NoOrder> {
    text.parse().map_err(|_| NoOrder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_single_lines() {
        let parsed = |line: &str| line.parse::<Order>();
        assert_eq!(parsed(" pull "), Ok(Order::Pull));
        assert_eq!(parsed("swap in-grace 7"), Ok(Order::Swap { profile: Profile::InGrace, seed: Some(7) }));
        assert_eq!(parsed("swap in-grace"), Ok(Order::Swap { profile: Profile::InGrace, seed: None }));
        assert_eq!(parsed("slow 250"), Ok(Order::Slow(Duration::from_millis(250))));
        assert_eq!((parsed("mute"), parsed("mute off")), (Ok(Order::Silence(true)), Ok(Order::Silence(false))));
        for nonsense in ["", "swap", "swap nobody", "slow soon", "deal {}", "quit now", "service"] {
            assert_eq!(parsed(nonsense), Err(NoOrder), "{nonsense}");
        }
    }

    #[test]
    fn every_order_is_explained() {
        for word in ["insert", "pull", "swap", "deal", "mute", "slow", "service", "status", "help", "quit"] {
            assert!(HELP.lines().any(|line| line.trim_start().starts_with(word)), "{word}");
        }
    }
}

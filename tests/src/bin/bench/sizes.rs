//! How much is measured.

use clap::Args;
use serde_json::{Value, json};
use std::fmt;

/// Sizes as asked for.
#[derive(Args, Clone, Copy, Debug)]
pub struct SizeArguments {
    /// the sizes that were promised: 100,000 patients
    #[arg(long, env = "UKETSUKE_BENCH_FULL")]
    full: bool,
    /// patients on file, each with one visit
    #[arg(long, env = "UKETSUKE_BENCH_PATIENTS", value_parser = clap::value_parser!(u32).range(2_000..=1_000_000))]
    patients: Option<u32>,
    /// check-ins measured one after the other
    #[arg(long, env = "UKETSUKE_BENCH_CHECK_INS", value_parser = clap::value_parser!(u32).range(100..=20_000))]
    check_ins: Option<u32>,
}

/// Sizes as settled.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// patients on file, each with one visit
    pub patients: u32,
    /// visits of the small record that the large one is compared with
    pub few_visits: u32,
    /// check-ins measured one after the other
    pub check_ins: u32,
    /// searches of each kind
    pub searches: u32,
}

impl SizeArguments {
    /// Fills in what was not asked for. Every patient comes at most once, so that each measured check-in is a return visit.
    pub fn settle(self) -> Sizes {
        let patients = self.patients.unwrap_or(if self.full { 100_000 } else { 20_000 });
        let check_ins = self.check_ins.unwrap_or(if self.full { 2_000 } else { 1_000 });
        Sizes {
            patients,
            few_visits: 1_000,
            check_ins: check_ins.min(patients / 2),
            searches: if self.full { 1_000 } else { 500 },
        }
    }
}

impl Sizes {
    /// For machines.
    pub fn to_json(self) -> Value {
        json!({
            "patients": self.patients,
            "few_visits": self.few_visits,
            "check_ins": self.check_ins,
            "searches": self.searches,
        })
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} patients, {} check-ins one after the other", self.patients, self.check_ins)
    }
}

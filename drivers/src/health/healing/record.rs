//! What helped how often, so that the page can say it and people can trust it or not.

use std::collections::BTreeMap;

use super::step::HealingStep;
use crate::health::words::Words;

/// How one step fared at one device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StepTally {
    /// The device was well within its time.
    pub helped: u32,
    /// It was not.
    pub no_help: u32,
    /// It could not be seen whether it helped: the device says nothing while idle.
    pub unproven: u32,
    /// The step could not be carried out.
    pub refused: u32,
    /// Of those helped: ill again before the incident was over.
    pub relapsed: u32,
}

impl StepTally {
    /// Tries whose outcome is known.
    pub fn judged(&self) -> u32 {
        self.helped + self.no_help
    }
}

/// The tallies of one device. It outlives the program: store it and give it back.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct HealingRecord {
    tallies: BTreeMap<HealingStep, StepTally>,
}

impl HealingRecord {
    /// The steps that were ever tried, gentlest first.
    pub fn tallies(&self) -> impl Iterator<Item = (HealingStep, StepTally)> + '_ {
        self.tallies.iter().map(|(step, tally)| (*step, *tally))
    }

    /// How this step fared.
    pub fn of(&self, step: HealingStep) -> StepTally {
        self.tallies.get(&step).copied().unwrap_or_default()
    }

    /// "Re-powering helped 9 of 10 times", for every step with a known outcome.
    pub fn sentences(&self) -> Vec<Words> {
        let judged = self.tallies().filter(|(_, tally)| tally.judged() > 0);
        judged.map(|(step, tally)| sentence(step, tally)).collect()
    }

    pub(super) fn tally(&mut self, step: HealingStep) -> &mut StepTally {
        self.tallies.entry(step).or_default()
    }
}

fn sentence(step: HealingStep, tally: StepTally) -> Words {
    let (name, judged, helped) = (step.name(), tally.judged(), tally.helped);
    Words::new(
        format!("{}：{judged}回のうち{helped}回で直りました。", name.ja),
        format!("{} helped {helped} of {judged} times.", capitalised(name.en)),
    )
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

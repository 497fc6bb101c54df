//! What patients read about the readers: the guide of each maker in the words of the tablet.

use super::station::Station;
use super::words;
use domain::text::Text;
use drivers::health::{DeviceKind, GuideBook, ModelCode, PatientLine};
use web::port::{GuideLine, ReaderGuide};

impl Station {
    /// The guides of the readers that are watched, each maker once; empty when no reader is.
    pub(super) fn patient_guides(&self) -> Vec<ReaderGuide> {
        let is_reader = |kind| matches!(kind, DeviceKind::CardReader | DeviceKind::FaceReader);
        let mut models: Vec<&ModelCode> = Vec::new();
        for known in self.known.iter().filter(|known| is_reader(known.kind)) {
            if !models.contains(&&known.model) {
                models.push(&known.model);
            }
        }
        models.into_iter().map(|model| guide_of(&self.guide, model)).collect()
    }
}

/// What is shown where no reader is watched: what holds for all of them.
pub(crate) fn built_in_guides() -> Vec<ReaderGuide> {
    vec![guide_of(&GuideBook::built_in(), &ModelCode::new(ModelCode::GENERAL))]
}

fn guide_of(book: &GuideBook, model: &ModelCode) -> ReaderGuide {
    ReaderGuide {
        model: model.as_str().to_owned(),
        name: book.name(model).cloned().map(words::text).unwrap_or_else(|| Text::new(model.as_str(), model.as_str())),
        lines: book.for_patients(model).iter().map(line).collect(),
    }
}

fn line(line: &PatientLine) -> GuideLine {
    let others = line.others.iter().map(|(code, text)| (code.clone(), text.clone()));
    GuideLine { text: Text::new(&line.ja, &line.en), others: others.collect() }
}

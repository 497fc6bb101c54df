//! What to tell the person in front of a device that failed: probable causes and restart steps, per maker.
//!
//! The texts are data. A file of the same form, laid beside the settings, replaces the built-in one entry by entry
//! (`field-troubles` REQ-08); what a maker's entry does not say is taken from the entry `general`.
//!
//! ```toml
//! format = 1
//!
//! [model.maker-code]                     # a device names its model in the settings
//! name = { ja = "…", en = "…" }
//!
//! [model.maker-code.on.card_not_read]    # the name of a fault or failure, or `any`
//! causes = [{ ja = "…", en = "…" }]      # most probable first
//! steps = [{ ja = "…", en = "…", wait_s = 10 }]
//!
//! [[model.maker-code.patient]]           # what patients read before they use it, in order (REQ-04 … 08)
//! ja = "{読|よ}み{取|と}り…"              # {…|…}: the reading above the characters
//! en = "…"
//! zh = "…"                               # and easy, ko, vi, pt; where one is missing, English is shown
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::sign::ReadFailure;
use super::trouble::DeviceFault;
use super::words::Words;

/// The name of a maker or model in the guide, as the settings give it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(transparent)]
pub struct ModelCode(String);

impl ModelCode {
    /// The entry that holds for every device.
    pub const GENERAL: &'static str = "general";

    /// A model by its name; a name that the guide does not know is advised as `general`.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What to say after one kind of failure.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Probable causes, the most probable first.
    #[serde(default)]
    pub causes: Vec<Words>,
    /// What to do, in this order.
    #[serde(default)]
    pub steps: Vec<GuideStep>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
    /// A timer to run before the next step, in seconds; 0 = none.
    #[serde(default)]
    pub wait_s: u16,
}

/// One thing patients are asked to do at a reader.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PatientLine {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
    /// Other languages by their codes: `easy`, `zh`, `ko`, `vi`, `pt`.
    #[serde(flatten)]
    pub others: BTreeMap<String, String>,
}

/// All guides of a site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideBook {
    format: u32,
    model: BTreeMap<ModelCode, Model>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    name: Words,
    #[serde(default)]
    on: BTreeMap<String, Advice>,
    #[serde(default)]
    patient: Vec<PatientLine>,
}

/// Why a guide file is not taken. The guides in use stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuideRefused {
    /// It is not TOML of this form; where and why.
    Unreadable(String),
    /// It is of a later form than this program knows.
    Format(u32),
    /// It speaks of a failure that does not exist.
    UnknownFailure(String),
    /// A text is missing in one of the languages.
    EmptyText(String),
    /// A line for patients is in a language the tablet does not have.
    UnknownLanguage(String),
}

const ANY: &str = "any";
const FORMAT: u32 = 1;
/// Languages of the tablet beside Japanese and English.
const OTHER_LANGUAGES: [&str; 5] = ["easy", "zh", "ko", "vi", "pt"];

impl GuideBook {
    /// The guides that come with the program.
    pub fn built_in() -> Self {
        Self::parse(include_str!("guide/built_in.toml")).expect("the guide inside the program is read by a test")
    }

    /// Reads a guide file.
    pub fn parse(text: &str) -> Result<Self, GuideRefused> {
        let book: Self = toml::from_str(text).map_err(|error| GuideRefused::Unreadable(error.to_string()))?;
        book.check()?;
        Ok(book)
    }

    /// These guides with the entries of another file in their place.
    pub fn replaced_by(mut self, site: Self) -> Self {
        for (code, model) in site.model {
            match self.model.get_mut(&code) {
                Some(known) => {
                    known.name = model.name;
                    known.on.extend(model.on);
                    if !model.patient.is_empty() {
                        known.patient = model.patient;
                    }
                }
                None => {
                    self.model.insert(code, model);
                }
            }
        }
        self
    }

    /// The models with their names, for a choice in the settings.
    pub fn models(&self) -> impl Iterator<Item = (&ModelCode, &Words)> {
        self.model.iter().map(|(code, model)| (code, &model.name))
    }

    /// The name of a model; none when the guide does not know it.
    pub fn name(&self, model: &ModelCode) -> Option<&Words> {
        self.model.get(model).map(|model| &model.name)
    }

    /// What patients read before they use a reader of this model: its own lines, else those that hold for all.
    pub fn for_patients(&self, model: &ModelCode) -> &[PatientLine] {
        let lines =
            |model: &ModelCode| self.model.get(model).map(|model| &model.patient).filter(|lines| !lines.is_empty());
        lines(model).or_else(|| lines(&ModelCode::new(ModelCode::GENERAL))).map_or(&[], Vec::as_slice)
    }

    /// What to say about a failure or fault of this name: the model's own words, else the general ones, for causes and
    /// for steps each on their own.
    pub fn advice(&self, model: &ModelCode, failure: &str) -> Advice {
        let entries = self.entries(model, failure);
        let causes = entries.iter().map(|advice| &advice.causes).find(|causes| !causes.is_empty());
        let steps = entries.iter().map(|advice| &advice.steps).find(|steps| !steps.is_empty());
        Advice { causes: causes.cloned().unwrap_or_default(), steps: steps.cloned().unwrap_or_default() }
    }

    /// The entries that speak of it, the most particular first.
    fn entries(&self, model: &ModelCode, failure: &str) -> Vec<&Advice> {
        let general = ModelCode::new(ModelCode::GENERAL);
        [(model, failure), (&general, failure), (model, ANY), (&general, ANY)]
            .into_iter()
            .filter_map(|(model, failure)| self.model.get(model)?.on.get(failure))
            .collect()
    }

    fn check(&self) -> Result<(), GuideRefused> {
        if self.format != FORMAT {
            return Err(GuideRefused::Format(self.format));
        }
        self.model.iter().try_for_each(|(code, model)| model.check(code.as_str()))
    }
}

impl Model {
    fn check(&self, code: &str) -> Result<(), GuideRefused> {
        let filled = |ja: &str, en: &str| !ja.trim().is_empty() && !en.trim().is_empty();
        if !filled(&self.name.ja, &self.name.en) {
            return Err(GuideRefused::EmptyText(code.to_owned()));
        }
        for line in &self.patient {
            if let Some(language) = line.others.keys().find(|code| !OTHER_LANGUAGES.contains(&code.as_str())) {
                return Err(GuideRefused::UnknownLanguage(language.clone()));
            }
            if !filled(&line.ja, &line.en) || line.others.values().any(|text| text.trim().is_empty()) {
                return Err(GuideRefused::EmptyText(format!("{code}.patient")));
            }
        }
        for (failure, advice) in &self.on {
            if !is_failure(failure) {
                return Err(GuideRefused::UnknownFailure(failure.clone()));
            }
            let causes = advice.causes.iter().all(|cause| filled(&cause.ja, &cause.en));
            let steps = advice.steps.iter().all(|step| filled(&step.ja, &step.en));
            if !(causes && steps) {
                return Err(GuideRefused::EmptyText(format!("{code}.{failure}")));
            }
        }
        Ok(())
    }
}

fn is_failure(name: &str) -> bool {
    name == ANY
        || ReadFailure::ALL.iter().any(|failure| failure.code() == name)
        || DeviceFault::examples().any(|fault| fault.code() == name)
}

impl fmt::Display for GuideRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ja, en) = match self {
            Self::Unreadable(why) => {
                (format!("形式が正しくありません（{why}）"), format!("it is not well formed ({why})"))
            }
            Self::Format(number) => (
                format!("format {number} はこの版では読めません"),
                format!("format {number} is unknown to this version"),
            ),
            Self::UnknownFailure(name) => {
                (format!("「{name}」という不具合はありません"), format!("there is no failure called \"{name}\""))
            }
            Self::UnknownLanguage(code) => {
                (format!("「{code}」という言語はありません"), format!("there is no language called \"{code}\""))
            }
            Self::EmptyText(place) => {
                (format!("{place} に日本語または英語の文がありません"), format!("{place} lacks a text in one language"))
            }
        };
        write!(
            formatter,
            "案内文ファイルを読み込めません：{ja}。これまでの案内文を使います。 / The guide file is not taken: {en}. The guides in use stay."
        )
    }
}

impl std::error::Error for GuideRefused {}

#[cfg(test)]
mod tests;

//! Which face reader a reading came from. A face file does not say it by itself: the twenty characters behind the institution code in
//! its name are opaque (`oqs-interface §1.2`). Where a site has found out what stands in the names of one reader's files only, it may
//! say so; what no name tells apart is credited to the readers in question together.

use super::message::Mouth;
use super::settings::FaceSettings;
use drivers::health::{DeviceName, ModelCode, ReadFailure, Sign};
use std::sync::Arc;

/// The face readers, by what their files tell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FacePlan {
    /// readings are expected of these: readers that are told apart, then whoever takes the rest
    pub expected: Vec<FaceSettings>,
    /// readers that share a device of all their readings; nothing is heard of each
    pub together: Vec<FaceSettings>,
}

impl FacePlan {
    /// Two or more readers whose files cannot be told apart are one device; a single one is simply everything that no other sent.
    pub(super) fn of(faces: &[FaceSettings], all: DeviceName) -> FacePlan {
        let (mut expected, mut rest): (Vec<FaceSettings>, Vec<FaceSettings>) =
            faces.iter().cloned().partition(|face| face.files.is_some());
        if rest.len() < 2 {
            expected.append(&mut rest);
            return FacePlan { expected, together: rest };
        }
        let reading_by = rest.iter().filter_map(|face| face.reading_by).max();
        expected.push(FaceSettings { name: all, model: ModelCode::new(ModelCode::GENERAL), reading_by, files: None });
        FacePlan { expected, together: rest }
    }

    /// The ear that knows them; `None` without any.
    pub(super) fn ear(&self, mouth: &Mouth) -> Option<FaceEar> {
        let of_all = || self.expected.iter().find(|face| face.files.is_none());
        let told = self.expected.iter().filter_map(|face| Some((face.files.clone()?, face.name.clone())));
        (!self.expected.is_empty()).then(|| FaceEar {
            mouth: mouth.clone(),
            told: told.collect(),
            rest: of_all().map(|face| face.name.clone()),
        })
    }
}

/// Where the courier tells of readings at the face readers.
#[derive(Clone)]
pub struct FaceEar {
    mouth: Mouth,
    /// what stands in the names of one reader's files, and the reader
    told: Arc<[(String, DeviceName)]>,
    /// whoever sent the others
    rest: Option<DeviceName>,
}

impl FaceEar {
    /// A reading came in a file of this name, good or failed.
    pub async fn reading(&self, file: &str, good: bool) {
        let sign = if good { Sign::GoodRead } else { Sign::FailedRead { why: ReadFailure::NotSaid } };
        match self.reader_of(file) {
            Some(reader) => self.mouth.heard(reader, sign).await,
            None => tracing::warn!("a face file has the mark of no face reader; see face_reader.files in the settings"),
        }
    }

    fn reader_of(&self, file: &str) -> Option<&DeviceName> {
        let told = self.told.iter().find(|(mark, _)| file.contains(mark)).map(|(_, reader)| reader);
        told.or(self.rest.as_ref())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn name(name: &str) -> DeviceName {
        DeviceName::parse(name).unwrap()
    }

    fn face(reader: &str, files: Option<&str>, reading_by: Option<u16>) -> FaceSettings {
        let files = files.map(str::to_owned);
        FaceSettings { name: name(reader), model: ModelCode::new(ModelCode::GENERAL), reading_by, files }
    }

    fn credited(faces: &[FaceSettings], file: &str) -> Option<String> {
        let ear = FacePlan::of(faces, name("all")).ear(&Mouth::new().0)?;
        ear.reader_of(file).map(ToString::to_string)
    }

    const AT_DOOR: &str = "OQSsiquc01res_face_13199999900a1b2c3d4e5f60718293_20260401091007.xml";
    const AT_BACK: &str = "OQSsiquc01res_face_1319999990ffff00000000000000ff_20260401091007.xml";
    const SHORT: &str = "OQSsiquc01res_face_20260401091007.xml";

    #[test]
    fn the_name_of_a_file_tells_its_reader_where_the_site_says_how() {
        let faces = [face("door", Some("_13199999900a1b"), None), face("back", Some("_1319999990ffff"), None)];
        assert_eq!(credited(&faces, AT_DOOR).as_deref(), Some("door"));
        assert_eq!(credited(&faces, AT_BACK).as_deref(), Some("back"));
        assert_eq!(credited(&faces, SHORT), None, "nobody's, and said so");
    }

    #[test]
    fn a_single_reader_takes_whatever_no_other_sent() {
        let faces = [face("door", Some("_13199999900a1b"), None), face("back", None, None)];
        assert_eq!(credited(&faces, AT_DOOR).as_deref(), Some("door"));
        assert_eq!(credited(&faces, SHORT).as_deref(), Some("back"));
        assert_eq!(credited(&faces[1..], AT_DOOR).as_deref(), Some("back"));
        assert_eq!(credited(&[], AT_DOOR), None);
    }

    #[test]
    fn readers_that_cannot_be_told_apart_are_credited_together() {
        let faces = [face("a", None, Some(570)), face("b", None, Some(600)), face("c", Some("_c"), None)];
        assert_eq!(credited(&faces, AT_DOOR).as_deref(), Some("all"));
        let plan = FacePlan::of(&faces, name("all"));
        let expected: Vec<(String, Option<u16>)> =
            plan.expected.iter().map(|face| (face.name.to_string(), face.reading_by)).collect();
        assert_eq!(expected, [("c".to_owned(), None), ("all".to_owned(), Some(600))]);
        assert_eq!(plan.together, faces[..2]);
    }
}

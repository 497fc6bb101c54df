//! Face readers: each with its relay, and one device for the readings that no file name tells apart.

use super::{SettingUp, known, reserved};
use crate::devices::faces::FacePlan;
use crate::devices::hands::Hands;
use crate::devices::settings::{DeviceSettings, FaceSettings};
use crate::devices::station::Known;
use domain::text::Text;
use drivers::health::{DeviceKind, HealthSettings};

impl SettingUp {
    pub(super) fn faces(&mut self) {
        let settings = self.settings.clone();
        self.face_plan = FacePlan::of(&settings.faces, reserved(DeviceSettings::RESERVED[2]));
        let FacePlan { expected, together } = self.face_plan.clone();
        let own = |face: &&FaceSettings| settings.faces.iter().any(|known| known.name == face.name);
        if let Some(all) = expected.iter().find(|face| !own(face)) {
            let title = all_faces(&together);
            let known = Known { title, ..known(&all.name, DeviceKind::FaceReader) };
            let usual = self.health(DeviceKind::FaceReader);
            self.watch(known, HealthSettings { missed_reads_in_row: 1, ..usual });
        }
        for face in &settings.faces {
            let relay = settings.relay_of(&face.name).map(|place| &place.relay);
            let hands = Hands::default().with_relay(relay, &self.boards);
            let usual = known(&face.name, DeviceKind::FaceReader);
            let alone = !together.contains(face);
            let title = if alone { usual.title.clone() } else { unheard_face() };
            let known = Known { title, model: face.model.clone(), required: alone, hands, ..usual };
            let usual = self.health(DeviceKind::FaceReader);
            // one reading is expected a day: the first that does not come is told
            self.watch(known, HealthSettings { missed_reads_in_row: 1, ..usual });
        }
    }
}

/// What the readings of several face readers are shown as.
fn all_faces(together: &[FaceSettings]) -> Text {
    let names: Vec<&str> = together.iter().map(|face| face.name.as_str()).collect();
    Text::new(
        format!("顔認証付きカードリーダー（{}のどれか。ファイルからは区別できません）", names.join("・")),
        format!("face reader (one of {}; the files do not tell which)", names.join(", ")),
    )
}

/// A face reader of which nothing is heard by itself.
fn unheard_face() -> Text {
    let all = DeviceSettings::RESERVED[2];
    Text::new(
        format!("顔認証付きカードリーダー（読み取りは{all}にまとめて数えます）"),
        format!("face reader (its readings are counted under {all})"),
    )
}

//! A field somebody types into: its name, its words, its limit.

use crate::lang::Lang;
use domain::text::Text;

/// A field with its limit, once for the page and the server.
#[derive(Debug)]
pub struct Field {
    /// name in the form
    pub name: &'static str,
    /// label, Japanese and English
    pub label: (&'static str, &'static str),
    /// help under the label; empty = none
    pub hint: (&'static str, &'static str),
    /// most characters it takes
    pub max: usize,
}

impl Field {
    pub const fn new(name: &'static str, ja: &'static str, en: &'static str, max: usize) -> Field {
        Field { name, label: (ja, en), hint: ("", ""), max }
    }

    pub const fn hint(self, ja: &'static str, en: &'static str) -> Field {
        Field { hint: (ja, en), ..self }
    }

    pub fn label(&self, lang: Lang) -> &'static str {
        lang.pick(self.label.0, self.label.1)
    }

    pub fn hint_in(&self, lang: Lang) -> &'static str {
        lang.pick(self.hint.0, self.hint.1)
    }

    pub fn empty(&self) -> Text {
        let (ja, en) = self.label;
        Text::new(format!("{ja}を入力してください。"), format!("{en}: please fill in."))
    }

    pub fn too_long(&self) -> Text {
        let ((ja, en), max) = (self.label, self.max);
        Text::new(
            format!("{ja}は{max}文字までです。短くしてください。"),
            format!("{en}: at most {max} characters. Please shorten it."),
        )
    }

    pub fn control_character(&self) -> Text {
        let (ja, en) = self.label;
        Text::new(
            format!("{ja}に使えない文字（制御文字）がありました。取り除いたので、確かめてもう一度送ってください。"),
            format!("{en}: it held control characters. They were removed; look at it and send again."),
        )
    }

    pub fn my_number(&self) -> Text {
        let (ja, en) = self.label;
        Text::new(
            format!(
                "{ja}の欄にマイナンバー（個人番号12桁）と思われる数字がありました。欄を空にし、どこにも保存していません。\
                 マイナンバーは受付では使えません。"
            ),
            format!(
                "{en}: this looked like a 12-digit My Number. The field was emptied and nothing was kept anywhere. The desk \
                 may not use it."
            ),
        )
    }

    pub fn not_a_choice(&self) -> Text {
        let (ja, en) = self.label;
        Text::new(format!("{ja}を選んでください。"), format!("{en}: please choose."))
    }
}

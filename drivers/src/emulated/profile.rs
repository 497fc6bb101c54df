//! Which kind of card to practise on.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::reader::Bilingual;

/// A kind of card, or of trouble with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A plastic card with years to go.
    Normal,
    /// Its authentication certificate ends in a month.
    Expiring,
    /// Its certificate ended a month ago: still good for eligibility.
    InGrace,
    /// Its certificate ended five months ago.
    PastGrace,
    /// All its PINs are locked; what is printed on it still opens its attributes.
    Locked,
    /// The card without PINs (顔認証マイナンバーカード) and without a signature certificate.
    FaceOnly,
    /// An Android phone.
    PhoneAndroid,
    /// An iPhone.
    PhoneIphone,
    /// Some other card.
    Foreign,
    /// A card that gives no sensible sign when it is powered.
    Mute,
    /// A card that takes its time.
    Slow,
    /// A card that is pulled away while its certificate is read.
    PulledMidway,
}

/// The text names no [`Profile`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileRefused;

impl Profile {
    /// Every profile, the usual card first.
    pub const ALL: [Self; 12] = [
        Self::Normal,
        Self::Expiring,
        Self::InGrace,
        Self::PastGrace,
        Self::Locked,
        Self::FaceOnly,
        Self::PhoneAndroid,
        Self::PhoneIphone,
        Self::Foreign,
        Self::Mute,
        Self::Slow,
        Self::PulledMidway,
    ];

    /// The name used on the command line; it never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Expiring => "expiring",
            Self::InGrace => "in-grace",
            Self::PastGrace => "past-grace",
            Self::Locked => "locked",
            Self::FaceOnly => "face-only",
            Self::PhoneAndroid => "phone-android",
            Self::PhoneIphone => "phone-iphone",
            Self::Foreign => "foreign",
            Self::Mute => "mute",
            Self::Slow => "slow",
            Self::PulledMidway => "pulled-midway",
        }
    }

    /// What it is for, in a few words.
    pub fn description(self) -> Bilingual {
        let (ja, en) = match self {
            Self::Normal => ("有効なカード", "a valid card"),
            Self::Expiring => ("証明書の期限が1か月後", "certificate ends in a month"),
            Self::InGrace => ("証明書の期限切れ後1か月", "certificate ended a month ago"),
            Self::PastGrace => ("証明書の期限切れ後5か月", "certificate ended five months ago"),
            Self::Locked => ("暗証番号がすべてロック", "all PINs locked"),
            Self::FaceOnly => ("顔認証マイナンバーカード", "the card without PINs"),
            Self::PhoneAndroid => ("Androidのスマートフォン", "an Android phone"),
            Self::PhoneIphone => ("iPhone", "an iPhone"),
            Self::Foreign => ("別の種類のカード", "another kind of card"),
            Self::Mute => ("反応しないカード", "a card that gives no sign"),
            Self::Slow => ("応答の遅いカード", "a slow card"),
            Self::PulledMidway => ("読み取り中に抜かれるカード", "a card pulled while it is read"),
        };
        Bilingual { ja, en }
    }

    /// How long the card thinks about each command.
    pub(super) fn delay(self) -> Duration {
        if self == Self::Slow { Duration::from_millis(700) } else { Duration::ZERO }
    }

    /// After how many commands read from a file it is pulled.
    pub(super) fn pulled_after_reads(self) -> Option<u32> {
        (self == Self::PulledMidway).then_some(3)
    }

    pub(super) fn is_phone(self) -> bool {
        matches!(self, Self::PhoneAndroid | Self::PhoneIphone)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = ProfileRefused;

    fn from_str(text: &str) -> Result<Self, ProfileRefused> {
        Self::ALL.into_iter().find(|profile| profile.name() == text).ok_or(ProfileRefused)
    }
}

impl fmt::Display for ProfileRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Profile::ALL.map(Profile::name).join(", ");
        write!(formatter, "次のいずれかを指定してください / Choose one of: {names}")
    }
}

impl std::error::Error for ProfileRefused {}

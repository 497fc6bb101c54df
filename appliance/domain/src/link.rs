//! The links between the desk and the national service, and why a better way was not available.

use crate::date::Timestamp;
use crate::written::{Unreadable, Value, Written};
use crate::{codes, record};

codes! {
    /// One link of the chain, in the order a check travels it.
    pub enum Link {
        /// 顔認証付きカードリーダー
        Reader = "reader",
        /// 資格確認端末
        Terminal = "terminal",
        /// 回線
        Line = "line",
        /// オンライン資格確認等システム
        NationalService = "national_service",
    }
}

codes! {
    /// What is known of a link.
    pub enum LinkStatus {
        /// works
        Up = "up",
        /// does not work
        Down = "down",
        /// nothing heard yet
        Unknown = "unknown",
    }
}

codes! {
    /// Why a better way of confirming was not available. "Could not ask" is an answer, with its cause and its beginning.
    pub enum Cause {
        /// the reader
        Reader = "reader",
        /// the eligibility terminal or its connector
        Terminal = "terminal",
        /// the line
        Line = "line",
        /// the national service
        NationalService = "national_service",
        /// power
        Power = "power",
        /// the card: broken chip, dirty, not registered, not there
        Card = "card",
        /// the certificate on the card
        Certificate = "certificate",
        /// the registered data: 無効, 該当資格なし, another person's data
        Data = "data",
        /// the patient: cannot or does not want to
        Patient = "patient",
    }
}

/// The state of one link and since when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LinkState {
    /// what is known
    pub status: LinkStatus,
    /// since when it is so; absent when it was so before anybody looked
    pub since: Option<Timestamp>,
    /// the cause that was found, when it is not the link itself (a power cut, for instance)
    pub cause: Option<Cause>,
}

impl Written for LinkState {
    fn write(&self) -> Value {
        if self.since.is_none() && self.cause.is_none() {
            return self.status.write();
        }
        Value::map()
            .with("status", self.status.write())
            .with("since", self.since.write())
            .with("cause", self.cause.write())
    }

    /// Reads the full form, or the bare status when nothing else is known.
    fn read(value: &Value) -> Result<Self, Unreadable> {
        if value.as_text().is_some() {
            return Ok(LinkState { status: LinkStatus::read(value)?, since: None, cause: None });
        }
        Ok(LinkState { status: value.field("status")?, since: value.field("since")?, cause: value.field("cause")? })
    }
}

impl LinkState {
    /// Works, since an unknown time.
    pub const UP: LinkState = LinkState { status: LinkStatus::Up, since: None, cause: None };
    /// Nothing heard yet.
    pub const UNKNOWN: LinkState = LinkState { status: LinkStatus::Unknown, since: None, cause: None };

    /// Down since an instant.
    pub const fn down(since: Option<Timestamp>) -> LinkState {
        LinkState { status: LinkStatus::Down, since, cause: None }
    }

    /// Whether the link is known to be down.
    pub fn is_down(&self) -> bool {
        self.status == LinkStatus::Down
    }
}

/// All links as the desk saw them at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Links {
    /// the face reader
    pub reader: LinkState,
    /// the eligibility terminal
    pub terminal: LinkState,
    /// the line
    pub line: LinkState,
    /// the national service
    pub national_service: LinkState,
}

impl Written for Links {
    fn write(&self) -> Value {
        Link::ALL.iter().fold(Value::map(), |map, link| map.with(link.code(), self.get(*link).write()))
    }

    /// Reads the links that are named; a link that is not named works.
    fn read(value: &Value) -> Result<Self, Unreadable> {
        let Value::Map(fields) = value else {
            return Err(Unreadable::expected("an object with reader, terminal, line, national_service"));
        };
        let mut links = Links::ALL_UP;
        for name in fields.keys() {
            let link = Link::from_code(name)
                .ok_or_else(|| Unreadable::expected("reader, terminal, line or national_service").within(name))?;
            *links.get_mut(link) = value.field(name)?;
        }
        Ok(links)
    }
}

record! {
    /// Why a better way was not available, and since when.
    pub struct WhyNotBetter {
        /// the class of the cause
        pub cause: Cause,
        /// since when; absent for causes that belong to this patient only
        pub since: Option<Timestamp>,
    }
}

record! {
    /// A question of this visit came back without a business answer: "could not ask", with why and since when.
    pub struct CouldNotAsk {
        /// the class of the cause
        pub cause: Cause,
        /// since when nobody could ask: when the first question that failed was put
        pub since: Option<Timestamp>,
        /// code given by the other side, opaque; at most 40 characters
        pub code: Option<String>,
        /// the question was taken and is still out: its answer may come, so it is not put once more
        pub still_out: bool,
    }
}

impl CouldNotAsk {
    /// The link that is to blame, when one is. Registered data and people are no links.
    pub const fn link(&self) -> Option<Link> {
        self.cause.link()
    }
}

impl Links {
    /// Everything works.
    pub const ALL_UP: Links =
        Links { reader: LinkState::UP, terminal: LinkState::UP, line: LinkState::UP, national_service: LinkState::UP };

    /// Nothing heard from any link yet.
    pub const UNKNOWN: Links = Links {
        reader: LinkState::UNKNOWN,
        terminal: LinkState::UNKNOWN,
        line: LinkState::UNKNOWN,
        national_service: LinkState::UNKNOWN,
    };

    /// One link's state.
    pub const fn get(&self, link: Link) -> &LinkState {
        match link {
            Link::Reader => &self.reader,
            Link::Terminal => &self.terminal,
            Link::Line => &self.line,
            Link::NationalService => &self.national_service,
        }
    }

    /// One link's state, to be changed.
    pub const fn get_mut(&mut self, link: Link) -> &mut LinkState {
        match link {
            Link::Reader => &mut self.reader,
            Link::Terminal => &mut self.terminal,
            Link::Line => &mut self.line,
            Link::NationalService => &mut self.national_service,
        }
    }

    /// The first broken link on the way of a card reading, with its cause.
    pub fn broken_for_card(&self) -> Option<WhyNotBetter> {
        self.first_broken(&[Link::Reader, Link::Terminal, Link::Line, Link::NationalService])
    }

    /// The first broken link on the way of a query by number.
    pub fn broken_for_query(&self) -> Option<WhyNotBetter> {
        self.first_broken(&[Link::Terminal, Link::Line, Link::NationalService])
    }

    /// The first broken link on a way that leaves the terminal aside (another device, same national service).
    pub fn broken_beyond_terminal(&self) -> Option<WhyNotBetter> {
        self.first_broken(&[Link::Line, Link::NationalService])
    }

    /// The links as a visit found them: what could not be asked counts like the broken link behind it, whatever the lamps
    /// say. A link that is known to be down keeps its own beginning and cause.
    pub fn as_found(&self, failed: &CouldNotAsk) -> Links {
        let mut links = self.clone();
        if let Some(link) = failed.link()
            && !links.get(link).is_down()
        {
            let cause = (failed.cause == Cause::Power).then_some(Cause::Power);
            *links.get_mut(link) = LinkState { status: LinkStatus::Down, since: failed.since, cause };
        }
        links
    }

    fn first_broken(&self, way: &[Link]) -> Option<WhyNotBetter> {
        way.iter().map(|link| (*link, self.get(*link))).find(|(_, state)| state.is_down()).map(|(link, state)| {
            let cause = state.cause.unwrap_or(match link {
                Link::Reader => Cause::Reader,
                Link::Terminal => Cause::Terminal,
                Link::Line => Cause::Line,
                Link::NationalService => Cause::NationalService,
            });
            WhyNotBetter { cause, since: state.since }
        })
    }
}

impl Link {
    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Link::Reader => "カードリーダー",
            Link::Terminal => "資格確認端末",
            Link::Line => "回線",
            Link::NationalService => "全国システム",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            Link::Reader => "card reader",
            Link::Terminal => "eligibility terminal",
            Link::Line => "line",
            Link::NationalService => "national service",
        }
    }
}

impl Cause {
    /// The link this cause stands for; without power the terminal is gone.
    pub const fn link(self) -> Option<Link> {
        match self {
            Cause::Reader => Some(Link::Reader),
            Cause::Terminal | Cause::Power => Some(Link::Terminal),
            Cause::Line => Some(Link::Line),
            Cause::NationalService => Some(Link::NationalService),
            Cause::Card | Cause::Certificate | Cause::Data | Cause::Patient => None,
        }
    }

    /// Name for staff, Japanese.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Cause::Reader => "カードリーダーの不具合",
            Cause::Terminal => "資格確認端末の不具合",
            Cause::Line => "回線の不通",
            Cause::NationalService => "全国システムの障害",
            Cause::Power => "停電",
            Cause::Card => "カードの不具合・未登録",
            Cause::Certificate => "電子証明書の期限切れ",
            Cause::Data => "登録データ（無効・該当なし等）",
            Cause::Patient => "患者さんの事情",
        }
    }

    /// Name for staff, English.
    pub const fn label_en(self) -> &'static str {
        match self {
            Cause::Reader => "card reader fault",
            Cause::Terminal => "eligibility terminal fault",
            Cause::Line => "line down",
            Cause::NationalService => "national service fault",
            Cause::Power => "power cut",
            Cause::Card => "card fault or card not registered",
            Cause::Certificate => "certificate expired",
            Cause::Data => "registered data (invalid, not found …)",
            Cause::Patient => "the patient's situation",
        }
    }
}

//! Codes of the site and its links.

use super::code_table;

code_table! {
    /// Kind of site.
    SiteKindCode, domain::case::SiteKind, "SiteKind", {
        Clinic: "医科診療所, medical clinic",
        Dental: "歯科診療所, dental clinic",
        Hospital: "病院, hospital",
        Pharmacy: "薬局, pharmacy",
    }
}

code_table! {
    /// Where in or around the site the patient is received.
    FlowCode, domain::case::Flow, "Flow", {
        Window: "窓口, at the window",
        FeverClinic: "発熱外来, fever clinic",
        Ward: "病棟, ward",
        DriveThrough: "ドライブスルー, drive-through",
        HomeVisit: "訪問診療, home visit",
        Car: "車内, in the car",
        Facility: "施設の巡回, round of a facility",
    }
}

code_table! {
    /// Who came with, or instead of, the patient.
    CompanionCode, domain::case::Companion, "Companion", {
        Parent: "a parent brings a child",
        NurseryStaff: "保育所等の職員, nursery or kindergarten staff bring a child",
        Teacher: "学校行事の引率, a teacher on a school trip",
        Helper: "付き添い, a relative or helper beside the patient",
        Proxy: "代理人, somebody comes instead of the patient",
    }
}

code_table! {
    /// One link of the chain to the national service.
    LinkCode, domain::link::Link, "Link", {
        Reader: "カードリーダー, card reader",
        Terminal: "資格確認端末, eligibility terminal",
        Line: "回線, line",
        NationalService: "全国システム, national service",
    }
}

code_table! {
    /// What is known of a link.
    LinkStatusCode, domain::link::LinkStatus, "LinkStatus", {
        Up: "works",
        Down: "does not work",
        Unknown: "nothing heard yet",
    }
}

code_table! {
    /// Why a better way of confirming was not available.
    CauseCode, domain::link::Cause, "Cause", {
        Reader: "カードリーダー, the reader",
        Terminal: "資格確認端末, the terminal or its connector",
        Line: "回線, the line",
        NationalService: "全国システム, the national service",
        Power: "停電, power",
        Card: "カード, chip, dirt, not registered, not there",
        Certificate: "電子証明書, the certificate on the card",
        Data: "登録データ, invalid, not found or another person's data",
        Patient: "患者, cannot or does not want to",
    }
}

//! Codes of counters, the waiting line and remote consents.

use super::code_table;

code_table! {
    /// Kind of a counter.
    CounterKindCode, domain::counter::CounterKind, "CounterKind", {
        MainDesk: "窓口, main desk",
        SecondCounter: "第2窓口, second counter",
        DriveThrough: "ドライブスルー, drive-through window",
        FeverTent: "発熱外来テント, fever tent",
        CarList: "車内待ち, patients who wait in their cars",
        Bedside: "ベッドサイド, bedside",
        HomeVisit: "訪問診療, home visit",
        FacilityRound: "施設の巡回, round of a facility",
    }
}

code_table! {
    /// Why somebody waits aside.
    ParkReasonCode, domain::waiting::ParkReason, "ParkReason", {
        ReaderBusy: "somebody else stands at the reader",
        FetchingCard: "went to fetch the card or a paper",
        WaitsForAnswer: "an answer is awaited",
        FillsInForm: "fills in a form",
        Unwell: "does not feel well",
        Other: "something else",
    }
}

code_table! {
    /// Where a waiting number stands.
    TicketStatusCode, domain::waiting::TicketStatus, "TicketStatus", {
        Waiting: "waits in the line",
        Called: "called to a counter",
        Parked: "waits aside",
        Served: "served",
        NoShow: "did not come when called",
        Left: "left",
    }
}

code_table! {
    /// From where staff know of a remote consent.
    ConsentHeardCode, domain::remote_consent::ConsentHeard, "ConsentHeard", {
        TerminalList: "the list of the terminal shows it",
        PatientSays: "the patient says so; the list does not show it yet",
    }
}

code_table! {
    /// On whose device a remote consent was given.
    ConsentDeviceCode, domain::remote_consent::ConsentDevice, "ConsentDevice", {
        Own: "the patient's own, at home or in the car",
        Site: "one of the site",
    }
}

code_table! {
    /// How a person who consented in advance was recognised on arrival.
    IdentityCheckedCode, domain::remote_consent::IdentityChecked, "IdentityChecked", {
        PhotoId: "by a photo ID",
        KnownPerson: "clearly known from earlier visits",
    }
}

code_table! {
    /// Why a remote consent counts for nothing any more.
    ConsentEndCode, domain::remote_consent::ConsentEnd, "ConsentEnd", {
        Withdrawn: "the patient took it back",
        NeverCame: "the patient did not come",
        Mistake: "entered by mistake",
    }
}

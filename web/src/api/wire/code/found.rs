//! Codes of cards that were found.

use super::code_table;

code_table! {
    /// What was found.
    FoundThingCode, domain::found_card::FoundThing, "FoundThing", {
        MyNumberCard: "マイナンバーカード, My Number card",
        EligibilityCertificate: "資格確認書, eligibility certificate",
        PatientCard: "診察券, card of the clinic",
        Other: "another card or paper of a patient",
    }
}

code_table! {
    /// Where it was found.
    FoundPlaceCode, domain::found_card::FoundPlace, "FoundPlace", {
        Reader: "in the card reader",
        Counter: "on the counter",
        WaitingRoom: "in the waiting room",
        ConsultingRoom: "in a consulting or treatment room",
        Outside: "in front of the building or in the car park",
        Other: "somewhere else",
    }
}

code_table! {
    /// How the person was identified who took it back.
    HandedHowCode, domain::found_card::HandedHow, "HandedHow", {
        Photo: "the photo on it was compared with the face",
        NameAndBirth: "name and birth date were said without being shown them",
        KnownPerson: "clearly known from earlier visits",
        AgreedByOwner: "family or helper, after a call to the owner",
    }
}

code_table! {
    /// To whom it was given when nobody came for it.
    GivenToCode, domain::found_card::GivenTo, "GivenTo", {
        Police: "the police",
        Municipality: "the municipality",
        Insurer: "the insurer that issued it",
    }
}

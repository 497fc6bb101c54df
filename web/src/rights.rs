//! Who may do what: one table, asked where requests are routed and nowhere else.

use crate::port::Role;

/// What a page or a call needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// nothing: also for strangers
    Anybody,
    /// a session, however far it has come
    Begun,
    /// one's own account and session
    Own,
    /// to see patients and visits
    Look,
    /// to receive patients and to correct what is known of them
    Receive,
    /// to settle follow-ups, questions and answers
    Settle,
    /// to see devices, links and counts without names
    Equipment,
    /// to restart devices
    Restart,
    /// to see the dated rules and to decide made-up cases
    Rules,
    /// the controls of the demonstration, and drills
    Practice,
    /// to erase what cards are recognised by
    EraseCards,
    /// the claims of a month
    Claims,
    /// to delete a patient, and to see what is forgotten when
    Forget,
    /// backups of the box, and the key they open with
    Backups,
    /// which boxes and hubs belong to the facility
    Boxes,
    /// accounts, vendor access, the emergency code
    Staff,
    /// who did and saw what
    Trail,
    /// a paired tablet of patients; no role of people has it, and a tablet has no other
    Tablet,
    /// to make and change counters
    Counters,
}

impl Right {
    /// Every right.
    pub const ALL: [Right; 19] = [
        Right::Anybody,
        Right::Begun,
        Right::Own,
        Right::Look,
        Right::Receive,
        Right::Settle,
        Right::Equipment,
        Right::Restart,
        Right::Rules,
        Right::Practice,
        Right::EraseCards,
        Right::Claims,
        Right::Forget,
        Right::Backups,
        Right::Boxes,
        Right::Staff,
        Right::Trail,
        Right::Tablet,
        Right::Counters,
    ];

    /// The table: whether a role has the right.
    #[rustfmt::skip]
    pub const fn is_given_to(self, role: Role) -> bool {
        let [reception, claims, manager, vendor, program] = match self {
            //                                        reception claims manager vendor program
            Right::Anybody | Right::Begun | Right::Own => [true,  true,  true,  true,  true],
            Right::Look                               => [true,  true,  true,  false, true],
            Right::Receive                            => [true,  false, true,  false, true],
            Right::Settle                             => [true,  true,  true,  false, true],
            Right::Equipment                          => [true,  true,  true,  true,  true],
            Right::Restart                            => [true,  false, true,  true,  true],
            Right::Rules                              => [true,  true,  true,  true,  true],
            Right::Practice                           => [true,  true,  true,  true,  false],
            Right::EraseCards                         => [false, false, true,  false, true],
            Right::Claims                             => [false, true,  true,  false, true],
            Right::Forget                             => [false, false, true,  false, true],
            Right::Backups                            => [false, false, true,  true,  false],
            Right::Boxes                              => [false, false, true,  true,  true],
            Right::Staff                              => [false, false, true,  false, false],
            Right::Trail                              => [false, false, true,  false, false],
            Right::Tablet                             => [false, false, false, false, false],
            Right::Counters                           => [false, false, true,  false, true],
        };
        match role {
            Role::Reception => reception,
            Role::Claims => claims,
            Role::Manager => manager,
            Role::Vendor => vendor,
            Role::Program => program,
        }
    }
}

/// Where somebody of a role begins.
pub const fn home(role: Role) -> &'static str {
    if Right::Look.is_given_to(role) { "/" } else { "/links" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_sees_no_patient_and_only_managers_change_accounts() {
        for right in [Right::Look, Right::Receive, Right::Settle, Right::EraseCards, Right::Trail] {
            assert!(!right.is_given_to(Role::Vendor), "{right:?}");
        }
        for role in [Role::Reception, Role::Claims, Role::Vendor, Role::Program] {
            assert!(!Right::Staff.is_given_to(role) && !Right::Trail.is_given_to(role), "{role:?}");
        }
    }

    #[test]
    fn everybody_begins_where_they_may_be() {
        for role in Role::OF_PEOPLE {
            let needed = if home(role) == "/" { Right::Look } else { Right::Equipment };
            assert!(needed.is_given_to(role), "{role:?}");
        }
    }
}

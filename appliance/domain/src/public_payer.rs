//! 公費: who pays a public subsidy for this visit, and under which recipient number (claims-rules §2).

use crate::number::{NumberWarning, PublicPayerNumber, PublicRecipientNumber};
use crate::record;
use crate::text::Text;

record! {
    /// One public payer of a visit. Several are kept in the order in which the paper names them.
    pub struct PublicPayer {
        /// 公費負担者番号
        pub payer: PublicPayerNumber,
        /// 公費受給者番号; absent = the paper names none
        pub recipient: Option<PublicRecipientNumber>,
    }
}

impl PublicPayer {
    /// Most payers a visit has: the claim has places for four (第一 to 第四公費).
    pub const MOST: usize = 4;

    /// What staff should look at again: a check digit that does not fit, or a scheme that is none of a subsidy. Real certificates
    /// with such numbers exist, so none of it stops anybody (claims-rules §3.4).
    pub fn warnings(&self) -> Vec<NumberWarning> {
        let payer = PublicPayerNumber::parse_overridden(self.payer.as_str()).map(|checked| checked.warnings);
        let recipient = self.recipient.as_ref().map(|number| PublicRecipientNumber::parse_overridden(number.as_str()));
        let recipient = recipient.map(|read| read.map(|checked| checked.warnings).unwrap_or_default());
        payer.unwrap_or_default().into_iter().chain(recipient.unwrap_or_default()).collect()
    }

    /// Name of the subsidy with its 法別番号, as far as the table goes.
    pub fn name(&self) -> Text {
        let code = self.payer.subsidy_code();
        match self.payer.subsidy_name() {
            Some(name) => Text::new(format!("{code} {name}"), format!("{code} {name}")),
            None => Text::new(format!("公費 {code}"), format!("Subsidy {code}")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn payer(payer: &str, recipient: Option<&str>) -> PublicPayer {
        PublicPayer {
            payer: PublicPayerNumber::parse_overridden(payer).unwrap().value,
            recipient: recipient.map(|number| PublicRecipientNumber::parse_overridden(number).unwrap().value),
        }
    }

    #[test]
    fn check_digits_that_do_not_fit_are_said_of_both_numbers() {
        assert_eq!(payer("54016027", None).warnings(), []);
        assert_eq!(payer("54016020", None).warnings().len(), 1);
        assert_eq!(payer("54016027", Some("1234566")).warnings(), []);
        assert_eq!(payer("54016020", Some("1234567")).warnings().len(), 2);
    }

    #[test]
    fn a_subsidy_has_a_name_or_at_least_its_code() {
        assert!(payer("54016027", None).name().ja.starts_with("54 "));
        assert!(payer("81136244", None).name().ja.contains("81"));
    }
}

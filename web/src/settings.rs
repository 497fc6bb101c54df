//! What the pages need to know of the place they are served at.

use crate::closing::Closing;
use domain::rule::RulePack;
use std::num::NonZeroU32;

/// How the pages are served. One value for the life of the server.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// cookies are `Secure` and carry the `__Host-` prefix; false only for plain HTTP on loopback
    pub secure_cookies: bool,
    /// this is the demonstration clinic: said on every page
    pub demo: bool,
    /// this is a drill beside a real box: said on every page, and its cookies are apart from those of the box
    pub drill: bool,
    /// name of the site, in the header of every page
    pub site_name: String,
    /// its institution code (医療機関コード), for papers; empty = none
    pub institution_code: String,
    /// its phone number for patients, for papers; empty = none
    pub phone: String,
    /// the rule list in force, shown at `/rules`; the same one the desk decides by
    pub rules: RulePack,
    /// attempts to sign in from one address: so many at once, and as many more per minute
    pub sign_ins_per_minute: NonZeroU32,
    /// live-update streams one session may hold open
    pub streams_per_session: usize,
    /// the order to close, for streams that would never end by themselves
    pub closing: Closing,
}

impl Default for WebSettings {
    fn default() -> WebSettings {
        WebSettings {
            secure_cookies: true,
            demo: false,
            drill: false,
            site_name: String::new(),
            institution_code: String::new(),
            phone: String::new(),
            rules: RulePack::built_in(),
            sign_ins_per_minute: NonZeroU32::MIN.saturating_add(9),
            streams_per_session: 16,
            closing: Closing::never(),
        }
    }
}

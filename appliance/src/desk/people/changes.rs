//! Changes to accounts, each with its line in the trail.

use super::passkeys::is_room;
use super::{PeopleDeclined, RunningDesk, entry_of, place};
use crate::staff::{self, PasswordCheck};
use crate::store::{EMERGENCY, StaffRow, TrailEntry, Writing};
use crate::totp;
use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use domain::fact::Author;
use domain::text::Text;
use std::net::{IpAddr, Ipv4Addr};
use web::port::{
    Client, PasskeyMade, PasskeyPlace, Role, Session, SignInRefused, StaffChange, StaffRefused, StaffSaid, Unavailable,
};

/// Groups of five letters in a first password (25 bits each).
const GROUPS_OF_PASSWORD: usize = 3;
/// The same of the code in the envelope: 125 bits, so that a plain hash of it is enough.
const GROUPS_OF_ENVELOPE: usize = 5;
/// The same of a recovery code.
const GROUPS_OF_RECOVERY: usize = 5;
/// Recovery codes of an account.
const RECOVERY_CODES: usize = 8;

type Outcome = Result<StaffSaid, StaffRefused>;

impl RunningDesk {
    /// Does one change.
    pub(super) async fn change_staff(&self, by: Session, change: StaffChange) -> Outcome {
        match change {
            StaffChange::Add { name, role } => self.add_staff(by, name, role).await,
            StaffChange::SetRole(author, role) => {
                self.change_one(by, author, "staff-role", role.code(), move |writing, staff| {
                    keep_a_manager(writing, staff, role == Role::Manager)?;
                    writing.set_role(&staff.author, role)?;
                    Ok(writing.close_sessions_of(&staff.author, None)?)
                })
                .await
            }
            StaffChange::SetLocked(author, locked) => {
                let what = if locked { "staff-locked" } else { "staff-unlocked" };
                self.change_one(by, author, what, "", move |writing, staff| {
                    keep_a_manager(writing, staff, !locked)?;
                    writing.set_locked(&staff.author, locked)?;
                    Ok(writing.close_sessions_of(&staff.author, None)?)
                })
                .await
            }
            StaffChange::Reset(author) => self.reset(by, author).await,
            StaffChange::AllowVendor(author, window) => {
                let what = if window.is_some() { "vendor-allowed" } else { "vendor-ended" };
                let detail = window.map(|(from, until)| format!("{from} – {until}")).unwrap_or_default();
                self.change_one(by, author, what, &detail, move |writing, staff| {
                    if staff.role != Role::Vendor {
                        return Err(refused(
                            "",
                            "保守業者のアカウントではありません。",
                            "That is not the account of a vendor.",
                        ));
                    }
                    writing.set_window(&staff.author, window)?;
                    Ok(writing.close_sessions_of(&staff.author, None)?)
                })
                .await
            }
            StaffChange::SetPolicy(policy) => {
                let roles: Vec<&str> = policy.second_factor.iter().map(|role| role.code()).collect();
                let detail = format!("second factor: {}; lock: {} min", roles.join(" "), policy.lock_minutes);
                let line = TrailEntry { detail, ..entry_of("policy", &by) };
                self.kept(move |writing, now| {
                    writing.set_policy(&policy)?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await
            }
            StaffChange::NewEmergencyCode => {
                let code = staff::readable_secret(GROUPS_OF_ENVELOPE).map_err(not_now)?;
                let (hash, line) = (staff::token_hash(&staff::plain_code(&code)), entry_of("emergency-made", &by));
                self.kept(move |writing, now| {
                    writing.seal_envelope(&hash, now)?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await?;
                Ok(StaffSaid::EmergencyCode(code))
            }
            StaffChange::SignOutEverywhere(author) => {
                self.change_one(by, author, "signed-out-everywhere", "", |writing, staff| {
                    Ok(writing.close_sessions_of(&staff.author, None)?)
                })
                .await
            }
            StaffChange::ChangePassword { old, new } => {
                self.prove(&by, old).await?;
                let hash = staff::hash(new).await.map_err(not_now)?;
                let (author, line) = (by.account.author.clone(), entry_of("password-changed", &by));
                let this = staff::token_hash(&by.token.0);
                self.kept(move |writing, now| {
                    writing.set_password(author.as_str(), &hash, false)?;
                    writing.close_sessions_of(author.as_str(), Some(&this))?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await
            }
            StaffChange::SetSwitchCode { password, code } => {
                self.prove(&by, password).await?;
                let hash = staff::hash(code).await.map_err(not_now)?;
                let (author, line) = (by.account.author.clone(), entry_of("switch-code-set", &by));
                self.kept(move |writing, now| {
                    writing.set_switch_code(author.as_str(), &hash)?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await
            }
            // what nobody else sees or is affected by needs no line in the trail
            StaffChange::SetLook(look) => {
                let author = by.account.author.clone();
                self.kept(move |writing, _| Ok(writing.set_look(author.as_str(), look)?)).await
            }
            StaffChange::BeginSecondFactor { password } => self.begin_second_factor(by, password).await,
            StaffChange::ConfirmSecondFactor { code } => self.confirm_second_factor(by, code).await,
            StaffChange::BeginPasskey { password, place } => {
                self.prove(&by, password).await?;
                Ok(StaffSaid::PasskeyQuestion(self.ask_to_make(&by, place).map_err(not_now)?))
            }
            StaffChange::FinishPasskey { made, place } => self.finish_passkey(by, made, place).await,
            StaffChange::RenamePasskey { key, name } => {
                let (author, line) = (by.account.author.clone(), entry_of("passkey-renamed", &by));
                self.kept(move |writing, now| {
                    let is_own = writing.rename_passkey(author.as_str(), &id_of(&key), &name)?;
                    is_own.then_some(()).ok_or_else(no_such_passkey)?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await
            }
            StaffChange::RemovePasskey { key, password } => {
                self.prove(&by, password).await?;
                let (author, line) = (by.account.author.clone(), entry_of("passkey-removed", &by));
                self.kept(move |writing, now| {
                    let is_own = writing.remove_passkey(author.as_str(), &id_of(&key))?;
                    is_own.then_some(()).ok_or_else(no_such_passkey)?;
                    Ok(writing.keep_trail(&line, now)?)
                })
                .await
            }
            StaffChange::RemovePasskeysOf(author) => {
                self.change_one(by, author, "passkeys-removed", "", |writing, staff| {
                    writing.remove_passkeys_of(&staff.author)?;
                    Ok(writing.close_sessions_of(&staff.author, None)?)
                })
                .await
            }
        }
    }

    async fn add_staff(&self, by: Session, name: String, role: Role) -> Outcome {
        let password = staff::readable_secret(GROUPS_OF_PASSWORD).map_err(not_now)?;
        let password_hash = staff::hash(password.clone()).await.map_err(not_now)?;
        let author = format!("staff-{}", uuid::Uuid::new_v4().simple());
        let line = TrailEntry { detail: format!("{author} {}", role.code()), ..entry_of("staff-added", &by) };
        self.kept(move |writing, now| {
            if writing.reading().staff_by_name(&name)?.is_some() {
                return Err(refused(
                    "name",
                    "この名前はもう使われています。別の名前にしてください。",
                    "This name is taken. Please choose another.",
                ));
            }
            let row = StaffRow::new(author, name, password_hash, role, now);
            writing.keep_staff(&StaffRow { has_first_password: true, ..row }, now)?;
            Ok(writing.keep_trail(&line, now)?)
        })
        .await?;
        Ok(StaffSaid::Password(password))
    }

    async fn reset(&self, by: Session, author: Author) -> Outcome {
        let password = staff::readable_secret(GROUPS_OF_PASSWORD).map_err(not_now)?;
        let hash = staff::hash(password.clone()).await.map_err(not_now)?;
        self.change_one(by, author, "staff-reset", "", move |writing, staff| {
            writing.set_password(&staff.author, &hash, true)?;
            Ok(writing.close_sessions_of(&staff.author, None)?)
        })
        .await?;
        Ok(StaffSaid::Password(password))
    }

    /// Changes one account that there is.
    async fn change_one(
        &self,
        by: Session,
        author: Author,
        what: &'static str,
        detail: &str,
        doing: impl FnOnce(&Writing<'_>, &StaffRow) -> Result<(), PeopleDeclined> + Send + 'static,
    ) -> Outcome {
        let detail = format!("{author} {detail}").trim_end().to_owned();
        let line = TrailEntry { detail, ..entry_of(what, &by) };
        self.kept(move |writing, now| {
            let staff = writing.reading().staff_by_author(author.as_str())?.filter(|staff| staff.author != EMERGENCY);
            let Some(staff) = staff else {
                return Err(refused("", "そのアカウントはありません。", "There is no such account."));
            };
            doing(writing, &staff)?;
            Ok(writing.keep_trail(&line, now)?)
        })
        .await
    }

    async fn begin_second_factor(&self, by: Session, password: String) -> Outcome {
        self.prove(&by, password).await?;
        let mut secret = [0u8; totp::SECRET_BYTES];
        getrandom::fill(&mut secret).map_err(|_| not_now(staff::not_now()))?;
        let author = by.account.author.clone();
        self.kept(move |writing, _| Ok(writing.set_totp_pending(author.as_str(), &secret)?)).await?;
        let letters = totp::base32(&secret);
        let groups: Vec<String> =
            letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
        Ok(StaffSaid::Secret { secret: groups.join(" "), uri: totp::uri("Uketsuke", &by.account.name, &secret) })
    }

    async fn confirm_second_factor(&self, by: Session, code: String) -> Outcome {
        let (codes, hashes) = new_recovery_codes()?;
        let (author, line) = (by.account.author.clone(), entry_of("second-factor-set", &by));
        self.kept(move |writing, now| {
            let staff = writing.reading().staff_by_author(author.as_str())?;
            let pending = staff.and_then(|staff| staff.totp_pending);
            let step = pending.as_deref().and_then(|secret| totp::step_of(secret, &code, now, 0));
            let (Some(secret), Some(step)) = (pending, step) else {
                return Err(refused(
                    "second_factor_code",
                    "数字が合いません。もう一度「登録を始める」から行ってください（時計が合っているかも確かめてください）。",
                    "The digits do not fit. Begin again with “Set it up”, and see whether the clocks are right.",
                ));
            };
            writing.confirm_totp(author.as_str(), &secret, step)?;
            writing.set_recovery_codes(author.as_str(), &hashes)?;
            Ok(writing.keep_trail(&line, now)?)
        })
        .await?;
        Ok(StaffSaid::RecoveryCodes(codes))
    }

    /// The first passkey is a second factor, and whoever loses the device must still come in: it comes with recovery codes, unless there
    /// are some.
    async fn finish_passkey(&self, by: Session, made: PasskeyMade, place: PasskeyPlace) -> Outcome {
        let Some(key) = self.made_passkey(&by, made, place) else {
            return Err(StaffRefused::At("passkey", not_taken()));
        };
        let author = by.account.author.as_str().to_owned();
        let of = author.clone();
        let has_codes = self.look(move |reading| reading.recovery_codes(&of)).await.map_err(not_now)? > 0;
        let codes = if has_codes { None } else { Some(new_recovery_codes()?) };
        let hashes = codes.as_ref().map(|(_, hashes)| hashes.clone());
        let line = entry_of("passkey-made", &by);
        self.kept(move |writing, now| {
            if !is_room(&writing.reading().passkeys_of(&author)?) {
                return Err(refused(
                    "passkey",
                    "パスキーは20個までです。使わないものを外してください。",
                    "At most 20 passkeys. Remove one that you do not use.",
                ));
            }
            if !writing.keep_passkey(&key)? {
                return Err(PeopleDeclined::Refused("passkey", not_taken()));
            }
            if let Some(hashes) = &hashes {
                writing.set_recovery_codes(&author, hashes)?;
            }
            Ok(writing.keep_trail(&line, now)?)
        })
        .await?;
        Ok(codes.map_or(StaffSaid::Kept, |(codes, _)| StaffSaid::RecoveryCodes(codes)))
    }

    /// The person of a session knows their password; guessed at as seldom as at sign-in.
    async fn prove(&self, by: &Session, password: String) -> Result<(), StaffRefused> {
        let client = Client { address: IpAddr::V4(Ipv4Addr::UNSPECIFIED), counter: Some(by.account.counter.clone()) };
        let author = by.account.author.as_str().to_owned();
        let place = place(&format!("password of {author}"), &client);
        self.may_try(&place).map_err(at_password)?;
        let who = author.clone();
        let known = self.look(move |reading| reading.staff_by_author(&who)).await.map_err(at_password)?;
        let check = PasswordCheck { expected: known.map(|staff| staff.password_hash), password };
        if check.holds().await {
            self.people.tries.right(&place, self.clock.now());
            return Ok(());
        }
        self.failed("sign-in-failed", &place, Some(author), &client).await;
        Err(StaffRefused::At("password", Text::new("パスワードが違います。", "The password is wrong.")))
    }

    async fn kept(
        &self,
        doing: impl FnOnce(&Writing<'_>, Timestamp) -> Result<(), PeopleDeclined> + Send + 'static,
    ) -> Outcome {
        match self.write_people(doing).await {
            Ok(()) => Ok(StaffSaid::Kept),
            Err(PeopleDeclined::Refused(at, why)) => Err(StaffRefused::At(at, why)),
            Err(PeopleDeclined::Store(error)) => Err(StaffRefused::Unavailable(Unavailable(Box::new(error)))),
            Err(PeopleDeclined::Unavailable(error)) => Err(StaffRefused::Unavailable(error)),
        }
    }
}

/// Recovery codes, and what is kept of them.
fn new_recovery_codes() -> Result<(Vec<String>, Vec<[u8; 32]>), StaffRefused> {
    let codes: Result<Vec<String>, SignInRefused> =
        (0..RECOVERY_CODES).map(|_| staff::readable_secret(GROUPS_OF_RECOVERY)).collect();
    let codes = codes.map_err(not_now)?;
    let hashes = codes.iter().map(|code| staff::token_hash(&staff::plain_code(code))).collect();
    Ok((codes, hashes))
}

/// What a device calls its key; nothing is called by an unreadable text.
fn id_of(key: &str) -> Vec<u8> {
    BASE64URL_NOPAD.decode(key.as_bytes()).unwrap_or_default()
}

fn no_such_passkey() -> PeopleDeclined {
    refused("passkey", "そのパスキーはもうありません。", "That passkey is gone.")
}

fn not_taken() -> Text {
    Text::new(
        "パスキーを登録できませんでした。もう一度「登録を始める」から行ってください。今までのサインインの方法はそのまま使えます。",
        "The passkey was not taken. Begin again with “Set one up”. Your other ways to sign in still work.",
    )
}

/// Somebody must be left who can manage accounts.
fn keep_a_manager(writing: &Writing<'_>, staff: &StaffRow, stays: bool) -> Result<(), PeopleDeclined> {
    let was = staff.role == Role::Manager && !staff.is_locked;
    if was && !stays && writing.reading().other_managers(&staff.author)? == 0 {
        return Err(refused(
            "",
            "最後の責任者です。先に別の責任者のアカウントを作ってください。",
            "This is the last manager. Make another one first.",
        ));
    }
    Ok(())
}

fn refused(at: &'static str, ja: &str, en: &str) -> PeopleDeclined {
    PeopleDeclined::Refused(at, Text::new(ja, en))
}

fn not_now(refused: SignInRefused) -> StaffRefused {
    StaffRefused::At("", refused.why)
}

fn at_password(refused: SignInRefused) -> StaffRefused {
    StaffRefused::At("password", refused.why)
}

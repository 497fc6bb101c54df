//! Calling somebody to enrol: the box that made a code, or the hub.

use super::member::MemberDesk;
use super::newcomer::NewcomerBox;
use super::{Enrolment, not_done, text};
use crate::store::PlaceRow;
use crate::vault::chance;
use domain::text::Text;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use sync::facility::join::channel::{Channel, Patience};
use sync::facility::join::conversation::{By, join, join_again, welcome};
use sync::facility::join::newcomer::{Joined, Pending};
use sync::facility::join::{Code, JoinFailure};
use sync::facility::statement::MAX_NAME;
use sync::seal::BoxId;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;
use web::port::NotDone;

/// Time for a connection to stand.
const CONNECT: Duration = Duration::from_secs(10);

/// By what this box comes in.
enum Entry {
    Code(Code),
    Unfinished(Box<Pending>),
}

impl Enrolment {
    /// Begins to come into another facility; returns when the digits are there to be compared, or when it failed.
    ///
    /// # Errors
    /// What was typed wrong, or why it did not begin.
    pub async fn join(self: &Arc<Self>, address: &str, code: &str, name: &str) -> Result<(), NotDone> {
        let place = place(address).map_err(|why| NotDone { at: "address", why })?;
        let entry = match (code.trim().is_empty(), self.unfinished()) {
            (true, Some(pending)) => Entry::Unfinished(Box::new(pending)),
            _ => Entry::Code(read_code(code)?),
        };
        let name = box_name(name, &entry)?;
        let (begun, has_begun) = oneshot::channel();
        let enrolment = self.clone();
        let joining = tokio::spawn(async move {
            let welcomer = enrolment.enter(&place, entry, &name, begun).await?;
            let (host, port) = place;
            enrolment.remember_place(PlaceRow { peer: welcomer, host, port, told: false }).await;
            tracing::info!("this box was let into another facility");
            enrolment.entered.send_replace(true);
            Ok(())
        });
        self.begun(joining, has_begun).await
    }

    async fn enter(
        &self,
        place: &(String, u16),
        entry: Entry,
        name: &str,
        begun: oneshot::Sender<()>,
    ) -> Result<BoxId, JoinFailure> {
        let channel = connect(place).await?;
        let vault = self.vault().clone();
        let mut desk = NewcomerBox::new(self, begun);
        let joined: Joined = match entry {
            Entry::Code(code) => {
                let mut random = chance().map_err(|_| JoinFailure::NotKept(io::ErrorKind::Other))?;
                let by = By::Entering(&code);
                join(channel, by, vault.identity(), name, &mut desk, || self.now(), &mut random).await?
            }
            Entry::Unfinished(pending) => join_again(channel, *pending, vault.identity(), &mut desk).await?,
        };
        // whoever admitted this box is the one it talked to
        let members = sync::facility::Membership::evaluate(joined.facility, joined.welcome.statements());
        let welcomer = members.member(vault.id()).map(|member| member.admitted_by).ok_or(JoinFailure::BadWelcome)?;
        // Before the question goes: whoever watches the screen sees the one or the other.
        self.screen.say_entering();
        drop(desk);
        Ok(welcomer)
    }

    /// Begins to enrol this facility at a hub; returns when the digits are there to be compared, or when it failed.
    ///
    /// # Errors
    /// What was typed wrong, or why it did not begin.
    pub async fn enrol_hub(self: &Arc<Self>, address: &str, code: &str) -> Result<(), NotDone> {
        let place = place(address).map_err(|why| NotDone { at: "address", why })?;
        let code = read_code(code)?;
        let (begun, has_begun) = oneshot::channel();
        let enrolment = self.clone();
        let enrolling = tokio::spawn(async move {
            let (hub, name) = enrolment.call_hub(&place, &code, begun).await?;
            let (host, port) = place;
            enrolment.remember_place(PlaceRow { peer: hub, host, port, told: false }).await;
            enrolment.screen.say(Some(super::let_in(&name)));
            Ok(())
        });
        self.begun(enrolling, has_begun).await
    }

    async fn call_hub(
        &self,
        place: &(String, u16),
        code: &Code,
        begun: oneshot::Sender<()>,
    ) -> Result<(BoxId, String), JoinFailure> {
        let channel = connect(place).await?;
        let mut random = chance().map_err(|_| JoinFailure::NotKept(io::ErrorKind::Other))?;
        let (vault, label) = (self.vault().clone(), self.label());
        let mut desk = MemberDesk::calling(self, begun);
        let by = By::Entering(code);
        welcome(channel, by, vault.identity(), vault.facility(), &label, &mut desk, &mut random).await?;
        desk.take_asked().ok_or(JoinFailure::OutOfTurn)
    }

    /// Waits until the digits are on the screen; what goes wrong later is said there.
    async fn begun(
        self: &Arc<Self>,
        conversation: tokio::task::JoinHandle<Result<(), JoinFailure>>,
        has_begun: oneshot::Receiver<()>,
    ) -> Result<(), NotDone> {
        if has_begun.await.is_ok() {
            let screen = self.screen.clone();
            tokio::spawn(async move {
                if let Ok(Err(failure)) = conversation.await {
                    screen.say(Some(text(&failure.staff())));
                }
            });
            return Ok(());
        }
        match conversation.await {
            // taken up again: nobody had to be asked
            Ok(Ok(())) => Ok(()),
            Ok(Err(failure)) => Err(not_done(blamed(&failure), &said_of(&failure))),
            Err(_) => Err(not_done("", &JoinFailure::OutOfTurn.staff())),
        }
    }
}

const fn blamed(failure: &JoinFailure) -> &'static str {
    match failure {
        JoinFailure::WrongCode { .. }
        | JoinFailure::CodeExpired
        | JoinFailure::CodeUsed
        | JoinFailure::CodeVoid
        | JoinFailure::NoCode => "code",
        JoinFailure::Lost(_) | JoinFailure::TooSlow => "address",
        _ => "",
    }
}

fn said_of(failure: &JoinFailure) -> sync::terminal::StaffText {
    match failure {
        JoinFailure::Lost(_) | JoinFailure::TooSlow => sync::terminal::StaffText::new(
            "このアドレスの機器につながりません。何も変更していません。相手の画面に出ているアドレスとポート、ネットワークを確かめてください。",
            "No answer at that address. Nothing was changed. Check address and port as the other screen shows them, and the network.",
        ),
        failure => failure.staff(),
    }
}

async fn connect(place: &(String, u16)) -> Result<Channel<TcpStream>, JoinFailure> {
    let connecting = TcpStream::connect((place.0.as_str(), place.1));
    let stream = timeout(CONNECT, connecting).await.map_err(|_| JoinFailure::TooSlow)?;
    Channel::connect(stream.map_err(|error| JoinFailure::Lost(error.kind()))?, Patience::default()).await
}

/// The code as people type it.
pub(crate) fn read_code(typed: &str) -> Result<Code, NotDone> {
    let why = || {
        Text::new(
            "登録コードは9桁の数字です（例：123-456-789）。打ちまちがいがあるので、相手の画面と見比べてください。回数は減っていません。",
            "A code has nine digits (123-456-789). Something is mistyped; compare it with the other screen. No attempt was used up.",
        )
    };
    Code::typed(typed).ok_or_else(|| NotDone { at: "code", why: why() })
}

fn box_name(typed: &str, entry: &Entry) -> Result<String, NotDone> {
    let name = typed.trim();
    let is_fine = !name.is_empty() && name.len() <= MAX_NAME && !name.chars().any(char::is_control);
    match entry {
        Entry::Code(_) if !is_fine => Err(NotDone {
            at: "name",
            why: Text::new(
                "この受付機の名前を32文字以内で入力してください（例：第2窓口）。",
                "Give this box a name of at most 32 characters, such as “second counter”.",
            ),
        }),
        _ => Ok(name.to_owned()),
    }
}

/// `host:port`, as people type it.
///
/// # Errors
/// What is wrong with it.
pub fn place(typed: &str) -> Result<(String, u16), Text> {
    let typed = typed.trim();
    let read = typed.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse::<u16>().ok()?)));
    match read.filter(|(host, port)| *port > 0 && is_host(host)) {
        Some((host, port)) => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
        None => Err(Text::new(
            "アドレスとポートを「192.168.1.20:8444」の形で入力してください。相手の同期の画面に出ています。",
            "Give address and port as 192.168.1.20:8444. The other box shows them on its sync page.",
        )),
    }
}

fn is_host(host: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]%".contains(c);
    (1..=253).contains(&host.len()) && host.chars().all(plain)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        assert_eq!(place(" 192.168.1.20:8444 ").unwrap(), ("192.168.1.20".to_owned(), 8444));
        assert_eq!(place("[fe80::1%eth0]:8444").unwrap().0, "fe80::1%eth0");
        assert_eq!(place("hub.example.jp:443").unwrap().1, 443);
        for wrong in ["", "192.168.1.20", ":8444", "a b:1", "host:0", "host:70000", "https://hub.example.jp:443"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}

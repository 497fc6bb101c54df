//! A passkey in a real browser with a device of its own: made after the password, used instead of it and beside it, refused, taken away.
#![allow(clippy::unwrap_used, missing_docs)]

use tests::authenticator::Authenticator;
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::receptionist::{ACCOUNT, set_up};

/// The pages under the name a passkey can belong to; loopback counts as a safe place.
fn by_name(url: &str) -> String {
    url.replace("127.0.0.1", "localhost")
}

async fn sign_out(desk: &Desk) {
    desk.goto("/").await;
    desk.send("form[action='/sign-out'] button").await;
    assert_eq!(desk.path().await, "/sign-in");
}

/// Presses the button of the passkey, and waits until the form is sent and the next page is there.
async fn use_passkey(desk: &Desk) {
    desk.send("[data-passkey-go]").await;
}

async fn make_passkey(desk: &Desk, name: &str) {
    desk.goto("/me").await;
    desk.fill_in("#passkey-begin-passkey_name", name).await;
    desk.fill_in("#passkey-begin-password", ACCOUNT.1).await;
    desk.send("#passkeys > form button").await;
    use_passkey(desk).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_makes_a_passkey_and_signs_in_with_it() {
    let clinic = Clinic::default();
    let reception = clinic.open();
    let mut desk = Desk::open(&clinic.url()).await;
    set_up(&desk).await;
    desk.goto("/me").await;
    assert!(desk.text().await.contains("数字のアドレスで開かれている"), "no passkey belongs to an address");
    assert!(!desk.has("#passkeys > form").await, "and no button that fails");

    desk.turn_to(&by_name(&clinic.url()));
    desk.goto("/sign-in").await;
    desk.fill("account", ACCOUNT.0).await;
    desk.fill("password", ACCOUNT.1).await;
    desk.send("main form button.primary").await;
    let device = Authenticator::of(&desk).await;
    make_passkey(&desk, "受付のパソコン").await;
    assert!(desk.has("#recovery-codes li").await, "{}", desk.text().await);
    assert!(desk.has("[data-passkey-name='受付のパソコン']").await);

    // instead of name, password and code
    sign_out(&desk).await;
    use_passkey(&desk).await;
    desk.find("nav.menu").await;
    assert_eq!(desk.path().await, "/");

    // beside the password, which alone is not enough any more
    sign_out(&desk).await;
    desk.fill("account", ACCOUNT.0).await;
    desk.fill("password", ACCOUNT.1).await;
    desk.send("main form button.primary").await;
    desk.goto("/").await;
    assert_eq!(desk.path().await, "/sign-in/code");
    use_passkey(&desk).await;
    desk.find("nav.menu").await;

    // a device that does not recognise the person opens nothing
    sign_out(&desk).await;
    device.recognises(&desk, false).await;
    desk.press("[data-passkey-go]").await;
    desk.find("[data-passkey-said]:not([hidden])").await;
    assert_eq!(desk.path().await, "/sign-in");
    device.recognises(&desk, true).await;
    use_passkey(&desk).await;

    // taken away, it opens nothing
    desk.goto("/me").await;
    desk.press("#remove-key-0 summary").await;
    desk.fill_in("#remove-0-password", ACCOUNT.1).await;
    desk.send("#remove-key-0 button").await;
    assert!(!desk.has("[data-passkey-name]").await);
    sign_out(&desk).await;
    use_passkey(&desk).await;
    assert!(desk.text().await.contains("サインインできませんでした"), "{}", desk.text().await);
    let kept = "return localStorage.length + sessionStorage.length";
    assert_eq!(desk.client.execute(kept, Vec::new()).await.unwrap(), 0, "nothing is kept in the browser");
    desk.close().await;
    drop(reception);
}

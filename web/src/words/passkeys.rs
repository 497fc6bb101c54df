use super::words;

words! {
    /// Words of passkeys.
    pub struct PasskeyWords {
        title: "パスキー", "Passkeys";
        why: "スマートフォンやパソコン、USBの鍵で、指紋・顔・画面ロックを使ってサインインします。パスワードと6桁の数字の代わりになり、インターネットがなくても使えます。数字のアドレスで開いた窓口では使えないので、認証アプリも登録しておくか、復旧コードを手元に置いてください。", "Sign in with the fingerprint, face or screen lock of a phone, a computer or a USB key. It stands for password and digits, and works without the internet. Where the pages are opened by an address of digits it does not: set up the app too, or have a recovery code at hand.";
        none: "パスキーはまだありません。", "There is no passkey yet.";
        made: "登録", "made";
        used: "最後に使った日時", "last used";
        never: "まだ使っていません", "not used yet";
        suspended: "複製のおそれがあるため止めました。外して作り直してください。", "Stopped, because it may have been copied. Remove it and make a new one.";
        other_place: "この名前で開いたときだけ使えます：", "Only where the pages are opened as ";
        rename: "呼び名を変える", "Change its name";
        remove: "外す", "Remove it";
        begin: "登録を始める", "Set one up";
        ready_title: "パスキーを作る", "Make the passkey";
        ready: "下のボタンを押すと、この端末が指紋・顔・画面ロックなどを求めます。5分以内に行ってください。", "Press the button: this device asks for a fingerprint, your face or its lock. You have five minutes.";
        make_go: "この端末でパスキーを作る", "Make the passkey here";
        show_go: "パスキーでサインイン", "Sign in with a passkey";
        factor_go: "パスキーで確かめる", "Use a passkey";
        or_code: "または、認証アプリの数字か復旧コードを入れてください。", "Or type the digits of your app, or a recovery code.";
        at_address: "この画面は数字のアドレスで開かれているため、パスキーは使えません。名前（例：https://uketsuke.local）で開いてください。パスワードでのサインインはこのまま使えます。", "These pages were opened by an address of digits, which no passkey can belong to. Open them by a name, such as https://uketsuke.local. Passwords go on working here.";
        unencrypted: "この画面は暗号化されていないため、パスキーは使えません。https:// で開いてください。パスワードでのサインインはこのまま使えます。", "These pages are not encrypted, so browsers show no passkey. Open them with https://. Passwords go on working here.";
        unable: "このブラウザーではパスキーを使えません（スクリプトが止まっているか、古い版です）。", "This browser cannot use passkeys: scripts are off, or it is too old.";
        stopped: "パスキーは使われませんでした（取り消し、または時間切れ）。もう一度押すか、パスワードを使ってください。", "No passkey was used: it was cancelled or took too long. Press again, or use your password.";
        exists: "この端末のパスキーはもう登録されています。", "The passkey of this device is registered already.";
        untrusted: "ブラウザーがこの箱の証明書を信用していないため、パスキーを使えません。技術担当に、箱の証明書をこの端末に入れてもらってください。", "This browser does not trust the certificate of the box, so it shows no passkey. Have a technician install that certificate here.";
        unreadable: "パスキーを読み取れませんでした。もう一度ボタンを押してください。", "The passkey could not be read. Press the button again.";
        remove_all: "パスキーをすべて外す", "Remove all passkeys";
        count: "パスキー", "passkeys";
    }
}

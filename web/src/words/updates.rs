super::words! {
    /// Words about updates.
    pub struct UpdateWords {
        title: "更新", "Updates";
        intro: "新しい版は、使っていない側のディスクに書き込み、受付時間外に切り替えます。前に動いていたものが動かなければ、自動で前の版に戻ります。受付の記録はそのまま残ります。", "A new version is written to the half of the disk that is not in use, and takes over outside reception hours. If something that worked before does not, the box returns to the version before by itself. Records stay as they are.";
        none: "この機器では、受付ソフトは更新を扱っていません。OSの更新の仕組みで更新してください。", "On this machine the program does not look after updates. Use those of the operating system.";
        running: "今の版", "Running version";
        half: "ディスクの側", "Half of the disk";
        proven: "確認済み", "proven";
        unproven: "確認中", "being judged";
        offered: "次の版", "Next version";
        state: "状態", "State";
        since: "いつから", "Since";
        reason: "待っている理由", "Why it waits";
        next: "このあと", "What happens next";
        fetched: "受け取った量", "Fetched";
        window: "更新の時間", "Maintenance window";
        next_window: "次は", "Next";
        postponed_until: "延期", "Put off until";
        postponable_until: "延期できるのは", "Can be put off until";
        is_asked: "時間を待たずに取り付けます。受付時間中や、受付の途中、回答待ちのあいだは始めません。", "It is installed without waiting for the window; never during reception hours, with somebody being checked in, or an answer awaited.";
        check: "今すぐ調べる（USBメモリ）", "Look now (USB stick)";
        install: "時間を待たずに取り付ける", "Install without waiting for the window";
        as_planned: "予定の時間に戻す", "Back to the planned window";
        postpone: "延期する", "Put it off";
        days: "日数", "Days";
        history: "これまでの更新", "Updates so far";
        no_history: "まだありません。", "None yet.";
        when: "日時", "When";
        version: "版", "Version";
        outcome: "結果", "Outcome";
        outcome_proven: "取り付けて確認済み", "installed and proven";
        outcome_returned: "前の版に戻りました", "returned to the version before";
        outcome_refused: "受け付けませんでした", "refused";
        outcome_failed: "取り付けられませんでした", "could not be installed";
        done: "受け付けました。", "Done.";
        stick_title: "USBメモリで更新するとき", "Updating from a USB stick";
        stick: "製造元から届いた更新ファイル（.raucb）をUSBメモリに入れて差し、「今すぐ調べる」を押します。署名が製造元のものでないファイル、壊れたファイル、古い版は受け付けません。", "Put the update file from the maker (.raucb) on a USB stick, plug it in and press “Look now”. A file that the maker did not sign, that is damaged or older is refused.";
    }
}

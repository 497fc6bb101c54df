super::words! {
    /// Words of the declaration page.
    pub struct DeclarationWords {
        title: "被保険者資格申立書", "Self-declaration of insurance";
        intro: "今日は保険の確認ができませんでした。患者さんのせいではありません。この用紙に書いていただくと、いつもの負担割合で受診できます。", "We could not confirm your insurance today. It is not your fault. With this form you pay your usual share.";
        gaps_ok: "わからないところは空けたままで構いません。", "Leave open what you do not know.";
        later: "番号がわかったら、写しや写真でお知らせください。", "Please tell us the number later: a copy or a photo is fine.";
        person: "4. ご本人（カードの券面）", "4. The person (card face)";
        insurance: "1. 保険", "1. The insurance";
        more: "わかれば、もう少し", "More, if you know it";
        contact: "2. 住所または会社、連絡先", "2. Address or workplace, and a contact";
        contact_hint: "住所か会社のどちらかと、電話番号があると請求できます。", "An address or a workplace, and a phone number, make the claim possible.";
        contact_missing: "住所か会社名と、連絡先がまだありません。このままでも保存できます。", "Address or workplace and a contact are still missing. You can save all the same.";
        ratio: "3. 負担割合", "3. Share";
        ratio_by_age: "生年月日から計算した割合", "Worked out from the birth date";
        ratio_unknown: "わからない", "I do not know";
        consent: "5. 同意", "5. Consent";
        signature: "6. 署名", "6. Signature";
        sign_here: "ここに指・ペン・マウスで書いてください", "Sign here with finger, pen or mouse";
        clear: "書き直す", "Clear";
        no_script: "この端末では画面に署名できません。紙に署名してください。", "Signing on screen does not work here: please sign on paper.";
        paper_hint: "画面に書けない・書きたくないときは紙で。扱いは同じです。", "Paper counts just the same.";
        form_no: "用紙番号", "Form no.";
        explanation: "患者さん向けの説明を印刷", "Print the explanation for patients";
        save: "申立書を保存する", "Save the declaration";
        back: "受付に戻る", "Back to the visit";
        insurer_hint: "例：協会けんぽ 東京支部、○○市", "For instance 協会けんぽ 東京支部, ○○市";
        company_question: "会社名（勤め先からの保険のとき）", "Workplace, when the insurance comes from there";
        already: "申立書を受け取り済みです。書き直すと新しいほうを使います。", "A declaration is on file. A new one takes its place.";
    }
}

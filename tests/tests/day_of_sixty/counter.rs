//! A member of staff at a counter: every step of the script over the desk's own forms.

use crate::script::Line;
use crate::tablet::fill_in;
use fantoccini::Locator;
use serde_json::{Value, json};
use std::time::Duration;
use sync::simulator::{HeldDocument, Person, Population};
use tests::browser::Desk;
use tests::clinic::Clinic;
use tests::program::Program;

/// Long enough for a loaded machine; nothing waits this long when all is well.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Fills in a form of the page and presses its button with the mouse; a form that is not there is named.
const HAND_IN: &str = r"
    const [css, fields, button] = arguments;
    const form = [...document.querySelectorAll(css)].find((form) => form.querySelector(button));
    if (!form) return `no ${css} with ${button}`;
    for (const [name, value] of fields) {
        const boxes = [...form.elements].filter((box) => box.name === name && box.type !== 'hidden');
        const box = boxes[0]?.type === 'radio' ? boxes.find((one) => one.value === value) : boxes[0];
        if (!box) return `no field ${name} for ${value} in ${css}`;
        if (box.type === 'radio' || box.type === 'checkbox') box.checked = true; else box.value = value;
        box.dispatchEvent(new Event('input', { bubbles: true }));
        box.dispatchEvent(new Event('change', { bubbles: true }));
    }
    document.body.dataset.before = '1';
    form.querySelector(button).click();
    return '';
";

/// A counter with its screen, and what stands around it.
pub struct Counter<'a> {
    pub desk: &'a Desk,
    pub clinic: &'a Clinic,
    pub program: &'a Program,
    pub population: &'a Population,
    pub tablet: Option<&'a Desk>,
}

/// Waits for something on a page.
pub async fn patiently(desk: &Desk, css: &str, why: &str) {
    if let Err(error) = desk.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await {
        panic!("{why}: {css} never came ({error})\n{}", desk.text().await);
    }
}

/// Hands in a form of the page, and waits for the page that follows.
pub async fn hand_in(desk: &Desk, form: &str, fields: &[(&str, &str)], button: &str) {
    let wrong = desk.client.execute(HAND_IN, vec![json!(form), json!(fields), json!(button)]).await.unwrap();
    if wrong != "" {
        panic!("{wrong} at {}\n{}", desk.path().await, desk.text().await);
    }
    patiently(desk, "body:not([data-before])", form).await;
    if desk.has(".wrong .error").await {
        panic!("{form} was refused at {}\n{}", desk.path().await, desk.text().await);
    }
}

impl Counter<'_> {
    /// Plays one line of the script. Returns the visit.
    pub async fn play(&self, line: &Line, visit: Option<String>) -> String {
        let person = self.population.get(line.who).unwrap_or_else(|| panic!("nobody is {}", line.who));
        let mut visit = visit.unwrap_or_default();
        for step in &line.steps {
            match step[..] {
                ["shows", shown] => visit = self.first_visit(person, shown).await,
                ["returns", shown] => visit = self.return_visit(person, shown).await,
                ["consent", way, device, flow] => visit = self.consent(person, way, device, flow).await,
                _ => self.step(person, &visit, step).await,
            }
        }
        if let Some(evidence) = line.expected.as_ref().map(|e| e.evidence).filter(|e| !e.is_empty()) {
            let received = format!("{} received by {evidence}", line.who);
            self.until(&visit, &received, |seen| seen["decision"]["accepted"]["evidence"] == evidence).await;
        }
        visit
    }

    /// Waits for something the program can see of a visit.
    async fn until(&self, visit: &str, what: &str, seen: impl Fn(&Value) -> bool) {
        let deadline = std::time::Instant::now() + PATIENCE;
        loop {
            let now = self.program.get(&format!("/visits/{visit}"));
            if seen(&now) {
                return;
            }
            assert!(std::time::Instant::now() < deadline, "never: {what}\n{}\n{now:#}", self.desk.text().await);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn first_visit(&self, person: &Person, shown: &str) -> String {
        self.desk.goto("/check-in").await;
        self.write_down(person, &[("presented", shown)]).await
    }

    async fn write_down(&self, person: &Person, more: &[(&str, &str)]) -> String {
        let face = &person.face;
        let birth = face.birth_date.to_string();
        let known = [
            ("name", face.name.as_str()),
            ("name_kana", face.reading.as_str()),
            ("birth_date", birth.as_str()),
            ("sex", face.sex.code()),
            ("address", face.address.as_str()),
        ];
        let fields: Vec<(&str, &str)> = known.iter().chain(more).copied().collect();
        hand_in(self.desk, "form.check-in", &fields, "#new .actions button").await;
        self.visit_here(person).await
    }

    async fn visit_here(&self, person: &Person) -> String {
        let path = self.desk.path().await;
        match path.strip_prefix("/visits/") {
            Some(visit) => visit.to_owned(),
            None => panic!("{}: not a visit: {path}\n{}", person.key, self.desk.text().await),
        }
    }

    async fn return_visit(&self, person: &Person, shown: &str) -> String {
        self.desk.goto("/check-in").await;
        let words = format!("{} {}", person.face.reading.replace('　', " "), person.face.birth_date.compact());
        hand_in(self.desk, "#search", &[("q", words.as_str())], "button").await;
        hand_in(self.desk, "form.check-in", &[("presented", shown)], "button.hit").await;
        self.visit_here(person).await
    }

    /// A consent from afar is entered, and the patient arrives.
    async fn consent(&self, person: &Person, way: &str, device: &str, flow: &str) -> String {
        let (face, birth) = (&person.face, person.face.birth_date.to_string());
        self.desk.goto("/arrivals").await;
        let fields = [
            ("name", face.name.as_str()),
            ("name_kana", face.reading.as_str()),
            ("birth_date", birth.as_str()),
            ("flow", flow),
            ("consent_way", way),
            ("consent_device", device),
        ];
        hand_in(self.desk, "#enter form", &fields, "button[value='enter']").await;
        let link = "return [...document.querySelectorAll('[data-consent]')] \
                    .find((row) => row.textContent.includes(arguments[0])).querySelector('a.primary').getAttribute('href')";
        let link = self.desk.client.execute(link, vec![json!(face.name)]).await.unwrap();
        self.desk.goto(link.as_str().unwrap()).await;
        let identity: &[_] = if device == "own" { &[("identity", "photo_id")] } else { &[] };
        let more: Vec<(&str, &str)> = [("presented", "nothing")].iter().chain(identity).copied().collect();
        self.write_down(person, &more).await
    }

    async fn step(&self, person: &Person, visit: &str, step: &[&str]) {
        let here = format!("/visits/{visit}");
        if step[0] != "read" && step[0] != "waits" {
            self.desk.goto(&here).await;
        }
        match step {
            ["read", method] => self.clinic.tell_terminal("/cards", &json!({ "person": person.key, "method": method })),
            ["waits", basis] => {
                let claim = format!("the claim of {} is {basis}", person.key);
                self.until(visit, &claim, |seen| seen["decision"]["claim"]["basis"] == *basis).await;
            }
            ["fails", kind, outcome] => {
                let form = format!("form[action='{here}/attempt']:has(input[value='{kind}'])");
                hand_in(self.desk, &form, &[], &format!("button[value='{outcome}']")).await;
            }
            ["bare", kind] => hand_in(self.desk, "#picker form", &[], &format!("button[value='{kind}']")).await,
            ["nothing"] => {
                hand_in(self.desk, &format!("form[action='{here}/paper']:has(input[value='NONE'])"), &[], "button")
                    .await;
            }
            ["paper", kind, more @ ..] => self.paper(person, &here, kind, more).await,
            ["elderly", tenths] => {
                self.desk.goto(&format!("{here}?take=ELDERLY_RECIPIENT")).await;
                hand_in(self.desk, ".taking form", &[("ratio", *tenths)], "button.primary").await;
            }
            ["limit", class] => {
                self.desk.goto(&format!("{here}?take=LIMIT_CERTIFICATE")).await;
                hand_in(self.desk, ".taking form", &[("limit_class", *class)], "button.primary").await;
            }
            ["lookup", kind] => self.lookup(person, &here, kind).await,
            ["asks"] => self.send(&here, "query", &[]).await,
            ["companion", who] => {
                self.send(&here, "companion", &[("companion", *who), ("companion_name", "引率 一郎")]).await
            }
            ["expiry"] => {
                let day = person.card.certificate_expiry.to_string();
                self.send(&here, "card", &[("certificate_expiry", day.as_str())]).await;
            }
            ["payers", payer, recipient] => {
                self.send(&here, "payers", &[("payer_1", *payer), ("recipient_1", *recipient)]).await
            }
            ["decides"] => self.send(&here, "decide", &[("reason", "顔なじみの患者さん。責任者が判断した。")]).await,
            ["full-charge"] => self.send(&here, "full-charge", &[("reason", "カードも書面もない。")]).await,
            ["leaves"] => self.send(&here, "leave", &[("reason", "急用で帰られた。")]).await,
            ["declares", kind, work @ ..] => self.declare(person, &here, kind, work.first().copied()).await,
            ["tablet", kind] => {
                self.desk.goto(&format!("{here}/declaration")).await;
                self.desk.send(".hand-over").await;
                fill_in(self.tablet.unwrap(), person, kind).await;
            }
            other => panic!("nobody knows how to do {other:?}"),
        }
    }

    /// Hands in the only form of the visit that goes there.
    async fn send(&self, here: &str, form: &str, fields: &[(&str, &str)]) {
        hand_in(self.desk, &format!("form[action='{here}/{form}']"), fields, "button").await;
    }

    async fn paper(&self, person: &Person, here: &str, kind: &str, more: &[&str]) {
        let taken = if kind == "NOTICE_ONLY" { "CARD_PLUS_NOTICE" } else { kind };
        self.desk.goto(&format!("{here}?take={taken}")).await;
        let paper = held(person);
        let printed = paper.valid_to.map(|day| day.to_string()).unwrap_or_default();
        let to = more.iter().find_map(|word| word.strip_prefix("to=")).unwrap_or(&printed);
        let share = paper.share_tenths.map(|tenths| tenths.to_string()).unwrap_or_default();
        let mut fields = numbers(paper);
        fields.push(("valid_to", to));
        fields.push(("ratio", share.as_str()));
        match kind {
            "CARD_PLUS_NOTICE" | "NOTICE_ONLY" => fields.push(("presented", kind)),
            "SCHOOL_TRIP_COPY" | "NURSERY_COPY" => fields.push(("copy_of", "NOTICE_ONLY")),
            _ => {}
        }
        hand_in(self.desk, ".taking form", &fields, "button.primary").await;
    }

    async fn lookup(&self, person: &Person, here: &str, kind: &str) {
        self.desk.goto(&format!("{here}?take={kind}")).await;
        let mut fields = numbers(held(person));
        fields.extend([("screen_said", "1"), ("person_compared", "yes"), ("searched_by", "four_items")]);
        if kind == "DISASTER_MODE" {
            fields.push(("disaster_consent", "oral"));
        }
        hand_in(self.desk, ".taking form", &fields, "button.primary").await;
    }

    async fn declare(&self, person: &Person, here: &str, kind: &str, work: Option<&str>) {
        self.desk.goto(&format!("{here}/declaration")).await;
        let mut fields = vec![("insurance_kind", kind), ("phone", person.telephone.as_str()), ("on_paper", "yes")];
        fields.extend(work.map(|name| ("workplace", name)));
        hand_in(self.desk, "#declaration-form", &fields, ".actions button.primary").await;
    }
}

/// The paper somebody holds.
pub fn held(person: &Person) -> &HeldDocument {
    person.holds.first().unwrap_or_else(|| panic!("{} holds nothing", person.key))
}

fn numbers(paper: &HeldDocument) -> Vec<(&'static str, &str)> {
    let coverage = &paper.coverage;
    vec![
        ("insurer_number", coverage.insurer_number.as_str()),
        ("insured_symbol", coverage.symbol.as_deref().unwrap_or("")),
        ("insured_number", coverage.number.as_str()),
        ("branch_number", coverage.branch.as_deref().unwrap_or("")),
    ]
}

//! In the evening: what the pages, the file and the follow-ups say of every patient, line by line.

use crate::script::{Expected, Line};
use domain::claim::{ClaimBasis, ClaimWarning, NotClaimed};
use domain::evidence::EvidenceKind;
use domain::number::InsuredSymbol;
use domain::trouble::Category;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use sync::simulator::{Coverage, Person, Population};
use tests::browser::Desk;
use tests::program::Program;

/// A visit and who made it.
pub struct Played<'a> {
    pub line: &'a Line,
    pub visit: String,
}

type Row = BTreeMap<String, String>;

/// Text of the cells of a file whose cells carry no line break.
fn rows_of(csv: &str) -> Vec<Row> {
    let mut lines = csv.trim_start_matches('\u{FEFF}').split("\r\n").filter(|line| !line.is_empty()).map(cells);
    let titles = lines.next().unwrap();
    lines.map(|cells| titles.iter().cloned().zip(cells).collect()).collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

async fn download(desk: &Desk, path: &str) -> String {
    let script = "const [path, done] = arguments; fetch(path).then((answer) => answer.text()).then(done, (error) => done(String(error)))";
    desk.goto("/").await;
    let text = desk.client.execute_async(script, vec![path.into()]).await.unwrap();
    text.as_str().unwrap().to_owned()
}

/// What the month-end file and page say, beside the table. Returns every difference.
pub async fn claims(desk: &Desk, population: &Population, played: &[Played<'_>]) -> Vec<String> {
    let file = rows_of(&download(desk, "/claims/file?month=2025-11&layout=standard&encoding=utf-8").await);
    let of_the_day: Vec<&Row> = file.iter().filter(|row| row["受診日"] == "2025-11-17").collect();
    let mut wrong = Vec::new();
    if of_the_day.len() != played.len() {
        wrong.push(format!("{} lines in the file for {} patients", of_the_day.len(), played.len()));
    }
    let page = month_page(desk).await;
    for Played { line, visit } in played {
        let person = population.get(line.who).unwrap();
        let expected = line.expected.as_ref().unwrap();
        let Some(row) = file.iter().find(|row| row["受付ID"] == *visit) else {
            wrong.push(format!("{} {}: not in the file", line.no, line.who));
            continue;
        };
        for (title, should) in cells_of(person, line, expected) {
            let is = if title == "記号" { symbol(&row[title]) } else { row[title].clone() };
            if is != should {
                wrong.push(format!("{} {}: {title} is {is:?}, by the table {should:?}", line.no, line.who));
            }
        }
        match page.get(visit) {
            None => wrong.push(format!("{} {}: not on the page", line.no, line.who)),
            Some(shown) => {
                for (what, should) in words_of(expected, row) {
                    if !should.is_empty() && !shown.contains(&should) {
                        wrong.push(format!("{} {}: the page lacks {what} {should:?}: {shown:?}", line.no, line.who));
                    }
                }
            }
        }
    }
    wrong
}

/// The rows of the month-end page, over all its pages, by visit.
async fn month_page(desk: &Desk) -> BTreeMap<String, String> {
    let script = "return [[...document.querySelectorAll('table.claims tbody tr')].map((row) => \
                  [row.querySelector('a[href^=\"/visits/\"]').getAttribute('href').slice(8), row.innerText]), \
                  document.querySelector('section[aria-labelledby=visits] > a[href*=\"after=\"]')?.getAttribute('href') || '']";
    let (mut rows, mut next) = (BTreeMap::new(), "/claims?month=2025-11".to_owned());
    while !next.is_empty() {
        desk.goto(&next).await;
        let found = desk.client.execute(script, Vec::new()).await.unwrap();
        for row in found[0].as_array().unwrap() {
            rows.insert(row[0].as_str().unwrap().to_owned(), row[1].as_str().unwrap().to_owned());
        }
        found[1].as_str().unwrap().clone_into(&mut next);
    }
    rows
}

fn symbol(text: &str) -> String {
    InsuredSymbol::parse(text).map_or_else(|_| text.to_owned(), |symbol| symbol.value.as_str().to_owned())
}

fn numbers<'a>(person: &'a Person, which: &str) -> Option<&'a Coverage> {
    match which {
        "national" => person.true_eligibility().map(|known| &known.coverage),
        "paper" => person.holds.first().map(|paper| &paper.coverage),
        _ => None,
    }
}

/// The cells of the month-end file as the table has them.
fn cells_of(person: &Person, line: &Line, expected: &Expected) -> Vec<(&'static str, String)> {
    let known = numbers(person, expected.numbers);
    let sevens = expected.numbers == "sevens";
    let insurer = known.map(|c| c.insurer_number.clone()).or(sevens.then(|| "77777777".to_owned()));
    let number = known.map(|c| c.number.clone()).or(sevens.then(|| "777777777".to_owned()));
    let payer = line.steps.iter().find(|step| step[0] == "payers");
    let confirmed = expected.basis == "current" && !expected.warnings.contains("not_confirmed");
    let in_order: Vec<&str> = ClaimWarning::ALL
        .iter()
        .map(|warning| warning.code())
        .filter(|code| expected.warnings.contains(code))
        .collect();
    vec![
        ("請求区分コード", expected.basis.to_owned()),
        ("請求先", expected.payer_body.to_owned()),
        ("保険者番号", insurer.unwrap_or_default()),
        ("記号", symbol(known.and_then(|c| c.symbol.as_deref()).unwrap_or_default())),
        ("番号", number.unwrap_or_default()),
        ("負担割合", expected.share.to_owned()),
        ("公費1負担者番号", payer.map_or("", |step| step[1]).to_owned()),
        ("公費1受給者番号", payer.map_or("", |step| step[2]).to_owned()),
        ("摘要欄全体", remark(person, line, expected)),
        ("確認方法", expected.evidence.to_owned()),
        ("オンライン確認", if confirmed { "1" } else { "0" }.to_owned()),
        ("注意コード", in_order.join(" ")),
    ]
}

/// The remarks, cut to records of 38 full-width characters. Everything in them is full-width but digits, signs and spaces.
fn remark(person: &Person, line: &Line, expected: &Expected) -> String {
    let work = line.steps.iter().find(|step| step[0] == "declares").and_then(|step| step.get(2)).copied();
    let text = match expected.remark {
        "former" => "旧資格".to_owned(),
        "unknown" | "unknown+work" => {
            let work = work.map(|name| format!("　事業所名：{name}")).unwrap_or_default();
            format!("不詳　住所：{}{work}　連絡先：{}", person.face.address, person.telephone)
        }
        _ => return String::new(),
    };
    let (mut records, mut bytes) = (vec![String::new()], 0);
    for c in text.chars() {
        let width = if c.is_ascii() { 1 } else { 2 };
        if bytes + width > 76 {
            records.push(String::new());
            bytes = 0;
        }
        bytes += width;
        records.last_mut().unwrap().push(c);
    }
    records.join("|")
}

/// What people read of it on the page.
fn words_of(expected: &Expected, row: &Row) -> Vec<(&'static str, String)> {
    let basis = ClaimBasis::from_code(expected.basis).map(|basis| basis.words().ja);
    let basis = basis.or(NotClaimed::from_code(expected.basis).map(|none| none.words().ja));
    let evidence = EvidenceKind::from_code(expected.evidence).map_or("", EvidenceKind::label_ja);
    let mut words = vec![
        ("the basis", basis.unwrap()),
        ("the insurer", row["保険者番号"].clone()),
        ("the number", row["番号"].clone()),
        ("the evidence", evidence.to_owned()),
    ];
    words.extend(row["摘要欄全体"].split('|').map(|record| ("the remark", record.to_owned())));
    let warning = |code: &&str| ClaimWarning::from_code(code).unwrap().label().ja;
    words.extend(expected.warnings.iter().map(|code| ("the warning", warning(code))));
    words
}

/// What is left to be done for each visit, beside the table.
pub fn follow_ups(program: &Program, played: &[Played<'_>]) -> Vec<String> {
    let all = program.get("/follow-ups");
    let all = all["follow_ups"].as_array().unwrap();
    let of = |visit: &str| -> BTreeSet<&str> {
        let mine = all.iter().filter(|item| item["visit"] == visit);
        mine.map(|item| item["follow_up"]["kind"].as_str().unwrap()).collect()
    };
    let mut wrong = Vec::new();
    for Played { line, visit } in played {
        let (is, should) = (of(visit), &line.expected.as_ref().unwrap().follow_ups);
        if is != *should {
            wrong.push(format!("{} {}: to be done {is:?}, by the table {should:?}", line.no, line.who));
        }
    }
    wrong
}

/// The survey's thirteen rows, and those beside it, as the page of the figures shows them; in the order of the table's own counts.
pub async fn statistics(desk: &Desk, played: &[Played<'_>]) -> Vec<String> {
    desk.goto("/statistics?from=2025-11-17&to=2025-11-17").await;
    let script = "return [...document.querySelectorAll('section[aria-labelledby=troubles] tbody tr')] \
                  .map((row) => [row.querySelector('th').innerText, row.querySelector('td').innerText])";
    let found = desk.client.execute(script, Vec::new()).await.unwrap();
    let shown: BTreeMap<&str, &str> = (found.as_array().unwrap().iter())
        .map(|row: &Value| (row[0].as_str().unwrap(), row[1].as_str().unwrap()))
        .collect();
    let mut wrong = Vec::new();
    for category in Category::all() {
        let code = category.code();
        let met = played.iter().filter(|one| one.line.expected.as_ref().unwrap().troubles.contains(code.as_str()));
        let should = met.count();
        let is = shown.get(category.name().ja.as_str()).copied();
        if is != Some(should.to_string().as_str()) {
            wrong.push(format!("{code}: the page says {is:?}, by the table {should}"));
        }
        assert!(should > 0 || !Category::SURVEY.contains(&category), "nobody meets {code}");
    }
    wrong
}

//! Layouts: which columns a file has. The box has one of its own; those of receipt computers lie as TOML in a folder.
//!
//! ```toml
//! title = "架空レセコン"          # what people call it
//! encoding = "shift_jis"          # or "utf-8" (with its mark in front)
//! titles = true                   # first line with the titles
//! separator = ","                 # one character; "\t" for a tab
//! quote = "needed"                # or "always"
//!
//! [[column]]
//! title = "保険者番号"
//! field = "insurer_number"        # the fields are listed in column.rs, and in `uketsuke claims layouts`
//! width = 8                       # filled from the left to so many characters; an empty value stays empty
//! fill = "0"
//!
//! [[column]]
//! title = "生年月日"
//! field = "birth_date"
//! day = "era"                     # iso 2026-03-01, compact 20260301, era 5080301
//!
//! [[column]]
//! title = "区分"
//! field = "fixed"
//! text = "1"
//! ```

use super::column::{Column, DayForm, Field};
use domain::text::Text;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use web::port::{ClaimLayout, FileEncoding};

/// The folder of layouts inside the data folder.
const FOLDER: &str = "claim-layouts";
/// Most bytes of a layout.
const MOST_BYTES: u64 = 64 * 1024;
/// Most layouts, and most columns of one.
const MOST_LAYOUTS: usize = 50;
const MOST_COLUMNS: usize = 100;
/// Widest column.
const WIDEST: usize = 200;
/// The box's own layout.
const OWN: &str = "standard";

/// A layout that makes files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// what people call it
    pub title: String,
    /// letters
    pub encoding: FileEncoding,
    /// the first line has the titles
    pub titles: bool,
    /// between two columns
    pub separator: char,
    /// quotation marks around every cell
    pub quote_all: bool,
    /// the columns
    pub columns: Vec<Column>,
}

/// A layout as it was found: good, or with what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// name in addresses: that of its file
    pub name: String,
    /// what it says
    pub layout: Result<Layout, Text>,
}

/// The layouts of a box. They are read when somebody asks, so that a corrected file counts at once.
#[derive(Clone, Debug)]
pub struct Layouts {
    folder: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    encoding: Option<String>,
    titles: Option<bool>,
    separator: Option<String>,
    quote: Option<String>,
    column: Vec<toml::Spanned<WrittenColumn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenColumn {
    title: String,
    field: String,
    day: Option<String>,
    width: Option<usize>,
    fill: Option<String>,
    text: Option<String>,
}

impl Layouts {
    /// Those in a data folder.
    pub fn in_folder(data: &Path) -> Layouts {
        Layouts { folder: data.join(FOLDER) }
    }

    /// The box's own first, then those of the folder by name.
    pub fn all(&self) -> Vec<Located> {
        let mut found: Vec<PathBuf> = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .collect();
        found.sort();
        let own = Located { name: OWN.to_owned(), layout: Ok(standard()) };
        std::iter::once(own).chain(found.iter().take(MOST_LAYOUTS).map(|path| read(path))).collect()
    }

    /// A good one of this name.
    pub fn named(&self, name: &str) -> Option<Layout> {
        self.all().into_iter().find(|located| located.name == name).and_then(|located| located.layout.ok())
    }
}

impl Located {
    /// As pages show it.
    pub fn shown(self) -> ClaimLayout {
        match self.layout {
            Ok(layout) => ClaimLayout { name: self.name, title: layout.title, problem: None },
            Err(problem) => ClaimLayout { title: self.name.clone(), name: self.name, problem: Some(problem) },
        }
    }
}

fn read(path: &Path) -> Located {
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let small = std::fs::metadata(path).is_ok_and(|data| data.len() <= MOST_BYTES);
    let layout = match std::fs::read_to_string(path) {
        Ok(text) if small => parse(&text),
        _ => Err((None, "読めません（UTF-8の64KBまで）", "cannot be read (UTF-8, at most 64 KB)".to_owned())),
    };
    let layout = layout.map_err(|(line, ja, en)| {
        let (at_ja, at_en) =
            line.map_or_else(Default::default, |line| (format!("{line}行目："), format!("line {line}: ")));
        Text::new(
            format!("{name}.toml {at_ja}{ja}。この様式は使えません（ほかの様式は使えます）。"),
            format!("{name}.toml {at_en}{en}. This layout is not used; the others are."),
        )
    });
    Located { name, layout }
}

/// What is wrong: line, Japanese, English.
type Fault = (Option<usize>, &'static str, String);

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn parse(text: &str) -> Result<Layout, Fault> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        (line, "TOMLとして読めないか、知らない項目があります", error.message().to_owned())
    })?;
    let encoding = written.encoding.as_deref().unwrap_or(FileEncoding::Utf8WithMark.code());
    let encoding = FileEncoding::from_code(encoding).ok_or((
        None,
        "encoding は utf-8 か shift_jis です",
        "encoding is utf-8 or shift_jis".to_owned(),
    ))?;
    let separator = one_character(written.separator.as_deref().unwrap_or(","))
        .filter(|c| !matches!(c, '"' | '\r' | '\n'))
        .ok_or((None, "separator は1文字です", "separator is one character".to_owned()))?;
    let quote_all = match written.quote.as_deref() {
        None | Some("needed") => false,
        Some("always") => true,
        Some(_) => return Err((None, "quote は needed か always です", "quote is needed or always".to_owned())),
    };
    if written.column.is_empty() || written.column.len() > MOST_COLUMNS {
        return Err((None, "列は1つから100までです", "one to 100 columns".to_owned()));
    }
    let columns = written.column.into_iter().map(|column| {
        let line = Some(line_of(text, column.span().start));
        read_column(column.into_inner()).map_err(|(ja, en)| (line, ja, en))
    });
    let columns = columns.collect::<Result<_, _>>()?;
    Ok(Layout { title: written.title, encoding, titles: written.titles.unwrap_or(true), separator, quote_all, columns })
}

fn read_column(written: WrittenColumn) -> Result<Column, (&'static str, String)> {
    let field = Field::from_code(&written.field)
        .ok_or_else(|| ("field が一覧にありません", "field is not one of the list".to_owned()))?;
    let day = match &written.day {
        None => DayForm::Iso,
        Some(code) => DayForm::from_code(code)
            .ok_or_else(|| ("day は iso・compact・era のどれかです", "day is iso, compact or era".to_owned()))?,
    };
    let fill = one_character(written.fill.as_deref().unwrap_or(" "))
        .ok_or_else(|| ("fill は1文字です", "fill is one character".to_owned()))?;
    let width = written.width.unwrap_or(0);
    if width > WIDEST {
        return Err(("width は200までです", "width is at most 200".to_owned()));
    }
    Ok(Column { title: written.title, field, day, width, fill, text: written.text.unwrap_or_default() })
}

fn one_character(text: &str) -> Option<char> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

/// The box's own layout. Columns are only ever added at the end, before `replaced`.
fn standard() -> Layout {
    let column = |(title, field): &(&str, Field)| Column {
        title: (*title).to_owned(),
        field: *field,
        day: DayForm::Iso,
        width: 0,
        fill: ' ',
        text: String::new(),
    };
    let columns = [
        ("受診日", Field::VisitDate),
        ("患者番号", Field::PatientNumber),
        ("氏名", Field::Name),
        ("カナ氏名", Field::NameKana),
        ("生年月日", Field::BirthDate),
        ("性別", Field::Sex),
        ("請求区分", Field::BasisWords),
        ("請求区分コード", Field::Basis),
        ("請求先", Field::PayerBody),
        ("保険者番号", Field::InsurerNumber),
        ("記号", Field::InsuredSymbol),
        ("番号", Field::InsuredNumber),
        ("枝番", Field::BranchNumber),
        ("本人家族", Field::PersonalFamily),
        ("負担割合", Field::Ratio),
        ("公費1負担者番号", Field::Payer1),
        ("公費1受給者番号", Field::Recipient1),
        ("公費2負担者番号", Field::Payer2),
        ("公費2受給者番号", Field::Recipient2),
        ("公費3負担者番号", Field::Payer3),
        ("公費3受給者番号", Field::Recipient3),
        ("公費4負担者番号", Field::Payer4),
        ("公費4受給者番号", Field::Recipient4),
        ("摘要欄1", Field::Remark1),
        ("摘要欄2", Field::Remark2),
        ("摘要欄3", Field::Remark3),
        ("摘要欄全体", Field::Remarks),
        ("確認方法", Field::Evidence),
        ("確認区分", Field::ConfirmedAt),
        ("オンライン確認", Field::ConfirmedOnline),
        ("暫定", Field::Provisional),
        ("注意コード", Field::Warnings),
        ("注意", Field::WarningWords),
        ("締め後", Field::SinceFreeze),
        ("受付ID", Field::Visit),
        ("書けない文字", Field::Replaced),
    ];
    Layout {
        title: "標準 / Standard".to_owned(),
        encoding: FileEncoding::Utf8WithMark,
        titles: true,
        separator: ',',
        quote_all: false,
        columns: columns.iter().map(column).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_layout_is_read_and_a_bad_one_is_located() {
        let good = "title = \"架空\"\nencoding = \"shift_jis\"\nseparator = \"\\t\"\n[[column]]\ntitle = \"番号\"\n\
                    field = \"insurer_number\"\nwidth = 8\nfill = \"0\"\n";
        let layout = parse(good).unwrap();
        assert_eq!((layout.separator, layout.columns[0].width, layout.columns[0].fill), ('\t', 8, '0'));
        let wrong = [
            ("title = \"a\"\ncolour = 1\n[[column]]\ntitle = \"x\"\nfield = \"name\"\n", Some(2)),
            ("title = \"a\"\n\n[[column]]\ntitle = \"x\"\nfield = \"colour\"\n", Some(3)),
            ("title = \"a\"\nseparator = \"ab\"\n[[column]]\ntitle = \"x\"\nfield = \"name\"\n", None),
            ("title = \"a", Some(1)),
        ];
        for (text, line) in wrong {
            assert_eq!(parse(text).unwrap_err().0, line, "{text}");
        }
    }

    #[test]
    fn a_folder_is_read_with_good_and_bad_ones() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join(FOLDER);
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("b.toml"), "title = \"良い\"\n[[column]]\ntitle = \"氏名\"\nfield = \"name\"\n")
            .unwrap();
        std::fs::write(folder.join("a.toml"), "title = 1").unwrap();
        let all = Layouts::in_folder(data.path()).all();
        let names: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.layout.is_ok())).collect();
        assert_eq!(names, [("standard", true), ("a", false), ("b", true)]);
        let problem = all[1].clone().shown().problem.unwrap();
        assert!(problem.ja.contains("a.toml 1行目") && problem.en.contains("line 1"), "{problem:?}");
        assert!(Layouts::in_folder(data.path()).named("a").is_none());
    }
}

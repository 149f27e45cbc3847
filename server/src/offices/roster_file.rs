//! A list of staff as a file: comma-separated values with a line of columns' names (RFC 4180).

use tsumugi_protocol::{Code, Occupation, Refusal, limits};

/// One person of the list, as it is written there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it begins; the columns' names stand in the first line.
    pub line: u32,
    pub name: String,
    pub kana: String,
    pub occupation: String,
    pub email: String,
}

/// The columns, each with the names it goes by.
const COLUMNS: [(&str, &[&str]); 4] = [
    ("name", &["name", "氏名", "名前"]),
    ("kana", &["kana", "ふりがな", "フリガナ", "よみ"]),
    ("occupation", &["occupation", "職種"]),
    ("email", &["email", "e-mail", "メールアドレス", "メール"]),
];

/// The people of a file.
///
/// # Errors
/// `roster_unreadable` with the line that cannot be read; `roster_too_long`.
pub(super) fn read(text: &str) -> Result<Vec<Row>, Refusal> {
    let unreadable = |line: u32| Refusal::new(Code::RosterUnreadable).with("line", line);
    let mut records = Records::of(text).read()?.into_iter();
    let (_, head) = records.next().ok_or_else(|| unreadable(1))?;
    let mut at = [0; COLUMNS.len()];
    for (place, (_, names)) in at.iter_mut().zip(COLUMNS) {
        let is_it = |cell: &String| names.contains(&cell.trim().to_lowercase().as_str());
        let mut found = head.iter().enumerate().filter(|(_, cell)| is_it(cell)).map(|(index, _)| index);
        *place = match (found.next(), found.next()) {
            (Some(index), None) => index,
            _ => return Err(unreadable(1)),
        };
    }
    let [name, kana, occupation, email] = at;
    let mut rows = Vec::new();
    for (line, cells) in records {
        if cells.len() > head.len() {
            return Err(unreadable(line));
        }
        let cell = |index: usize| cells.get(index).map(|cell| cell.trim().to_owned()).unwrap_or_default();
        let (name, kana, occupation, email) = (cell(name), cell(kana), cell(occupation), cell(email));
        rows.push(Row { line, name, kana, occupation, email });
    }
    if rows.len() > limits::ROSTER_ROWS {
        return Err(Refusal::new(Code::RosterTooLong).with("limit", limits::ROSTER_ROWS));
    }
    Ok(rows)
}

/// An occupation by its word, or as it is written in Japanese.
pub(super) fn occupation(written: &str) -> Option<Occupation> {
    let known = match written {
        "医師" => Occupation::Physician,
        "歯科医師" => Occupation::Dentist,
        "薬剤師" => Occupation::Pharmacist,
        "看護師" | "准看護師" => Occupation::Nurse,
        "介護支援専門員" | "ケアマネジャー" => Occupation::CareManager,
        "訪問介護員" | "ホームヘルパー" => Occupation::HomeHelper,
        "理学療法士" => Occupation::Physio,
        "作業療法士" => Occupation::OccupationalTherapist,
        "管理栄養士" => Occupation::Dietitian,
        "社会福祉士" | "相談員" | "社会福祉士・相談員" => Occupation::SocialWorker,
        "事務職員" | "事務" => Occupation::Clerk,
        _ => return Occupation::of(written),
    };
    Some(known)
}

/// Reads records one character at a time: a quoted cell may hold commas, quotes and line ends.
struct Records<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: u32,
}

/// How a cell ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    Cell,
    Record,
    File,
}

impl<'a> Records<'a> {
    fn of(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { rest: text.chars().peekable(), line: 1 }
    }

    /// Every record that is not blank, with the line it begins in.
    fn read(mut self) -> Result<Vec<(u32, Vec<String>)>, Refusal> {
        let mut records = Vec::new();
        let (mut cells, mut begins) = (Vec::new(), self.line);
        loop {
            let (cell, ended) = self.cell()?;
            cells.push(cell);
            if ended == Ended::Cell {
                continue;
            }
            let record = std::mem::take(&mut cells);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                records.push((begins, record));
            }
            if ended == Ended::File {
                return Ok(records);
            }
            begins = self.line;
        }
    }

    fn cell(&mut self) -> Result<(String, Ended), Refusal> {
        let mut cell = String::new();
        if self.rest.next_if_eq(&'"').is_some() {
            cell = self.quoted()?;
        }
        loop {
            match self.rest.next() {
                None => return Ok((cell, Ended::File)),
                Some(',') => return Ok((cell, Ended::Cell)),
                Some('\n') => {
                    self.line += 1;
                    return Ok((cell, Ended::Record));
                }
                Some('\r') => {}
                Some(one) => cell.push(one),
            }
        }
    }

    fn quoted(&mut self) -> Result<String, Refusal> {
        let begins = self.line;
        let mut cell = String::new();
        while let Some(one) = self.rest.next() {
            match one {
                '"' if self.rest.next_if_eq(&'"').is_none() => return Ok(cell),
                '\n' => {
                    self.line += 1;
                    cell.push(one);
                }
                _ => cell.push(one),
            }
        }
        Err(Refusal::new(Code::RosterUnreadable).with("line", begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u32, name: &str, email: &str) -> Row {
        let (kana, occupation) = ("やまだ".to_owned(), "看護師".to_owned());
        Row { line, name: name.to_owned(), kana, occupation, email: email.to_owned() }
    }

    #[test]
    fn columns_may_stand_in_any_order_and_cells_may_be_quoted() {
        let text = "\u{feff}メールアドレス,氏名,ふりがな,職種,備考\r\n\
                    a@x.example,\"山田, 花子\",やまだ,看護師,\"二行\nの\"\"備考\"\"\"\r\n\
                    ,,,,\r\n\r\n\
                    b@x.example,山田,やまだ,看護師\r\n";
        let rows = read(text).unwrap();
        assert_eq!(rows, [row(2, "山田, 花子", "a@x.example"), row(6, "山田", "b@x.example")]);
        assert_eq!(read("name,kana,occupation,email\n").unwrap(), []);
    }

    #[test]
    fn what_cannot_be_read_is_told_by_its_line() {
        let head = "name,kana,occupation,email\n";
        for (text, line) in [
            (String::new(), "1"),
            ("name,kana,occupation\n".to_owned(), "1"),
            ("name,name,kana,occupation,email\n".to_owned(), "1"),
            (format!("{head}a,b,nurse,c@d.example\n\"a,b,nurse,c@d.example\n"), "3"),
            (format!("{head}a,b,nurse,c@d.example,one too many\n"), "2"),
        ] {
            let refusal = read(&text).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.params["line"].as_str()),
                (Code::RosterUnreadable, line),
                "{text}"
            );
        }
        let most = |count: usize| head.to_owned() + &"a,b,nurse,c@d.example\n".repeat(count);
        assert_eq!(read(&most(limits::ROSTER_ROWS)).unwrap().len(), limits::ROSTER_ROWS);
        assert_eq!(read(&most(limits::ROSTER_ROWS + 1)).unwrap_err().code, Code::RosterTooLong);
    }

    #[test]
    fn occupations_are_read_in_both_ways() {
        assert_eq!(occupation("看護師"), Some(Occupation::Nurse));
        assert_eq!(occupation("nurse"), Some(Occupation::Nurse));
        assert_eq!(occupation("船長"), None);
    }
}

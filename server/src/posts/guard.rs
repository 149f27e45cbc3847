//! The guard before a post: whether it speaks of a patient who is not the one of this room (F-42; 000-note(1)a-ii, 001§30-2).

use super::Text;
use crate::app::App;
use crate::error::Result;
use crate::patients::{Bearers, Signs, Written};
use crate::rooms::Standing;
use crate::sessions::Session;
use crate::store::Conn;
use std::sync::Arc;
use tsumugi_protocol::{Code, Finding, Lang, Member, MemberState, PatientId, Refusal};

/// So many names at most stand in one sentence.
const NAMED: usize = 5;

/// What the author must look at. Only patients she knows are looked for, so nothing is shown to her that she may not see.
///
/// # Errors
/// When rows cannot be read.
pub(super) async fn findings(
    app: &App,
    conn: &mut Conn,
    who: &Session,
    (standing, about): (&Standing, Option<PatientId>),
    (text, members): (&Text, &[Member]),
) -> Result<Vec<Finding>> {
    let known = app.known.to(app, conn, who.account).await?;
    Ok(look(&known, standing.patient.or(about), (text.as_str(), members), who.lang))
}

fn look(
    known: &[(PatientId, Arc<Signs>)],
    meant: Option<PatientId>,
    (text, members): (&str, &[Member]),
    lang: Lang,
) -> Vec<Finding> {
    let others: Vec<&Signs> =
        known.iter().filter(|(id, _)| Some(*id) != meant).map(|(_, signs)| &**signs).collect();
    if others.is_empty() {
        return Vec::new();
    }
    let mut here = Bearers::default();
    for member in members.iter().filter(|member| member.state != MemberState::Left) {
        here.add(&member.card.name);
        here.add(&member.card.kana);
    }
    if let Some((_, signs)) = known.iter().find(|(id, _)| Some(*id) == meant) {
        signs.borne(&mut here);
    }
    let written = Written::of(text);
    let mut names: Vec<&str> =
        others.into_iter().filter(|signs| signs.are_in(&written, &here)).map(Signs::name).collect();
    names.truncate(NAMED);
    if names.is_empty() {
        return Vec::new();
    }
    let separator = match lang {
        Lang::Ja => "、",
        Lang::En => ", ",
    };
    let said = Refusal::new(Code::OtherPatientMentioned).with("names", names.join(separator)).say(lang);
    vec![Finding { code: said.code, sentence: said.sentence }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patients::PatientBody;
    use uuid::Uuid;

    fn patient(id: u128, name: &str, birth_date: &str) -> (PatientId, Arc<Signs>) {
        let body = PatientBody {
            v: 1,
            name: name.to_owned(),
            kana: String::new(),
            birth_date: birth_date.to_owned(),
            sex: "female".to_owned(),
        };
        (PatientId(Uuid::from_u128(id)), Arc::new(Signs::of(&body)))
    }

    #[test]
    fn another_patient_is_found_and_the_one_who_is_meant_is_not() {
        let known = [patient(1, "菊池 春江", "1942-03-08"), patient(2, "三枝 竹男", "1948-09-14")];
        let meant = |id| Some(PatientId(Uuid::from_u128(id)));
        let found = |meant, text| {
            let found = look(&known, meant, (text, &[]), Lang::Ja);
            found.first().map(|one| (one.code.clone(), one.sentence.contains("三枝 竹男")))
        };
        let other = Some(("other_patient_mentioned".to_owned(), true));
        assert_eq!(found(meant(1), "菊池さんは変わりありません"), None);
        assert_eq!(found(meant(1), "三枝さんは変わりありません"), other);
        assert_eq!(found(meant(2), "三枝竹男、1948-09-14"), None);
        assert_eq!(found(None, "三枝竹男"), other, "in a free group everyone is another one");
        assert_eq!(found(None, "次回の勉強会"), None);
        assert!(
            look(&[], None, ("三枝竹男", &[]), Lang::Ja).is_empty(),
            "whom she does not know is not looked for"
        );
    }
}

//! What the members of a room agree on: written down by who runs it, read before one joins, acknowledged by each.

use crate::harness::{Engine, Person, Rows, Server, new_id, promise, shared};
use tsumugi_protocol::{
    AcceptRoom, AcknowledgeAgreement, AgreedUse, AgreementList, AgreementMark, AgreementTerms, Code, Command,
    CreateFree, Done, Event, RoomId, RoomMade, SetAgreement, WhichRoom,
};

/// Codes that the stories below provoke.
pub const PROVOKED: &[Code] = &[Code::AgreementChanged];

fn terms() -> AgreementTerms {
    AgreementTerms {
        aim: "停電のときの連絡を決める".into(),
        usage: "月に一度、当番が書く".into(),
        hours: Some("平日 8:00-18:00".into()),
        secondary_use: AgreedUse::DirectCare,
    }
}

fn setting(room: RoomId, version: u32, terms: AgreementTerms) -> Command {
    Command::SetAgreement(SetAgreement { room, version, terms })
}

fn acknowledging(room: RoomId, version: u32) -> Command {
    Command::AcknowledgeAgreement(AcknowledgeAgreement { room, version })
}

async fn shown(who: &Person<'_>, room: RoomId) -> AgreementList {
    who.ask(&Command::ShowAgreement(WhichRoom { room })).await.expect("the agreement")
}

async fn mark(who: &Person<'_>, room: RoomId) -> Option<AgreementMark> {
    who.card(room).await.expect("her room").agreement
}

promise! {
    // clause("001§20-1d", "001§29-8")
    async fn what_is_agreed_is_read_before_one_joins_and_acknowledged_by_each(server: &Server) {
        let admin = server.person("office_admin").await;
        let (nurse, physician) = (server.person("visiting_nurse").await, server.person("physician").await);
        let stranger = server.person("daughter").await;
        let room = RoomId(new_id());
        let invite = vec![nurse.me.account, physician.me.account];
        let make = CreateFree { room, title: "申し合わせ".into(), aim: "ためす".into(), invite, requires: Vec::new() };
        let _: RoomMade = admin.ask(&Command::CreateFree(make)).await.expect("made");
        let joining = Command::Accept(AcceptRoom { room, takes_part: true });
        let _: RoomMade = nurse.ask(&joining).await.expect("joined");
        assert_eq!((mark(&nurse, room).await, shown(&nurse, room).await.agreements), (None, Vec::new()));

        // Only who runs the room writes it down; what does not fit is not kept.
        assert_eq!(nurse.refused(&setting(room, 1, terms())).await.code, "not_steward");
        for (wrong, field) in [
            (AgreementTerms { aim: " ".into(), ..terms() }, "aim"),
            (AgreementTerms { usage: String::new(), ..terms() }, "usage"),
            (AgreementTerms { hours: Some("一行\n二行".into()), ..terms() }, "hours"),
        ] {
            assert_eq!(admin.refused(&setting(room, 1, wrong)).await.params["field"], field);
        }
        for version in [0, 2] {
            assert_eq!(admin.refused(&setting(room, version, terms())).await.code, "agreement_changed");
        }
        assert_eq!(nurse.refused(&acknowledging(room, 1)).await.code, "agreement_changed", "there is none");
        let mut link = nurse.link().await;
        for _ in 0..2 {
            let _: Done = admin.ask(&setting(room, 1, terms())).await.expect("written down, once");
        }
        link.expect("she is told", |event| matches!(event, Event::RoomChanged { room: at, .. } if *at == room).then_some(())).await;
        let hours = Some("平日 8:00-18:00".to_owned());
        let standing = |version, acknowledged| Some(AgreementMark { version, hours: hours.clone(), acknowledged });
        assert_eq!((mark(&nurse, room).await, mark(&admin, room).await), (standing(1, false), standing(1, true)));

        // Who is invited reads it before she judges, and nobody else does.
        let read = shown(&physician, room).await.agreements.remove(0);
        assert_eq!((read.version, read.terms, read.by.account), (1, terms(), admin.me.account));
        let nowhere = RoomId(new_id());
        for (there, none) in [
            (Command::ShowAgreement(WhichRoom { room }), Command::ShowAgreement(WhichRoom { room: nowhere })),
            (acknowledging(room, 1), acknowledging(nowhere, 1)),
            (setting(room, 2, terms()), setting(nowhere, 2, terms())),
        ] {
            let refused = stranger.refused(&there).await;
            assert_eq!(refused, stranger.refused(&none).await, "{}", there.name());
            assert_eq!(refused.code, "not_found");
        }
        assert_eq!(physician.refused(&setting(room, 2, terms())).await.code, "invitation_open");
        for who in [&physician, &nurse] {
            for _ in 0..2 {
                let _: Done = who.ask(&acknowledging(room, 1)).await.expect("acknowledged, once");
            }
            assert_eq!(mark(who, room).await, standing(1, true));
        }
        let _: RoomMade = physician.ask(&joining).await.expect("joined");
        let mut marked = shown(&admin, room).await.agreements.remove(0).acknowledged;
        marked.sort();
        let mut all = [&admin, &nurse, &physician].map(|who| who.me.account);
        all.sort();
        assert_eq!(marked, all);

        // Another version is acknowledged anew; the one before stays to be read.
        let later = AgreementTerms { hours: None, secondary_use: AgreedUse::AskEachTime, ..terms() };
        let _: Done = admin.ask(&setting(room, 2, later.clone())).await.expect("the next version");
        assert_eq!(mark(&nurse, room).await, Some(AgreementMark { version: 2, hours: None, acknowledged: false }));
        assert_eq!(nurse.refused(&acknowledging(room, 1)).await.code, "agreement_changed");
        let versions: Vec<_> = shown(&nurse, room).await.agreements.into_iter().map(|one| (one.version, one.terms)).collect();
        assert_eq!(versions, [(2, later), (1, terms())]);

        let mut rows = Rows::of(server).await;
        for (act, by) in [
            ("rooms.set_agreement", vec![&admin, &admin]),
            ("rooms.acknowledge_agreement", vec![&physician, &nurse]),
        ] {
            let done = rows.audit_of(act).await.into_iter().filter(|row| row.room == Some(room.0) && row.outcome == "done");
            let accounts: Vec<_> = done.map(|row| row.account).collect();
            assert_eq!(accounts, by.iter().map(|who| Some(who.me.account.0)).collect::<Vec<_>>(), "{act}");
        }
    }
}

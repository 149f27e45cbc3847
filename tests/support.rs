//! The support desk: on a recorded enquiry it opens a case, and on that an admin closes one account once in its holder's stead.

use crate::audit::verifies;
use crate::harness::{Engine, Rows, Server, new_id, promise};
use crate::leavers::leavers;
use crate::mailing::notices;
use crate::signing_in::try_sign_in;
use crate::staff::{account, leaving, office_of, with_colleague};
use std::time::Duration;
use tsumugi_protocol::{AccountId, CloseFor, Command, Done, NoticeKind};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The command of this file.
pub fn commands() -> Vec<Command> {
    vec![close_for(AccountId(new_id()))]
}

pub fn close_for(account: AccountId) -> Command {
    Command::CloseFor(CloseFor { account })
}

promise! {
    // clause("002-2.1S4")
    async fn an_admin_closes_an_account_only_on_a_case_and_only_that_one(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let sheet = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let (email, id) = (sheet.email.as_str(), her.me.account);
        let (desk, foreign) = (server.person_anew("secretariat").await, server.person_anew("saito@demo.example").await);

        // Without a case it is said what she can do instead.
        let refused = admin.refused(&close_for(id)).await;
        assert_eq!(refused.code, "holder_or_support_only");
        for offered in ["所属を終える", "利用を止める", "本人に削除を頼む", "サポート窓口"] {
            assert!(refused.next.contains(offered), "{offered}: {}", refused.next);
        }

        // The enquiry is a must, and the time has limits.
        let case = |words: &[&str]| account(&server, &[&["support-case", "--email", email], words].concat());
        assert!(!case(&["--enquiry", " "]).0, "no enquiry");
        assert!(case(&["--enquiry", "問い合わせ", "--days", "31"]).1.contains("1 to 30 days"));
        assert!(!account(&server, &["support-case", "--email", "nobody@demo.example", "--enquiry", "問い合わせ"]).0);
        assert!(leavers(&admin).await.cases.is_empty());
        let (done, said) = case(&["--enquiry", "家族の山本さんから電話、事業所長の書面あり"]);
        assert!(done && said.contains("may close this account until"), "{said}");
        assert_eq!(notices(&her).await.notices[0].kind, NoticeKind::SupportCase);
        let told = notices(&admin).await.notices.remove(0);
        assert!(told.kind == NoticeKind::StaffSupportCase && told.sentence.contains(&her.me.name), "{}", told.sentence);
        let cases = leavers(&admin).await.cases;
        assert_eq!(cases.iter().map(|seen| seen.card.account).collect::<Vec<_>>(), [id]);
        assert!(leavers(&foreign).await.cases.is_empty());

        // It is for an admin of her office, with a proof of her own, and for nobody else's account.
        for (who, about, code) in [
            (&foreign, id, "other_office"),
            (&desk, id, "office_admin_only"),
            (&her, id, "office_admin_only"),
            (&admin, admin.me.account, "not_for_yourself"),
            (&admin, foreign.me.account, "other_office"),
            (&admin, AccountId(new_id()), "other_office"),
        ] {
            assert_eq!(who.refused(&close_for(about)).await.code, code);
        }
        server.turn_clock(Duration::from_secs(5 * 60));
        assert_eq!(admin.refused(&close_for(id)).await.code, "step_up_required");
        // Whoever may not close it at all is not asked for a proof first.
        assert_eq!(foreign.refused(&close_for(id)).await.code, "other_office");
        assert!(her.is_signed_in().await, "and nothing has changed");

        // Its time ends; a new one is opened, and the account is closed on it, once.
        server.turn_clock(7 * DAY);
        let admin = server.person_anew("office_admin").await;
        assert!(leavers(&admin).await.cases.is_empty());
        assert_eq!(admin.refused(&close_for(id)).await.code, "holder_or_support_only");
        assert!(case(&["--enquiry", "もう一度の電話", "--days", "1"]).0);
        let back = server.person_anew(email).await;
        let _: Done = admin.ask(&close_for(id)).await.expect("closed");
        assert!(admin.is_signed_in().await && !back.is_signed_in().await);
        assert_eq!(try_sign_in(&server, email, &sheet.password).await.code(), "sign_in_failed");
        assert_eq!(admin.refused(&close_for(id)).await.code, "not_found", "it is not there any more");
        let mut rows = Rows::of(&server).await;
        assert_eq!(rows.number("SELECT COUNT(*) FROM support_cases WHERE used_at IS NOT NULL").await, 1);
        assert_eq!(rows.number("SELECT COUNT(*) FROM accounts WHERE state = 'closed'").await, 1);
        assert!(leavers(&admin).await.cases.is_empty());

        let opened = rows.audit_of("accounts.support_case").await;
        assert_eq!(opened.iter().map(|row| (row.account, row.subject)).collect::<Vec<_>>(), [(None, Some(id.0)); 2]);
        assert_eq!(rows.audit_of("operator.open_support_case").await.len(), 5, "each time, by which user");
        let closed: Vec<_> =
            rows.audit_of("accounts.close_for").await.into_iter().filter(|row| row.outcome == "done").collect();
        assert_eq!(closed.len(), 1);
        assert_eq!((closed[0].account, closed[0].subject), (Some(admin.me.account.0), Some(id.0)));
        assert!(closed[0].detail.as_deref().is_some_and(|detail| detail.contains("case")));
        assert!(!format!("{:?}", rows.audit().await).contains("山本"), "the enquiry is sealed elsewhere");
        verifies(&server).await;
    }
}

promise! {
    async fn the_account_of_who_left_is_closed_on_a_case_by_the_admin_she_had(engine: Engine) {
        let server = Server::start(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let sheet = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let id = her.me.account;
        let _: Done = admin.ask(&leaving(&her, "退職した")).await.expect("ended");
        assert_eq!(admin.refused(&close_for(id)).await.code, "holder_or_support_only");
        let foreign = server.person_anew("saito@demo.example").await;
        assert!(account(&server, &["support-case", "--email", &sheet.email, "--enquiry", "本人と連絡がつかない"]).0);
        assert_eq!(foreign.refused(&close_for(id)).await.code, "other_office");
        assert_eq!(leavers(&admin).await.cases.len(), 1);
        let _: Done = admin.ask(&close_for(id)).await.expect("closed");
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), "sign_in_failed");
        let seen = leavers(&admin).await.leavers.into_iter().find(|seen| seen.card.account == id).expect("her row");
        assert_eq!(seen.unclosed_since, None);
        verifies(&server).await;
    }
}

promise! {
    /// She works for two offices: only the one that the support desk heard from closes her account.
    async fn a_case_is_for_the_admins_of_one_office(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let foreign = server.person_anew("saito@demo.example").await;
        let sheet = server.people.iter().find(|sheet| sheet.name == her.me.name).expect("hers").clone();
        let id = her.me.account;
        Rows::of(&server).await.second_place(id.0, foreign.me.affiliations[0].id.0).await;
        let case = |words: &[&str]| {
            let start = ["support-case", "--email", sheet.email.as_str(), "--enquiry", "家族から電話"];
            account(&server, &[&start, words].concat())
        };
        let (mine, theirs) = (office_of(&admin.me).to_string(), office_of(&foreign.me).to_string());
        let (done, said) = case(&[]);
        assert!(!done && said.contains(&mine) && said.contains(&theirs), "{said}");
        assert!(!case(&["--office", &new_id().to_string()]).0);
        assert!(case(&["--office", &mine]).0);
        assert!(leavers(&foreign).await.cases.is_empty());
        assert_eq!(leavers(&admin).await.cases.len(), 1);
        assert!(notices(&foreign).await.notices.iter().all(|notice| notice.kind != NoticeKind::StaffSupportCase));
        assert_eq!(foreign.refused(&close_for(id)).await.code, "holder_or_support_only");

        // What she is told first is what is known first: an old session finds out that its case went elsewhere.
        assert!(case(&["--office", &theirs]).0, "another enquiry: the case before it ends");
        server.turn_clock(Duration::from_secs(5 * 60));
        assert_eq!(admin.refused(&close_for(id)).await.code, "holder_or_support_only");
        assert_eq!(foreign.refused(&close_for(id)).await.code, "step_up_required");
        let foreign = server.person_anew("saito@demo.example").await;
        let _: Done = foreign.ask(&close_for(id)).await.expect("closed");
        assert_eq!(try_sign_in(&server, &sheet.email, &sheet.password).await.code(), "sign_in_failed");
        verifies(&server).await;
    }
}

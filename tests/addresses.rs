//! An e-mail address belongs to one account, however it is written and whatever way it comes.

use crate::harness::{Engine, PostOffice, Rows, Server, promise};
use crate::mailing::told_to;
use crate::staff::{comes_in, newcomer, office_of};
use serde_json::json;
use tsumugi_protocol::{ChangeEmail, Command, Done, RegisterStaff};

promise! {
    // clause("003-form1※a")
    async fn two_of_an_offices_staff_never_have_one_address(engine: Engine) {
        let office = PostOffice::open();
        let server = Server::start_with_mail(engine, &office).await;
        let admin = server.person_anew("office_admin").await;
        let mine = office_of(&admin.me);
        let her = comes_in(&server, &office, &admin, "hanako@new.example").await;
        const ACCOUNTS: &str = "SELECT COUNT(*) FROM accounts";
        let before = Rows::of(&server).await.number(ACCOUNTS).await;
        for same in [
            "hanako@new.example",
            "HANAKO@NEW.EXAMPLE",
            " hanako@new.example\u{3000}",
            "ｈａｎａｋｏ＠ｎｅｗ．ｅｘａｍｐｌｅ",
            "Hanako@ｎｅｗ.example",
        ] {
            let twice = RegisterStaff { name: "山田 次郎".into(), ..newcomer(mine, same) };
            let refused = admin.refused(&Command::RegisterStaff(twice.clone())).await;
            assert_eq!(refused.code, "email_in_use", "{same}");
            assert_eq!(admin.refused(&Command::RegisterStaff(twice)).await.code, "email_in_use", "and again");
        }
        assert_eq!(Rows::of(&server).await.number(ACCOUNTS).await, before, "no second account");

        // Nor does somebody who has another one come by it later.
        let other = comes_in(&server, &office, &admin, "jiro@new.example").await;
        let move_there = ChangeEmail { email: "Hanako@New.Example".into() };
        let _: Done = other.ask(&Command::ChangeEmail(move_there)).await.expect("only its holder is told");
        let mail = told_to(&office, "hanako@new.example", "メールアドレス").await;
        let link = json!({ "link": mail.token() }).to_string();
        let headers = [("content-type", "application/json")];
        let confirmed = crate::harness::raw_http(&server, "POST /api/v1/accounts.confirm_email", &headers, link.as_bytes()).await;
        assert_eq!(confirmed.expect("an answer").code(), "email_in_use");
        assert_eq!(her.refused(&Command::RegisterStaff(newcomer(mine, "x@new.example"))).await.code, "office_admin_only");
        let refused = Rows::of(&server).await.audit_of("offices.register_staff").await;
        let refused: i64 = refused.iter().filter(|row| row.outcome == "email_in_use").map(|row| row.times).sum();
        assert_eq!(refused, 10, "each try is written down");
    }
}

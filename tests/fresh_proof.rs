//! What takes somebody, or a whole office, out of use wants a fresh proof; whoever may not do it at all is not asked for one.

use crate::devices::{all_of, device, which};
use crate::harness::{Engine, Person, Server, promise};
use crate::incidents::{incidents, mine, secure};
use crate::staff::with_colleague;
use std::time::Duration;
use tsumugi_protocol::{
    AccountState, Command, Done, HowMany, IncidentKind, ProvePassword, SecureAct, SetState, SignedIn, TokenIn,
};

const FIVE_MINUTES: Duration = Duration::from_secs(5 * 60);

/// The same person, who has shown her password once more.
async fn proven<'a>(person: &Person<'a>, password: &str) -> Person<'a> {
    let ask = ProvePassword { password: password.to_owned(), token_in: TokenIn::Body };
    let shown: SignedIn = person.ask(&Command::ProvePassword(ask)).await.expect("proven");
    Person::with_token(person.server, &shown.token.expect("a token in the body")).await
}

promise! {
    async fn taking_people_or_a_whole_office_out_of_use_wants_a_fresh_proof(engine: Engine) {
        let server = Server::start_with_clock(engine).await;
        let (admin, her) = with_colleague(&server).await;
        let foreign = server.person_anew("saito@demo.example").await;
        let tablet = device(&her, &admin).await;
        let trouble = Command::ReportMine(mine(IncidentKind::Trouble, Some("画面が出ない")));
        let _: Done = her.ask(&trouble).await.expect("taken");
        let it = incidents(&admin).await.remove(0).id;
        let account = her.me.account;
        let set = |state| Command::SetState(SetState { account, state, reason: "調査".into() });
        let dangerous = [
            set(AccountState::Suspended),
            set(AccountState::Restricted),
            set(AccountState::Active),
            Command::StopDevices(all_of(&admin)),
            secure(it, &[SecureAct::Suspend], &[]),
        ];
        server.turn_clock(FIVE_MINUTES);
        for command in &dangerous {
            assert_eq!(admin.refused(command).await.code, "step_up_required", "{command:?}");
            assert_ne!(foreign.refused(command).await.code, "step_up_required", "{command:?}");
        }
        assert!(her.is_signed_in().await, "nothing has changed");
        // A single device that is lost, and ending sessions, are urgent: nobody is kept waiting for them.
        let stopped: HowMany = admin.ask(&Command::StopDevices(which(&[tablet]))).await.expect("stopped");
        assert_eq!(stopped.devices, 1);
        let _: Done = admin.ask(&secure(it, &[SecureAct::EndSessions], &[])).await.expect("ended");
        assert!(!her.is_signed_in().await);

        let admin = proven(&admin, &server.sheet("office_admin").password).await;
        for command in &dangerous {
            let _: serde_json::Value = admin.ask(command).await.unwrap_or_else(|no| panic!("{command:?}: {}", no.code));
        }
    }
}

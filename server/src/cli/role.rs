//! `tsumugi role`: the first roles of a region, and those that nobody else can give or end.

use super::errand::{Ear, Errand, Told};
use super::{Outcome, operator, sentence};
use crate::accounts::store as accounts;
use crate::app::App;
use crate::config::{self, Overrides};
use crate::policy::Policies;
use crate::roles;
use std::process::ExitCode;
use tsumugi_protocol::{AccountId, AffiliationId, GovernanceRole, Role};
use uuid::Uuid;

/// Work with roles.
#[derive(Debug, clap::Subcommand)]
pub enum RoleAct {
    /// List who holds which role
    List(Settings),
    /// Offer somebody a role, which she takes on herself; a head of an office is written down at once
    Grant(Grant),
    /// End a role; every session of its holder ends
    End(End),
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Settings {
    #[command(flatten)]
    settings: Overrides,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Which {
    #[command(flatten)]
    settings: Overrides,
    /// E-mail address of the account
    #[arg(long)]
    email: String,
    /// `office_head`, `office_admin`, `secretariat`, `committee` or `auditor`
    #[arg(long, value_parser = role)]
    role: Role,
    /// Which of her places, by the id that `tsumugi role list` shows, where she works in several offices
    #[arg(long)]
    place: Option<Uuid>,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Grant {
    #[command(flatten)]
    which: Which,
    /// The day on which the role was explained to her fully (YYYY-MM-DD)
    #[arg(long)]
    explained_on: Option<String>,
    /// Which duty an admin holds: `operation_manager`, `system_manager`, `privacy_officer` …
    #[arg(long, value_parser = duty)]
    holds: Option<GovernanceRole>,
}

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct End {
    #[command(flatten)]
    which: Which,
    /// Why; kept sealed beside the audit
    #[arg(long)]
    reason: String,
}

fn role(word: &str) -> Result<Role, String> {
    Role::of(word).ok_or_else(|| "there is no such role".to_owned())
}

fn duty(word: &str) -> Result<GovernanceRole, String> {
    GovernanceRole::of(word).ok_or_else(|| "there is no such duty".to_owned())
}

/// Runs the command.
pub fn run(act: &RoleAct) -> Outcome {
    let (settings, errand) = match act {
        RoleAct::List(ask) => (&ask.settings, Errand::ListRoles),
        RoleAct::Grant(ask) => {
            let Which { settings, email, role, place } = &ask.which;
            let (email, explained_on) = (email.clone(), ask.explained_on.clone());
            (
                settings,
                Errand::GrantRole { email, role: *role, place: *place, explained_on, holds: ask.holds },
            )
        }
        RoleAct::End(ask) => {
            let Which { settings, email, role, place } = &ask.which;
            let (email, reason) = (email.clone(), ask.reason.clone());
            (settings, Errand::EndRole { email, role: *role, place: *place, reason })
        }
    };
    let config = config::read(settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    operator::send(&config, policies, errand, |told| {
        if let Told::Line { text } = told {
            println!("{text}");
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Tells who holds which role.
pub async fn list(app: &App, ear: &Ear) -> Result<(), String> {
    for seen in roles::all(app).await.map_err(sentence)? {
        let role = seen.role.as_str();
        ear.line(format!("{role:<12}  {}  {}  {}", seen.affiliation, seen.email, seen.office)).await?;
    }
    Ok(())
}

/// Offers one, or writes a head down.
pub async fn grant(
    app: &App,
    (account, place): (AccountId, Option<Uuid>),
    role: Role,
    (explained_on, holds): (Option<String>, Option<GovernanceRole>),
    ear: &Ear,
) -> Result<(), String> {
    let place = place_of(app, account, place).await?;
    let granted = roles::grant_as_operator(app, (place, role), explained_on.as_deref(), holds).await;
    match granted.map_err(sentence)? {
        false => Err("she has this role already".to_owned()),
        true if role == Role::OfficeHead => ear.line("it is written down").await,
        true => ear.line("it is offered; she takes it on when she signs in").await,
    }
}

/// Ends one.
pub async fn end(
    app: &App,
    (account, place): (AccountId, Option<Uuid>),
    role: Role,
    reason: &str,
) -> Result<(), String> {
    let place = place_of(app, account, place).await?;
    match roles::end_as_operator(app, (place, role), reason).await.map_err(sentence)? {
        true => Ok(()),
        false => Err("she does not have this role".to_owned()),
    }
}

/// Where she works, or which of the places is meant.
async fn place_of(app: &App, account: AccountId, place: Option<Uuid>) -> Result<AffiliationId, String> {
    let places = {
        let mut view = app.store.view().await.map_err(|error| error.to_string())?;
        accounts::affiliations(view.conn(), account).await.map_err(|error| error.to_string())?
    };
    let mut works = places.into_iter().filter(|it| it.office.is_some()).map(|it| it.id);
    if let Some(place) = place {
        let found = works.find(|id| id.0 == place);
        return found.ok_or_else(|| "this account has no such place in an office".to_owned());
    }
    match (works.next(), works.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => Err("this account works for no office".to_owned()),
        (Some(_), Some(_)) => Err("this account works for several offices: name the place".to_owned()),
    }
}

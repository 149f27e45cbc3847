//! `tsumugi init`: a data folder for production, and the secretariat's first sign-in by a link that is good once.

use super::serve::finish;
use super::start::{WhenEmpty, audit_root_file, start};
use super::{Outcome, runtime, sentence};
use crate::audit::Entry;
use crate::config::{self, Config, FILE, Overrides, private_folder};
use crate::crypto::tokens::Purpose;
use crate::error::Result as Answer;
use crate::import::{self, World};
use crate::policy::Policies;
use crate::store::Tx;
use std::collections::HashMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::process::ExitCode;
use std::time::Duration;

/// † How long the first link is good.
const GOOD_FOR: Duration = Duration::from_secs(72 * 60 * 60);

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Init {
    #[command(flatten)]
    settings: Overrides,
    /// Name of the region
    #[arg(long)]
    region: String,
    /// Name of the association whose desk runs it
    #[arg(long, default_value = "事務局")]
    association: String,
    /// Policy profile of the region
    #[arg(long, default_value = "vendor-floor")]
    profile: String,
    /// Name of the person at the desk
    #[arg(long)]
    name: String,
    /// Reading of the name in kana
    #[arg(long, default_value = "")]
    kana: String,
    /// E-mail address of the person at the desk
    #[arg(long)]
    email: String,
}

/// Runs the command.
pub fn run(init: &Init) -> Outcome {
    let config = config::read(&init.settings)?;
    let policies = Policies::shipped().map_err(|error| error.to_string())?;
    policies.named(&init.profile).map_err(|error| error.to_string())?;
    write_settings(&config)?;
    let token = runtime()?.block_on(settle(init, &config, policies))?;
    let origin = config.allowed_origins().into_iter().next().unwrap_or_default();
    println!("The data folder is ready: {}", config.data.display());
    println!("\n  Settings         {}", config.data.join(FILE).display());
    println!(
        "  Master key       {}   keep a copy in another place: without it nothing opens",
        config.master_key_file().display()
    );
    println!(
        "  Audit root key   {}   note it down elsewhere, for `tsumugi audit verify --root`",
        audit_root_file(&config).display()
    );
    println!("\nStart the server:   tsumugi serve --data {}", config.data.display());
    println!("First sign-in of {} (good once, for 72 hours):\n\n  {origin}/first#{token}\n", init.email);
    Ok(ExitCode::SUCCESS)
}

fn write_settings(config: &Config) -> Result<(), String> {
    private_folder(&config.data).map_err(|error| format!("{}: {error}", config.data.display()))?;
    let path = config.data.join(FILE);
    if path.exists() {
        return Ok(());
    }
    let text = format!(
        "# Settings of this Tsumugi server; unknown keys are refused. TSUMUGI__<KEY> in the environment wins.\n\
         listen = \"{}\"\n\
         # origins = [\"https://tsumugi.example.jp\"]    # the addresses browsers use\n\
         # store = \"postgres://…\"                       # instead of the SQLite file in this folder\n\
         # master_key = \"/run/credentials/master.key\"   # better not in this folder\n\
         # tls_certificate = \"/etc/…/fullchain.pem\"\n\
         # tls_key = \"/etc/…/privkey.pem\"\n",
        config.listen
    );
    // The settings may come to hold a database password.
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: {error}", path.display()))
}

async fn settle(init: &Init, config: &Config, policies: Policies) -> Result<String, String> {
    let world = World::read(&world(init)?).map_err(|error| error.to_string())?;
    let started = start(config, policies, WhenEmpty::Make).await?;
    let app = &started.app;
    if !import::settle(app, &world, &HashMap::new()).await.map_err(sentence)? {
        return Err("this folder has this region already; its people sign in, no second first link is made"
            .to_owned());
    }
    let (token, hash) = app.tokens.issue(Purpose::Link);
    let (now, account, inner) = (app.clock.now(), world.account_id("desk"), app.clone());
    app.store
        .act(async move |tx: &mut Tx| -> Answer<()> {
            tx.insert_link(&hash.0, account, "first_sign_in", now, now.plus(GOOD_FOR)).await?;
            let entry =
                Entry { at: now, act: "accounts.link_made", subject: Some(account.0), ..Entry::default() };
            Ok(inner.audit.append(tx, &entry).await?)
        })
        .await
        .map_err(sentence)?;
    finish(started).await;
    Ok(token.reveal().to_owned())
}

/// The region with its desk, as an import would tell it. TOML strings are written by the TOML library.
fn world(init: &Init) -> Result<String, String> {
    let key = crate::crypto::random::derived_id("init", &init.region).simple().to_string();
    let tree = serde_json::json!({
        "region": { "key": key, "name": init.region, "profile": init.profile },
        "office": [{ "key": "desk", "name": init.association, "kana": "", "kind": "association" }],
        "person": [{
            "key": "desk", "kind": "staff", "name": init.name, "kana": init.kana, "email": init.email,
            "office": "desk", "occupation": "secretariat", "roles": ["secretariat", "office_admin"],
        }],
    });
    toml::to_string(&tree).map_err(|error| error.to_string())
}

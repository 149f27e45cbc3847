//! `tsumugi init`: a data folder for production, and the secretariat's first sign-in by a link that is good once.

use super::account::first_link;
use super::serve::finish;
use super::start::{WhenEmpty, audit_root_file, start};
use super::{Outcome, absolute, rules, runtime, sentence, shell_word};
use crate::accounts::FirstLink;
use crate::app::App;
use crate::config::{self, Config, FILE, Overrides, private_folder};
use crate::crypto::secret::Secret;
use crate::import::{self, Flaws, WaysIn, World};
use crate::policy::Policies;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::ExitCode;

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
    /// Policy profile of the region, one of those that `tsumugi policy check` lists
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
    let policies = rules(&config)?;
    let world = World::read(&world(init)?, &policies).map_err(|flaws| first_of(&flaws))?;
    policies.follow(&init.profile);
    let hours = policies.first_link_hours();
    let written = write_settings(&config)?;
    let settled = runtime()?.block_on(settle(&world, &config, policies));
    if settled.is_err() && written == Written::Now {
        // What was refused may be the settings: the next try must not find them as if they had been chosen.
        std::fs::remove_file(config.data.join(FILE)).ok();
    }
    let token = settled?;
    println!("The data folder is ready: {}", config.data.display());
    println!("\n  Settings         {}", config.data.join(FILE).display());
    println!(
        "  Master key       {}   keep a copy in another place: without it nothing opens",
        config.master_key().path().display()
    );
    println!(
        "  Audit root key   {}   note it down elsewhere, for `tsumugi audit verify --root`",
        audit_root_file(&config).display()
    );
    println!("\nStart the server:   tsumugi serve --data {}", shell_word(&config.data)?);
    println!(
        "First sign-in of {} (good once, for {hours} hours):\n\n  {}\n",
        init.email,
        first_link(&config, &token)
    );
    Ok(ExitCode::SUCCESS)
}

/// Whether the settings file came about now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Now,
    Before,
}

/// Writes the settings in force into the folder, so that `serve --data` alone finds all of them again.
fn write_settings(config: &Config) -> Result<Written, String> {
    private_folder(&config.data).map_err(|error| format!("{}: {error}", config.data.display()))?;
    let path = config.data.join(FILE);
    if path.exists() {
        let alone = Overrides { data: Some(config.data.clone()), ..Overrides::default() };
        if config::read(&alone)? != *config {
            return Err(format!(
                "{} is there already and says something else: change it there, or remove it",
                path.display()
            ));
        }
        return Ok(Written::Before);
    }
    let text = settings(config)?;
    // The settings may hold a database password.
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Written::Now)
}

/// The settings file: what is set stands there, the rest is shown as a remark.
fn settings(config: &Config) -> Result<String, String> {
    let text = |value: &str| toml::Value::from(value).to_string();
    let path = |path: &Option<PathBuf>| -> Result<Option<String>, String> {
        let Some(path) = path else { return Ok(None) };
        Ok(Some(text(&absolute(path)?.display().to_string())))
    };
    let origins = toml::Value::from(config.origins.clone()).to_string();
    let lines = [
        ("listen", Some(text(&config.listen.to_string())), "", ""),
        (
            "origins",
            (!config.origins.is_empty()).then_some(origins),
            "[\"https://tsumugi.example.jp\"]",
            "the addresses browsers use",
        ),
        (
            "store",
            config.store.as_deref().map(text),
            "\"postgres://…\"",
            "instead of the SQLite file in this folder",
        ),
        (
            "support",
            config.support.as_deref().map(text),
            "\"madoguchi@example.jp\"",
            "where the support desk is written to; published",
        ),
        (
            "staff_domain",
            config.staff_domain.as_deref().map(text),
            "\"example.jp\"",
            "the domain of the addresses of those who run the service; published",
        ),
        ("master_key", path(&config.master_key)?, "\"/etc/tsumugi/master.key\"", "better not in this folder"),
        (
            "password_deny_list",
            path(&config.password_deny_list)?,
            "\"/etc/tsumugi/denied.txt\"",
            "passwords that nobody may have, one in a line",
        ),
        (
            "policies",
            path(&config.policies)?,
            "\"/etc/tsumugi/policies\"",
            "regions' own profiles; by default the folder `policies` beside this file",
        ),
        ("tls_certificate", path(&config.tls_certificate)?, "\"/etc/…/fullchain.pem\"", ""),
        ("tls_key", path(&config.tls_key)?, "\"/etc/…/privkey.pem\"", ""),
        (
            "metrics",
            config.metrics.map(|address| text(&address.to_string())),
            "\"127.0.0.1:9464\"",
            "for Prometheus; plain HTTP, so this machine only",
        ),
        (
            "metrics_beyond_this_machine",
            config.metrics_beyond_this_machine.then(|| "true".to_owned()),
            "true",
            "where `metrics` is an address in a closed network",
        ),
    ];
    let mut file = String::from(
        "# Settings of this Tsumugi server; unknown keys are refused. TSUMUGI__<KEY> in the environment wins.\n",
    );
    for (key, value, example, remark) in lines {
        let remark = if remark.is_empty() { String::new() } else { format!("   # {remark}") };
        file.push_str(&match value {
            Some(value) => format!("{key} = {value}\n"),
            None => format!("# {key} = {example}{remark}\n"),
        });
    }
    file.push_str(&mail(config.mail.as_ref())?);
    Ok(file)
}

/// The table of the mail server; without one, how it would look.
fn mail(mail: Option<&config::Mail>) -> Result<String, String> {
    let Some(mail) = mail else {
        return Ok("\n# [mail]   # links and security notices; without it, none leaves\n# smtp = \"mail.example.jp:587\"\n\
                   # sender = \"tsumugi@example.jp\"   # the one address every mail comes from\n\
                   # tls = \"starttls\"   # or \"tls\"; \"none\" only to this machine\n\
                   # user = \"tsumugi\"\n# password_file = \"/etc/tsumugi/mail-password\"\n"
            .to_owned());
    };
    let text = |value: &str| toml::Value::from(value).to_string();
    let mut file = format!("\n[mail]\nsmtp = {}\nsender = {}\n", text(&mail.smtp), text(&mail.sender));
    file.push_str(&format!("tls = {}\n", text(mail.tls.as_str())));
    if let Some(user) = &mail.user {
        file.push_str(&format!("user = {}\n", text(user)));
    }
    for (key, path) in [("password_file", &mail.password_file), ("ca", &mail.ca)] {
        if let Some(path) = path {
            file.push_str(&format!("{key} = {}\n", text(&absolute(path)?.display().to_string())));
        }
    }
    Ok(file)
}

async fn settle(world: &World, config: &Config, policies: Policies) -> Result<Secret, String> {
    let started = start(config, policies, WhenEmpty::Make).await?;
    let app = &started.app;
    // The region and its first link are one act: there is no folder that nobody can enter.
    let (token, link) = FirstLink::of(app, world.ids(&app.lookup).account("desk"));
    let ways = WaysIn { links: vec![link], ..WaysIn::default() };
    let settled = settle_once(app, world, &ways).await;
    finish(started).await;
    settled.map(|()| token)
}

async fn settle_once(app: &App, world: &World, ways: &WaysIn) -> Result<(), String> {
    let taken = import::addresses_taken(app, world).await.map_err(sentence)?;
    if !taken.0.is_empty() {
        return Err(first_of(&taken));
    }
    if import::settle(app, world, ways).await.map_err(sentence)? {
        return Ok(());
    }
    Err("this folder has this region already; whoever has not signed in yet gets a new link by \
         `tsumugi account link`"
        .to_owned())
}

/// What is wrong with what was typed; there is no file to name a line of.
fn first_of(flaws: &Flaws) -> String {
    flaws.0.first().map(|flaw| flaw.what.clone()).unwrap_or_default()
}

/// The region with its desk, as an import would tell it. TOML strings are written by the TOML library.
fn world(init: &Init) -> Result<String, String> {
    let key = format!("init {}", init.region);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_was_told_stands_in_the_file_and_reads_back_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let told = Config {
            data: data.clone(),
            listen: "127.0.0.1:9443".parse().unwrap(),
            store: Some("postgres://tsumugi:\"p'#\\ss@db.example/tsumugi".to_owned()),
            origins: vec!["https://tsumugi.example.jp".to_owned()],
            master_key: Some("/etc/tsumugi/master.key".into()),
            password_deny_list: Some("/etc/tsumugi/denied.txt".into()),
            tls_certificate: Some("/etc/tls/fullchain.pem".into()),
            tls_key: Some("/etc/tls/privkey.pem".into()),
            metrics: Some("192.0.2.7:9464".parse().unwrap()),
            metrics_beyond_this_machine: true,
            backup: None,
            mail: Some(config::Mail {
                smtp: "mail.example:587".to_owned(),
                sender: "t@ours.example".to_owned(),
                tls: config::MailTls::Starttls,
                user: Some("t".to_owned()),
                password_file: Some("/etc/tsumugi/mail".into()),
                ca: None,
            }),
            credentials: None,
            listen_certificates: None,
            client_ca: None,
            trusted_proxies: Vec::new(),
            policies: Some("/etc/tsumugi/policies".into()),
            support: Some("madoguchi@ours.example".to_owned()),
            staff_domain: Some("unei.ours.example".to_owned()),
            turnable_clock: false,
        };
        assert_eq!(write_settings(&told).unwrap(), Written::Now);
        let alone = Overrides { data: Some(data), ..Overrides::default() };
        assert_eq!(config::read(&alone).unwrap(), told);
        assert_eq!(write_settings(&told).unwrap(), Written::Before);
        let other = Config { store: None, ..told };
        assert!(write_settings(&other).unwrap_err().contains("says something else"));
    }
}

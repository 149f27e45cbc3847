//! `tsumugi demo`: two regions with different rules to try. Fills an empty data folder, prints the sign-ins, serves.

use super::bench::{self, Bench};
use super::progress::bar;
use super::serve::{Word, open_door, until_told};
use super::start::{Started, WhenEmpty, start};
use super::{Outcome, readable, rules, runtime, sentence};
use crate::config::{self, Config, Overrides};
use crate::crypto::passwords::of_demo_person;
use crate::edge::{Certificate, Served};
use crate::import::{self, Said, WaysIn, World};
use crate::policy::{LockCloses, Policies};
use crate::store::View;
use serde::Serialize;
use std::path::PathBuf;
use tsumugi_protocol::{Millis, RegionId};

/// `world.toml` and `posts.jsonl` of each region.
const REGIONS: [(&str, &str); 2] = [
    (
        include_str!("../../../tests/data/home-care-month/world.toml"),
        include_str!("../../../tests/data/home-care-month/posts.jsonl"),
    ),
    (
        include_str!("../../../tests/data/minamo-week/world.toml"),
        include_str!("../../../tests/data/minamo-week/posts.jsonl"),
    ),
];

/// Posts of each room that nobody has read yet.
const UNREAD: i64 = 3;
/// Posts of the smaller world.
const FEW: usize = 120;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Demo {
    #[command(flatten)]
    settings: Overrides,
    /// Print one JSON line when ready, for scripts
    #[arg(long)]
    json: bool,
    /// Fill with a few posts only
    #[arg(long)]
    small: bool,
    /// No budget of commands per account: for programs that act faster than people
    #[arg(long)]
    without_budget: bool,
    /// A passkey alone signs in: as in regions whose rules allow it
    #[arg(long)]
    passkey_alone: bool,
    /// Everybody needs a second factor: as in regions whose rules ask for it
    #[arg(long)]
    second_factor: bool,
    /// A lock closes the whole account, also for a passkey alone
    #[arg(long)]
    lock_closes_account: bool,
    /// Let `tsumugi clock` move this server's clock on
    #[arg(long)]
    clock: bool,
    /// Rules from a file, in place of the shipped ones of the same name; more files are more versions of them: for tests
    #[arg(long, hide = true, value_name = "FILE")]
    profile: Vec<PathBuf>,
    #[command(flatten)]
    bench: Bench,
}

/// A sign-in, as it is printed.
#[derive(Serialize)]
pub struct SignInCard {
    /// Name.
    pub name: String,
    /// Which of the demo people, or the occupation.
    pub role: String,
    /// E-mail address.
    pub email: String,
    /// Password.
    pub password: String,
}

#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    ca: Option<&'a str>,
    people: &'a [SignInCard],
}

/// Runs the command.
pub fn run(demo: &Demo) -> Outcome {
    let mut settings = demo.settings.clone();
    settings.data.get_or_insert_with(|| PathBuf::from(".tmp/demo"));
    let mut config = config::read(&settings)?;
    config.turnable_clock = demo.clock;
    let mut policies = match demo.bench.is_on() {
        true => Policies::for_bench().map_err(|error| error.to_string())?,
        false => rules(&config)?,
    };
    if !demo.profile.is_empty() {
        let versions = demo.profile.iter().map(|file| readable(file)).collect::<Result<Vec<_>, _>>()?;
        policies = policies.with_versions(&versions).map_err(|error| error.to_string())?;
    }
    if demo.without_budget {
        policies = policies.without_budget();
    }
    if demo.passkey_alone {
        let closes = if demo.lock_closes_account { LockCloses::Account } else { LockCloses::Password };
        policies = policies.with_passkey_alone(closes);
    }
    if demo.second_factor {
        policies = policies.with_second_factor_required();
    }
    runtime()?.block_on(async {
        let started = start(&config, policies, WhenEmpty::Make).await?;
        let people = match demo.bench.is_on() {
            true => bench::fill(&started, &demo.bench).await?,
            false => fill(&started, demo.small).await?,
        };
        let word = Word::awaited()?;
        let open = open_door(&config, &started).await?;
        tell(demo, &config, &open, &people, started.app.clock.now())?;
        until_told(word, open, started).await
    })
}

async fn fill(started: &Started, small: bool) -> Result<Vec<SignInCard>, String> {
    let worlds = REGIONS.map(|(world, posts)| {
        let world = World::read(world, &started.app.policies).map_err(|error| error.to_string())?;
        let mut posts = world.read_posts(posts).map_err(|error| error.to_string())?;
        if small {
            posts.truncate(FEW);
        }
        Ok((world, posts))
    });
    let worlds = worlds.into_iter().collect::<Result<Vec<_>, String>>()?;
    must_be_ours(started, &worlds).await?;
    let mut people = Vec::new();
    for (world, posts) in worlds {
        fill_region(started, &world, posts).await?;
        people.extend(world.people.iter().map(|person| SignInCard {
            name: person.name.clone(),
            role: person.demo.clone().unwrap_or_else(|| person.occupation.as_str().to_owned()),
            email: person.email.clone(),
            password: of_demo_person(&started.root, &person.email).reveal().to_owned(),
        }));
    }
    Ok(people)
}

/// A folder that holds anything but the demo's regions is somebody's own.
async fn must_be_ours(started: &Started, worlds: &[(World, Vec<Said>)]) -> Result<(), String> {
    let app = &started.app;
    let mut view = app.store.view().await.map_err(|error| error.to_string())?;
    let standing =
        crate::regions::store::profiles(view.conn()).await.map_err(|error| error.to_string())?.len();
    let mut ours = 0;
    for (world, _) in worlds {
        let region = world.ids(&app.lookup).region();
        ours += usize::from(stands(&mut view, region).await?);
    }
    if standing > ours {
        return Err("this folder holds another region: the demo fills only an empty folder".to_owned());
    }
    Ok(())
}

async fn stands(view: &mut View, region: RegionId) -> Result<bool, String> {
    crate::regions::store::stands(view.conn(), region).await.map_err(|error| error.to_string())
}

async fn fill_region(started: &Started, world: &World, posts: Vec<Said>) -> Result<(), String> {
    let app = &started.app;
    let mut view = app.store.view().await.map_err(|error| error.to_string())?;
    let is_new = !stands(&mut view, world.ids(&app.lookup).region()).await?;
    drop(view);
    let mut ways = WaysIn::default();
    if is_new {
        let progress = bar(world.people.len() as u64, "hashing passwords");
        for person in &world.people {
            let password = of_demo_person(&started.root, &person.email);
            let hash = app.passwords.hash(&password).await.map_err(|error| error.to_string())?;
            ways.passwords.insert(person.key.clone(), hash);
            progress.inc(1);
        }
        progress.finish_and_clear();
    }
    import::settle(app, world, &ways).await.map_err(sentence)?;
    let progress = bar(posts.len() as u64, "writing what was said");
    let new = import::replay(app, world, posts, |count| progress.inc(count)).await.map_err(sentence)?;
    progress.finish_and_clear();
    if new > 0 {
        import::mark_old_as_read(app, world, UNREAD).await.map_err(sentence)?;
    }
    crate::rules::begin(app).await.map_err(sentence)?;
    Ok(())
}

fn tell(
    demo: &Demo,
    config: &Config,
    open: &Served,
    people: &[SignInCard],
    now: Millis,
) -> Result<(), String> {
    let url = format!("https://{}", open.address);
    let authority = Certificate::of(config, now).map_err(|error| error.to_string())?.authority;
    if demo.json {
        let ready = Ready { url: &url, ca: authority.as_deref(), people };
        println!("{}", serde_json::to_string(&ready).map_err(|error| error.to_string())?);
        return Ok(());
    }
    println!("\nTsumugi is open at {url}\n");
    println!("The certificate is one this machine made itself; your browser will ask once.");
    println!("Its authority: {}\n", config.tls_folder().join("ca.pem").display());
    println!("Sign in as one of these people:\n");
    for role in [
        "physician",
        "visiting_nurse",
        "care_manager",
        "pharmacist",
        "office_admin",
        "secretariat",
        "daughter",
        "second_physician",
        "second_nurse",
        "second_admin",
        "second_secretariat",
    ] {
        for person in people.iter().filter(|person| person.role == role) {
            println!("  {:<19} {:<32} {}   {}", role, person.email, person.password, person.name);
        }
    }
    println!("\nThose whose role begins with `second` live in another region, under other rules.");
    println!("Stop with Ctrl+C.");
    Ok(())
}

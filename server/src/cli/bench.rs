//! The world that measuring needs: many people in many rooms, in a region without the confirm step.

use super::demo::SignInCard;
use super::progress::bar;
use super::sentence;
use super::start::Started;
use crate::crypto::passwords::of_demo_person;
use crate::import::{self, Said, WaysIn, World};
use std::fmt::Write;

/// Arguments of `demo --bench`.
#[derive(Debug, clap::Args)]
pub struct Bench {
    /// A region for measuring: confirm step off (K-90 overridden, with its reason on record)
    #[arg(long)]
    bench: bool,
    /// People of the bench region
    #[arg(long, default_value_t = 200, requires = "bench")]
    bench_people: usize,
    /// Rooms of the bench region
    #[arg(long, default_value_t = 25, requires = "bench")]
    bench_rooms: usize,
    /// Members of each room
    #[arg(long, default_value_t = 8, requires = "bench")]
    bench_members: usize,
    /// Rooms of several sizes instead, each entry filled from the first person on: `200x8,1x1000`
    #[arg(long, value_delimiter = ',', value_parser = group, requires = "bench", value_name = "ROOMSxMEMBERS")]
    bench_shape: Vec<(usize, usize)>,
    /// Posts written into the first room
    #[arg(long, default_value_t = 0, requires = "bench")]
    bench_posts: usize,
}

impl Bench {
    /// Whether it was asked for.
    pub fn is_on(&self) -> bool {
        self.bench
    }
}

/// Posts that are made at once, so that a million of them never stands in memory.
const AT_ONCE: usize = 20_000;

/// Fills the folder, once.
pub async fn fill(started: &Started, bench: &Bench) -> Result<Vec<SignInCard>, String> {
    let app = &started.app;
    let world = World::read(&text(bench), &app.policies).map_err(|error| error.to_string())?;
    let password = of_demo_person(&started.root, "everybody@bench.example");
    let hash = app.passwords.hash(&password).await.map_err(|error| error.to_string())?;
    let passwords = world.people.iter().map(|person| (person.key.clone(), hash.clone())).collect();
    import::settle(app, &world, &WaysIn { passwords, links: Vec::new() }).await.map_err(sentence)?;
    let progress = bar(bench.bench_posts as u64, "writing bench posts");
    let members = bench.bench_shape.first().map_or(bench.bench_members, |(_, members)| *members).max(1);
    let mut from = 0;
    while from < bench.bench_posts {
        let to = (from + AT_ONCE).min(bench.bench_posts);
        let posts = (from..to).map(|n| said(n, members)).collect();
        import::replay(app, &world, posts, |count| progress.inc(count)).await.map_err(sentence)?;
        from = to;
    }
    progress.finish_and_clear();
    Ok(world
        .people
        .iter()
        .map(|person| SignInCard {
            name: person.name.clone(),
            role: "bench".to_owned(),
            email: person.email.clone(),
            password: password.reveal().to_owned(),
        })
        .collect())
}

fn said(n: usize, members: usize) -> Said {
    let second = i64::try_from(n).unwrap_or(i64::MAX);
    Said {
        room: "room-0".to_owned(),
        by: format!("bench-{:04}", n % members + 1),
        at: jiff::Timestamp::from_second(1_760_000_000 + second).unwrap_or(jiff::Timestamp::UNIX_EPOCH),
        reference: format!("p{n}"),
        reply_to: None,
        text: format!(
            "{n} 番目の記録です。バイタルは安定しています。BT36.5 BP128/74 SpO2 97% 変わりありません。"
        ),
    }
}

fn text(bench: &Bench) -> String {
    let mut text = String::from(
        "[region]\nkey = \"bench\"\nname = \"bench\"\nprofile = \"bench\"\n\
         [[office]]\nkey = \"office\"\nname = \"Bench\"\nkana = \"べんち\"\nkind = \"clinic\"\n",
    );
    for n in 1..=bench.bench_people {
        // Writing to a string cannot fail.
        write!(
            text,
            "[[person]]\nkey = \"bench-{n:04}\"\nkind = \"staff\"\nname = \"計測 {n}\"\nkana = \"けいそく\"\n\
             email = \"bench-{n:04}@bench.example\"\noffice = \"office\"\noccupation = \"nurse\"\n"
        )
        .ok();
    }
    let plain = [(bench.bench_rooms, bench.bench_members)];
    let groups: &[(usize, usize)] = if bench.bench_shape.is_empty() { &plain } else { &bench.bench_shape };
    let rooms =
        groups.iter().flat_map(|(rooms, members)| (0..*rooms).map(move |room| (room * members, *members)));
    for (room, (first, members)) in rooms.enumerate() {
        let members: Vec<String> = (first..first + members)
            .map(|n| format!("\"bench-{:04}\"", n % bench.bench_people.max(1) + 1))
            .collect();
        write!(
            text,
            "[[room]]\nkey = \"room-{room}\"\nkind = \"free_group\"\ntitle = \"room {room}\"\naim = \"measuring\"\n\
             members = [{}]\n",
            members.join(", ")
        )
        .ok();
    }
    text
}

/// `200x8` as 200 rooms of 8.
fn group(text: &str) -> Result<(usize, usize), String> {
    let (rooms, members) = text.split_once('x').ok_or("write ROOMSxMEMBERS, for example 200x8")?;
    let number = |part: &str| part.parse().map_err(|_| format!("{part} is no number"));
    Ok((number(rooms)?, number(members)?))
}

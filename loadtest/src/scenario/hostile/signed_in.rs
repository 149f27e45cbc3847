//! One account that asks as fast as it can on all the links it may have: posts, or previews that are never sent.

use super::attack::{Field, Met};
use crate::{
    client::Link,
    frame::Frame,
    scenario::post,
    script::{self, Ids},
};
use std::time::Duration;
use tokio::{task::JoinSet, time::sleep};
use tsumugi_protocol::{Command, Draft, RoomId, limits};

/// Draws the command with that number.
type Draw = fn(RoomId, Ids, u64) -> Command;

pub async fn flood(field: Field, met: Met) {
    attack(field, met, |room, ids, number| post(room, ids.id(number), script::text(number))).await;
}

pub async fn preview(field: Field, met: Met) {
    let draw: Draw = |room, ids, number| {
        let text = script::text(number);
        Command::Preview(Draft { room, post: ids.id(number), text, reply_to: None, about: None })
    };
    attack(field, met, draw).await;
}

async fn attack(field: Field, met: Met, draw: Draw) {
    let mut links = JoinSet::new();
    for _ in 0..limits::LINKS_OF_SESSION {
        let (field, met) = (field.clone(), met.clone());
        links.spawn(async move {
            loop {
                if let Ok(link) = field.address.link(&field.session).await {
                    met.count("link");
                    if ask_and_ask(link, draw, &met).await.is_err() {
                        met.count("ended by the server");
                    }
                } else {
                    met.count("link refused");
                }
                sleep(Duration::from_millis(100)).await;
            }
        });
    }
    while links.join_next().await.is_some() {}
}

/// Keeps as much in flight as a link may have; refusals with a time to wait are not heeded.
async fn ask_and_ask(mut link: Link, draw: Draw, met: &Met) -> anyhow::Result<()> {
    let room = link.only_room().await?;
    let (ids, mut number) = (Ids::new(), 0);
    for _ in 0..limits::IN_FLIGHT {
        link.send(&draw(room, ids, number)).await?;
        number += 1;
    }
    loop {
        match link.hear().await? {
            Frame::Answer { answer, .. } => {
                met.count(answer.map_or_else(|refused| refused.code, |_| "accepted".into()));
                link.send(&draw(room, ids, number)).await?;
                number += 1;
            }
            Frame::Unreadable(refused) => met.count(refused.code),
            Frame::Event(_) | Frame::Unknown => {}
        }
    }
}

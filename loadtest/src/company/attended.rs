//! One person during a clocked load: posts when told, and notes everything that arrives.

use super::{Member, plan::Plan};
use crate::{
    checker::{Listener, Sighting},
    frame::Frame,
    latency::Latency,
};
use anyhow::bail;
use serde_json::value::RawValue;
use std::{
    collections::HashMap,
    future::pending,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::{sync::mpsc::UnboundedReceiver, time::sleep_until};
use tsumugi_protocol::{Content, Event, Position, Post, Refused, Sent};

/// After the last post: a link that has heard everything it is owed waits this long for what it is not owed.
const SURPLUS: Duration = Duration::from_millis(500);
/// After the last post: a link that misses something waits this long since it last heard anything.
const PATIENCE: Duration = Duration::from_secs(20);

/// What happened on one link.
pub struct Attended {
    /// Her number.
    pub person: u64,
    /// What she heard.
    pub listener: Listener,
    /// Due to her socket.
    pub deliveries: Latency,
    /// Due to the acknowledgement.
    pub acks: Latency,
    /// Due to the moment in which this tool came to send it.
    pub sends: Latency,
    /// Places of her posts by their numbers.
    pub acknowledged: HashMap<u64, Position>,
    /// Her refused posts.
    pub refused: HashMap<u64, Refused>,
    /// Times that she was told `behind`.
    pub behind: u64,
    foreign: u64,
}

/// One person: posts when told, notes everything that arrives.
pub async fn attend(
    plan: Arc<Plan>,
    person: u64,
    mut member: Member,
    mut orders: UnboundedReceiver<u64>,
) -> anyhow::Result<(Attended, Member)> {
    let mut attended = Attended::of(person, &member)?;
    let mut sent: HashMap<u64, u64> = HashMap::new();
    let (mut is_open, mut last_heard) = (true, Instant::now());
    loop {
        let patience = last_heard + if attended.has_all(&plan) { SURPLUS } else { PATIENCE };
        let end = async { if is_open { pending().await } else { sleep_until(patience.into()).await } };
        tokio::select! {
            frame = member.link.hear() => {
                last_heard = Instant::now();
                match frame? {
                    Frame::Event(event) => attended.note_event(&plan, *event, last_heard),
                    // Answers to what was asked before this load began are none of its own.
                    Frame::Answer { id, answer } => if let Some(number) = sent.remove(&id) {
                        attended.note_answer(&plan, number, answer, last_heard)?;
                    },
                    Frame::Unreadable(refused) => bail!("the server could not read a frame: {}", refused.code),
                    Frame::Unknown => {}
                }
            }
            order = orders.recv(), if is_open => match order {
                Some(number) => {
                    let post = crate::scenario::post(member.room, plan.ids.id(number), (plan.pace.text)(number));
                    // Before it is sent: a server that stops reading delays it from here on.
                    attended.note_turn(&plan, number);
                    sent.insert(member.link.send(&post).await?, number);
                }
                None => (is_open, last_heard) = (false, Instant::now()),
            },
            () = end => return Ok((attended, member)),
        }
    }
}

impl Attended {
    fn of(person: u64, member: &Member) -> anyhow::Result<Self> {
        Ok(Self {
            person,
            listener: Listener { account: member.session.account, room: member.room, heard: Vec::new() },
            deliveries: Latency::new()?,
            acks: Latency::new()?,
            sends: Latency::new()?,
            acknowledged: HashMap::new(),
            refused: HashMap::new(),
            behind: 0,
            foreign: 0,
        })
    }

    /// Whether nothing is owed any more: every own post is answered, every other one heard or refused.
    fn has_all(&self, plan: &Plan) -> bool {
        let (in_room, mine) = plan.share(self.person);
        let answered = (self.acknowledged.len() + self.refused.len()) as u64;
        let refused =
            plan.refused_in(self.person / plan.room_of).map_or(0, |count| count.load(Ordering::Relaxed));
        answered >= mine && self.foreign + refused >= in_room - mine + self.refused.len() as u64
    }

    fn note_turn(&mut self, plan: &Plan, number: u64) {
        if number >= plan.warm_up {
            self.sends.add(plan.due(number).elapsed());
        }
    }

    fn note_event(&mut self, plan: &Plan, event: Event, at: Instant) {
        let post = match event {
            Event::Posted { post, .. } => post,
            Event::Behind => return self.behind += 1,
            Event::MemberChanged { .. }
            | Event::RoomChanged { .. }
            | Event::ConsentChanged { .. }
            | Event::RoomAdded { .. }
            | Event::Receipts { .. }
            | Event::Read { .. }
            | Event::Noticed => return,
        };
        // What an earlier load left on its way is none of this one.
        let Some(number) = plan.ids.number(post.id) else { return };
        self.listener.heard.push(sighting(plan, &post, number));
        if post.author.account == self.listener.account {
            return;
        }
        self.foreign += 1;
        if number >= plan.warm_up {
            self.deliveries.add(at.saturating_duration_since(plan.due(number)));
        }
    }

    fn note_answer(
        &mut self,
        plan: &Plan,
        number: u64,
        answer: Result<Box<RawValue>, Refused>,
        at: Instant,
    ) -> anyhow::Result<()> {
        match answer {
            Ok(reply) => {
                let Sent::Saved { position, .. } = serde_json::from_str(reply.get())?;
                self.acknowledged.insert(number, position);
                if number >= plan.warm_up {
                    self.acks.add(at.saturating_duration_since(plan.due(number)));
                }
            }
            Err(refused) => {
                if let Some(count) = plan.refused_in(self.person / plan.room_of) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                self.refused.insert(number, refused);
            }
        }
        Ok(())
    }
}

fn sighting(plan: &Plan, post: &Post, number: u64) -> Sighting {
    let faithful = match &post.content {
        Content::Text { text } => *text == (plan.pace.text)(number),
        Content::Undecodable => false,
    };
    let author = post.author.account;
    Sighting { post: post.id, room: post.room, position: post.position, author, faithful }
}

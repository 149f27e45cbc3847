//! Posts by the clock into the rooms of a company (open loop): a post is due when it is due, whatever the answers do.
//!
//! Each time runs from the moment its post was due, so that a stall counts for everything it held up. Every arrival is
//! kept and checked against what was acknowledged.

use super::{
    Company, Meter, Used,
    attended::{Attended, attend},
    plan::Plan,
};
use crate::{
    checker::{Attempt, Faults, Ledger},
    latency::Latency,
};
use anyhow::Context;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task::JoinSet,
    time::sleep_until,
};

/// How fast, how long, and what is written.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Posts a second in all rooms together.
    pub rate: u64,
    /// Time before measuring starts.
    pub warm_up: Duration,
    /// Time that is measured.
    pub length: Duration,
    /// The text of a post, by its number.
    pub text: fn(u64) -> String,
}

/// What came of it.
pub struct Clocked {
    /// Due to the socket of each other member.
    pub deliveries: Latency,
    /// Due to the acknowledgement.
    pub acks: Latency,
    /// Due to the moment in which this tool came to send a post: how far behind the clock the tool itself was.
    pub sends: Latency,
    /// Posts that were sent, warm-up included.
    pub posts: u64,
    /// Refusals by code.
    pub refused: BTreeMap<String, u64>,
    /// Refusals as busy that named no time to try again.
    pub without_retry: u64,
    /// Links that were told `behind`.
    pub behind: u64,
    /// What must not happen.
    pub faults: Faults,
    /// What it took.
    pub used: Used,
}

impl Company {
    /// Lets everybody post by the clock, in turn.
    pub async fn post_by_clock(&mut self, pace: Pace) -> anyhow::Result<Clocked> {
        let plan = Arc::new(Plan::of(pace, self.rooms(), self.room_of));
        let mut orders = Vec::with_capacity(self.members.len());
        let mut links = JoinSet::new();
        for (person, member) in self.members.drain(..).enumerate() {
            let (give, take) = unbounded_channel();
            orders.push(give);
            links.spawn(attend(plan.clone(), person as u64, member, take));
        }
        let meter = Meter::start(self.server)?;
        dictate(&plan, orders).await;
        let used = meter.used()?;
        let mut all = Vec::new();
        while let Some(link) = links.join_next().await {
            all.push(link??);
        }
        all.sort_by_key(|(attended, _)| attended.person);
        let (attended, members): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        self.members = members;
        self.told(&plan, attended, used)
    }

    fn told(&self, plan: &Plan, attended: Vec<Attended>, used: Used) -> anyhow::Result<Clocked> {
        let (mut deliveries, mut acks, mut sends) = (Latency::new()?, Latency::new()?, Latency::new()?);
        let (mut refused, mut without_retry, mut behind) = (BTreeMap::new(), 0, 0);
        let mut ledger = Ledger::default();
        for number in 0..plan.posts {
            let author = self.members.get(usize::try_from(plan.author(number))?).context("no author")?;
            let attempt = Attempt { room: author.room, author: author.session.account };
            ledger.attempts.insert(plan.ids.id(number), attempt);
        }
        for link in attended {
            deliveries.merge(&link.deliveries)?;
            acks.merge(&link.acks)?;
            sends.merge(&link.sends)?;
            behind += link.behind;
            let acknowledged = link.acknowledged.into_iter();
            ledger.acknowledged.extend(acknowledged.map(|(number, at)| (plan.ids.id(number), at)));
            for (number, refusal) in link.refused {
                ledger.refused.insert(plan.ids.id(number));
                without_retry += u64::from(refusal.retry_after_ms.is_none());
                *refused.entry(refusal.code).or_default() += 1;
            }
            ledger.listeners.push(link.listener);
        }
        let (posts, faults) = (plan.posts, ledger.judge());
        Ok(Clocked { deliveries, acks, sends, posts, refused, without_retry, behind, faults, used })
    }
}

impl Clocked {
    /// Notes on what was refused, and on links that were told `behind`.
    pub fn refusals(&self, when: &str) -> Vec<String> {
        let refused = self.refused.iter().map(|(code, count)| format!("{when}: refused {count} ×: {code}"));
        let behind = (self.behind > 0).then(|| format!("{when}: {} times `behind`", self.behind));
        refused.chain(behind).collect()
    }
}

/// Tells everybody when to post.
async fn dictate(plan: &Plan, orders: Vec<UnboundedSender<u64>>) {
    for number in 0..plan.posts {
        sleep_until(plan.due(number).into()).await;
        let author = usize::try_from(plan.author(number)).unwrap_or_default();
        // A link that is gone has its error told when it is joined.
        orders.get(author).map(|link| link.send(number).ok());
    }
}

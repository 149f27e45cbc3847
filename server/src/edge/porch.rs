//! Before the door: how many may stand here, how long a handshake may take, and how much arrived on each connection.

use super::gate::{Entrance, Peer};
use super::handshakes::Handshakes;
use super::held::{Arrival, Held};
use super::sources::{share_of, share_of_site, site_of, source_of};
use crate::config::Network;
use crate::devices::Shown;
use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::RustlsAcceptor;
use futures_util::future::BoxFuture;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, SemaphorePermit};
use tower_layer::Layer;
use tsumugi_protocol::limits;

const HANDSHAKE: Duration = Duration::from_millis(limits::HANDSHAKE_MS);

/// Files that are kept free for the database, its journal, keys and logs.
const OTHER_FILES: u64 = 256;

/// Everybody who stands before the door or has come through it; clones are the same one.
#[derive(Clone)]
pub(super) struct Porch {
    all: Arc<Inner>,
    /// The door that its owner stands at: the same address may come to both at once.
    entrance: Entrance,
}

struct Inner {
    most: usize,
    /// Everybody behind one of these comes from one address: it has no share of its own, only that of all.
    proxies: Arc<[Network]>,
    handshakes: Semaphore,
    standing: Mutex<Standing>,
}

#[derive(Default)]
struct Standing {
    sources: HashMap<IpAddr, Group>,
    /// Those of IPv6 by site as well.
    sites: HashMap<Ipv6Addr, Group>,
    arrivals: HashMap<(Entrance, SocketAddr), Arc<Arrival>>,
}

/// Connections that count together.
struct Group {
    open: usize,
    handshakes: Arc<Semaphore>,
}

/// One connection's place; given back when it is dropped.
pub(super) struct Place {
    porch: Porch,
    from: SocketAddr,
    /// Whether it counts for its source and its site.
    counts: bool,
    /// Whose handshakes it waits for: those of its source, then those of its site.
    handshakes: [Option<Arc<Semaphore>>; 2],
    /// What has arrived on it.
    pub(super) arrival: Arc<Arrival>,
}

impl Porch {
    /// As wide as the limits say, or as the files that this process may open.
    pub(super) fn new(proxies: Arc<[Network]>) -> Self {
        let files = usize::try_from(files().saturating_sub(OTHER_FILES)).unwrap_or(usize::MAX);
        Self::of(limits::CONNECTIONS.min(files), proxies)
    }

    fn of(most: usize, proxies: Arc<[Network]>) -> Self {
        let handshakes = Semaphore::new(limits::HANDSHAKES);
        let all = Inner { most, proxies, handshakes, standing: Mutex::default() };
        Self { all: Arc::new(all), entrance: Entrance::Main }
    }

    /// The same porch before another door.
    pub(super) fn before(&self, entrance: Entrance) -> Self {
        Self { all: self.all.clone(), entrance }
    }

    /// Takes a place, or none when there are too many connections, altogether, from that source or from its site.
    fn enter(&self, from: SocketAddr) -> io::Result<Place> {
        let (mut standing, most) = (self.standing(), self.all.most);
        let (source, site) = (source_of(from.ip()), site_of(from.ip()));
        let of_source = standing.sources.get(&source).map_or(0, |source| source.open);
        let of_site = site.and_then(|site| standing.sites.get(&site)).map_or(0, |site| site.open);
        let counts = !self.all.proxies.iter().any(|network| network.holds(from.ip()));
        let is_full = standing.arrivals.len() >= most
            || counts && (of_source >= share_of(from.ip(), most) || of_site >= share_of_site(most));
        if is_full {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        let mut handshakes = [None, None];
        if counts {
            handshakes = [
                Some(come(&mut standing.sources, source, limits::HANDSHAKES_OF_SOURCE)),
                site.map(|site| come(&mut standing.sites, site, limits::HANDSHAKES_OF_SITE)),
            ];
        }
        let arrival = Arc::new(Arrival::default());
        standing.arrivals.insert((self.entrance, from), arrival.clone());
        Ok(Place { porch: self.clone(), from, counts, handshakes, arrival })
    }

    /// What has arrived on the connection from there.
    pub(super) fn arrival(&self, from: SocketAddr) -> Arc<Arrival> {
        self.standing().arrivals.get(&(self.entrance, from)).cloned().unwrap_or_default()
    }

    /// How many are open.
    pub(super) fn open(&self) -> usize {
        self.standing().arrivals.len()
    }

    fn standing(&self) -> std::sync::MutexGuard<'_, Standing> {
        self.all.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Waits until a handshake may be begun: first for the others of its source and its site, then for all.
    async fn turn(&self) -> [Option<SemaphorePermit<'_>>; 3] {
        let mut turn = [const { None }; 3];
        let groups = self.handshakes.iter().flatten().map(|group| &**group);
        for (place, group) in turn.iter_mut().zip(groups.chain([&self.porch.all.handshakes])) {
            *place = group.acquire().await.ok();
        }
        turn
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut standing = self.porch.standing();
        // The same address may have come again before the end of this one was noticed.
        let key = (self.porch.entrance, self.from);
        if standing.arrivals.get(&key).is_some_and(|arrival| Arc::ptr_eq(arrival, &self.arrival)) {
            standing.arrivals.remove(&key);
        }
        if !self.counts {
            return;
        }
        go(&mut standing.sources, source_of(self.from.ip()));
        if let Some(site) = site_of(self.from.ip()) {
            go(&mut standing.sites, site);
        }
    }
}

/// One more of a group, and whose handshakes it waits for.
fn come<K: Eq + Hash>(groups: &mut HashMap<K, Group>, key: K, handshakes: usize) -> Arc<Semaphore> {
    let new = || Group { open: 0, handshakes: Arc::new(Semaphore::new(handshakes)) };
    let group = groups.entry(key).or_insert_with(new);
    group.open += 1;
    group.handshakes.clone()
}

/// One less; the last one takes the group along.
fn go<K: Eq + Hash>(groups: &mut HashMap<K, Group>, key: K) {
    if let Entry::Occupied(mut group) = groups.entry(key) {
        group.get_mut().open -= 1;
        if group.get().open == 0 {
            group.remove();
        }
    }
}

/// Counts a connection, then shakes hands within the limit.
#[derive(Clone)]
pub(super) struct Doorkeeper {
    /// Where it is counted.
    pub(super) porch: Porch,
    /// Shakes hands.
    pub(super) tls: RustlsAcceptor<NoDelayAcceptor>,
    /// Where it does so.
    pub(super) handshakes: Handshakes,
}

impl<S: Send + 'static> Accept<TcpStream, S> for Doorkeeper {
    type Stream = Held;
    type Service = AddExtension<S, Peer>;
    type Future = BoxFuture<'static, io::Result<(Held, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { porch, tls, handshakes } = self.clone();
        Box::pin(async move {
            let place = porch.enter(stream.peer_addr()?)?;
            let shaking = async move {
                // The wait for a turn counts too: what stands here is bounded in time as well as in number.
                let shaken = tokio::time::timeout(HANDSHAKE, async {
                    let _turn = place.turn().await;
                    tls.accept(stream, service).await
                });
                let (stream, service) = shaken.await.map_err(|_| io::Error::from(ErrorKind::TimedOut))??;
                Ok((stream, service, place))
            };
            let (stream, service, place) = handshakes.run(shaking).await?;
            // Who shows a certificate has proved that she has its key; none is asked for at the main door.
            let shown = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let peer = Peer(shown.map(|certificate| Shown::of(certificate)));
            Ok((Held::new(stream, place), Extension(peer).layer(service)))
        })
    }
}

/// How many files this process may have open; it asks for as many as it may ask for.
fn files() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let reached = if setrlimit(Resource::Nofile, most).is_ok() { limit.maximum } else { limit.current };
    reached.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(host: u8, port: u16) -> SocketAddr {
        SocketAddr::from(([10, 0, 0, host], port))
    }

    #[test]
    fn one_source_never_takes_the_last_quarter_and_places_are_given_back() {
        let porch = Porch::of(8, Arc::default());
        let mut held: Vec<Place> = (0..6).map(|port| porch.enter(from(1, port)).unwrap()).collect();
        assert!(porch.enter(from(1, 6)).is_err(), "six of eight");
        held.extend((0..2).map(|port| porch.enter(from(2, port)).unwrap()));
        assert!(porch.enter(from(3, 0)).is_err(), "eight of eight");
        held.remove(0);
        held.push(porch.enter(from(3, 0)).unwrap());
        drop(held);
        assert!(porch.standing().sources.is_empty() && porch.standing().arrivals.is_empty());
    }

    #[test]
    fn a_trusted_proxy_brings_as_many_as_there_are_places_and_takes_none_from_its_neighbours() {
        let proxy = Network::try_from("10.0.0.1".to_owned()).unwrap();
        let porch = Porch::of(8, [proxy].into());
        let held: Vec<Place> = (0..8).map(|port| porch.enter(from(1, port)).unwrap()).collect();
        assert!(porch.enter(from(2, 0)).is_err(), "eight of eight");
        drop(held);
        assert!(porch.standing().sources.is_empty() && porch.standing().arrivals.is_empty());
    }

    #[test]
    fn networks_of_ipv6_take_a_quarter_each_and_all_of_a_site_together_half() {
        let porch = Porch::of(16, Arc::default());
        let enter = |site: u16, network: u16, port: u16| {
            let ip = Ipv6Addr::new(0x2001, 0xdb8, site, network, 0, 0, 0, 1);
            porch.enter(SocketAddr::from((ip, port)))
        };
        let mut held: Vec<Place> = (0..4).map(|port| enter(1, 1, port).unwrap()).collect();
        assert!(enter(1, 1, 4).is_err(), "a quarter for one network");
        held.extend((0..4).map(|port| enter(1, 2 + port, port).unwrap()));
        assert!(enter(1, 9, 0).is_err(), "half for one site, however many networks it has");
        held.extend((0..4).map(|port| enter(2, 1, port).unwrap()));
        held.remove(0);
        held.push(enter(1, 9, 0).unwrap());
        drop(held);
        let standing = porch.standing();
        assert!(standing.sources.is_empty() && standing.sites.is_empty());
    }

    #[tokio::test]
    async fn past_the_limit_of_a_source_its_own_handshakes_wait_and_those_of_others_do_not() {
        let porch = Porch::of(10_000, Arc::default());
        let port = |n: usize| u16::try_from(n).unwrap();
        let places: Vec<Place> =
            (0..=limits::HANDSHAKES_OF_SOURCE).map(|n| porch.enter(from(1, port(n))).unwrap()).collect();
        let other = porch.enter(from(2, 0)).unwrap();
        let (last, first) = places.split_last().unwrap();
        let mut turns = Vec::new();
        for place in first {
            turns.push(place.turn().await);
        }
        // So many permits use up what a task may do at a time.
        tokio::task::yield_now().await;
        let mut waiting = Box::pin(last.turn());
        assert!(futures_util::poll!(&mut waiting).is_pending());
        assert!(futures_util::poll!(Box::pin(other.turn())).is_ready());
        turns.clear();
        assert!(futures_util::poll!(&mut waiting).is_ready());
    }

    #[tokio::test]
    async fn past_the_limit_of_a_site_the_handshakes_of_all_its_networks_wait() {
        let porch = Porch::of(100_000, Arc::default());
        let enter = |site: u16, n: usize| {
            let (network, port) = (u16::try_from(n / 256).unwrap(), u16::try_from(n).unwrap());
            let ip = Ipv6Addr::new(0x2001, 0xdb8, site, network, 0, 0, 0, 1);
            porch.enter(SocketAddr::from((ip, port))).unwrap()
        };
        let places: Vec<Place> = (0..limits::HANDSHAKES_OF_SITE).map(|n| enter(1, n)).collect();
        let mut turns = Vec::new();
        for place in &places {
            turns.push(tokio::task::unconstrained(place.turn()).await);
        }
        let (late, other) = (enter(1, 60_000), enter(2, 0));
        let mut waiting = Box::pin(tokio::task::unconstrained(late.turn()));
        assert!(futures_util::poll!(&mut waiting).is_pending(), "another network of the site");
        assert!(futures_util::poll!(Box::pin(tokio::task::unconstrained(other.turn()))).is_ready());
        turns.clear();
        assert!(futures_util::poll!(&mut waiting).is_ready());
    }
}

//! What the acts of a batch want to know, loaded for all of them by one statement before the first one runs.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;

use futures_util::future::LocalBoxFuture;

use super::engine::Conn;
use super::fault::StoreFault;

/// Something an act wants to know that can be found for many acts at once.
pub trait Want: Clone + Eq + Hash + Send + 'static {
    /// What there is to know.
    type Found: Clone + Send + 'static;

    /// Finds it for all of them; who is not in the answer has found nothing.
    fn find<'a>(
        conn: &'a mut Conn,
        wanted: &'a [Self],
    ) -> LocalBoxFuture<'a, Result<HashMap<Self, Self::Found>, StoreFault>>;
}

/// Findings that wait for their acts. They are what the rows said before the batch; queued rows come on top.
#[derive(Default)]
pub(super) struct Ahead {
    shelves: HashMap<TypeId, Box<dyn Shelf>>,
}

/// The wants of one kind.
trait Shelf: Send {
    fn find<'a>(&'a mut self, conn: &'a mut Conn) -> LocalBoxFuture<'a, Result<(), StoreFault>>;
    fn clear(&mut self);
    fn as_any(&mut self) -> &mut dyn Any;
}

struct Wants<W: Want> {
    wanted: Vec<W>,
    found: HashMap<W, Option<W::Found>>,
}

impl Ahead {
    /// Notes what an act will ask for.
    pub(super) fn want<W: Want>(&mut self, want: &W) {
        if let Some(wants) = self.wants::<W>() {
            wants.wanted.push(want.clone());
        }
    }

    /// What was found for a want: `None` when it was not looked for.
    pub(super) fn found<W: Want>(&mut self, want: &W) -> Option<Option<W::Found>> {
        self.wants::<W>()?.found.get(want).cloned()
    }

    /// Finds everything that is wanted.
    pub(super) async fn find(&mut self, conn: &mut Conn) -> Result<(), StoreFault> {
        for shelf in self.shelves.values_mut() {
            shelf.find(conn).await?;
        }
        Ok(())
    }

    /// Forgets wants and findings: the rows may have changed.
    pub(super) fn clear(&mut self) {
        self.shelves.values_mut().for_each(|shelf| shelf.clear());
    }

    fn wants<W: Want>(&mut self) -> Option<&mut Wants<W>> {
        let new = || Box::new(Wants::<W> { wanted: Vec::new(), found: HashMap::new() }) as Box<dyn Shelf>;
        self.shelves.entry(TypeId::of::<W>()).or_insert_with(new).as_any().downcast_mut()
    }
}

impl<W: Want> Shelf for Wants<W> {
    fn find<'a>(&'a mut self, conn: &'a mut Conn) -> LocalBoxFuture<'a, Result<(), StoreFault>> {
        Box::pin(async move {
            if self.wanted.is_empty() {
                return Ok(());
            }
            let mut found = W::find(conn, &self.wanted).await?;
            for want in self.wanted.drain(..) {
                // Of equal wants the first one takes it out of the answer, for all of them.
                let of_want = found.remove(&want);
                self.found.entry(want).or_insert(of_want);
            }
            Ok(())
        })
    }

    fn clear(&mut self) {
        self.wanted.clear();
        self.found.clear();
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

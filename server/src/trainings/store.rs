//! All SQL of trainings.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, Millis, OfficeId, TrainingId, TrainingState, TrainingTopic, TrainingWay,
};
use uuid::Uuid;

/// A training as it is stored.
#[derive(Debug, Clone)]
pub struct TrainingRow {
    /// Its id.
    pub id: TrainingId,
    /// The office.
    pub office: OfficeId,
    /// How it was held.
    pub way: TrainingWay,
    /// What it was about.
    pub topics: Vec<TrainingTopic>,
    /// The day.
    pub held_on: String,
    /// How far it has come.
    pub state: TrainingState,
    /// What it was called.
    pub sealed: Vec<u8>,
    /// Who wrote it down.
    pub recorded_by: AccountId,
}

type Columns = (Uuid, Uuid, String, String, String, String, Vec<u8>, Uuid);

impl TrainingRow {
    /// Words that this version does not know give no training.
    fn of((id, office, way, topics, held_on, state, sealed, by): Columns) -> Option<Self> {
        Some(Self {
            id: TrainingId(id),
            office: OfficeId(office),
            way: TrainingWay::of(&way)?,
            topics: topics.split(',').filter_map(TrainingTopic::of).collect(),
            held_on,
            state: TrainingState::of(&state)?,
            sealed,
            recorded_by: AccountId(by),
        })
    }
}

/// A training.
pub async fn training(conn: &mut Conn, id: TrainingId) -> Result<Option<TrainingRow>, StoreFault> {
    const SQL: &str =
        "SELECT id, office, way, topics, held_on, state, sealed, recorded_by FROM trainings WHERE id = $1";
    let row: Option<Columns> = on_engine!(conn, "reading a training", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(TrainingRow::of))
}

/// The trainings of an office, the latest first.
pub async fn of_office(conn: &mut Conn, office: OfficeId, most: i64) -> Result<Vec<TrainingRow>, StoreFault> {
    const SQL: &str = "SELECT id, office, way, topics, held_on, state, sealed, recorded_by FROM trainings WHERE office = $1 \
                       ORDER BY held_on DESC, id DESC LIMIT $2";
    let rows: Vec<Columns> = on_engine!(conn, "listing trainings", c => sqlx::query_as(SQL)
        .bind(office.0).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(TrainingRow::of).collect())
}

/// Who attended a training, by their places.
pub async fn attended(conn: &mut Conn, training: TrainingId) -> Result<Vec<AffiliationId>, StoreFault> {
    const SQL: &str = "SELECT affiliation FROM attendances WHERE training = $1 ORDER BY affiliation";
    let rows: Vec<Uuid> = on_engine!(conn, "reading who attended", c => sqlx::query_scalar(SQL)
        .bind(training.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AffiliationId).collect())
}

/// How many trainings somebody said since then that she attended.
pub async fn declared_since(conn: &mut Conn, account: AccountId, since: Millis) -> Result<i64, StoreFault> {
    const SQL: &str =
        "SELECT COUNT(*) FROM trainings WHERE recorded_by = $1 AND recorded_at >= $2 AND topics = ''";
    on_engine!(conn, "counting declarations", c => sqlx::query_scalar(SQL)
        .bind(account.0).bind(since.0).fetch_one(c).await)
}

/// The places of a person in the region of one of hers.
async fn beside(conn: &mut Conn, place: AffiliationId) -> Result<Vec<AffiliationId>, StoreFault> {
    const SQL: &str = "SELECT o.id FROM affiliations f JOIN affiliations o ON o.account = f.account AND o.region = f.region \
                       AND o.office IS NOT NULL WHERE f.id = $1 ORDER BY o.id";
    let rows: Vec<Uuid> = on_engine!(conn, "finding somebody's places", c => sqlx::query_scalar(SQL)
        .bind(place.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AffiliationId).collect())
}

impl Tx {
    /// Keeps a training and who attended.
    pub(super) async fn insert_training(
        &mut self,
        row: &TrainingRow,
        attended: &[AffiliationId],
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO trainings (id, office, way, topics, held_on, state, sealed, recorded_by, recorded_at) \
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        const ATTENDED: &str = "INSERT INTO attendances (training, affiliation) VALUES ($1, $2)";
        let topics = row.topics.iter().map(|topic| topic.as_str()).collect::<Vec<_>>().join(",");
        on_engine!(self.conn(), "keeping a training", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.office.0).bind(row.way.as_str()).bind(&topics).bind(&row.held_on)
            .bind(row.state.as_str()).bind(&row.sealed).bind(row.recorded_by.0).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        for place in attended {
            on_engine!(self.conn(), "keeping who attended", c => sqlx::query(ATTENDED)
                .bind(row.id.0).bind(place.0).execute(c).await.map(|_| ()))?;
        }
        Ok(())
    }

    /// Decides about a declaration.
    pub(super) async fn decide_training(
        &mut self,
        id: TrainingId,
        state: TrainingState,
        by: AccountId,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE trainings SET state = $2, decided_by = $3, decided_at = $4 WHERE id = $1";
        on_engine!(self.conn(), "deciding about a training", c => sqlx::query(SQL)
            .bind(id.0).bind(state.as_str()).bind(by.0).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// She attended one on that day: it counts for all her places in the region, which are given.
    pub(super) async fn train(
        &mut self,
        place: AffiliationId,
        on: &str,
    ) -> Result<Vec<AffiliationId>, StoreFault> {
        const SQL: &str = "UPDATE affiliations SET trained_on = $2 WHERE id = $1 \
                           AND (trained_on IS NULL OR trained_on = 'before' OR trained_on < $2)";
        let places = beside(self.conn(), place).await?;
        for place in &places {
            on_engine!(self.conn(), "keeping a training's day", c => sqlx::query(SQL)
                .bind(place.0).bind(on).execute(c).await.map(|_| ()))?;
        }
        Ok(places)
    }
}

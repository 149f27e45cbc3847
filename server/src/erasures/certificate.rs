//! What is left of an erased room: a signed line of ids and times, and not a word of what was written (001§29-7, c-10).

use super::store::ErasureRow;
use crate::backups::Places;
use tsumugi_protocol::{ErasureCertificate, Millis};

/// The certificate of a row, once every time is known and it is signed.
pub(super) fn of(row: &ErasureRow) -> Option<ErasureCertificate> {
    let (destroyed_at, cleared_at) = (row.destroyed_at?, row.cleared_at?);
    Some(ErasureCertificate {
        posts: row.posts?,
        listed_at: row.listed_at?,
        destroyed_at,
        cleared_at,
        content_copies_until: cleared_at.plus(Places::KEPT),
        key_copies_until: destroyed_at.plus(Places::KEPT),
        statement: row.statement.clone()?,
        signature: row.signature.clone()?,
    })
}

/// The line that is signed; nothing while a time is missing.
pub(super) fn statement(row: &ErasureRow) -> Option<String> {
    let (listed_at, destroyed_at, cleared_at) = (row.listed_at?, row.destroyed_at?, row.cleared_at?);
    let seconded_by = row.seconded_by.map_or_else(|| "-".to_owned(), |by| by.to_string());
    Some(format!(
        "tsumugi-erasure-1 {} room={} region={} office={} key={} wisher={} given_on={} asked_by={} asked_at={} seconded_by={seconded_by} \
         decided_at={} listed_at={} destroyed_at={} cleared_at={} posts={} content_copies_until={} key_copies_until={}",
        row.id,
        row.room,
        row.region,
        row.office,
        row.key,
        row.wisher.as_str(),
        row.given_on,
        row.asked_by,
        moment(row.asked_at),
        moment(row.decided_at?),
        moment(listed_at),
        moment(destroyed_at),
        moment(cleared_at),
        row.posts?,
        moment(cleared_at.plus(Places::KEPT)),
        moment(destroyed_at.plus(Places::KEPT)),
    ))
}

fn moment(at: Millis) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.to_string(), |at| at.to_string())
}

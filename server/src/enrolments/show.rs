//! A case as whoever has its link sees it: what is filled in, what is missing, what the desk said.

use super::standing::{Case, by_link};
use crate::app::App;
use crate::error::Result;
use std::net::IpAddr;
use tsumugi_protocol::{EnrolmentLink, EnrolmentSeen};

/// Shows it, as long as its link is good.
///
/// # Errors
/// As [`by_link`].
pub async fn show(app: &App, source: IpAddr, ask: &EnrolmentLink) -> Result<EnrolmentSeen> {
    let (_, row) = by_link(app, source, &ask.link).await?;
    let mut view = app.store.view().await?;
    Ok(Case::of(app, view.conn(), row).await?.for_the_applicant())
}

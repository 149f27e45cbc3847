//! All SQL of enrolments.

use crate::store::{Conn, StoreFault, Tx, on_engine};
use tsumugi_protocol::{
    AccountId, AffiliationId, EnrolmentId, EnrolmentState, GovernanceRole, Lang, Millis, OfficeId, PaperKind,
    RegionId, Role, SignedHow,
};
use uuid::Uuid;

/// A case as it is stored.
#[derive(Debug, Clone)]
pub struct EnrolmentRow {
    /// Its id.
    pub id: EnrolmentId,
    /// The region.
    pub region: RegionId,
    /// The name of the region's rules.
    pub profile: String,
    /// The office to be.
    pub office: OfficeId,
    /// How far it has come.
    pub state: EnrolmentState,
    /// The applicant's language.
    pub lang: Lang,
    /// Its key, which becomes the office's.
    pub key_id: Uuid,
    /// Form, address, reasons, visit.
    pub sealed: Vec<u8>,
    /// Until when its link is good.
    pub link_until: Millis,
    /// Who opened it.
    pub opened_by: AccountId,
    /// When.
    pub opened_at: Millis,
    /// When it was last handed in.
    pub submitted_at: Option<Millis>,
    /// When the desk last decided.
    pub decided_at: Option<Millis>,
}

/// The columns of an [`EnrolmentRow`], in the order in which they are read.
macro_rules! columns {
    () => {
        "SELECT e.id, e.region, r.profile, e.office, e.state, e.lang, e.key_id, e.sealed, e.link_until, e.opened_by, \
         e.opened_at, e.submitted_at, e.decided_at FROM enrolments e JOIN regions r ON r.id = e.region WHERE "
    };
}

type Columns =
    (Uuid, Uuid, String, Uuid, String, String, Uuid, Vec<u8>, i64, Uuid, i64, Option<i64>, Option<i64>);

/// A word that nobody knows makes no case.
fn row_of(
    (id, region, profile, office, state, lang, key_id, sealed, until, by, at, submitted, decided): Columns,
) -> Option<EnrolmentRow> {
    Some(EnrolmentRow {
        id: EnrolmentId(id),
        region: RegionId(region),
        profile,
        office: OfficeId(office),
        state: EnrolmentState::of(&state)?,
        lang: Lang::of(&lang)?,
        key_id,
        sealed,
        link_until: Millis(until),
        opened_by: AccountId(by),
        opened_at: Millis(at),
        submitted_at: submitted.map(Millis),
        decided_at: decided.map(Millis),
    })
}

/// A case.
pub async fn enrolment(conn: &mut Conn, id: EnrolmentId) -> Result<Option<EnrolmentRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "e.id = $1");
    let row: Option<Columns> = on_engine!(conn, "reading a case", c => sqlx::query_as(SQL)
        .bind(id.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The case of an office.
pub async fn of_office(conn: &mut Conn, office: OfficeId) -> Result<Option<EnrolmentRow>, StoreFault> {
    const SQL: &str = concat!(columns!(), "e.office = $1");
    let row: Option<Columns> = on_engine!(conn, "finding an office's case", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The case whose link is good.
pub async fn by_link(conn: &mut Conn, hash: &[u8], now: Millis) -> Result<Option<EnrolmentRow>, StoreFault> {
    const SQL: &str =
        concat!(columns!(), "e.link_hash = $1 AND e.link_until > $2 AND e.state <> 'withdrawn'");
    let row: Option<Columns> = on_engine!(conn, "finding a case by its link", c => sqlx::query_as(SQL)
        .bind(hash).bind(now.0).fetch_optional(c).await)?;
    Ok(row.and_then(row_of))
}

/// The cases of a region: those that wait for its desk, then the newest.
pub async fn of_region(conn: &mut Conn, region: RegionId) -> Result<Vec<EnrolmentRow>, StoreFault> {
    const SQL: &str = concat!(
        columns!(),
        "e.region = $1 ORDER BY CASE WHEN e.state = 'submitted' THEN 0 ELSE 1 END, e.opened_at DESC, e.id LIMIT 200"
    );
    let rows: Vec<Columns> = on_engine!(conn, "listing cases", c => sqlx::query_as(SQL)
        .bind(region.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(row_of).collect())
}

/// The rules of a region.
pub async fn profile_of(conn: &mut Conn, region: RegionId) -> Result<Option<String>, StoreFault> {
    const SQL: &str = "SELECT profile FROM regions WHERE id = $1";
    on_engine!(conn, "finding a region's rules", c => sqlx::query_scalar(SQL).bind(region.0).fetch_optional(c).await)
}

/// A paper as it is written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Which.
    pub kind: PaperKind,
    /// Of whom, where it is not the office's own.
    pub affiliation: Option<AffiliationId>,
    /// How it is signed.
    pub how: SignedHow,
    /// On which day.
    pub signed_on: String,
    /// On which day the desk received the original.
    pub received_on: Option<String>,
    /// Since which day the office keeps a copy.
    pub copy_kept_on: Option<String>,
}

impl PaperRow {
    /// Whether it is where it belongs: the original at the desk, and of an admin's pledge a copy in the office (004-form1-fields).
    pub fn is_complete(&self) -> bool {
        match self.kind {
            PaperKind::Application | PaperKind::HeadPledge => self.received_on.is_some(),
            PaperKind::AdminPledge => self.received_on.is_some() && self.copy_kept_on.is_some(),
        }
    }
}

/// The papers of an office.
pub async fn papers(conn: &mut Conn, office: OfficeId) -> Result<Vec<PaperRow>, StoreFault> {
    const SQL: &str = "SELECT kind, subject, how, signed_on, received_on, copy_kept_on FROM office_papers \
                       WHERE office = $1 ORDER BY kind, subject";
    type Paper = (String, Uuid, String, String, Option<String>, Option<String>);
    let rows: Vec<Paper> = on_engine!(conn, "reading an office's papers", c => sqlx::query_as(SQL)
        .bind(office.0).fetch_all(c).await)?;
    let row = |(kind, subject, how, signed_on, received_on, copy_kept_on): Paper| {
        Some(PaperRow {
            kind: PaperKind::of(&kind)?,
            affiliation: Some(AffiliationId(subject)).filter(|_| subject != office.0),
            how: SignedHow::of(&how)?,
            signed_on,
            received_on,
            copy_kept_on,
        })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

/// One of the first people of an accepted office.
#[derive(Debug, Clone)]
pub struct EnrolledRow {
    /// Her place, or the place to be.
    pub affiliation: AffiliationId,
    /// Her account.
    pub account: AccountId,
    /// Signs for the office.
    pub is_head: bool,
    /// Runs the service inside it.
    pub is_admin: bool,
    /// On which day the role was explained.
    pub explained_on: Option<String>,
    /// Which duty she holds.
    pub holds: Option<GovernanceRole>,
    /// The account of the head who named her.
    pub appointed_by: Option<AccountId>,
}

type Enrolled = (Uuid, Uuid, i64, i64, Option<String>, Option<String>, Option<Uuid>);

fn enrolled_of((place, account, head, admin, explained_on, holds, by): Enrolled) -> EnrolledRow {
    EnrolledRow {
        affiliation: AffiliationId(place),
        account: AccountId(account),
        is_head: head != 0,
        is_admin: admin != 0,
        explained_on,
        holds: holds.as_deref().and_then(GovernanceRole::of),
        appointed_by: by.map(AccountId),
    }
}

/// Whether a place to be is one of an accepted office's first people.
pub async fn enrolled(conn: &mut Conn, place: AffiliationId) -> Result<Option<EnrolledRow>, StoreFault> {
    const SQL: &str = "SELECT affiliation, account, is_head, is_admin, explained_on, holds, appointed_by \
                       FROM enrolled_people WHERE affiliation = $1";
    let row: Option<Enrolled> = on_engine!(conn, "finding somebody of a new office", c => sqlx::query_as(SQL)
        .bind(place.0).fetch_optional(c).await)?;
    Ok(row.map(enrolled_of))
}

/// The first people of an office who have set no password yet.
pub async fn not_come_in(conn: &mut Conn, enrolment: EnrolmentId) -> Result<Vec<AccountId>, StoreFault> {
    const SQL: &str = "SELECT p.account FROM enrolled_people p JOIN accounts a ON a.id = p.account \
                       JOIN affiliations f ON f.id = p.affiliation AND f.ended_at IS NULL \
                       WHERE p.enrolment = $1 AND a.password_hash IS NULL AND a.state = 'active' ORDER BY p.account";
    let rows: Vec<Uuid> = on_engine!(conn, "finding who has not come in", c => sqlx::query_scalar(SQL)
        .bind(enrolment.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(AccountId).collect())
}

/// Whether a link was the invitation of one of a new office's first people, and its time is over.
pub async fn is_lapsed_invitation(conn: &mut Conn, link: &[u8], now: Millis) -> Result<bool, StoreFault> {
    const SQL: &str = "SELECT COUNT(*) FROM links l JOIN enrolled_people p ON p.account = l.account \
                       WHERE l.token_hash = $1 AND l.purpose = 'first_sign_in' AND l.used_at IS NULL AND l.expires_at <= $2";
    let count: i64 = on_engine!(conn, "looking for an old invitation", c => sqlx::query_scalar(SQL)
        .bind(link).bind(now.0).fetch_one(c).await)?;
    Ok(count > 0)
}

/// The regions in which somebody works, and whether the account is staff's.
pub async fn regions_of_staff(conn: &mut Conn, account: AccountId) -> Result<Vec<RegionId>, StoreFault> {
    const SQL: &str = "SELECT DISTINCT f.region FROM affiliations f \
                       WHERE f.account = $1 AND f.office IS NOT NULL AND f.ended_at IS NULL ORDER BY f.region";
    let rows: Vec<Uuid> = on_engine!(conn, "finding where somebody works", c => sqlx::query_scalar(SQL)
        .bind(account.0).fetch_all(c).await)?;
    Ok(rows.into_iter().map(RegionId).collect())
}

/// A new case.
pub(super) struct NewEnrolment<'a> {
    pub id: EnrolmentId,
    pub region: RegionId,
    pub office: OfficeId,
    pub lang: Lang,
    pub key_id: Uuid,
    pub sealed: &'a [u8],
    pub link: &'a [u8],
    pub until: Millis,
    pub by: AccountId,
}

/// A case after a step.
pub(super) struct Moved<'a> {
    pub to: EnrolmentState,
    pub sealed: &'a [u8],
    pub submitted_at: Option<Millis>,
    pub decided: Option<(AccountId, Millis)>,
}

impl Tx {
    /// Keeps a new case.
    pub(super) async fn insert_enrolment(
        &mut self,
        new: &NewEnrolment<'_>,
        now: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO enrolments (id, region, office, state, lang, key_id, sealed, link_hash, link_until, \
                           opened_by, opened_at) VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10)";
        on_engine!(self.conn(), "opening a case of an office", c => sqlx::query(SQL)
            .bind(new.id.0).bind(new.region.0).bind(new.office.0).bind(new.lang.as_str()).bind(new.key_id)
            .bind(new.sealed).bind(new.link).bind(new.until.0).bind(new.by.0).bind(now.0)
            .execute(c).await.map(|_| ()))
    }

    /// Moves a case on from the state in which it was read; whether it was still there.
    pub(super) async fn move_enrolment(
        &mut self,
        row: &EnrolmentRow,
        moved: &Moved<'_>,
    ) -> Result<bool, StoreFault> {
        const SQL: &str = "UPDATE enrolments SET state = $3, sealed = $4, submitted_at = $5, \
                           decided_by = COALESCE($6, decided_by), decided_at = $7 WHERE id = $1 AND state = $2";
        let submitted = moved.submitted_at.or(row.submitted_at).map(|at| at.0);
        let (by, at) = moved.decided.unzip();
        let at = at.or(row.decided_at).map(|at| at.0);
        on_engine!(self.conn(), "moving a case on", c => sqlx::query(SQL)
            .bind(row.id.0).bind(row.state.as_str()).bind(moved.to.as_str()).bind(moved.sealed)
            .bind(submitted).bind(by.map(|by| by.0)).bind(at)
            .execute(c).await.map(|done| done.rows_affected() == 1))
    }

    /// Gives a case another link; the one before is good no more.
    pub(super) async fn relink_enrolment(
        &mut self,
        id: EnrolmentId,
        link: &[u8],
        until: Millis,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "UPDATE enrolments SET link_hash = $2, link_until = $3 WHERE id = $1";
        on_engine!(self.conn(), "giving a case another link", c => sqlx::query(SQL)
            .bind(id.0).bind(link).bind(until.0).execute(c).await.map(|_| ()))
    }

    /// Writes down a paper, in place of what was written down of it.
    pub(super) async fn put_paper(
        &mut self,
        office: OfficeId,
        paper: &PaperRow,
        (by, now): (Option<AccountId>, Millis),
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO office_papers (office, kind, subject, how, signed_on, received_on, copy_kept_on, recorded_by, \
                           recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (office, kind, subject) DO UPDATE \
                           SET how = $4, signed_on = $5, received_on = $6, copy_kept_on = $7, recorded_by = $8, recorded_at = $9";
        let subject = paper.affiliation.map_or(office.0, |of| of.0);
        on_engine!(self.conn(), "keeping a paper", c => sqlx::query(SQL)
            .bind(office.0).bind(paper.kind.as_str()).bind(subject).bind(paper.how.as_str())
            .bind(paper.signed_on.as_str()).bind(paper.received_on.as_deref()).bind(paper.copy_kept_on.as_deref())
            .bind(by.map(|by| by.0)).bind(now.0).execute(c).await.map(|_| ()))
    }

    /// Strikes out what was signed on the form, where it no longer is.
    pub(super) async fn drop_electronic(
        &mut self,
        office: OfficeId,
        kind: PaperKind,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "DELETE FROM office_papers WHERE office = $1 AND kind = $2 AND subject = $1 AND how = 'electronic'";
        on_engine!(self.conn(), "striking out a signature", c => sqlx::query(SQL)
            .bind(office.0).bind(kind.as_str()).execute(c).await.map(|_| ()))
    }

    /// Keeps one of the first people of an accepted office.
    pub(super) async fn insert_enrolled(
        &mut self,
        enrolment: EnrolmentId,
        row: &EnrolledRow,
    ) -> Result<(), StoreFault> {
        const SQL: &str = "INSERT INTO enrolled_people (affiliation, enrolment, account, is_head, is_admin, explained_on, holds, \
                           appointed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on_engine!(self.conn(), "keeping somebody of a new office", c => sqlx::query(SQL)
            .bind(row.affiliation.0).bind(enrolment.0).bind(row.account.0).bind(i64::from(row.is_head))
            .bind(i64::from(row.is_admin)).bind(row.explained_on.as_deref())
            .bind(row.holds.map(GovernanceRole::as_str)).bind(row.appointed_by.map(|by| by.0))
            .execute(c).await.map(|_| ()))
    }

    /// Gives one of an office's first people, whose place is there now, the roles for which its head named her; the record of
    /// the appointment says who did, and when it was explained (000§7, 001§13, 003§7).
    pub async fn take_up_enrolled(
        &mut self,
        appointment: Uuid,
        (office, row): (OfficeId, &EnrolledRow),
        now: Millis,
    ) -> Result<(), StoreFault> {
        const ROLE: &str = "INSERT INTO roles (affiliation, role, created_at) VALUES ($1, $2, $3) \
                            ON CONFLICT (affiliation, role) DO NOTHING";
        const RECORD: &str = "INSERT INTO appointments (id, affiliation, role, offered_by, explained_on, holds, created_at, expires_at, \
                              answered_at, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, 'accepted')";
        const DUTY: &str = "INSERT INTO governance_roles (office, role, affiliation, created_at) VALUES ($1, $2, $3, $4) \
                            ON CONFLICT (office, role) DO NOTHING";
        let held = [(row.is_head, Role::OfficeHead), (row.is_admin, Role::OfficeAdmin)];
        for (_, role) in held.into_iter().filter(|(is_hers, _)| *is_hers) {
            on_engine!(self.conn(), "giving a first role", c => sqlx::query(ROLE)
                .bind(row.affiliation.0).bind(role.as_str()).bind(now.0).execute(c).await.map(|_| ()))?;
        }
        if !row.is_admin {
            return Ok(());
        }
        let holds = row.holds.map(GovernanceRole::as_str);
        on_engine!(self.conn(), "recording a first appointment", c => sqlx::query(RECORD)
            .bind(appointment).bind(row.affiliation.0).bind(Role::OfficeAdmin.as_str())
            .bind(row.appointed_by.map(|by| by.0)).bind(row.explained_on.as_deref()).bind(holds).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        let Some(duty) = holds else { return Ok(()) };
        on_engine!(self.conn(), "keeping a first duty", c => sqlx::query(DUTY)
            .bind(office.0).bind(duty).bind(row.affiliation.0).bind(now.0).execute(c).await.map(|_| ()))
    }
}

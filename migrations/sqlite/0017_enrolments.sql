-- SQLite: how an office comes in. Offices that were there before came in by the operator's hand and have no case.

-- A new office's case. Its `office` is there only once it is accepted; `sealed` (form, address, reasons, visit) has the key that
-- becomes the office's. `state` is `draft`, `submitted`, `returned`, `accepted` or `withdrawn`.
CREATE TABLE enrolments (
    id BLOB NOT NULL PRIMARY KEY,
    region BLOB NOT NULL REFERENCES regions (id),
    office BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    lang TEXT NOT NULL,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    link_hash BLOB NOT NULL UNIQUE,
    link_until INTEGER NOT NULL,
    opened_by BLOB NOT NULL REFERENCES accounts (id),
    opened_at INTEGER NOT NULL,
    submitted_at INTEGER,
    decided_by BLOB REFERENCES accounts (id),
    decided_at INTEGER
) STRICT;
CREATE INDEX enrolments_of_region ON enrolments (region, opened_at);

-- A paper of an office, and where its original and copy are; `subject` is whose it is: a place, or the office itself. It stays
-- when the office, or who signed it, leaves.
CREATE TABLE office_papers (
    office BLOB NOT NULL,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    how TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    received_on TEXT,
    copy_kept_on TEXT,
    recorded_by BLOB REFERENCES accounts (id),
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (office, kind, subject)
) STRICT;

-- The first people of an accepted office, by the place to be; who had an account takes it up herself.
CREATE TABLE enrolled_people (
    affiliation BLOB NOT NULL PRIMARY KEY,
    enrolment BLOB NOT NULL REFERENCES enrolments (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    is_head INTEGER NOT NULL,
    is_admin INTEGER NOT NULL,
    explained_on TEXT,
    holds TEXT,
    appointed_by BLOB REFERENCES accounts (id)
) STRICT;
CREATE INDEX enrolled_people_of_case ON enrolled_people (enrolment);
CREATE INDEX enrolled_people_by_account ON enrolled_people (account);

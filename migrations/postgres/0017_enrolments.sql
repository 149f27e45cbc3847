-- PostgreSQL: how an office comes in. Offices that were there before came in by the operator's hand and have no case.

-- A new office's case. Its `office` is there only once it is accepted; `sealed` (form, address, reasons, visit) has the key that
-- becomes the office's. `state` is `draft`, `submitted`, `returned`, `accepted` or `withdrawn`.
CREATE TABLE enrolments (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    office UUID NOT NULL UNIQUE,
    state TEXT NOT NULL,
    lang TEXT NOT NULL,
    key_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    link_hash BYTEA NOT NULL UNIQUE,
    link_until BIGINT NOT NULL,
    opened_by UUID NOT NULL REFERENCES accounts (id),
    opened_at BIGINT NOT NULL,
    submitted_at BIGINT,
    decided_by UUID REFERENCES accounts (id),
    decided_at BIGINT
);
CREATE INDEX enrolments_of_region ON enrolments (region, opened_at);

-- A paper of an office, and where its original and copy are; `subject` is whose it is: a place, or the office itself. It stays
-- when the office, or who signed it, leaves.
CREATE TABLE office_papers (
    office UUID NOT NULL,
    kind TEXT NOT NULL,
    subject UUID NOT NULL,
    how TEXT NOT NULL,
    signed_on TEXT NOT NULL,
    received_on TEXT,
    copy_kept_on TEXT,
    recorded_by UUID REFERENCES accounts (id),
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (office, kind, subject)
);

-- The first people of an accepted office, by the place to be; who had an account takes it up herself.
CREATE TABLE enrolled_people (
    affiliation UUID NOT NULL PRIMARY KEY,
    enrolment UUID NOT NULL REFERENCES enrolments (id),
    account UUID NOT NULL REFERENCES accounts (id),
    is_head BIGINT NOT NULL,
    is_admin BIGINT NOT NULL,
    explained_on TEXT,
    holds TEXT,
    appointed_by UUID REFERENCES accounts (id)
);
CREATE INDEX enrolled_people_of_case ON enrolled_people (enrolment);
CREATE INDEX enrolled_people_by_account ON enrolled_people (account);

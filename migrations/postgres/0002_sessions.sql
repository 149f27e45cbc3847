-- PostgreSQL: how a session comes about and how long it stands.

-- Sign-ins that failed in a row, by the keyed hash of the name that was tried, whether anybody has that name or not.
CREATE TABLE sign_in_counts (
    hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    until BIGINT NOT NULL,
    tried_at BIGINT NOT NULL
);
CREATE INDEX sign_in_counts_by_time ON sign_in_counts (tried_at);

-- What a session still lacks before it is whole: a comma list, empty when nothing.
ALTER TABLE sessions ADD COLUMN next TEXT NOT NULL DEFAULT '';
-- The program that came in, in two words.
ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- Whether a new password has to be set at the next sign-in.
ALTER TABLE accounts ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0;

-- Why somebody did something to an account or a device: sealed, and referred to by the audit row.
CREATE TABLE reasons (
    id UUID NOT NULL PRIMARY KEY,
    subject UUID NOT NULL,
    written_by UUID REFERENCES accounts (id),
    act TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX reasons_of_subject ON reasons (subject, created_at);

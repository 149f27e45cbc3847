-- SQLite: how a session comes about and how long it stands.

-- Sign-ins that failed in a row, by the keyed hash of the name that was tried, whether anybody has that name or not.
CREATE TABLE sign_in_counts (
    hash BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    until INTEGER NOT NULL,
    tried_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_counts_by_time ON sign_in_counts (tried_at);

-- What a session still lacks before it is whole: a comma list, empty when nothing.
ALTER TABLE sessions ADD COLUMN next TEXT NOT NULL DEFAULT '';
-- The program that came in, in two words.
ALTER TABLE sessions ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- Whether a new password has to be set at the next sign-in.
ALTER TABLE accounts ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;

-- Why somebody did something to an account or a device: sealed, and referred to by the audit row.
CREATE TABLE reasons (
    id BLOB NOT NULL PRIMARY KEY,
    subject BLOB NOT NULL,
    written_by BLOB REFERENCES accounts (id),
    act TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX reasons_of_subject ON reasons (subject, created_at);

-- SQLite: what stands beside a person's name: her photo, and the marks that she was looked at.

-- A photo has a row even after it was taken away: its version only rises.
CREATE TABLE photos (
    account BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    version INTEGER NOT NULL,
    sealed BLOB
) STRICT;

-- `document` is erased † 30 days after the decision (c-47). `card` says what it is about, `reason` why it was decided so.
CREATE TABLE verifications (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    card BLOB NOT NULL REFERENCES cards (id),
    occupation TEXT NOT NULL,
    state TEXT NOT NULL,
    document BLOB,
    asked_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by BLOB REFERENCES accounts (id),
    reason BLOB
) STRICT;
CREATE INDEX verifications_of_account ON verifications (account);

-- SQLite: who is kept out of an office's timelines, cases of the support desk, who left, and who is asked into an office.

-- Kept out of every timeline whose steward the office is (000-note(2)b). What she was a member of stands as `barred`.
CREATE TABLE bars (
    office BLOB NOT NULL REFERENCES offices (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (office, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX rooms_of_steward ON rooms (steward);

-- On a recorded enquiry: lets an admin close one account once (002-2.1S4).
CREATE TABLE support_cases (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    reason BLOB NOT NULL REFERENCES reasons (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by BLOB REFERENCES accounts (id),
    used_at INTEGER
) STRICT;
CREATE INDEX support_cases_of_account ON support_cases (account);

-- Of whom it was told that she left and did not close her account (002-2.1M9); by the place that ended last.
CREATE TABLE leavers_told (
    affiliation BLOB NOT NULL PRIMARY KEY REFERENCES affiliations (id),
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX affiliations_of_office ON affiliations (office, ended_at);
CREATE INDEX affiliations_ended ON affiliations (ended_at) WHERE ended_at IS NOT NULL;

-- An office asks somebody who has an account already; the id is that of the place to be. Sealed: name and reading.
CREATE TABLE admissions (
    id BLOB NOT NULL PRIMARY KEY,
    office BLOB NOT NULL REFERENCES offices (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    asked_by BLOB NOT NULL REFERENCES accounts (id),
    occupation TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    answered_at INTEGER,
    answer TEXT
) STRICT;
CREATE INDEX admissions_of_account ON admissions (account, created_at);

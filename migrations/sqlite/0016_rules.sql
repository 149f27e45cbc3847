-- SQLite: who acknowledged which rules, what an office adds to them, and exceptions from the rule of devices.

-- The version in force when it was first looked at here: whoever was there before is asked from the next one on.
ALTER TABLE regions ADD COLUMN rules_first TEXT;

-- Who acknowledged which version of a region's rules; `person` is who acted in a shared account, else nobody (all zeros).
CREATE TABLE rules_acknowledged (
    account BLOB NOT NULL REFERENCES accounts (id),
    person BLOB NOT NULL,
    region BLOB NOT NULL REFERENCES regions (id),
    version TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, person, region, version)
) STRICT;
CREATE INDEX rules_acknowledged_of_region ON rules_acknowledged (region, account);

-- What an office adds, in all its versions: the last one holds. `rules` are names and values of knobs; `sealed` its own text.
CREATE TABLE supplements (
    office BLOB NOT NULL REFERENCES offices (id),
    version INTEGER NOT NULL,
    rules TEXT NOT NULL,
    sealed BLOB NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES accounts (id),
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (office, version)
) STRICT;
-- The name under which its region's rules with its own are found; none where it adds nothing.
ALTER TABLE offices ADD COLUMN rules TEXT;

-- Sealed with the region's key: area and reason; `review` what was found. Of one's own: `account` and the `office` she works for;
-- it holds once it was confirmed by the mailed link, and only for the session that shows it.
CREATE TABLE exceptions (
    id BLOB NOT NULL PRIMARY KEY,
    region BLOB NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    declared_as TEXT NOT NULL,
    declared_by BLOB NOT NULL REFERENCES accounts (id),
    account BLOB REFERENCES accounts (id),
    office BLOB REFERENCES offices (id),
    link BLOB,
    sealed BLOB NOT NULL,
    declared_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    until INTEGER NOT NULL,
    ended_at INTEGER,
    ended_by BLOB REFERENCES accounts (id),
    reviewed_at INTEGER,
    reviewed_by BLOB REFERENCES accounts (id),
    review BLOB
) STRICT;
CREATE INDEX exceptions_of_region ON exceptions (region, until);
CREATE INDEX exceptions_open ON exceptions (until) WHERE ended_at IS NULL;

-- The offices that one was declared for; all of its region where there is none.
CREATE TABLE exception_offices (
    exception BLOB NOT NULL REFERENCES exceptions (id),
    office BLOB NOT NULL REFERENCES offices (id),
    PRIMARY KEY (exception, office)
) STRICT, WITHOUT ROWID;

-- Under which exception a session was opened.
ALTER TABLE sessions ADD COLUMN exception BLOB REFERENCES exceptions (id);
CREATE INDEX sessions_under_exception ON sessions (exception) WHERE exception IS NOT NULL;

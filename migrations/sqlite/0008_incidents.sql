-- SQLite: incidents: what went wrong, who deals with it, what was done (000-note(3)j, k; 001§14-2f, §19-4, §28-3).

-- One about no account is about devices of an office. `reminded_at` is when its recipients were last told that it waits.
CREATE TABLE incidents (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    account BLOB REFERENCES accounts (id),
    device BLOB REFERENCES devices (id),
    sealed BLOB,
    created_at INTEGER NOT NULL,
    reminded_at INTEGER
) STRICT;
CREATE INDEX incidents_of_account ON incidents (account, created_at);
CREATE INDEX incidents_by_status ON incidents (status, created_at);

-- Who deals with it: the admins of an office, or the secretariat of a region. `card` is the account's there.
CREATE TABLE incident_recipients (
    incident BLOB NOT NULL REFERENCES incidents (id),
    recipient BLOB NOT NULL,
    is_desk INTEGER NOT NULL,
    card BLOB REFERENCES cards (id),
    PRIMARY KEY (incident, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_of_recipient ON incident_recipients (recipient);

-- What was said at a step stands among the reasons.
CREATE TABLE incident_steps (
    id BLOB NOT NULL PRIMARY KEY,
    incident BLOB NOT NULL REFERENCES incidents (id),
    kind TEXT NOT NULL,
    written_by BLOB NOT NULL REFERENCES accounts (id),
    reason BLOB REFERENCES reasons (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX steps_of_incident ON incident_steps (incident, at);

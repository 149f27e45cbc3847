-- SQLite: what the members of a room agreed on, and by which consents a patient's data goes through a connection.

-- Versions from 1; the newest stands. Sealed with the room's key: aim, usage, hours, secondary use. What was there before the
-- first one has none, and nothing waits for it.
CREATE TABLE agreements (
    id BLOB NOT NULL PRIMARY KEY,
    room BLOB NOT NULL REFERENCES rooms (id),
    version INTEGER NOT NULL,
    set_by BLOB NOT NULL REFERENCES accounts (id),
    set_as BLOB NOT NULL REFERENCES cards (id),
    set_at INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX agreements_of_room ON agreements (room, version);

CREATE TABLE agreement_marks (
    agreement BLOB NOT NULL REFERENCES agreements (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (agreement, account)
) STRICT;

-- The exception of 001§16-2. `sealed`, under the room's key, is how the consent was obtained. `reminded_at`: when whoever recorded
-- it was last told that a timeline is due; `wanted_at`: when the steward of one in use was told that it is wanted (c-51).
CREATE TABLE permits (
    id BLOB NOT NULL PRIMARY KEY,
    room BLOB NOT NULL REFERENCES rooms (id),
    patient BLOB NOT NULL REFERENCES patients (id),
    recorded_by BLOB NOT NULL REFERENCES accounts (id),
    recorded_as BLOB NOT NULL REFERENCES cards (id),
    given_by TEXT NOT NULL,
    given_on TEXT NOT NULL,
    sealed BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    reminded_at INTEGER,
    wanted_at INTEGER,
    ended_at INTEGER,
    ended_by BLOB REFERENCES accounts (id)
) STRICT;
CREATE INDEX permits_of_room ON permits (room, patient);

-- PostgreSQL: what the members of a room agreed on, and by which consents a patient's data goes through a connection.

-- Versions from 1; the newest stands. Sealed with the room's key: aim, usage, hours, secondary use. What was there before the
-- first one has none, and nothing waits for it.
CREATE TABLE agreements (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    version BIGINT NOT NULL,
    set_by UUID NOT NULL REFERENCES accounts (id),
    set_as UUID NOT NULL REFERENCES cards (id),
    set_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX agreements_of_room ON agreements (room, version);

CREATE TABLE agreement_marks (
    agreement UUID NOT NULL REFERENCES agreements (id),
    account UUID NOT NULL REFERENCES accounts (id),
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (agreement, account)
);

-- The exception of 001§16-2. `sealed`, under the room's key, is how the consent was obtained. `reminded_at`: when whoever recorded
-- it was last told that a timeline is due; `wanted_at`: when the steward of one in use was told that it is wanted (c-51).
CREATE TABLE permits (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    patient UUID NOT NULL REFERENCES patients (id),
    recorded_by UUID NOT NULL REFERENCES accounts (id),
    recorded_as UUID NOT NULL REFERENCES cards (id),
    given_by TEXT NOT NULL,
    given_on TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    reminded_at BIGINT,
    wanted_at BIGINT,
    ended_at BIGINT,
    ended_by UUID REFERENCES accounts (id)
);
CREATE INDEX permits_of_room ON permits (room, patient);

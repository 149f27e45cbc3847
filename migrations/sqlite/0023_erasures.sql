-- SQLite: complete erasures of rooms: who asked for them on whose wish, who decided them, and how far they have come.

-- `sealed` holds who wished it and how that is known, under the key of the office. `state` goes from asked to cancelled, or by
-- decided, listed, destroyed and cleared to certified; each step can be repeated.
CREATE TABLE erasures (
    id BLOB NOT NULL PRIMARY KEY,
    room BLOB NOT NULL REFERENCES rooms (id),
    region BLOB NOT NULL REFERENCES regions (id),
    office BLOB NOT NULL REFERENCES offices (id),
    key_id BLOB NOT NULL,
    wisher TEXT NOT NULL,
    sealed BLOB NOT NULL,
    given_on TEXT NOT NULL,
    asked_by BLOB NOT NULL REFERENCES accounts (id),
    asked_as BLOB NOT NULL REFERENCES cards (id),
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    seconded_by BLOB REFERENCES accounts (id),
    seconded_as BLOB REFERENCES cards (id),
    decided_at INTEGER,
    listed_at INTEGER,
    destroyed_at INTEGER,
    cleared_at INTEGER,
    posts INTEGER,
    statement TEXT,
    signature TEXT
) STRICT;
CREATE INDEX erasures_of_room ON erasures (room);
CREATE INDEX erasures_by_state ON erasures (state);
CREATE INDEX erasures_of_office ON erasures (office);
CREATE INDEX erasures_of_region ON erasures (region);

-- Since when posts of a room may be missing, for whoever verifies the log.
CREATE INDEX audit_of_erased_rooms ON audit (room) WHERE act = 'erasures.destroy_key';

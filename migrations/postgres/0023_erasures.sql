-- PostgreSQL: complete erasures of rooms: who asked for them on whose wish, who decided them, and how far they have come.

-- `sealed` holds who wished it and how that is known, under the key of the office. `state` goes from asked to cancelled, or by
-- decided, listed, destroyed and cleared to certified; each step can be repeated.
CREATE TABLE erasures (
    id UUID NOT NULL PRIMARY KEY,
    room UUID NOT NULL REFERENCES rooms (id),
    region UUID NOT NULL REFERENCES regions (id),
    office UUID NOT NULL REFERENCES offices (id),
    key_id UUID NOT NULL,
    wisher TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    given_on TEXT NOT NULL,
    asked_by UUID NOT NULL REFERENCES accounts (id),
    asked_as UUID NOT NULL REFERENCES cards (id),
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    seconded_by UUID REFERENCES accounts (id),
    seconded_as UUID REFERENCES cards (id),
    decided_at BIGINT,
    listed_at BIGINT,
    destroyed_at BIGINT,
    cleared_at BIGINT,
    posts BIGINT,
    statement TEXT,
    signature TEXT
);
CREATE INDEX erasures_of_room ON erasures (room);
CREATE INDEX erasures_by_state ON erasures (state);
CREATE INDEX erasures_of_office ON erasures (office);
CREATE INDEX erasures_of_region ON erasures (region);

-- Since when posts of a room may be missing, for whoever verifies the log.
CREATE INDEX audit_of_erased_rooms ON audit (room) WHERE act = 'erasures.destroy_key';

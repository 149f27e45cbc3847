-- PostgreSQL: the tables of the core. Names, addresses and texts are sealed (BYTEA); times are UTC milliseconds.

-- 地域. `profile` names the policy profile in force.
CREATE TABLE regions (
    id UUID NOT NULL PRIMARY KEY,
    profile TEXT NOT NULL,
    key_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- 事業所.
CREATE TABLE offices (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    key_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX offices_of_region ON offices (region);

-- One person's sign-in. `email_hash` is a keyed hash of the normal form, unique per server.
CREATE TABLE accounts (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL,
    email_hash BYTEA NOT NULL UNIQUE,
    password_hash TEXT,
    key_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- The person cared for. `match_hash` finds the same person within the region.
CREATE TABLE patients (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    office UUID NOT NULL REFERENCES offices (id),
    match_hash BYTEA NOT NULL,
    key_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX patients_by_match ON patients (region, match_hash);

-- Name, office and occupation as of writing; a change makes a new card.
CREATE TABLE cards (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- An account's place in an office, or beside a patient.
CREATE TABLE affiliations (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    region UUID NOT NULL REFERENCES regions (id),
    office UUID REFERENCES offices (id),
    patient UUID REFERENCES patients (id),
    occupation TEXT NOT NULL,
    card UUID NOT NULL REFERENCES cards (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    CHECK ((office IS NULL) <> (patient IS NULL))
);
CREATE INDEX affiliations_of_account ON affiliations (account);

CREATE TABLE roles (
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (affiliation, role)
);

CREATE TABLE rooms (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    patient UUID REFERENCES patients (id),
    steward UUID REFERENCES offices (id),
    key_id UUID NOT NULL,
    sealed BYTEA,
    created_by UUID REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    CHECK ((patient IS NULL) = (steward IS NULL))
);

-- The counters of a room. `last_position` numbers posts, `change` everything a member may see change.
CREATE TABLE room_heads (
    room UUID NOT NULL PRIMARY KEY REFERENCES rooms (id),
    last_position BIGINT NOT NULL,
    change BIGINT NOT NULL,
    member_version BIGINT NOT NULL,
    active_at BIGINT NOT NULL
);

CREATE TABLE members (
    room UUID NOT NULL REFERENCES rooms (id),
    account UUID NOT NULL REFERENCES accounts (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    card UUID NOT NULL REFERENCES cards (id),
    state TEXT NOT NULL,
    from_position BIGINT NOT NULL,
    change BIGINT NOT NULL,
    invited_by UUID REFERENCES accounts (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (room, account)
);
CREATE INDEX members_of_account ON members (account, state);

CREATE TABLE posts (
    room UUID NOT NULL REFERENCES rooms (id),
    id UUID NOT NULL,
    position BIGINT NOT NULL,
    change BIGINT NOT NULL,
    author UUID NOT NULL REFERENCES accounts (id),
    card UUID NOT NULL REFERENCES cards (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reply_to UUID,
    written_at BIGINT,
    stored_at BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    PRIMARY KEY (room, position),
    UNIQUE (id, room)
);

-- One high-water mark per person and room.
CREATE TABLE receipts (
    room UUID NOT NULL REFERENCES rooms (id),
    account UUID NOT NULL REFERENCES accounts (id),
    position BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (room, account)
);

-- One signed-in device; the token itself is never stored.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    account UUID NOT NULL REFERENCES accounts (id),
    device UUID,
    factors TEXT NOT NULL,
    bound_fingerprint BYTEA,
    created_at BIGINT NOT NULL,
    last_act BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT
);
CREATE INDEX sessions_of_account ON sessions (account);

-- A secret link that is good once: first sign-in, later password reset.
CREATE TABLE links (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- What happened, without a word of content. Each server process writes a log of its own; `hash` chains its entries.
CREATE TABLE audit (
    log UUID NOT NULL,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    account UUID,
    session UUID,
    region UUID,
    room UUID,
    subject UUID,
    profile TEXT,
    detail TEXT,
    times BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (log, n)
);

-- The line of keys that sign a log's heads.
CREATE TABLE audit_keys (
    log UUID NOT NULL,
    serial BIGINT NOT NULL,
    key_id UUID NOT NULL,
    since BIGINT NOT NULL,
    public_key BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    PRIMARY KEY (log, serial)
);

-- Signed statements of how far a log had come.
CREATE TABLE audit_heads (
    log UUID NOT NULL,
    n BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    at BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    signature BYTEA NOT NULL,
    PRIMARY KEY (log, n)
);

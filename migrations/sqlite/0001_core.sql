-- SQLite: the tables of the core. Names, addresses and texts are sealed (BLOB); times are UTC milliseconds.

-- 地域. `profile` names the policy profile in force.
CREATE TABLE regions (
    id BLOB NOT NULL PRIMARY KEY,
    profile TEXT NOT NULL,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- 事業所.
CREATE TABLE offices (
    id BLOB NOT NULL PRIMARY KEY,
    region BLOB NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX offices_of_region ON offices (region);

-- One person's sign-in. `email_hash` is a keyed hash of the normal form, unique per server.
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL,
    email_hash BLOB NOT NULL UNIQUE,
    password_hash TEXT,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The person cared for. `match_hash` finds the same person within the region.
CREATE TABLE patients (
    id BLOB NOT NULL PRIMARY KEY,
    region BLOB NOT NULL REFERENCES regions (id),
    office BLOB NOT NULL REFERENCES offices (id),
    match_hash BLOB NOT NULL,
    key_id BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX patients_by_match ON patients (region, match_hash);

-- Name, office and occupation as of writing; a change makes a new card.
CREATE TABLE cards (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- An account's place in an office, or beside a patient.
CREATE TABLE affiliations (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    region BLOB NOT NULL REFERENCES regions (id),
    office BLOB REFERENCES offices (id),
    patient BLOB REFERENCES patients (id),
    occupation TEXT NOT NULL,
    card BLOB NOT NULL REFERENCES cards (id),
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK ((office IS NULL) <> (patient IS NULL))
) STRICT;
CREATE INDEX affiliations_of_account ON affiliations (account);

CREATE TABLE roles (
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (affiliation, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE rooms (
    id BLOB NOT NULL PRIMARY KEY,
    region BLOB NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    patient BLOB REFERENCES patients (id),
    steward BLOB REFERENCES offices (id),
    key_id BLOB NOT NULL,
    sealed BLOB,
    created_by BLOB REFERENCES accounts (id),
    created_at INTEGER NOT NULL,
    CHECK ((patient IS NULL) = (steward IS NULL))
) STRICT, WITHOUT ROWID;

-- The counters of a room. `last_position` numbers posts, `change` everything a member may see change.
CREATE TABLE room_heads (
    room BLOB NOT NULL PRIMARY KEY REFERENCES rooms (id),
    last_position INTEGER NOT NULL,
    change INTEGER NOT NULL,
    member_version INTEGER NOT NULL,
    active_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    room BLOB NOT NULL REFERENCES rooms (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    affiliation BLOB NOT NULL REFERENCES affiliations (id),
    card BLOB NOT NULL REFERENCES cards (id),
    state TEXT NOT NULL,
    from_position INTEGER NOT NULL,
    change INTEGER NOT NULL,
    invited_by BLOB REFERENCES accounts (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of_account ON members (account, state);

-- Rows lie in the order they are read in: a page of a room is a few neighbouring pages of the file (docs/decisions/0009).
CREATE TABLE posts (
    room BLOB NOT NULL REFERENCES rooms (id),
    id BLOB NOT NULL,
    position INTEGER NOT NULL,
    change INTEGER NOT NULL,
    author BLOB NOT NULL REFERENCES accounts (id),
    card BLOB NOT NULL REFERENCES cards (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reply_to BLOB,
    written_at INTEGER,
    stored_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (room, position),
    UNIQUE (id, room)
) STRICT, WITHOUT ROWID;

-- One high-water mark per person and room.
CREATE TABLE receipts (
    room BLOB NOT NULL REFERENCES rooms (id),
    account BLOB NOT NULL REFERENCES accounts (id),
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (room, account)
) STRICT, WITHOUT ROWID;

-- One signed-in device; the token itself is never stored.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL REFERENCES accounts (id),
    device BLOB,
    factors TEXT NOT NULL,
    bound_fingerprint BLOB,
    created_at INTEGER NOT NULL,
    last_act INTEGER NOT NULL,
    ended_at INTEGER,
    ended_why TEXT
) STRICT;
CREATE INDEX sessions_of_account ON sessions (account);

-- A secret link that is good once: first sign-in, later password reset.
CREATE TABLE links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;

-- What happened, without a word of content. Each server process writes a log of its own; `hash` chains its entries.
CREATE TABLE audit (
    log BLOB NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    act TEXT NOT NULL,
    outcome TEXT NOT NULL,
    account BLOB,
    session BLOB,
    region BLOB,
    room BLOB,
    subject BLOB,
    profile TEXT,
    detail TEXT,
    times INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log, n)
) STRICT, WITHOUT ROWID;

-- The line of keys that sign a log's heads.
CREATE TABLE audit_keys (
    log BLOB NOT NULL,
    serial INTEGER NOT NULL,
    key_id BLOB NOT NULL,
    since INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (log, serial)
) STRICT;

-- Signed statements of how far a log had come.
CREATE TABLE audit_heads (
    log BLOB NOT NULL,
    n INTEGER NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (log, n)
) STRICT;

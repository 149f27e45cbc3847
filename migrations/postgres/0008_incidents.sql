-- PostgreSQL: incidents: what went wrong, who deals with it, what was done (000-note(3)j, k; 001§14-2f, §19-4, §28-3).

-- One about no account is about devices of an office. `reminded_at` is when its recipients were last told that it waits.
CREATE TABLE incidents (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    account UUID REFERENCES accounts (id),
    device UUID REFERENCES devices (id),
    sealed BYTEA,
    created_at BIGINT NOT NULL,
    reminded_at BIGINT
);
CREATE INDEX incidents_of_account ON incidents (account, created_at);
CREATE INDEX incidents_by_status ON incidents (status, created_at);

-- Who deals with it: the admins of an office, or the secretariat of a region. `card` is the account's there.
CREATE TABLE incident_recipients (
    incident UUID NOT NULL REFERENCES incidents (id),
    recipient UUID NOT NULL,
    is_desk BIGINT NOT NULL,
    card UUID REFERENCES cards (id),
    PRIMARY KEY (incident, recipient)
);
CREATE INDEX incidents_of_recipient ON incident_recipients (recipient);

-- What was said at a step stands among the reasons.
CREATE TABLE incident_steps (
    id UUID NOT NULL PRIMARY KEY,
    incident UUID NOT NULL REFERENCES incidents (id),
    kind TEXT NOT NULL,
    written_by UUID NOT NULL REFERENCES accounts (id),
    reason UUID REFERENCES reasons (id),
    at BIGINT NOT NULL
);
CREATE INDEX steps_of_incident ON incident_steps (incident, at);

-- PostgreSQL: who acknowledged which rules, what an office adds to them, and exceptions from the rule of devices.

-- The version in force when it was first looked at here: whoever was there before is asked from the next one on.
ALTER TABLE regions ADD COLUMN rules_first TEXT;

-- Who acknowledged which version of a region's rules; `person` is who acted in a shared account, else nobody (all zeros).
CREATE TABLE rules_acknowledged (
    account UUID NOT NULL REFERENCES accounts (id),
    person UUID NOT NULL,
    region UUID NOT NULL REFERENCES regions (id),
    version TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, person, region, version)
);
CREATE INDEX rules_acknowledged_of_region ON rules_acknowledged (region, account);

-- What an office adds, in all its versions: the last one holds. `rules` are names and values of knobs; `sealed` its own text.
CREATE TABLE supplements (
    office UUID NOT NULL REFERENCES offices (id),
    version BIGINT NOT NULL,
    rules TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_by UUID NOT NULL REFERENCES accounts (id),
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (office, version)
);
-- The name under which its region's rules with its own are found; none where it adds nothing.
ALTER TABLE offices ADD COLUMN rules TEXT;

-- Sealed with the region's key: area and reason; `review` what was found. Of one's own: `account` and the `office` she works for;
-- it holds once it was confirmed by the mailed link, and only for the session that shows it.
CREATE TABLE exceptions (
    id UUID NOT NULL PRIMARY KEY,
    region UUID NOT NULL REFERENCES regions (id),
    kind TEXT NOT NULL,
    declared_as TEXT NOT NULL,
    declared_by UUID NOT NULL REFERENCES accounts (id),
    account UUID REFERENCES accounts (id),
    office UUID REFERENCES offices (id),
    link BYTEA,
    sealed BYTEA NOT NULL,
    declared_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    until BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by UUID REFERENCES accounts (id),
    reviewed_at BIGINT,
    reviewed_by UUID REFERENCES accounts (id),
    review BYTEA
);
CREATE INDEX exceptions_of_region ON exceptions (region, until);
CREATE INDEX exceptions_open ON exceptions (until) WHERE ended_at IS NULL;

-- The offices that one was declared for; all of its region where there is none.
CREATE TABLE exception_offices (
    exception UUID NOT NULL REFERENCES exceptions (id),
    office UUID NOT NULL REFERENCES offices (id),
    PRIMARY KEY (exception, office)
);

-- Under which exception a session was opened.
ALTER TABLE sessions ADD COLUMN exception UUID REFERENCES exceptions (id);
CREATE INDEX sessions_under_exception ON sessions (exception) WHERE exception IS NOT NULL;

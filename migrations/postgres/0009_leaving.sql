-- PostgreSQL: who is kept out of an office's timelines, cases of the support desk, who left, and who is asked into an office.

-- Kept out of every timeline whose steward the office is (000-note(2)b). What she was a member of stands as `barred`.
CREATE TABLE bars (
    office UUID NOT NULL REFERENCES offices (id),
    account UUID NOT NULL REFERENCES accounts (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (office, account)
);
CREATE INDEX rooms_of_steward ON rooms (steward);

-- On a recorded enquiry: lets an admin close one account once (002-2.1S4).
CREATE TABLE support_cases (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    reason UUID NOT NULL REFERENCES reasons (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by UUID REFERENCES accounts (id),
    used_at BIGINT
);
CREATE INDEX support_cases_of_account ON support_cases (account);

-- Of whom it was told that she left and did not close her account (002-2.1M9); by the place that ended last.
CREATE TABLE leavers_told (
    affiliation UUID NOT NULL PRIMARY KEY REFERENCES affiliations (id),
    at BIGINT NOT NULL
);
CREATE INDEX affiliations_of_office ON affiliations (office, ended_at);
CREATE INDEX affiliations_ended ON affiliations (ended_at) WHERE ended_at IS NOT NULL;

-- An office asks somebody who has an account already; the id is that of the place to be. Sealed: name and reading.
CREATE TABLE admissions (
    id UUID NOT NULL PRIMARY KEY,
    office UUID NOT NULL REFERENCES offices (id),
    account UUID NOT NULL REFERENCES accounts (id),
    asked_by UUID NOT NULL REFERENCES accounts (id),
    occupation TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    answered_at BIGINT,
    answer TEXT
);
CREATE INDEX admissions_of_account ON admissions (account, created_at);

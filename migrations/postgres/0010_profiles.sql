-- PostgreSQL: what stands beside a person's name: her photo, and the marks that she was looked at.

-- A photo has a row even after it was taken away: its version only rises.
CREATE TABLE photos (
    account UUID NOT NULL PRIMARY KEY REFERENCES accounts (id),
    version BIGINT NOT NULL,
    sealed BYTEA
);

-- `document` is erased † 30 days after the decision (c-47). `card` says what it is about, `reason` why it was decided so.
CREATE TABLE verifications (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    card UUID NOT NULL REFERENCES cards (id),
    occupation TEXT NOT NULL,
    state TEXT NOT NULL,
    document BYTEA,
    asked_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by UUID REFERENCES accounts (id),
    reason BYTEA
);
CREATE INDEX verifications_of_account ON verifications (account);

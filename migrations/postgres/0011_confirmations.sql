-- PostgreSQL: that an account beside a patient was seen to be its holder's own, who may correct what is kept of a patient, and what was corrected.

-- At most one stands for a place beside a patient. `card` is who recorded it, `note` says more of how.
CREATE TABLE confirmations (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES accounts (id),
    affiliation UUID NOT NULL REFERENCES affiliations (id),
    method TEXT NOT NULL,
    confirmed_on TEXT NOT NULL,
    note BYTEA,
    confirmed_by UUID NOT NULL REFERENCES accounts (id),
    card UUID NOT NULL REFERENCES cards (id),
    confirmed_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_why TEXT
);
CREATE INDEX confirmations_of_place ON confirmations (affiliation, ended_at);

-- Staff whom an administrator of the office lets correct what is kept of its patients.
CREATE TABLE correctors (
    affiliation UUID NOT NULL PRIMARY KEY REFERENCES affiliations (id),
    named_by UUID NOT NULL REFERENCES accounts (id),
    named_at BIGINT NOT NULL
);

-- `sealed` holds what was there before, what came after, and why.
CREATE TABLE corrections (
    id UUID NOT NULL PRIMARY KEY,
    patient UUID NOT NULL REFERENCES patients (id),
    corrected_by UUID NOT NULL REFERENCES accounts (id),
    card UUID NOT NULL REFERENCES cards (id),
    sealed BYTEA NOT NULL,
    corrected_at BIGINT NOT NULL
);
CREATE INDEX corrections_of_patient ON corrections (patient);
CREATE INDEX IF NOT EXISTS affiliations_of_patient ON affiliations (patient);
CREATE INDEX IF NOT EXISTS patients_of_office ON patients (office);
CREATE INDEX IF NOT EXISTS rooms_of_patient ON rooms (patient);
